import { beforeEach, expect, test } from 'vitest';
import { InMemoryCheckpointStore } from '../../../../src/adapters/memory/in-memory-checkpoint-store.ts';
import { InMemoryEventLog } from '../../../../src/adapters/memory/in-memory-event-log.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { LedgerBook } from '../../../../src/domain/ledger/ledger-book.ts';
import type { SimulationLedger } from '../../../../src/domain/ledger/simulation-ledger.ts';
import type { EventArchive, LogReader, ReadRequest } from '../../../../src/ports/event-archive.ts';
import type { LogEntry } from '../../../../src/ports/event-log.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { settle } from '../../../support/fakes/settle.ts';

/** A log that has an identity, as a stream has, and tells what was asked of it. */
class NamedArchive implements EventArchive {
  readonly log = new InMemoryEventLog();
  readonly requests: ReadRequest[] = [];
  name = 'first';
  /** What readers wait for before they begin. */
  gate: Promise<void> = Promise.resolve();

  async identity(): Promise<string> {
    return this.name;
  }
  async open(request: ReadRequest): Promise<LogReader> {
    this.requests.push(request);
    await this.gate;
    return this.log.open(request);
  }
  lastSequence = () => this.log.lastSequence();
  holds = (id: SimulationId) => this.log.holds(id);
  remove = (id: SimulationId) => this.log.remove(id);
}

let domain: DomainUnderTest;
let archive: NamedArchive;
let checkpoints: InMemoryCheckpointStore;
let ledgers: LedgerBook;

async function newDaemon(): Promise<void> {
  const { registry, clock } = domain;
  ledgers = new LedgerBook({ registry, archive, checkpoints, clock });
  await ledgers.begin();
}

beforeEach(async () => {
  domain = new DomainUnderTest();
  archive = new NamedArchive();
  checkpoints = new InMemoryCheckpointStore();
  await newDaemon();
});

/** Logs events under these ids, and lets them land unless the answer of the log is to be lost. */
async function log(id: SimulationId, ledger: SimulationLedger, eventIds: string[], answer: 'comes' | 'is lost') {
  const flight = ledger.setOff('w');
  const entries = eventIds.map((eventId) => ({
    simulationId: id,
    eventTypeKey: 'sim.a.v1',
    eventId,
    bytes: new Uint8Array(),
    simulationSequence: ledger.number(),
  })) as unknown as LogEntry[];
  flight.entries.push(...entries);
  flight.received = entries.length;
  const receipt = await archive.log.append(entries);
  ledger.land(flight, answer === 'comes' ? { receipt, published: true } : { published: true });
}

function begun(): unknown[] {
  return archive.requests.map(({ from, overtaken }) => [from, overtaken]);
}

test('a ledger that was never in doubt is read from its last certain place on, after an append that failed', async () => {
  const id = await domain.run();
  const ledger = await ledgers.whenReady(id);
  await log(id, ledger, ['e1', 'e2', 'e3'], 'comes');
  await log(id, ledger, ['e4'], 'is lost');
  expect(ledgers.ready(id)).toBeUndefined();
  expect((await ledgers.whenReady(id)).state()).toMatchObject({ lastNumber: 4, logged: { 'sim.a.v1': 4 } });
  expect(begun()).toEqual([[{ sequence: 4 }, 'skips']]);
});

test('the checkpoint of such a ledger is good for the next daemon, and not for another log', async () => {
  const id = await domain.run();
  await log(id, await ledgers.whenReady(id), ['e1', 'e2', 'e3'], 'comes');
  await ledgers.end();
  await newDaemon();
  expect((await ledgers.whenReady(id)).state()).toMatchObject({ received: 3 });
  archive.name = 'second';
  await newDaemon();
  await ledgers.whenReady(id);
  expect(begun()).toEqual([
    [{ sequence: 4 }, 'skips'],
    [{ sequence: 1 }, 'skips'],
  ]);
});

test('a few ledgers are opened at a time, and before all others those that somebody waits for', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, () => domain.run()));
  const { promise, resolve } = Promise.withResolvers<void>();
  archive.gate = promise;
  await newDaemon();
  const patient = ids.slice(0, 10).map((id) => ledgers.whenReady(id, false));
  const urgent = ids.slice(10).map((id) => ledgers.whenReady(id));
  await settle();
  expect(archive.requests).toHaveLength(4);
  resolve();
  await Promise.all([...patient, ...urgent]);
  const order = archive.requests.flatMap(({ simulationIds }) => simulationIds ?? []);
  expect([order.slice(4, 6), order.length]).toEqual([ids.slice(10), 12]);
});

test('a ledger that waits for what is on its way takes no place of those that are read', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => domain.run()));
  const flights = await Promise.all(
    ids.slice(0, 4).map(async (id) => {
      const ledger = await ledgers.whenReady(id);
      await log(id, ledger, ['e1'], 'is lost');
      return { ledger, flight: ledger.setOff('w') };
    }),
  );
  const waiting = ids.slice(0, 4).map((id) => ledgers.whenReady(id));
  const [last] = ids.slice(4) as [SimulationId];
  await log(last, await ledgers.whenReady(last), ['e1'], 'is lost');
  expect((await ledgers.whenReady(last)).state()).toMatchObject({ lastNumber: 1 });
  for (const { ledger, flight } of flights) ledger.land(flight, { published: true });
  await Promise.all(waiting);
});

test('what is not logged and has landed behind an append that failed is counted, for nothing else tells of it', async () => {
  const id = await domain.run();
  const ledger = await ledgers.whenReady(id);
  const logged = ledger.setOff('w');
  logged.claim(1);
  logged.entries.push({ simulationSequence: ledger.number() } as unknown as LogEntry);
  const live = ledger.setOff('w');
  for (const ordinal of [2, 3, 4]) live.claim(ordinal);
  live.received = 3;
  live.rejected = 2;
  const mixed = ledger.setOff('w');
  for (const ordinal of [5, 6, 7]) mixed.claim(ordinal);
  mixed.loggedOrdinals.add(5);
  const entry = { simulationId: id, eventTypeKey: 'sim.a.v1', eventId: 'e5', bytes: new Uint8Array() };
  mixed.entries.push({ ...entry, simulationSequence: ledger.number() } as unknown as LogEntry);
  mixed.received = 2;
  mixed.rejected = 1;
  ledger.land(live, { published: true });
  ledger.land(mixed, { receipt: await archive.log.append(mixed.entries), published: true });
  ledger.land(logged, { published: true });
  const settled = await ledgers.whenReady(id);
  expect(settled.state()).toMatchObject({
    received: 5,
    rejected: 3,
    logged: { 'sim.a.v1': 1 },
    ordinals: { w: [2, 7] },
  });
});
