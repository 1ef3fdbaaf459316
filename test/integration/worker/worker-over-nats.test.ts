import { status } from '@grpc/grpc-js';
import { connect, type NatsConnection } from 'nats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { connectWorker, type Worker, WorkerLostError } from '../../../src/worker/worker.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { FakeWorkerService } from './fake-worker-service.ts';

const { GenericEventRequest } = loadProtos().tree.fes.common.events;
const subject = 'commands.worker.worker-1.control';

let nats: RunningNatsServer;
let orchestrator: NatsConnection;
let service: FakeWorkerService;
let workers: Worker[];

beforeAll(async () => {
  nats = await startNatsServer({ jetstream: false });
  orchestrator = await connect({ servers: nats.url, reconnectTimeWait: 50, maxReconnectAttempts: -1 });
});

afterAll(async () => {
  await orchestrator.close();
  await nats[Symbol.asyncDispose]();
});

beforeEach(async () => {
  workers = [];
  service = new FakeWorkerService();
  service.registration.commandTransport = 'nats';
  await service.start();
});

afterEach(async () => {
  await Promise.allSettled(workers.map((worker) => worker.close({ timeoutMs: 0 })));
  service.stop();
});

async function connectOverNats(log: (message: string) => void = () => {}, orphanTimeoutMs = 20_000): Promise<Worker> {
  const environment = {
    workerId: 'worker-1',
    simulationId: 'run-1',
    incarnation: 1,
    grpcAddress: service.address,
    commands: { kind: 'nats' as const, urls: [nats.url], subject },
    configContentType: 'application/json',
    orphanTimeoutMs,
  };
  const worker = await connectWorker({ environment, log });
  workers.push(worker);
  return worker;
}

async function send(eventId: string, name: string): Promise<void> {
  const eventTypeKey = `orchestrator.control.${name}`;
  orchestrator.publish(subject, GenericEventRequest.serialize({ eventId, eventTypeKey }));
  await orchestrator.flush();
}

/** As Shoal does over an outage: a send that the outage interrupts fails, and the next one counts. */
async function sendUntilAcknowledged(eventId: string, name: string): Promise<void> {
  const resending = setInterval(() => void send(eventId, name).catch(() => {}), 20);
  await service.until(() => service.acks.some(({ commandId }) => commandId === eventId));
  clearInterval(resending);
}

/** Acknowledges everything; the names of what was done. */
function obeyAll(worker: Worker): string[] {
  const done: string[] = [];
  void (async () => {
    for await (const command of worker.commands()) {
      done.push(command.name);
      command.acknowledge();
    }
  })();
  return done;
}

describe('commands over NATS', () => {
  test('arrive from before the registration on', async () => {
    service.beforeRegistered = () => send('c1', 'pause');
    const worker = await connectOverNats();
    obeyAll(worker);
    await service.until(() => service.acks.length === 1);
    expect(service.acks).toMatchObject([{ commandId: 'c1', ack: { ok: true } }]);
    expect(service.calls).not.toContain('ReceiveCommands');
  });

  test('sent again are acknowledged again and done once', async () => {
    const done = obeyAll(await connectOverNats());
    for (const [i, id] of ['c1', 'c1', 'c1', 'c2'].entries()) {
      await send(id, 'step');
      await service.until(() => service.acks.length === i + 1);
    }
    expect(service.acks.map(({ commandId }) => commandId)).toEqual(['c1', 'c1', 'c1', 'c2']);
    expect(done).toEqual(['step', 'step']);
  });

  test('go on after the server was gone, as Shoal sends them again', async () => {
    const done = obeyAll(await connectOverNats());
    await nats.kill();
    await nats.restart();
    await sendUntilAcknowledged('c1', 'pause');
    expect(done).toEqual(['pause']);
    expect(service.registrations).toHaveLength(1);
  });

  test('do not stop because of a message that is none', async () => {
    const logged: string[] = [];
    const done = obeyAll(await connectOverNats((message) => logged.push(message)));
    orchestrator.publish(subject, Buffer.from([0xff, 0xff]));
    await send('c1', 'resume');
    await service.until(() => service.acks.length === 1);
    expect(done).toEqual(['resume']);
    expect(logged).toEqual([expect.stringContaining(`a message on ${subject} is not a command`)]);
  });

  test('have no subscriber any more once the worker has closed', async () => {
    const worker = await connectOverNats();
    await worker.close();
    await expect(orchestrator.request(subject, undefined, { timeout: 5_000 })).rejects.toThrow(/no responders/i);
  });

  test('with no server to come from are waited for, within the orphan timeout', async () => {
    await nats.kill();
    await expect(connectOverNats(() => {}, 300)).rejects.toThrow(WorkerLostError);
    const connecting = connectOverNats();
    await nats.restart();
    const done = obeyAll(await connecting);
    await sendUntilAcknowledged('c1', 'pause');
    expect(done).toEqual(['pause']);
  });

  test('do not end a worker whose heartbeats Shoal answers, however long the server is away', async () => {
    service.registration.heartbeatIntervalMs = 20;
    const logged: string[] = [];
    const worker = await connectOverNats((message) => logged.push(message), 500);
    const done = obeyAll(worker);
    await nats.kill();
    service.streams[0]?.cut(status.UNAVAILABLE);
    const cutMs = performance.now();
    await service.until(() => performance.now() - cutMs > 1_500 && logged.length >= 3);
    await nats.restart();
    await sendUntilAcknowledged('c1', 'pause');
    expect([done, service.registrations.length]).toEqual([['pause'], 2]);
  });
});
