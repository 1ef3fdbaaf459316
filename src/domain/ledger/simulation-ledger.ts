import type { StoredEntry } from '../../ports/event-archive.ts';
import type { AppendReceipt, LogEntry } from '../../ports/event-log.ts';
import { Fifo } from '../fifo.ts';
import { Flight, type FlightOutcome } from './flight.ts';
import { KeyCounts } from './key-counts.ts';
import { EMPTY_LEDGER, type LedgerState } from './ledger-state.ts';
import { MANIFEST_KEY } from './manifest.ts';
import { SequenceGaps } from './sequence-gaps.ts';
import { WorkerOrdinals } from './worker-ordinals.ts';

/** The tokens of workers before the latest are refused. */
const MAX_WORKERS = 4;

/** An entry of the log, with what its envelope says of its origin. */
export interface FoundEntry extends StoredEntry {
  readonly sourceWorkerId: string;
  /** 0: none. */
  readonly ordinal: number;
}

/**
 * What has become of the events of one simulation: which ordinals are done, which running sequence comes next, and the figures
 * of its manifest.
 *
 * It gives numbers when a flight sets off, and counts when it has landed, in the order of setting off. After an append
 * that failed it is in doubt: nothing sets off until it was told, by {@link found}, what the log has behind the last
 * certain place.
 */
export class SimulationLedger {
  readonly #workers = new Map<string, WorkerOrdinals>();
  readonly #logged: KeyCounts;
  readonly #gaps: SequenceGaps;
  readonly #figures: { -readonly [Name in keyof LedgerState]: LedgerState[Name] };
  #nextNumber: number;
  readonly #flights = new Fifo<Flight>();
  #inDoubt: boolean;
  #whenLanded: (() => void)[] = [];
  /** Not in the checkpoint yet. */
  isChanged = false;

  /**
   * @param known `state`, of a checkpoint: in doubt until the log behind it was read; without one it is of a simulation that has
   *   just been made, and that logs to `logIdentity`
   */
  constructor(known: { readonly state: LedgerState } | { readonly logIdentity: string }) {
    this.#figures = 'state' in known ? { ...known.state } : { ...EMPTY_LEDGER, ...known };
    this.#inDoubt = 'state' in known;
    this.#nextNumber = this.#figures.lastNumber + 1;
    this.#logged = new KeyCounts(this.#figures.logged);
    this.#gaps = new SequenceGaps(this.#figures.unused, this.#figures.missing);
    for (const [id, done] of Object.entries(this.#figures.ordinals)) this.#workers.set(id, new WorkerOrdinals(done));
  }

  get isCertain(): boolean {
    return !this.#inDoubt;
  }

  /** Log sequence up to which everything is counted. */
  get place(): number {
    return this.#figures.place;
  }

  get logIdentity(): string {
    return this.#figures.logIdentity;
  }

  get isClosed(): boolean {
    return this.#figures.isClosed;
  }

  /** Events taken, as far as they have landed. */
  get received(): number {
    return this.#figures.received;
  }

  /** Those of them that are in the log. */
  get loggedEvents(): number {
    return this.#logged.total;
  }

  /** All ordinals of the worker up to this one are dealt with. */
  watermark(workerId: string): number {
    return this.#workers.get(workerId)?.done.watermark ?? 0;
  }

  setOff(workerId: string): Flight {
    const flight = new Flight(this.#ordinalsOf(workerId));
    this.#flights.push(flight);
    return flight;
  }

  /** The running sequence of the next entry. */
  number(): number {
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    return number;
  }

  land(flight: Flight, outcome: FlightOutcome): void {
    flight.outcome = outcome;
    for (let { first } = this.#flights; first?.outcome !== undefined; { first } = this.#flights) {
      this.#flights.shift();
      this.#count(first, first.outcome);
    }
    if (this.#flights.length > 0) return;
    for (const resolve of this.#whenLanded.splice(0)) resolve();
  }

  /** Resolves when nothing is on its way. */
  async landed(): Promise<void> {
    if (this.#flights.length > 0) await new Promise<void>((resolve) => this.#whenLanded.push(resolve));
  }

  /** An entry behind the last certain place; also one that is counted already, which changes nothing. */
  found({ sequence, eventTypeKey, simulationSequence: number, sourceWorkerId, ordinal }: FoundEntry): void {
    if (ordinal > 0) this.#ordinalsOf(sourceWorkerId).found(ordinal);
    if (!this.#isNews(sequence, number)) return;
    const figures = this.#figures;
    figures.isClosed = eventTypeKey === MANIFEST_KEY;
    if (figures.isClosed) return;
    figures.firstSequence ||= sequence;
    figures.lastSequence = sequence;
    figures.received += 1;
    this.#logged.add(eventTypeKey, 1);
  }

  /** All that the log has up to `place` was {@link found}. */
  settle(place: number, logIdentity: string): void {
    this.#figures.place = place;
    this.#figures.logIdentity = logIdentity;
    this.#nextNumber = this.#figures.lastNumber + 1;
    this.#inDoubt = false;
    this.#gaps.settled();
    this.isChanged = true;
  }

  close(): void {
    this.#figures.isClosed = true;
    this.isChanged = true;
  }

  state(): LedgerState {
    // Nothing comes any more: a checkpoint of it is kept as long as its record.
    if (this.#figures.isClosed) return { ...EMPTY_LEDGER, isClosed: true };
    const ordinals = [...this.#workers].map(([id, { done }]) => [id, [...done.intervals]] as const);
    return {
      ...this.#figures,
      unused: this.#gaps.unused,
      missing: this.#gaps.missing,
      logged: this.#logged.record(),
      ordinals: Object.fromEntries(ordinals),
    };
  }

  #ordinalsOf(workerId: string): WorkerOrdinals {
    const known = this.#workers.get(workerId);
    if (known !== undefined) return known;
    const made = new WorkerOrdinals();
    this.#workers.set(workerId, made);
    for (const [id, { inFlight }] of this.#workers) {
      if (this.#workers.size > MAX_WORKERS && inFlight.isEmpty && id !== workerId) this.#workers.delete(id);
    }
    return made;
  }

  #count(flight: Flight, { receipt, published }: FlightOutcome): void {
    const { worker, entries, ordinals, loggedOrdinals } = flight;
    worker.inFlight.removeAll(ordinals);
    if (entries.length > 0 && receipt === undefined) {
      this.#inDoubt = true;
      const first = entries[0]?.simulationSequence ?? 0;
      this.#gaps.failed(first, entries.at(-1)?.simulationSequence ?? first);
      // The worker reports it again.
      return;
    }
    worker.done.addAll(published ? ordinals : loggedOrdinals);
    const figures = this.#figures;
    figures.rejected += (published ? flight.rejected : 0) + (receipt?.rejected.length ?? 0);
    figures.duplicates += flight.duplicates;
    this.isChanged = true;
    const unlogged = published ? flight.received - entries.length : 0;
    if (this.#inDoubt) {
      // What was logged behind an append that failed is read from the log with it; of the rest only this tells.
      figures.received += unlogged + (receipt?.rejected.length ?? 0);
      return;
    }
    figures.received += unlogged + entries.length;
    figures.dropped += published ? 0 : entries.length;
    if (receipt !== undefined) this.#countEntries(flight, receipt);
  }

  #countEntries({ entries, withoutOrdinal }: Flight, receipt: AppendReceipt): void {
    const { firstSequence, lastSequence, rejected, duplicates } = receipt;
    const figures = this.#figures;
    this.#logged.addAll(entries);
    for (const { index } of rejected) this.#notStored(entries[index], 'uncounted');
    for (const index of duplicates) {
      // With an ordinal that was not done it is of an append whose end nobody knew, and was not counted then.
      const isRepeated = withoutOrdinal.has(index);
      if (isRepeated) figures.duplicates += 1;
      this.#notStored(entries[index], isRepeated ? 'uncounted' : 'counted');
    }
    figures.lastNumber = entries.at(-1)?.simulationSequence ?? figures.lastNumber;
    figures.place = Math.max(figures.place, lastSequence);
    if (entries.length === rejected.length + duplicates.length) return;
    figures.firstSequence ||= firstSequence;
    figures.lastSequence = Math.max(figures.lastSequence, lastSequence);
  }

  #notStored(entry: LogEntry | undefined, then: 'counted' | 'uncounted'): void {
    if (entry?.simulationSequence === undefined) return;
    this.#gaps.notStored(entry.simulationSequence);
    if (then === 'uncounted') this.#logged.add(entry.eventTypeKey, -1);
  }

  #isNews(sequence: number, number: number): boolean {
    const { lastNumber, place } = this.#figures;
    if (number === 0) return sequence > place;
    if (number <= lastNumber) return this.#gaps.found(number);
    if (number > lastNumber + 1) this.#gaps.leftOut(lastNumber + 1, number - 1);
    this.#figures.lastNumber = number;
    return true;
  }
}
