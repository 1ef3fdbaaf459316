import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryCheckpointStore } from '../../../../src/adapters/memory/in-memory-checkpoint-store.ts';
import { InMemoryEventLog } from '../../../../src/adapters/memory/in-memory-event-log.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { EventIntake } from '../../../../src/domain/ingest/event-intake.ts';
import type { IngestWorker } from '../../../../src/domain/ingest/ingest-worker.ts';
import { LedgerBook } from '../../../../src/domain/ledger/ledger-book.ts';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import type { AppendReceipt, EventLog, LogEntry } from '../../../../src/ports/event-log.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { commandAck, envelope } from '../../../support/fakes/messages.ts';
import { settle } from '../../../support/fakes/settle.ts';

const LOGGED = 'sim.world_state.v1';
const UNLOGGED = 'sim.tick.v1';
const events = [{ key: LOGGED }, { key: UNLOGGED, log: false }];

/** Stores the first entries of a batch and fails, when it is told to; forgets ids, as JetStream does after its window. */
class FailingLog implements EventLog {
  readonly durability = 'memory';
  readonly kept = new InMemoryEventLog();
  /** For each append to come: how many entries are stored before it fails; undefined: all, and it does not. */
  readonly plan: (number | undefined)[] = [];
  gate: Promise<void> = Promise.resolve();
  #attempt = 0;

  async append(batch: readonly LogEntry[]): Promise<AppendReceipt> {
    const stored = this.plan.shift();
    this.#attempt += 1;
    const renamed = batch.map((entry) => ({ ...entry, eventId: `${this.#attempt}/${entry.eventId}` }));
    const receipt = await this.kept.append(stored === undefined ? renamed : renamed.slice(0, stored));
    await this.gate;
    if (stored !== undefined) throw new ShoalError('BUS_UNAVAILABLE', 'as planned');
    return receipt;
  }
}

describe('events that are reported again', () => {
  let domain: DomainUnderTest;
  let id: SimulationId;
  let worker: IngestWorker;
  let log: FailingLog;
  let checkpoints: InMemoryCheckpointStore;
  let ledgers: LedgerBook;
  let intake: EventIntake;

  const newDaemon = (): void => {
    const { bus, registry, clock, ids, counters } = domain;
    ledgers = new LedgerBook({ registry, archive: log.kept, checkpoints, clock });
    const acks = { acknowledge: ({ commandId }: { commandId: string }) => void acknowledged.push(commandId) };
    intake = new EventIntake({ bus, log, acks, ids, clock, counters, ledgers, maxEventBytes: () => 10_000 });
  };
  let acknowledged: string[];

  beforeEach(async () => {
    domain = new DomainUnderTest({ types: [fakeWorkerType('fish', { events })] });
    log = new FailingLog();
    checkpoints = new InMemoryCheckpointStore();
    acknowledged = [];
    id = await domain.run({ simulationId: 'reef-1' });
    worker = domain.authentication.ingestWorker({ token: domain.worker(id).token, claimedWorkerId: '' });
    newDaemon();
  });

  const event = (ordinal: number, key = LOGGED) =>
    envelope({ eventId: `e${ordinal}`, eventTypeKey: key, ordinal: String(ordinal), sourceWorkerId: worker.workerId });
  const report = (...ordinals: number[]) =>
    intake.accept(
      worker,
      ordinals.map((ordinal) => event(ordinal)),
    );
  const stored = () =>
    [...log.kept.read(1)].map(({ eventId, simulationSequence }) => [ordinalOf(eventId), simulationSequence]);

  test('are acknowledged and neither logged nor published again', async () => {
    await report(1, 2, 3);
    const receipt = await report(2, 3, 4);
    expect(receipt.rejected).toEqual([]);
    expect(stored()).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    expect(domain.bus.published).toHaveLength(4);
    expect(ledgers.ready(id)?.state()).toMatchObject({ received: 4, duplicates: 2, logged: { [LOGGED]: 4 } });
  });

  test('by another daemon are known from the log alone, without a checkpoint', async () => {
    await report(1, 2, 3);
    newDaemon();
    await report(2, 3, 4);
    expect(stored()).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    expect((await ledgers.whenReady(id)).watermark(worker.workerId)).toBe(4);
  });

  test('leave nothing behind when their simulation is forgotten while its log is read', async () => {
    await report(1, 2, 3);
    newDaemon();
    const { promise, resolve } = Promise.withResolvers<void>();
    const open = log.kept.open.bind(log.kept);
    log.kept.open = (request) => promise.then(() => open(request));
    const opening = ledgers.whenReady(id);
    domain.program(id).exit({ code: 0 });
    await settle();
    await domain.registry.remove(id);
    resolve();
    await opening;
    await ledgers.end();
    expect(ledgers.ready(id)).toBeUndefined();
    expect(await checkpoints.read(id)).toBeUndefined();
    expect(domain.registry.figures.recordOf(id)).toBeUndefined();
  });

  test('and those before them are in the figures of another daemon, which had them from an older record', async () => {
    await report(1, 2, 3);
    const figures = domain.registry.figures.of(id);
    domain.registry.figures.restore(id, { lastTick: 7n, eventsReceived: 1, eventsLogged: 1 });
    newDaemon();
    await ledgers.whenReady(id);
    expect(figures).toEqual({ lastTick: 7n, eventsReceived: 3, eventsLogged: 3 });
    await report(2, 3, 4);
    expect(figures).toEqual({ lastTick: 7n, eventsReceived: 4, eventsLogged: 4 });
  });

  test('by another daemon are known from the checkpoint, also those that are not logged', async () => {
    await intake.accept(worker, [event(1), event(2, UNLOGGED), event(3)]);
    await ledgers.end();
    newDaemon();
    expect((await ledgers.whenReady(id)).watermark(worker.workerId)).toBe(3);
    await intake.accept(worker, [event(2, UNLOGGED), event(3), event(4)]);
    expect(stored()).toEqual([
      [1, 1],
      [3, 2],
      [4, 3],
    ]);
    expect(domain.bus.published).toHaveLength(4);
  });

  test('while they are in flight wait for the flight, and what comes after them too', async () => {
    const gate = Promise.withResolvers<void>();
    log.gate = gate.promise;
    const first = report(1, 2);
    const again = report(2, 3);
    const after = report(4);
    await settle();
    expect(stored().map(([ordinal]) => ordinal)).toEqual([1, 2]);
    gate.resolve();
    await Promise.all([first, again, after]);
    expect(stored()).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  test('that came in another order are each logged once', async () => {
    await report(3, 1, 5);
    await report(1, 2, 3, 4, 5);
    expect(stored().map(([ordinal]) => ordinal)).toEqual([3, 1, 5, 2, 4]);
  });

  test('after an append that failed halfway go on where the log ends, with the next running sequence', async () => {
    await report(1);
    log.plan.push(2);
    await expect(report(2, 3, 4)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    await report(2, 3, 4, 5);
    expect(stored()).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
  });

  test('whose first part fails to be logged while the rest waits fail once, and leave no rejection that nobody handles', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const { promise, resolve } = Promise.withResolvers<void>();
    log.gate = promise;
    log.plan.push(undefined, 0);
    const first = report(1);
    const second = report(2, 1);
    const refused = expect(second).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    await settle();
    resolve();
    await first;
    await refused;
    await settle();
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  test('of a command that is acknowledged are passed on all the same', async () => {
    const ack = envelope({
      eventTypeKey: 'worker.command_ack.v1',
      correlationId: 'c1',
      ordinal: '7',
      eventPayload: commandAck({ ok: true }),
    });
    await intake.accept(worker, [ack]);
    await intake.accept(worker, [ack]);
    expect(acknowledged).toEqual(['c1', 'c1']);
  });

  test('over two streams, with failures at any place and new daemons, are logged once each, numbered without a gap', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }), { maxLength: 6 }),
        fc.array(
          fc.record({
            from: fc.integer({ min: 1, max: 20 }),
            count: fc.integer({ min: 1, max: 6 }),
            restarts: fc.boolean(),
          }),
          {
            minLength: 1,
            maxLength: 10,
          },
        ),
        async (plan, batches) => {
          log = new FailingLog();
          checkpoints = new InMemoryCheckpointStore();
          newDaemon();
          log.plan.push(...plan);
          const reported = new Set<number>();
          for (const { from, count, restarts } of batches) {
            const ordinals = Array.from({ length: count }, (_, at) => from + at);
            for (const ordinal of ordinals) reported.add(ordinal);
            const streams = [report(...ordinals), report(...ordinals)];
            await Promise.allSettled(streams);
            if (restarts) newDaemon();
          }
          log.plan.length = 0;
          await report(...reported);
          expect(
            stored()
              .map(([ordinal]) => ordinal)
              .sort(byNumber),
          ).toEqual([...reported].sort(byNumber));
          expect(stored().map(([, number]) => number)).toEqual(
            Array.from({ length: reported.size }, (_, at) => at + 1),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

const byNumber = (a: number | undefined, b: number | undefined) => (a ?? 0) - (b ?? 0);

function ordinalOf(eventId: string): number {
  return Number(eventId.slice(eventId.indexOf('/e') + 2));
}
