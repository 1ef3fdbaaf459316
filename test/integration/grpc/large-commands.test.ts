import { connect } from 'nats';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

let server: RunningNatsServer;
let daemon: InProcessDaemon;
beforeAll(async () => {
  server = await startNatsServer({ config: 'max_payload: 65536' });
  daemon = await startDaemon({ natsUrl: server.url, workerTypes: [puppetType()] });
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test('a command larger than the server takes is refused, and neither the connection nor the next command suffers', async () => {
  const puppet = await startRegistered(daemon);
  const { simulationId } = puppet.ids;
  const worker = await connect({ servers: server.url });
  onTestFinished(() => worker.close());
  const heard: number[] = [];
  worker.subscribe(puppet.launch.commandSubject ?? '', {
    callback: (_error, { data }) => void heard.push(data.length),
  });
  await worker.flush();
  const inject = (bytes: number) => ({ injectAgent: { payload: Buffer.alloc(bytes), contentType: 'a/b' } });
  expect(await failureOf(daemon.client.control(simulationId, inject(100_000)))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('max_payload'),
    metadata: { field: 'command' },
  });
  expect(heard).toEqual([]);
  await daemon.client.control(simulationId, { ...inject(10_000), waitForCompletion: false });
  expect(heard).toEqual([expect.toSatisfy((bytes: number) => bytes > 10_000 && bytes < 11_000)]);
  expect(daemon.log.lines.map(({ message }) => message)).not.toContain('nats connection lost; reconnecting');
});
