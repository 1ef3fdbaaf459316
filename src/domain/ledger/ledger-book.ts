import type { CheckpointStore } from '../../ports/checkpoint-store.ts';
import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { EventArchive } from '../../ports/event-archive.ts';
import { EnvelopeView } from '../envelope/envelope-view.ts';
import { getOrCreate } from '../get-or-create.ts';
import type { SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import { toShoalError } from '../shoal-error.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import { EMPTY_LEDGER } from './ledger-state.ts';
import { OpeningGate } from './opening-gate.ts';
import { SimulationLedger } from './simulation-ledger.ts';

/** How often checkpoints are written of what has changed; what comes after the last is read from the log. */
const CHECKPOINT_INTERVAL_MS = 2_000;
/** The log may be replaced while it is read. */
const MAX_READINGS = 3;

export interface LedgerBookParts {
  readonly registry: SimulationRegistry;
  readonly archive: EventArchive;
  readonly checkpoints: CheckpointStore;
  readonly clock: Clock;
}

/** The ledgers of all simulations whose manifest is not written, opened when they are first asked for (ADR 0016). */
export class LedgerBook {
  readonly #parts: LedgerBookParts;
  readonly #ledgers = new Map<SimulationId, SimulationLedger>();
  readonly #opening = new Map<SimulationId, Promise<SimulationLedger>>();
  readonly #gate = new OpeningGate();
  /** Of the log, as far as it is known; '': the only one. */
  #logIdentity = '';
  readonly #view = new EnvelopeView();
  #writing: Promise<void> = Promise.resolve();
  #cancelTimer: CancelTimer = () => {};
  #isOver = false;

  constructor(parts: LedgerBookParts) {
    this.#parts = parts;
    parts.registry.onChange(({ kind, after }) => {
      const { id } = after.simulation;
      // An id is not used again while any event of it is kept: there is nothing to read.
      if (kind === 'created') this.#ledgers.set(id, new SimulationLedger({ logIdentity: this.#logIdentity }));
      if (kind === 'forgotten') this.#forget(id);
    });
  }

  /** Begins to write checkpoints. */
  async begin(): Promise<void> {
    // One that is not known costs whoever has to read a log the reading of all of it.
    await this.#identify().catch(ignore);
    const { registry, checkpoints } = this.#parts;
    const ids = [...registry.simulations()].map(({ id }) => id);
    // Of simulations that were forgotten while theirs could not be removed.
    await checkpoints.keepOnly(ids).catch(ignore);
    this.#writeLater();
  }

  #writeLater(): void {
    if (this.#isOver) return;
    this.#cancelTimer = this.#parts.clock.after(CHECKPOINT_INTERVAL_MS, () => {
      void this.#flush().finally(() => this.#writeLater());
    });
  }

  /** Writes the last checkpoints. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#cancelTimer();
    await this.#flush();
  }

  /** Undefined when it has to be read first: {@link whenReady}. */
  ready(id: SimulationId): SimulationLedger | undefined {
    const ledger = this.#ledgers.get(id);
    return ledger?.isCertain === true ? ledger : undefined;
  }

  /**
   * Waits for what is on its way and reads what the log has, where that is in doubt.
   *
   * @param isUrgent somebody waits for it: before others
   * @throws ShoalError BUS_UNAVAILABLE, SHUTTING_DOWN
   */
  async whenReady(id: SimulationId, isUrgent = true): Promise<SimulationLedger> {
    const present = this.ready(id);
    if (present !== undefined) return present;
    return getOrCreate(this.#opening, id, () => this.#openInTurn(id, isUrgent).finally(() => this.#opening.delete(id)));
  }

  /** One that waits for what is on its way reads nothing, and is in nobody's way. */
  async #openInTurn(id: SimulationId, isUrgent: boolean): Promise<SimulationLedger> {
    await this.#ledgers.get(id)?.landed();
    return this.#gate.run(isUrgent, () => this.#open(id));
  }

  /** Whether its manifest is known to be in the log, as far as that can be told without reading that. */
  async isClosed(id: SimulationId): Promise<boolean> {
    const ledger = this.#ledgers.get(id) ?? (await this.#parts.checkpoints.read(id).catch(ignore));
    return ledger?.isClosed === true;
  }

  /** Its manifest is in the log: only that is remembered. */
  async close(id: SimulationId, ledger: SimulationLedger): Promise<void> {
    ledger.close();
    await this.#flush();
    if (!ledger.isChanged) this.#ledgers.delete(id);
  }

  async #open(id: SimulationId): Promise<SimulationLedger> {
    const state = await this.#parts.checkpoints.read(id).catch(ignore);
    const ledger = this.#ledgers.get(id) ?? new SimulationLedger({ state: state ?? EMPTY_LEDGER });
    for (let readings = 1; !ledger.isCertain; readings += 1) {
      try {
        await this.#read(id, ledger);
      } catch (thrown) {
        if (toShoalError(thrown).code !== 'CAPACITY_EXHAUSTED' || readings === MAX_READINGS) throw thrown;
      }
    }
    // Its record may have been removed meanwhile.
    if (this.#parts.registry.find(id) !== undefined) {
      this.#ledgers.set(id, ledger);
      this.#tellFigures(id, ledger);
    }
    return ledger;
  }

  /** A record has the figures of its last change: what was counted since by a daemon that was killed is known here alone. */
  #tellFigures(id: SimulationId, { received, loggedEvents }: SimulationLedger): void {
    const figures = this.#parts.registry.figures.of(id);
    figures.eventsReceived = Math.max(figures.eventsReceived, received);
    figures.eventsLogged = Math.max(figures.eventsLogged, loggedEvents);
  }

  async #read(id: SimulationId, ledger: SimulationLedger): Promise<void> {
    const { archive } = this.#parts;
    const identity = await this.#identify();
    const end = await archive.lastSequence();
    // Of another log, or one that has lost its end, the place says nothing; what is counted already is known by its number.
    const isSame = identity === ledger.logIdentity && end >= ledger.place;
    const sequence = isSame || ledger.place === 0 ? ledger.place + 1 : 1;
    const reader = await archive.open({ from: { sequence }, simulationIds: [id], overtaken: 'skips' });
    const { signal } = new AbortController();
    let place = end;
    try {
      for (;;) {
        const page = await reader.next({ wait: false, signal });
        if (page.length === 0) break;
        for (const entry of page) {
          const { sourceWorkerId, ordinal } = this.#scanned(entry.bytes);
          ledger.found({ ...entry, sourceWorkerId, ordinal });
          place = Math.max(place, entry.sequence);
        }
      }
    } finally {
      await reader.close();
    }
    ledger.settle(place, identity);
  }

  async #identify(): Promise<string> {
    this.#logIdentity = (await this.#parts.archive.identity?.()) ?? '';
    return this.#logIdentity;
  }

  #scanned(bytes: Uint8Array): EnvelopeView {
    this.#view.scan(bytes);
    return this.#view;
  }

  #forget(id: SimulationId): void {
    this.#ledgers.delete(id);
    this.#writing = this.#writing.then(() => this.#parts.checkpoints.remove(id)).catch(ignore);
  }

  /** What cannot be written now is written the next time. */
  #flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write()).catch(ignore);
    return this.#writing;
  }

  async #write(): Promise<void> {
    const changed = [...this.#ledgers].filter(([, { isChanged, isCertain }]) => isChanged && isCertain);
    if (changed.length === 0) return;
    const checkpoints = changed.map(([simulationId, ledger]) => ({ simulationId, state: ledger.state() }));
    for (const [, ledger] of changed) ledger.isChanged = false;
    try {
      await this.#parts.checkpoints.write(checkpoints);
    } catch (thrown) {
      for (const [, ledger] of changed) ledger.isChanged = true;
      throw thrown;
    }
  }
}
