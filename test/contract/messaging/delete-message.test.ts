import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { deleteMessage } from '../../../src/adapters/nats/delete-message.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

let server: RunningNatsServer;

beforeAll(async () => {
  server = await startNatsServer();
});
afterAll(() => server[Symbol.asyncDispose]());

async function streamWith(storage: 'file' | 'memory') {
  const client = await connect({ servers: server.url });
  onTestFinished(() => client.close());
  const manager = await jetstreamManager(client);
  await manager.streams.add({ name: storage, subjects: [`${storage}.>`], storage });
  // More than a block of file storage, so that one can be gone as a whole.
  for (let at = 0; at < 12; at += 1) await jetstream(client).publish(`${storage}.a`, new Uint8Array(1_000_000));
  return manager;
}

test.each(['file', 'memory'] as const)(
  'a message that was deleted before is deleted, in %s storage',
  async (storage) => {
    const manager = await streamWith(storage);
    await deleteMessage(manager, storage, 3);
    await deleteMessage(manager, storage, 3);
    expect((await manager.streams.info(storage)).state.messages).toBe(11);
    await manager.streams.purge(storage, { seq: 12 });
    await deleteMessage(manager, storage, 1);
    const { messages, first_seq } = (await manager.streams.info(storage)).state;
    expect([messages, first_seq]).toEqual([1, 12]);
  },
);

test('any other refusal is thrown', async () => {
  const client = await connect({ servers: server.url });
  onTestFinished(() => client.close());
  await expect(deleteMessage(await jetstreamManager(client), 'missing', 1)).rejects.toThrow(/stream not found/);
});
