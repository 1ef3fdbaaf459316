import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { type ConfigFolder, type TestDaemonOptions, writeConfig } from '../../support/daemon/daemon-config.ts';
import { batch, envelope, readEnvelope } from '../../support/daemon/envelopes.ts';
import { Puppet } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';
import { loggedEvents } from './logged-events.ts';
import { outsideType, startOutside } from './outside-worker.ts';

const BATCH = 100;
const RUNS = ['flood-0', 'flood-1', 'flood-2'];

/** Reports batches for as long as the daemon takes them; counts what was acknowledged. */
function flood(puppet: Puppet) {
  const stream = puppet.reportEventBatches();
  const reported: string[] = [];
  let sequence = 0;
  const timer = setInterval(() => {
    for (let at = 0; at < 5 && !stream.answers.isOver; at += 1) {
      sequence += 1;
      const ids = Array.from({ length: BATCH }, (_, event) => `${sequence}-${event}`);
      reported.push(...ids);
      stream.send(
        batch(
          sequence,
          ids.map((eventId) => envelope({ eventTypeKey: 'sim.flood.v1', eventId })),
        ),
      );
    }
  }, 1);
  return {
    reported,
    acknowledged: () => BATCH * Number(stream.answers.messages.at(-1)?.sequence ?? 0),
    stop: () => clearInterval(timer),
    ended: () => stream.answers.ended(),
  };
}

/** Three runs that report as fast as they can, one that is over, and then SIGKILL. */
async function killedInFlood(options: TestDaemonOptions, files: ConfigFolder) {
  await using daemon = await spawnDaemon(options, files);
  const puppets = await Promise.all(RUNS.map((id) => startOutside(daemon, files.folder, id)));
  for (const puppet of puppets) await puppet.register();
  await daemon.client.start({ workerType: 'outside', simulationId: 'over' });
  await daemon.client.control('over', { stop: { force: true } });
  const floods = puppets.map(flood);
  await until('thousands of events of each are acknowledged', () =>
    floods.every(({ acknowledged }) => acknowledged() > 5_000),
  );
  daemon.kill('SIGKILL');
  await daemon.exited();
  await Promise.all(floods.map(({ ended }) => ended()));
  for (const { stop } of floods) stop();
  return { puppets, floods };
}

test.each(['acknowledged', 'fsynced'] as const)(
  'a daemon killed in the middle of a flood, %s, has kept what it acknowledged, once and in order',
  async (durability) => {
    const options = { durability, workerTypes: [outsideType()] };
    await using files = await writeConfig(options);
    const { puppets, floods } = await killedInFlood(options, files);
    {
      await using again = await spawnDaemon(options, files);
      const { simulations } = await again.client.list();
      expect(
        Object.fromEntries(simulations.map(({ simulationId, state, reason }) => [simulationId, [state, reason]])),
      ).toEqual({
        ...Object.fromEntries(RUNS.map((id) => [id, ['SIMULATION_STATE_FAILED', 'ENDED_WITH_DAEMON']])),
        over: ['SIMULATION_STATE_STOPPED', 'STOPPED_BY_REQUEST'],
      });
    }
    const entries = await loggedEvents(join(files.folder, 'data', 'events.db'));
    for (const [at, id] of RUNS.entries()) {
      const { reported = [], acknowledged = () => Number.NaN } = floods[at] ?? {};
      const ofRun = entries.filter(({ simulationId }) => simulationId === id);
      const ids = ofRun.map(({ bytes }) => readEnvelope(bytes).eventId);
      // The next daemon has ended the run: its last event says what there was.
      const kept = ids.filter((id) => !id.startsWith('manifest-'));
      expect(ids).toEqual([...kept, expect.stringMatching(/^manifest-/)]);
      expect(kept.length).toBeGreaterThanOrEqual(acknowledged());
      expect(kept).toEqual(reported.slice(0, kept.length));
    }
    for (const puppet of puppets) puppet.close();
  },
);

test('after a restart the worker of before has ended and is refused, its id is taken, and a repeated request known', async () => {
  const options = { workerTypes: [outsideType()] };
  await using files = await writeConfig(options);
  let started = '';
  const puppet = await (async () => {
    await using daemon = await spawnDaemon(options, files);
    const request = { workerType: 'outside', requestId: 'r-1', labels: { of: 'b' } };
    started = (await daemon.client.start(request)).simulationId;
    const worker = await startOutside(daemon, files.folder, 'a');
    await worker.register();
    await worker.reportEvent(envelope({ eventTypeKey: 'sim.a.v1', eventId: 'e1' }));
    daemon.kill('SIGKILL');
    await daemon.exited();
    return worker;
  })();
  await using again = await spawnDaemon(options, files);
  const { client } = again;
  expect(await client.get('a')).toMatchObject({ state: 'SIMULATION_STATE_FAILED', reason: 'ENDED_WITH_DAEMON' });
  const worker = new Puppet({ ...puppet.launch, grpcAddress: again.addresses.workers });
  expect(await failureOf(worker.register())).toMatchObject({ code: 'UNAUTHENTICATED' });
  const request = { workerType: 'outside', requestId: 'r-1', labels: { of: 'b' } };
  expect((await client.start(request)).simulationId).toBe(started);
  const second = client.start({ workerType: 'outside', simulationId: 'a' });
  expect(await failureOf(second)).toMatchObject({ code: 'ALREADY_EXISTS', reason: 'SIMULATION_EXISTS' });
  for (const each of [puppet, worker]) each.close();
});
