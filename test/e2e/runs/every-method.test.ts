import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { adminMethods, clientMethods } from '../../support/daemon/daemon-client.ts';
import { workerMethods } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';
import { startFake } from './fake-runs.ts';
import { fakeType } from './worker-types.ts';

let daemon: ChildDaemon;
beforeAll(async () => {
  daemon = await spawnDaemon({ workerTypes: [fakeType()] });
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

/** Declared in the contract, and not built: they say so. */
const NOT_BUILT = ['ReloadConfig'];

/** By method, the statuses that were answered so far. */
async function answered(): Promise<Map<string, Set<string>>> {
  const lines = (await daemon.metrics()).matchAll(/^shoal_grpc_calls_total\{(.*)\} [1-9]/gm);
  const calls = new Map<string, Set<string>>();
  for (const [, labels = ''] of lines) {
    const method = /method="(?:[^"]*\/)?([^"/]+)"/.exec(labels)?.[1] ?? '';
    const code = /code="([^"]+)"/.exec(labels)?.[1] ?? '';
    calls.set(method, (calls.get(method) ?? new Set()).add(code));
  }
  return calls;
}

test('every method of the services is called by a real worker or a client, and answers OK', async () => {
  const { client } = daemon;
  const events = [{ key: 'fake.logged.v1', count: 20, prefix: 'a' }];
  const modes = ['unary', 'stream', 'batches'] as const;
  const ids = await Promise.all(
    modes.map((report) => startFake(client, { report, events, heartbeat_ms: 100 }, { simulationId: report })),
  );
  for (const id of ids) await until(`${id} has reported`, async () => (await client.get(id)).eventsLogged === '20');
  await client.list();
  await client.workerTypes();
  await client.info();
  const watcher = client.stream(clientMethods.WatchSimulations, {});
  await watcher.until((messages) => messages.some(({ synced }) => synced));
  await client.control('unary', { pause: {} });
  await client.call(clientMethods.ControlSimulations, { simulationIds: ids.slice(1), template: { pause: {} } });
  const replay = client.subscribe({ simulationId: 'stream', fromBeginning: true, noFollow: true });
  expect((await replay.ended()).code).toBe('OK');
  expect(replay.messages).toHaveLength(20);
  expect((await client.output({ simulationId: 'unary' }).ended()).code).toBe('OK');
  for (const id of ids) await client.control(id, { stop: {} });
  await client.call(adminMethods.Drain, {});
  await client.call(adminMethods.Undrain, {});
  await client.call(clientMethods.RemoveSimulation, { simulationId: 'unary' });
  await watcher.until((messages) => messages.some(({ deleted }) => deleted));
  watcher.cancel();
  for (const name of NOT_BUILT) {
    const call = client.call(adminMethods[name as keyof typeof adminMethods] as typeof adminMethods.ReloadConfig, {});
    await expect(call).rejects.toThrow(name);
  }

  const methods = [clientMethods, workerMethods, adminMethods].flatMap((service) => Object.keys(service));
  expect(methods.length).toBeGreaterThan(18);
  // A stream is counted when it has ended; those of workers end with them, or by their being cancelled.
  const expected = (method: string): string[] => {
    if (NOT_BUILT.includes(method)) return ['UNIMPLEMENTED'];
    return method === 'WatchSimulations' || method === 'ReceiveCommands' ? ['OK', 'CANCELLED'] : ['OK'];
  };
  await until('all are counted', async () => {
    const calls = await answered();
    return methods.every((method) => expected(method).some((code) => calls.get(method)?.has(code)));
  }).catch(async (error) => {
    const calls = await answered();
    const missing = methods.filter((method) => !expected(method).some((code) => calls.get(method)?.has(code)));
    throw new Error(`never answered as expected: ${missing.join(', ')}`, { cause: error });
  });
});
