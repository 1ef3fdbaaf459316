import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../src/adapters/system/free-port.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { batch, envelope, readEnvelope } from '../../support/daemon/envelopes.ts';
import type { Puppet } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { outsideType, startOutside } from './outside-worker.ts';

const ID = 'resent';
const STREAM = 'LOGGING_EVENTS';
const SHORT_WINDOW_NS = 200_000_000;

function event(ordinal: number): Buffer {
  return envelope({ eventTypeKey: 'sim.a.v1', eventId: `e${ordinal}`, ordinal: String(ordinal) });
}

/** Reports them in one batch over a stream of its own. */
async function report(puppet: Puppet, ordinals: readonly number[]): Promise<void> {
  const stream = puppet.reportEventBatches();
  stream.send(batch(1, ordinals.map(event)));
  stream.end();
  expect(await stream.answers.ended()).toMatchObject({ code: 'OK' });
}

/** Resolves when the server has forgotten the message ids of before. A window as short as that is none with which Shoal starts. */
async function outliveWindow(url: string): Promise<void> {
  const connection = await connect({ servers: url });
  const manager = await jetstreamManager(connection);
  const { config } = await manager.streams.info(STREAM);
  await manager.streams.update(STREAM, { ...config, duplicate_window: SHORT_WINDOW_NS });
  const publish = () =>
    jetstream(connection).publish('logging.events.raw.probe.a', new Uint8Array(0), { msgID: 'probe' });
  await publish();
  await until('the duplicate window is over', async () => !(await publish()).duplicate);
  await manager.streams.update(STREAM, config);
  await connection.close();
}

/** What a reader gets of the run once it is over. */
async function readBack(daemon: ChildDaemon) {
  await daemon.client.control(ID, { stop: { force: true } });
  const events = daemon.client.subscribe({ simulationId: ID, fromBeginning: true });
  expect(await events.ended()).toMatchObject({ code: 'OK' });
  const last = events.messages.at(-1);
  return {
    events: events.messages.map(({ bytes, simulationSequence }) => [readEnvelope(bytes).eventId, simulationSequence]),
    manifest: JSON.parse(readEnvelope(last?.bytes ?? Buffer.alloc(0)).eventPayload.toString()),
  };
}

describe.each(['nats', 'memory'] as const)('a worker that resends over %s', (adapter) => {
  test.each([
    ['with the checkpoints of the daemon that was killed', () => {}],
    [
      'without them',
      (folder: string) => {
        for (const suffix of ['', '-wal']) rmSync(join(folder, `checkpoints.db${suffix}`), { force: true });
      },
    ],
  ])(
    'after kill -9, beyond the duplicate window, over two streams and in another order, is logged once: %s',
    async (_, spoil) => {
      await using server = await startNatsServer();
      const grpc = { worker: { listen: `127.0.0.1:${await freePort()}` }, client: { listen: '127.0.0.1:0' } };
      const options = {
        workerTypes: [{ ...outsideType(), orphans: 'adopt' }],
        sections: { grpc },
        ...(adapter === 'nats' && { natsUrl: server.url }),
      };
      await using files = await writeConfig(options);
      let puppet: Puppet;
      {
        const first = await spawnDaemon(options, files);
        puppet = await startOutside(first, files.folder, ID);
        await puppet.register();
        await report(puppet, [1, 2, 3, 4, 5]);
        await report(puppet, [8, 7]);
        first.client.close();
        first.kill('SIGKILL');
        await first.exited();
      }
      spoil(join(files.folder, 'data'));
      if (adapter === 'nats') await outliveWindow(server.url);
      await using second = await spawnDaemon(options, files);
      expect(await puppet.register()).toMatchObject({ resumed: true, resumeAfterOrdinal: '5' });
      const resent = [4, 5, 6, 7, 8, 9];
      await Promise.all([report(puppet, resent), report(puppet, resent)]);
      const { events, manifest } = await readBack(second);
      const inOrder = ['e1', 'e2', 'e3', 'e4', 'e5', 'e8', 'e7', 'e6', 'e9', expect.stringMatching(/^manifest-\d+-1$/)];
      expect(events).toEqual(inOrder.map((eventId, at) => [eventId, at + 1]));
      expect(manifest).toMatchObject({
        simulation_id: ID,
        state: 'STOPPED',
        events: { 'sim.a.v1': 9 },
        first_simulation_sequence: 1,
        last_simulation_sequence: 9,
        missing_simulation_sequences: [],
      });
    },
    30_000,
  );
});
