import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { batch, envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import type { Told } from './told.ts';

export interface Neighbourhood {
  readonly daemon: InProcessDaemon;
  /** A worker whom the tests make do bad things. */
  readonly target: Puppet;
  /** Another one, whose token and ids it may try. */
  readonly other: Puppet;
}

/** A daemon with a healthy simulation that must have gone on after each test: its events arrive, its commands too. */
export function hostileNeighbourhood(workerTypes: readonly object[]): () => Neighbourhood {
  let near: Neighbourhood;
  let healthy: Puppet;
  let stream: ReturnType<Puppet['reportEventBatches']>;
  let commands: ReturnType<Puppet['receiveCommands']>;
  let beats = 0;

  beforeAll(async () => {
    const daemon = await startDaemon({
      workerTypes: [puppetType(), ...workerTypes],
      limits: { max_batch_bytes: '64KiB', max_event_bytes: '32KiB', max_run_config_bytes: '16KiB', max_labels: 4 },
    });
    const [target, other] = [await startRegistered(daemon), await startRegistered(daemon)];
    near = { daemon, target, other };
    healthy = await startRegistered(daemon, { simulationId: 'healthy' });
    commands = healthy.receiveCommands();
    await commands.live;
    stream = healthy.reportEventBatches();
  });
  afterAll(() => near?.daemon[Symbol.asyncDispose]());

  afterEach(async () => {
    beats += 1;
    stream.send(batch(beats, [envelope({ eventTypeKey: 'sim.beat.v1', eventId: `beat-${beats}` })]));
    await stream.answers.count(beats);
    const { daemon } = near;
    const answer = daemon.client.control('healthy', { setSpeed: { ticksPerSecond: beats } });
    const received = await commands.count(beats);
    await healthy.acknowledge(received.at(-1)?.eventId ?? '');
    expect(await answer).toMatchObject({ completed: true });
    expect(await daemon.client.get('healthy')).toMatchObject({
      state: 'SIMULATION_STATE_RUNNING',
      eventsReceived: String(beats),
    });
    expect(daemon.log.errors).toEqual([]);
  });

  return () => near;
}

/** What a refused call told. */
export async function toldBy(call: Promise<unknown>): Promise<Told> {
  const { code, reason, message, metadata } = await failureOf(call);
  return { status: code, reason: reason ?? '', named: metadata['field'] ?? metadata['simulation_id'] ?? message };
}

/** What is known of a run once it is over. */
export async function toldOfRun({ daemon }: Neighbourhood, simulationId: string): Promise<Told> {
  const { state, reason, message } = await daemon.client.untilState(simulationId, 'FAILED');
  return { status: state.slice('SIMULATION_STATE_'.length), reason, named: message };
}
