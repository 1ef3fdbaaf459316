import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { batch, envelope, readEnvelope, type SubscribedEvent } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import type { StreamProbe } from '../../support/daemon/stream-probe.ts';

export interface Neighbourhood {
  readonly daemon: InProcessDaemon;
  /** Whom the tests treat badly. */
  readonly target: Puppet;
}

/**
 * A daemon for tests that throw garbage at it. After each test a healthy simulation beside the target must have gone on, on
 * streams that were opened before the first: nothing of it lost or reordered, and nothing in the daemon's log that is an error.
 */
export function neighbourhood(): () => Neighbourhood {
  let daemon: InProcessDaemon;
  let target: Puppet;
  let events: StreamProbe<SubscribedEvent>;
  let stream: ReturnType<Puppet['reportEventBatches']>;
  let beats = 0;

  beforeAll(async () => {
    daemon = await startDaemon({
      workerTypes: [puppetType()],
      limits: { max_simulations: 50, max_batch_bytes: '64KiB', max_event_bytes: '32KiB' },
    });
    target = await startRegistered(daemon);
    const healthy = await startRegistered(daemon, { simulationId: 'healthy' });
    events = daemon.client.subscribe({ simulationId: 'healthy' });
    await events.live;
    stream = healthy.reportEventBatches();
  });
  afterAll(() => daemon[Symbol.asyncDispose]());

  afterEach(async () => {
    beats += 1;
    stream.send(batch(beats, [envelope({ eventTypeKey: 'sim.beat.v1', eventId: `beat-${beats}` })]));
    await stream.answers.count(beats);
    const received = await events.count(beats);
    const ids = received.map(({ bytes }) => readEnvelope(bytes).eventId);
    expect(ids).toEqual(Array.from({ length: beats }, (_, at) => `beat-${at + 1}`));
    expect(await daemon.client.get('healthy')).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
    expect(daemon.log.errors).toEqual([]);
  });

  return () => ({ daemon, target });
}
