import { Kvm } from '@nats-io/kv';
import { connect } from 'nats';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { never } from '../messaging/nats-fixture.ts';
import { record } from './a-record.ts';
import { openRegistry } from './registry-in-bucket.ts';

let server: RunningNatsServer;

beforeEach(async () => {
  server = await startNatsServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const byRevision = (a: { revision: number }, b: { revision: number }) => a.revision - b.revision;

test('the next daemon finds what the one before has written, and goes on above its revisions', async () => {
  let written: unknown;
  let last = 0;
  {
    await using first = await openRegistry(server.url, { revisionFloor: 5_000 });
    const { simulation, revision } = await first.store.create(record('a', { seed: 2n ** 64n - 1n }));
    written = await first.store.update({ ...simulation, state: 'STARTING' }, revision);
    last = (await first.store.create(record('b'))).revision;
  }
  await using second = await openRegistry(server.url);
  expect([...(await second.store.list())].sort(byRevision)[0]).toEqual(written);
  expect((await second.store.create(record('c'))).revision).toBeGreaterThan(last);
});

test('daemons share a bucket: an id is unique over all, and each sees its own records alone', async () => {
  await using one = await openRegistry(server.url);
  await using two = await openRegistry(server.url, { ownerId: () => 'shoal-2' });
  const mine = await one.store.create(record('a'));
  await expect(two.store.create(record('a', { ownerId: 'shoal-2' }))).rejects.toMatchObject({
    code: 'SIMULATION_EXISTS',
  });
  await two.store.create(record('b', { ownerId: 'shoal-2' }));
  await using again = await openRegistry(server.url);
  expect(await again.store.list()).toEqual([mine]);
  await again.store.remove(mine.simulation.id, mine.revision);
  await expect(two.store.create(record('a', { ownerId: 'shoal-2' }))).resolves.toMatchObject({});
});

test('of two daemons that run under one id, the older cannot write over what the newer has written', async () => {
  await using older = await openRegistry(server.url);
  const { simulation, revision } = await older.store.create(record('a'));
  await using newer = await openRegistry(server.url);
  const taken = await newer.store.update({ ...simulation, state: 'STARTING' }, revision);
  await expect(older.store.update({ ...simulation, state: 'FAILED' }, revision)).rejects.toMatchObject({
    code: 'REVISION_CONFLICT',
    message: expect.stringContaining('orchestrator_id'),
  });
  await using third = await openRegistry(server.url);
  expect(await third.store.list()).toEqual([taken]);
});

test('a server that comes back empty is filled again, under the same revisions, with a warning', async () => {
  await using opened = await openRegistry(server.url);
  const { store, log } = opened;
  const created = await Promise.all(Array.from({ length: 50 }, (_, at) => store.create(record(`s${at}`))));
  await server.restart({ empty: true });
  await until('the registry is whole again', () =>
    log.lines.some(({ message }) => message === 'registry is whole again'),
  );
  expect(log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toContain(
    'the bucket of the registry has lost what it held; it is filled from what this daemon knows',
  );
  await using next = await openRegistry(server.url);
  expect([...(await next.store.list())].sort(byRevision)).toEqual(created.sort(byRevision));
  const [first] = created;
  if (first === undefined) throw new Error('nothing was created');
  const changed = await store.update({ ...first.simulation, state: 'STARTING' }, first.revision);
  expect(changed.revision).toBeGreaterThan(Math.max(...created.map(({ revision }) => revision)));
});

test('a bucket that somebody deletes while Shoal is connected is made again by the next write, with all records', async () => {
  await using opened = await openRegistry(server.url);
  const kept = await opened.store.create(record('kept'));
  const client = await connect({ servers: server.url });
  await (await new Kvm(client).open('shoal_registry')).destroy();
  await client.close();
  const written = await opened.store.create(record('written'));
  await until('both are in the bucket', async () => {
    await using next = await openRegistry(server.url);
    return (await next.store.list()).length === 2;
  });
  await using next = await openRegistry(server.url);
  expect([...(await next.store.list())].sort(byRevision)).toEqual([kept, written]);
});

test('a write waits for a server that is away, and is done once when it is back', async () => {
  await using opened = await openRegistry(server.url);
  const { simulation, revision } = await opened.store.create(record('a'));
  await server.kill();
  const writing = opened.store.update({ ...simulation, state: 'STARTING' }, revision);
  await server.restart();
  const written = await writing;
  await using next = await openRegistry(server.url);
  expect(await next.store.list()).toEqual([written]);
});

test('while the server is away for longer, writes are refused, and what was refused is not there afterwards', async () => {
  await using opened = await openRegistry(server.url, { outageTimeoutMs: 600 });
  const { store } = opened;
  const kept = await store.create(record('a'));
  // Mute, so that nobody knows whether the writes arrive; they do when it wakes up.
  await server.pause();
  const refused = await Promise.allSettled([
    store.update({ ...kept.simulation, state: 'FAILED' }, kept.revision),
    store.create(record('b')),
  ]);
  expect(refused.map((each) => each.status === 'rejected' && each.reason.code)).toEqual([
    'BUS_UNAVAILABLE',
    'BUS_UNAVAILABLE',
  ]);
  server.resume();
  await server.restart();
  await until('the bucket holds what the daemon believes', async () => {
    await using next = await openRegistry(server.url);
    return (
      JSON.stringify((await next.store.list()).map(({ simulation: { id, state } }) => [id, state])) ===
      '[["a","PENDING"]]'
    );
  });
  expect(await store.update({ ...kept.simulation, state: 'STARTING' }, kept.revision)).toMatchObject({
    simulation: { state: 'STARTING' },
  });
  expect(await store.create(record('b'))).toMatchObject({ simulation: { id: 'b' } });
});

test('a bucket that is full refuses with a reason, and takes writes again when there is room', async () => {
  const client = await connect({ servers: server.url });
  const kv = await new Kvm(client).create('shoal_registry', { max_bytes: 20_000, history: 1 });
  await using opened = await openRegistry(server.url);
  const configuration = { bytes: new Uint8Array(6_000), contentType: 'application/octet-stream' };
  const first = await opened.store.create(record('a', { configuration }));
  await opened.store.create(record('b', { configuration }));
  await expect(opened.store.create(record('c', { configuration }))).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringContaining('maximum bytes exceeded'),
  });
  expect(opened.store.trouble).toContain('maximum bytes exceeded');
  expect(opened.log.errors).toHaveLength(1);
  await opened.store.remove(first.simulation.id, first.revision);
  await until('there is room', async () => (await kv.status()).streamInfo.state.messages === 1);
  await client.close();
  await opened.store.create(record('c', { configuration }));
  expect(opened.store.trouble).toBeUndefined();
});

test('answers come in the order of their revisions, whatever simulations they are of', async () => {
  await using opened = await openRegistry(server.url);
  const answered: number[] = [];
  const writes = Array.from({ length: 200 }, async (_, at) => {
    answered.push((await opened.store.create(record(`s${at}`))).revision);
  });
  await Promise.all(writes);
  expect(answered).toEqual([...answered].sort((a, b) => a - b));
});

test('a record that is larger than the server takes is refused, and says what to do', async () => {
  await using opened = await openRegistry(server.url);
  const configuration = { bytes: new Uint8Array(900_000), contentType: 'application/octet-stream' };
  await expect(opened.store.create(record('a', { configuration }))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('max_payload'),
  });
  expect(await opened.store.create(record('a'))).toMatchObject({ simulation: { id: 'a' } });
});

test('a bucket whose entries vanish after a time is refused', async () => {
  const client = await connect({ servers: server.url });
  await new Kvm(client).create('shoal_registry', { ttl: 60_000 });
  await client.close();
  await expect(openRegistry(server.url)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('registry.bucket: the bucket shoal_registry forgets its entries'),
  });
});

test('a removed record leaves nothing behind', async () => {
  await using opened = await openRegistry(server.url);
  const { simulation, revision } = await opened.store.create(record('a'));
  await opened.store.remove(simulation.id, revision);
  const client = await connect({ servers: server.url });
  const kv = await new Kvm(client).open('shoal_registry');
  await until('the bucket is empty', async () => (await kv.status()).streamInfo.state.messages === 0);
  await client.close();
});

test('records of a local registry are taken over once, as those of this daemon', async () => {
  const old = [record('a', { ownerId: 'shoal-before', state: 'RUNNING' }), record('b', { ownerId: 'shoal-before' })];
  let taken = 0;
  const legacy = {
    list: async () => (taken === 0 ? old : []),
    taken: async () => {
      taken += 1;
    },
  };
  // The start before was cut short behind the first record.
  {
    await using before = await openRegistry(server.url);
    await before.store.create(record('a', { state: 'RUNNING' }));
  }
  for (let start = 0; start < 2; start += 1) {
    await using opened = await openRegistry(server.url, { legacy });
    const records = (await opened.store.list()).map(({ simulation: { id, ownerId, state } }) => [id, ownerId, state]);
    expect(records.sort()).toEqual([
      ['a', 'shoal-1', 'RUNNING'],
      ['b', 'shoal-1', 'PENDING'],
    ]);
  }
  expect(taken).toBe(1);
});

test('a registry that is closed refuses, and does not wait', async () => {
  const { store, connection } = await openRegistry(server.url);
  await store.stop();
  await connection.stop();
  await expect(store.create(record('a'))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await expect(store.start(never())).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
});
