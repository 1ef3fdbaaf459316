import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { connectWorker, type Worker, WorkerLostError, type WorkerOptions } from '../../../src/worker/worker.ts';
import { FakeWorkerService } from './fake-worker-service.ts';

const { StepCommand } = loadProtos().tree.fes.orchestration.v1;

let service: FakeWorkerService;
let workers: Worker[];

beforeEach(async () => {
  workers = [];
  service = new FakeWorkerService();
  await service.start();
});

afterEach(async () => {
  // Whatever the test left open ends at once; how it ends is not the test's matter.
  await Promise.allSettled(workers.map((worker) => worker.close({ timeoutMs: 0 })));
  service.stop();
});

async function connect(options: WorkerOptions = {}, orphanTimeoutMs = 20_000): Promise<Worker> {
  const environment = {
    workerId: 'worker-1',
    simulationId: 'run-1',
    incarnation: 1,
    grpcAddress: service.address,
    token: 'the-token',
    commands: { kind: 'grpc' as const },
    configContentType: 'application/json',
    orphanTimeoutMs,
  };
  const worker = await connectWorker({ environment, log: () => {}, ...options });
  workers.push(worker);
  return worker;
}

async function emit(worker: Worker, count: number, from = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let i = from; i < from + count; i++) {
    const { eventId } = await worker.emit({ key: 'sim.x.v1', payload: Buffer.from(String(i)) });
    ids.push(eventId);
  }
  return ids;
}

/** Of the events received, the first of each ordinal, which is what Shoal keeps. */
function kept(): string[] {
  const seen = new Set<string>();
  return service.received
    .filter(({ ordinal }) => !seen.has(ordinal) && seen.add(ordinal))
    .map(({ eventId }) => eventId);
}

describe('connecting', () => {
  test('subscribes to commands, then registers, then opens the event stream; each call bears the token', async () => {
    await connect({ sdk: 'test/1', supportedCommands: ['pause', 'stop'], labels: { a: 'b' } });
    await service.until(() => service.streams.length === 1);
    expect(service.calls).toEqual(['ReceiveCommands', 'RegisterWorker', 'ReportEventBatches']);
    expect([...service.authorizations]).toEqual(['Bearer the-token']);
    expect(service.registrations).toMatchObject([
      {
        workerId: 'worker-1',
        simulationId: 'run-1',
        sdk: 'test/1',
        supportedCommands: ['pause', 'stop'],
        labels: { a: 'b' },
        pid: process.pid,
      },
    ]);
  });

  test('learns what state Shoal wants', async () => {
    service.registration.desiredState = 'SIMULATION_STATE_PAUSED';
    expect((await connect()).desiredState).toBe('PAUSED');
  });

  test('tries again for as long as Shoal is not there, within the orphan timeout', async () => {
    service.stop();
    const connecting = connect();
    await service.start();
    await connecting;
    expect(service.registrations).toHaveLength(1);
  });

  test('gives up after the orphan timeout and says why', async () => {
    service.stop();
    await expect(connect({}, 300)).rejects.toThrow(/could not be reached for 300 ms; last: UNAVAILABLE/);
  });

  test('does not try again when it is refused', async () => {
    service.refusesWith = status.UNAUTHENTICATED;
    await expect(connect()).rejects.toThrow(WorkerLostError);
    expect(service.calls).toEqual(['ReceiveCommands']);
  });
});

describe('events', () => {
  test('arrive whole and in order, numbered without a gap, and close waits for the last acknowledgement', async () => {
    const worker = await connect();
    const { eventId, ordinal } = await worker.emit({
      key: 'sim.x.v1',
      payload: Buffer.from('payload'),
      contentType: 'text/plain',
      attributes: { agent_id: 'a', tick: '3' },
      timestampNs: 123n,
      correlationId: 'c',
    });
    const ids = [eventId, ...(await emit(worker, 99))];
    await worker.close();
    expect(service.received[0]).toMatchObject({
      eventId,
      eventTypeKey: 'sim.x.v1',
      eventPayload: Buffer.from('payload'),
      timestampNs: '123',
      sourceWorkerId: 'worker-1',
      simulationId: 'run-1',
      payloadContentType: 'text/plain',
      correlationId: 'c',
      attributes: { agent_id: 'a', tick: '3' },
      ordinal: String(ordinal),
    });
    expect(service.received.map((event) => event.eventId)).toEqual(ids);
    expect(new Set(ids).size).toBe(100);
    expect(service.received.map((event) => Number(event.ordinal))).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    expect(service.streams.map(({ halfClosed }) => halfClosed)).toEqual([true]);
  });

  test('go in batches within the limits, and never more unacknowledged than registration allows', async () => {
    service.acknowledgesAtOnce = false;
    const worker = await connect({ lingerMs: 0 });
    await emit(worker, 100);
    const stream = () => service.streams[0];
    const batches = () => stream()?.batches.length ?? 0;
    for (let acknowledged = 0; acknowledged < 10; acknowledged++) {
      const expected = Math.min(10, acknowledged + 4);
      await service.until(() => batches() >= expected);
      expect(batches()).toBe(expected);
      stream()?.acknowledge(acknowledged + 1);
    }
    expect(stream()?.batches.map(({ events }) => events.length)).toEqual(Array(10).fill(10));
    expect(stream()?.batches.map(({ sequence }) => Number(sequence))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await worker.close();
  });

  test('hold the emitter while the buffer is full, and let it go on with an acknowledgement', async () => {
    service.acknowledgesAtOnce = false;
    const worker = await connect({ maxBufferedEvents: 20 });
    await emit(worker, 19);
    let held = true;
    const last = worker.emit({ key: 'sim.x.v1', payload: Buffer.alloc(0) }).then(() => {
      held = false;
    });
    await service.until(() => service.received.length === 20);
    expect(held).toBe(true);
    service.streams[0]?.acknowledge(1);
    await last;
  });

  test('that nobody waits for end in an error, not in memory', async () => {
    service.acknowledgesAtOnce = false;
    const worker = await connect({ maxBufferedEvents: 20 });
    const emits = Array.from({ length: 81 }, () => worker.emit({ key: 'sim.x.v1', payload: Buffer.alloc(0) }));
    await expect(emits.at(-1)).rejects.toThrow(/await each emit/);
    service.streams[0]?.acknowledge(100);
    service.acknowledgesAtOnce = true;
    service.stop();
    await service.start();
    await Promise.all(emits.slice(0, 80));
  });

  test('over the size limit are refused on the spot and cost no ordinal', async () => {
    service.registration.maxEventBytes = 200;
    const worker = await connect();
    await expect(worker.emit({ key: 'sim.x.v1', payload: Buffer.alloc(200) })).rejects.toThrow(RangeError);
    expect(await worker.emit({ key: 'sim.x.v1', payload: Buffer.alloc(1) })).toMatchObject({ ordinal: 1 });
    await worker.close();
    expect(service.received).toHaveLength(1);
  });

  test('that Shoal rejects are reported one by one, and the rest goes on', async () => {
    service.acknowledgesAtOnce = false;
    const rejected: object[] = [];
    const worker = await connect({ onRejected: (event) => rejected.push(event) });
    const ids = await emit(worker, 20);
    await service.until(() => service.received.length === 20);
    const [stream] = service.streams;
    const [, second] = ids;
    stream?.acknowledge(2, [{ index: 1, batchSequence: 1, eventId: second, code: 3, message: 'no agent_id' }]);
    await worker.close();
    expect(rejected).toEqual([{ eventId: second, code: 3, message: 'no agent_id' }]);
    expect(service.received).toHaveLength(20);
  });
});

describe('when the stream breaks', () => {
  test('it registers again and sends all that was not acknowledged, in order, before anything new', async () => {
    service.acknowledgesAtOnce = false;
    const worker = await connect();
    const ids = await emit(worker, 60);
    await service.until(() => service.received.length === 40);
    service.streams[0]?.acknowledge(2);
    await service.until(() => service.received.length === 60);
    service.acknowledgesAtOnce = true;
    service.streams[0]?.cut(status.UNAVAILABLE);
    await service.until(() => service.streams.length === 2);
    ids.push(...(await emit(worker, 10)));
    await worker.close();
    expect(service.registrations).toHaveLength(2);
    const [, again] = service.streams;
    expect(Number(again?.batches[0]?.sequence)).toBe(1);
    expect(again?.batches.flatMap(({ events }) => events.map(({ eventId }) => eventId))).toEqual(ids.slice(20));
    expect(kept()).toEqual(ids);
  });

  test('it leaves out what Shoal says it has dealt with', async () => {
    service.acknowledgesAtOnce = false;
    const worker = await connect();
    const ids = await emit(worker, 40);
    await service.until(() => service.received.length === 40);
    service.registration.resumeAfterOrdinal = '35';
    service.acknowledgesAtOnce = true;
    service.streams[0]?.cut(status.UNAVAILABLE);
    await worker.close();
    expect(service.received.slice(40).map(({ eventId }) => eventId)).toEqual(ids.slice(35));
  });

  test('again and again while events are made, none is lost and none changes its place', async () => {
    const worker = await connect();
    const ids: string[] = [];
    for (let cut = 0; cut < 8; cut++) {
      service.acknowledgesAtOnce = cut % 2 === 0;
      ids.push(...(await emit(worker, 37)));
      await service.until(() => service.streams.length === cut + 1 && service.streams[cut]?.batches.length !== 0);
      service.streams[cut]?.cut(cut % 3 === 0 ? status.INTERNAL : status.UNAVAILABLE);
    }
    service.acknowledgesAtOnce = true;
    await worker.close();
    expect(kept()).toEqual(ids);
    expect(service.streams).toHaveLength(9);
  });

  test('because Shoal restarts, it finds it again', async () => {
    service.acknowledgesAtOnce = false;
    const worker = await connect();
    const ids = await emit(worker, 30);
    await service.until(() => service.received.length === 30);
    service.stop();
    ids.push(...(await emit(worker, 5)));
    service.acknowledgesAtOnce = true;
    await service.start();
    await worker.close();
    expect(kept()).toEqual(ids);
    expect(service.registrations.length).toBeGreaterThanOrEqual(2);
  });

  test('and Shoal does not come back, the worker is lost: emit, commands, close and signal all say so', async () => {
    const worker = await connect({ maxBufferedEvents: 1 }, 400);
    await service.until(() => service.streams.length === 1);
    const commands = worker.commands().next();
    service.stop();
    const held = worker.emit({ key: 'sim.x.v1', payload: Buffer.alloc(0) });
    await expect(held).rejects.toThrow(WorkerLostError);
    await expect(commands).rejects.toThrow(WorkerLostError);
    await expect(worker.emit({ key: 'sim.x.v1', payload: Buffer.alloc(0) })).rejects.toThrow(WorkerLostError);
    await expect(worker.close()).rejects.toThrow(WorkerLostError);
    expect(worker.signal.reason).toBeInstanceOf(WorkerLostError);
  });

  test('because a newer worker has its place, it does not come back', async () => {
    const worker = await connect();
    await service.until(() => service.streams.length === 1);
    const calls = service.calls.length;
    service.streams[0]?.cut(status.PERMISSION_DENIED);
    await expect(worker.commands().next()).rejects.toThrow(/PERMISSION_DENIED/);
    expect(service.calls).toHaveLength(calls);
  });
});

describe('commands', () => {
  test('come as an async iterator and are acknowledged with the tick and state the worker then has', async () => {
    const worker = await connect();
    const working = (async () => {
      for await (const command of worker.commands()) {
        if (command.name === 'step') worker.tick += command.ticks;
        if (command.name === 'pause') worker.state = 'PAUSED';
        if (command.name === 'resume') command.refuse('not in the mood');
        else command.acknowledge();
      }
    })();
    service.sendCommand('orchestrator.control.pause', 'c1');
    service.sendCommand('orchestrator.control.step', 'c2', StepCommand.serialize({ ticks: 5 }));
    service.sendCommand('orchestrator.control.resume', 'c3');
    await service.until(() => service.acks.length === 3);
    const paused = { state: 'SIMULATION_STATE_PAUSED' };
    expect(service.acks).toMatchObject([
      { commandId: 'c1', ack: { ok: true, tick: '0', code: 0, ...paused } },
      { commandId: 'c2', ack: { ok: true, tick: '5', code: 0, ...paused } },
      { commandId: 'c3', ack: { ok: false, tick: '5', code: 9, message: 'not in the mood', ...paused } },
    ]);
    await worker.close();
    await working;
  });

  test('sent again are acknowledged again, the same, and done once', async () => {
    const worker = await connect();
    let done = 0;
    const working = (async () => {
      for await (const command of worker.commands()) {
        worker.tick = ++done;
        command.acknowledge();
      }
    })();
    for (const [i, id] of ['c1', 'c1', 'c1', 'c2'].entries()) {
      service.sendCommand('orchestrator.control.step', id);
      await service.until(() => service.acks.length === i + 1);
    }
    expect(service.acks.map(({ commandId, ack }) => [commandId, ack.tick])).toEqual([
      ['c1', '1'],
      ['c1', '1'],
      ['c1', '1'],
      ['c2', '2'],
    ]);
    await worker.close();
    await working;
    expect(done).toBe(2);
  });

  test('are not done twice either when they are sent again after the command stream broke', async () => {
    const worker = await connect();
    service.sendCommand('orchestrator.control.step', 'c1');
    const { value: command } = await worker.commands().next();
    service.endCommands(status.UNAVAILABLE);
    await service.until(() => service.streams.length === 2);
    service.sendCommand('orchestrator.control.step', 'c1');
    command?.acknowledge();
    service.sendCommand('orchestrator.control.step', 'c1');
    service.sendCommand('orchestrator.control.pause', 'c2');
    expect((await worker.commands().next()).value).toMatchObject({ id: 'c2' });
    await service.until(() => service.acks.length === 2);
    expect(service.acks.map(({ commandId }) => commandId)).toEqual(['c1', 'c1']);
  });

  test('taken over by another call of the same worker end this one', async () => {
    const worker = await connect();
    service.endCommands(status.ABORTED);
    await expect(worker.commands().next()).rejects.toThrow(/ABORTED/);
    expect(worker.signal.aborted).toBe(true);
  });

  test('are acknowledged after the events that came before the acknowledgement', async () => {
    const worker = await connect({ lingerMs: 10_000 });
    service.sendCommand('orchestrator.control.pause', 'c1');
    const { value: command } = await worker.commands().next();
    const ids = await emit(worker, 3);
    command?.acknowledge();
    await service.until(() => service.acks.length === 1);
    expect(service.received.map(({ eventId }) => eventId).slice(0, 3)).toEqual(ids);
    expect(service.received).toHaveLength(4);
  });
});

describe('heartbeats', () => {
  test('tell tick, state and gauges, and bring the desired state', async () => {
    service.registration.heartbeatIntervalMs = 10;
    const worker = await connect({ gauges: () => ({ fish: 3 }) });
    worker.tick = 7;
    worker.state = 'PAUSED';
    service.registration.desiredState = 'SIMULATION_STATE_PAUSED';
    await service.until(() => service.heartbeats.some(({ tick }) => tick === '7'));
    expect(service.heartbeats.at(-1)).toMatchObject({
      workerId: 'worker-1',
      simulationId: 'run-1',
      tick: '7',
      state: 'SIMULATION_STATE_PAUSED',
      gauges: { fish: 3 },
    });
    const answered = service.heartbeats.length;
    await service.until(() => service.heartbeats.length > answered);
    expect(worker.desiredState).toBe('PAUSED');
  });

  test('that are refused tell a silent worker that it has been replaced', async () => {
    service.registration.heartbeatIntervalMs = 10;
    const worker = await connect();
    service.refusesWith = status.UNAUTHENTICATED;
    await expect(worker.commands().next()).rejects.toThrow(/UNAUTHENTICATED/);
  });

  test('to a Shoal that does not know the worker any more make it register again', async () => {
    service.registration.heartbeatIntervalMs = 10;
    await connect();
    service.refusesWith = status.FAILED_PRECONDITION;
    const calls = service.calls.length;
    await service.until(() => service.calls.slice(calls).includes('ReceiveCommands'));
    service.refusesWith = undefined;
    await service.until(() => service.registrations.length === 2);
  });
});

describe('closing', () => {
  test('waits no longer than it is told, and says what was not acknowledged', async () => {
    service.acknowledgesAtOnce = false;
    const worker = await connect();
    await emit(worker, 3);
    await expect(worker.close({ timeoutMs: 50 })).rejects.toThrow('3 events were not acknowledged within 50 ms');
  });

  test('ends the command iterator, refuses further events, and can be called again', async () => {
    const worker = await connect();
    const commands = worker.commands().next();
    await worker.close();
    await worker.close();
    expect((await commands).done).toBe(true);
    await expect(worker.emit({ key: 'sim.x.v1', payload: Buffer.alloc(0) })).rejects.toThrow('emit after close');
  });
});
