import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'nats';
import { expect, inject, onTestFinished, test } from 'vitest';
import { NotPrepared } from '../../../src/conformance/finding.ts';
import { NatsServerProcess } from '../../../src/conformance/nats-server-process.ts';

const never = new AbortController().signal;

async function serverWith(executable: string): Promise<NatsServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-nats-process-'));
  const server = new NatsServerProcess({ executable, folder, environment: process.env });
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });
  return server;
}

/** @throws when nobody serves NATS there */
async function talkTo(url: string): Promise<void> {
  const client = await connect({ servers: [url], reconnect: false });
  await client.flush();
  await client.close();
}

test('started again, it waits for its port when somebody else has it for a moment', async () => {
  const server = await serverWith(inject('natsServer').path);
  await server.start(never);
  const { url } = server;
  await talkTo(url);
  await server.stop();
  const squatter = createServer().listen(Number(new URL(url).port), '127.0.0.1');
  await once(squatter, 'listening');
  const started = server.start(never);
  setTimeout(() => squatter.close(), 300);
  await started;
  expect(server.url).toBe(url);
  await talkTo(url);
});

test('one that does not start leaves the check unprepared, and says what it said', async () => {
  const ends = await serverWith('/bin/false');
  await expect(ends.start(never)).rejects.toThrow(NotPrepared);
  await expect(ends.start(never)).rejects.toThrow('/bin/false did not start: it ended with 1');
  const gone = await serverWith('/no/such/server');
  await expect(gone.start(never)).rejects.toThrow(/ENOENT/);
});

test('nobody waits for one that is no longer wanted', async () => {
  const server = await serverWith(inject('natsServer').path);
  await expect(server.start(AbortSignal.abort())).rejects.toThrow('it was no longer wanted');
});
