import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { ByteBuffer } from 'flatbuffers';
import { connect } from 'nats';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WorldStateUpdate } from '../../../examples/fish-school/generated/world-state-update.ts';
import type { GenericEventRequestOutput } from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos, packageRoot } from '../../../src/adapters/grpc/proto-loading.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { FakeWorkerService } from './fake-worker-service.ts';

const { GenericEventRequest } = loadProtos().tree.fes.common.events;
const { StepCommand } = loadProtos().tree.fes.orchestration.v1;

let service: FakeWorkerService;
let folder: string;
let children: ChildProcess[];
let closing: (() => Promise<void>)[];

beforeEach(async () => {
  service = new FakeWorkerService();
  await service.start();
  folder = mkdtempSync(join(tmpdir(), 'fish-school-'));
  children = [];
  closing = [];
});

afterEach(async () => {
  for (const close of closing) await close();
  for (const child of children) child.kill('SIGKILL');
  service.stop();
  rmSync(folder, { recursive: true });
});

/** Starts the example as Shoal would, with nothing but contract section 3 in its environment. */
function start(config: string, env: Record<string, string> = {}) {
  const configFile = join(folder, 'config.json');
  writeFileSync(configFile, config);
  const child = spawn(process.execPath, ['-C', 'source', 'examples/fish-school/main.ts'], {
    cwd: packageRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      SHOAL_WORKER_ID: 'worker-1',
      SHOAL_SIMULATION_ID: 'run-1',
      SHOAL_INCARNATION: '1',
      SHOAL_GRPC_ADDRESS: service.address,
      SHOAL_WORKER_TOKEN: 'the-token',
      SHOAL_COMMAND_TRANSPORT: 'grpc',
      SHOAL_CONFIG_FILE: configFile,
      SHOAL_SEED: '7',
      SHOAL_ORPHAN_TIMEOUT_MS: '20000',
      ...env,
    },
  });
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdout.resume();
  const exit = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  return { child, exit };
}

/** An event without its ids and times, those inside a world state too. */
function content({ eventId, timestampNs, eventPayload, ...event }: GenericEventRequestOutput) {
  if (event.eventTypeKey !== 'sim.world_state.v1') return { ...event, payload: eventPayload.toString('hex') };
  const world = WorldStateUpdate.getRootAsWorldStateUpdate(new ByteBuffer(eventPayload));
  const agents = Array.from({ length: world.agentsLength() }, (_, i) => {
    const agent = world.agents(i);
    return [agent?.id(), agent?.pos()?.x(), agent?.pos()?.y()];
  });
  const food = Array.from({ length: world.foodPelletsLength() }, (_, i) => world.foodPellets(i)?.id());
  return { ...event, tick: String(world.currentTick()), simulationId: world.simulationId(), agents, food };
}

describe('the fish school as a process', () => {
  test('registers, reports every tick and exits 0 once all of it is acknowledged', async () => {
    service.registration.maxBatchEvents = 100;
    const { exit } = start('{"ticks": 30, "ticks_per_second": 0}');
    expect(await exit).toEqual({ code: 0, stderr: '' });
    const worldStates = service.received.filter(({ eventTypeKey }) => eventTypeKey === 'sim.world_state.v1');
    expect(worldStates.map(({ attributes }) => attributes['tick'])).toEqual(
      Array.from({ length: 31 }, (_, tick) => String(tick)),
    );
    expect(service.registrations).toMatchObject([
      { sdk: 'fish-school/1.0', supportedCommands: expect.arrayContaining(['step']) },
    ]);
    expect(service.streams[0]?.halfClosed).toBe(true);
  });

  test('gives the same events for the same seed, apart from ids and times', async () => {
    const first = start('{"ticks": 60, "ticks_per_second": 0}');
    await first.exit;
    const before = service.received.length;
    const second = start('{"ticks": 60, "ticks_per_second": 0}');
    await second.exit;
    const contents = service.received.map(content);
    expect(before).toBeGreaterThan(1_000);
    expect(contents.slice(before)).toEqual(contents.slice(0, before));
    expect(new Set(service.received.map(({ eventId }) => eventId)).size).toBe(2 * before);
  });

  test('begins paused where it shall, steps, and stops by command, over NATS', async () => {
    const nats = await startNatsServer({ jetstream: false });
    const orchestrator = await connect({ servers: nats.url });
    closing.push(
      () => orchestrator.close(),
      () => nats[Symbol.asyncDispose](),
    );
    service.registration.desiredState = 'SIMULATION_STATE_PAUSED';
    const subject = 'commands.worker.worker-1.control';
    const { exit } = start('{}', {
      SHOAL_COMMAND_TRANSPORT: 'nats',
      SHOAL_NATS_URL: nats.url,
      SHOAL_COMMAND_SUBJECT: subject,
    });
    await service.until(() => service.streams.length === 1);
    const send = (eventId: string, eventTypeKey: string, eventPayload = Buffer.alloc(0)) =>
      orchestrator.publish(subject, GenericEventRequest.serialize({ eventId, eventTypeKey, eventPayload }));
    send('c1', 'orchestrator.control.step', Buffer.from(StepCommand.serialize({ ticks: 4 })));
    await service.until(() => service.acks.length === 1);
    send('c2', 'orchestrator.control.stop_worker');
    expect(await exit).toEqual({ code: 0, stderr: '' });
    expect(service.acks).toMatchObject([
      { commandId: 'c1', ack: { ok: true, tick: '4', state: 'SIMULATION_STATE_PAUSED' } },
      { commandId: 'c2', ack: { ok: true, tick: '4', state: 'SIMULATION_STATE_STOPPING' } },
    ]);
  });

  test('exits 78 before it registers when its configuration is wrong, and says what is', async () => {
    const { exit } = start('{"fish": "many"}');
    const { code, stderr } = await exit;
    expect(code).toBe(78);
    expect(stderr).toContain('fish is "many": expected a whole number from 0 to 2000');
    expect(service.calls).toEqual([]);
  });

  test('exits 78 when it is started by hand, and says what it needs', async () => {
    const { exit } = start('{}', { SHOAL_GRPC_ADDRESS: '' });
    const { code, stderr } = await exit;
    expect(code).toBe(78);
    expect(stderr).toContain('SHOAL_GRPC_ADDRESS is missing');
  });

  test('exits 69 when Shoal does not want it', async () => {
    service.refusesWith = status.PERMISSION_DENIED;
    const { code, stderr } = await start('{}').exit;
    expect(code).toBe(69);
    expect(stderr).toContain('PERMISSION_DENIED');
  });

  test('exits 143 on SIGTERM, with its last events acknowledged', async () => {
    const { child, exit } = start('{"ticks_per_second": 500}');
    await service.until(() => service.received.length > 0);
    child.kill('SIGTERM');
    expect(await exit).toEqual({ code: 143, stderr: '' });
    expect(service.streams[0]?.halfClosed).toBe(true);
  });
});
