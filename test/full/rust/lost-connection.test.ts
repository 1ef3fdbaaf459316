import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { type ConfigFolder, writeConfig } from '../../support/daemon/daemon-config.ts';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { rustBinary } from '../../support/toolchains/cargo.ts';
import { type CuttingProxy, cuttingProxy } from './cutting-proxy.ts';
import { logged, rustFishType } from './fish-runs.ts';

const BUILD_TIMEOUT_MS = 900_000;
const CUTS = 5;
/** There are at least as many events between two cuts. */
const EVENTS_BETWEEN = 300;

let server: RunningNatsServer;
let daemon: ChildDaemon;
let proxy: CuttingProxy;
let scratch: ConfigFolder;
let journal: string;

beforeAll(async () => {
  const program = await rustBinary('fish-worker');
  scratch = await writeConfig({});
  journal = join(scratch.folder, 'journal');
  proxy = await cuttingProxy();
  server = await startNatsServer();
  daemon = await spawnDaemon({
    natsUrl: server.url,
    workerTypes: [
      rustFishType(program, {
        name: 'cut-off',
        command_transport: 'grpc',
        env: { SHOAL_GRPC_ADDRESS: proxy.address },
        args: ['--journal', journal],
      }),
      rustFishType(program, { name: 'over-nats', command_transport: 'nats' }),
    ],
  });
  proxy.target = daemon.addresses.workers;
}, BUILD_TIMEOUT_MS);
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await proxy?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

test('a connection that is cut again and again loses no event and doubles none', async () => {
  const { client } = daemon;
  const config = plainToStruct({ fish: 10, max_fish: 10, ticks_per_second: 100 });
  await client.start({ simulationId: 'cut', workerType: 'cut-off', seed: '3', config });
  const received = async () => Number((await client.get('cut')).eventsReceived);
  const untilEventsFlow = async () => {
    const before = await received();
    await until('events flow', async () => (await received()) >= before + EVENTS_BETWEEN);
  };
  for (let cuts = 0; cuts < CUTS; cuts += 1) {
    await untilEventsFlow();
    proxy.cut();
  }
  await untilEventsFlow();
  await client.control('cut', { stop: {} });
  expect(await client.untilState('cut', 'STOPPED')).toMatchObject({ exitCode: 0 });
  expect(proxy.connections).toBeGreaterThan(CUTS);
  const handedOver = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  expect(handedOver.length).toBeGreaterThan(CUTS * EVENTS_BETWEEN);
  const events = await logged(client, 'cut');
  expect(events.map(({ eventId, eventTypeKey }) => `${eventId}\t${eventTypeKey}`)).toEqual(handedOver);
});

test('commands come over NATS, also after the server was away', async () => {
  const { client } = daemon;
  const simulationId = 'nats';
  await client.start({ simulationId, workerType: 'over-nats', seed: '3', startPaused: true });
  await client.untilState(simulationId, 'PAUSED');
  expect(await client.control(simulationId, { step: { ticks: 3 } })).toMatchObject({ completed: true, tick: '3' });
  await server.restart();
  const answer = until('a step is taken', () =>
    client.control(simulationId, { step: { ticks: 2 } }).catch(() => undefined),
  );
  expect(await answer).toMatchObject({ completed: true, tick: '5' });
  await client.control(simulationId, { stop: {} });
  expect(await client.untilState(simulationId, 'STOPPED')).toMatchObject({ exitCode: 0, lastTick: '5' });
});
