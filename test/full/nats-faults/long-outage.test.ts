import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished, test } from 'vitest';
import { startNatsServer } from '../../support/nats-server.ts';
import { Flood } from './flood.ts';

test('a server that is away for longer than Shoal holds a batch: workers are told, and report again', async () => {
  const server = await startNatsServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const flood = await Flood.start(server.url);
  flood.beginOutage();
  await server.kill();
  await delay(40_000);
  await flood.demandHeldBack();
  await server.restart();
  await flood.demandAllLogged(server.url);
});
