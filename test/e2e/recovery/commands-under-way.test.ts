import { status } from '@grpc/grpc-js';
import { Kvm } from '@nats-io/kv';
import { connect } from 'nats';
import { expect, test } from 'vitest';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import { workerProcess } from '../../support/daemon/processes.ts';
import { until } from '../../support/daemon/until.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { fakeType, fishType } from '../runs/worker-types.ts';
import { daemonLives } from './daemon-lives.ts';

const adopted = { orphans: 'adopt' };

test('a daemon killed with commands under way: each is done once, and who asks again is answered', async () => {
  await using server = await startNatsServer();
  const types = [
    { ...fishType(), ...adopted },
    { ...fakeType(), orphans: 'end' },
  ];
  await using lives = await daemonLives(types, server.url);
  const first = await lives.start();
  await first.client.start({ simulationId: 'f', workerType: 'fish', startPaused: true });
  await first.client.start({ simulationId: 'm', workerType: 'fake', config: plainToStruct({ answers: 'ignore' }) });
  await first.client.untilState('f', 'PAUSED');
  await first.client.untilState('m', 'RUNNING');
  const five = { step: { ticks: '5' }, requestId: 'five' };
  const answered = await first.client.control('f', five);
  expect(answered).toMatchObject({ completed: true, phase: 'COMMAND_PHASE_APPLIED', tick: '5' });

  const pid = workerProcess('f', lives.folder) ?? -1;
  process.kill(pid, 'SIGSTOP');
  const three = { step: { ticks: '3' }, requestId: 'three', waitForCompletion: false, timeout: { seconds: 20 } };
  const sent = await first.client.control('f', three);
  expect(sent).toMatchObject({ completed: false, phase: 'COMMAND_PHASE_DELIVERED' });
  const mute = { pause: {}, requestId: 'mute' };
  await first.client.control('m', { ...mute, waitForCompletion: false });
  const { revision } = await first.client.get('f');
  // The registry comes back empty, and is filled from what the daemon knows.
  await server.restart({ empty: true });
  await until('the records are in the bucket again', () => hasRecords(server.url, ['f', 'm']));
  await lives.kill();
  process.kill(pid, 'SIGCONT');

  const { client } = await lives.start();
  expect(await client.control('f', five)).toEqual(answered);
  const done = await client.control('f', three);
  expect(done).toMatchObject({ commandId: sent.commandId, phase: 'COMMAND_PHASE_APPLIED', tick: '8' });
  await expect(client.control('f', { ...five, step: { ticks: '6' } })).rejects.toMatchObject({
    code: status.INVALID_ARGUMENT,
  });
  await expect(client.control('m', { ...mute, waitForCompletion: false })).rejects.toMatchObject({
    code: status.UNAVAILABLE,
    details: expect.stringMatching(/it is not known whether it was done/),
  });
  const next = await client.control('f', { step: { ticks: '1' }, requestId: 'one' });
  expect(next.tick).toBe('9');
  expect(Number((await client.get('f')).revision)).toBeGreaterThanOrEqual(Number(revision));
});

/** In the key-value bucket of the registry. */
async function hasRecords(url: string, ids: readonly string[]): Promise<boolean> {
  const connection = await connect({ servers: url });
  try {
    const kv = await new Kvm(connection).open('shoal_registry');
    const entries = await Promise.all(ids.map((id) => kv.get(id).catch(() => null)));
    return entries.every((entry) => entry !== null);
  } finally {
    await connection.close();
  }
}
