import type { Clock } from '../../ports/clock.ts';
import type { EventLog } from '../../ports/event-log.ts';
import type { MessageCodec } from '../../ports/message-codec.ts';
import type { ErrorCode } from '../error-code.ts';
import type { SimulationId } from '../ids.ts';
import { invalidArgument, ShoalError, toShoalError } from '../shoal-error.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import { afterLastEvent, type LastEventParts } from '../subscription/last-event.ts';
import type { LedgerBook } from './ledger-book.ts';
import { MANIFEST_KEY, manifestEventId, manifestOf } from './manifest.ts';

/** The log will never take it, or its record is another daemon's. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set(['INVALID_ARGUMENT', 'REVISION_CONFLICT']);
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

export interface ManifestsParts extends LastEventParts {
  readonly ledgers: LedgerBook;
  readonly log: EventLog;
  readonly codec: MessageCodec;
  readonly clock: Clock;
  readonly orchestratorId: string;
  /** One could not be written; it is tried again, unless the log does not take it or its record is another's. */
  readonly onFailure: (id: SimulationId, error: unknown) => void;
}

interface UnderWay {
  readonly written: Promise<void>;
  readonly over: AbortController;
}

/** Writes the last event of each simulation: its manifest, once it is final and all that was accepted is settled. */
export class Manifests {
  readonly #parts: ManifestsParts;
  readonly #underWay = new Map<SimulationId, UnderWay>();
  #isOver = false;
  #resumed: Promise<void> = Promise.resolve();

  constructor(parts: ManifestsParts) {
    this.#parts = parts;
    parts.registry.onChange(({ kind, after: { simulation } }) => {
      if (kind === 'forgotten') this.#underWay.get(simulation.id)?.over.abort();
      else if (isFinal(simulation.state)) this.#begin(simulation.id);
    });
  }

  /** Takes up those that the daemon before has left. */
  resume(): Promise<void> {
    this.#resumed = this.#resume();
    return this.#resumed;
  }

  async #resume(): Promise<void> {
    const { registry, ledgers } = this.#parts;
    const final = [...registry.simulations()].filter(({ state }) => isFinal(state));
    for (const { id } of final) {
      const isClosed = await ledgers.isClosed(id);
      // Its record may have been removed meanwhile.
      if (!isClosed && registry.find(id) !== undefined) this.#begin(id);
    }
  }

  /** Resolves when nothing more will be written of these, now. */
  async written(ids: readonly SimulationId[]): Promise<void> {
    await this.#resumed;
    await Promise.all(ids.map((id) => this.#underWay.get(id)?.written));
  }

  /** Gives up what waits to be tried again, and waits for what is being written. The next daemon takes it up. */
  async abandon(id: SimulationId): Promise<void> {
    await this.#resumed;
    const underWay = this.#underWay.get(id);
    underWay?.over.abort();
    await underWay?.written;
  }

  /** Waits for those that can be written now, `patienceMs` at most. */
  async end(patienceMs: number): Promise<void> {
    this.#isOver = true;
    const cancel = this.#parts.clock.after(patienceMs, () => {
      for (const { over } of this.#underWay.values()) over.abort();
    });
    await this.written([...this.#underWay.keys()]);
    cancel();
  }

  #begin(id: SimulationId): void {
    if (this.#isOver || this.#underWay.has(id)) return;
    const over = new AbortController();
    const written = this.#writeOnce(id, over.signal).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, { written, over });
  }

  /** Never rejects. */
  async #writeOnce(id: SimulationId, signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        await afterLastEvent(this.#parts, [id], signal);
        await this.#write(id);
        return;
      } catch (thrown) {
        if (signal.aborted) return;
        const { code } = toShoalError(thrown);
        if (code === 'SIMULATION_NOT_FOUND') return;
        this.#parts.onFailure(id, thrown);
        if (FOR_GOOD.has(code)) return;
        await this.#pause(retryMs, signal);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  }

  async #write(id: SimulationId): Promise<void> {
    const { registry, ledgers, log } = this.#parts;
    const ledger = await ledgers.whenReady(id, false);
    const simulation = registry.find(id);
    if (simulation === undefined) return;
    if (ledger.isClosed) return ledgers.close(id, ledger);
    await this.#recordFigures(id);
    const flight = ledger.setOff('');
    const simulationSequence = ledger.number();
    const bytes = this.#envelope(simulation, manifestOf(simulation, ledger.state(), simulationSequence));
    const eventId = manifestEventId(simulation);
    flight.entries.push({ simulationId: id, eventTypeKey: MANIFEST_KEY, eventId, bytes, simulationSequence });
    const receipt = await log.append(flight.entries).catch((thrown: unknown) => {
      ledger.land(flight, { published: true });
      throw thrown;
    });
    if (receipt.duplicates.length > 0) {
      ledger.land(flight, { published: true });
      throw new ShoalError('BUS_UNAVAILABLE', 'the log says that it has had the manifest; it is read again');
    }
    ledger.land(flight, { receipt, published: true });
    const [refusal] = receipt.rejected;
    if (refusal !== undefined) throw invalidArgument('manifest', `the log does not take it: ${refusal.reason}`);
    await ledgers.close(id, ledger);
  }

  /** The record of the end has the figures that were known then; another daemon may have counted them, or events have come since. */
  async #recordFigures(id: SimulationId): Promise<void> {
    const { registry } = this.#parts;
    const { eventsReceived, eventsLogged } = registry.figures.lastKnown(id);
    const recorded = registry.find(id)?.figures;
    const isRecorded =
      (recorded?.eventsReceived ?? 0) === eventsReceived && (recorded?.eventsLogged ?? 0) === eventsLogged;
    if (!isRecorded) await registry.change(id, (present) => ({ ...present }));
  }

  #envelope(simulation: Simulation, manifest: Readonly<Record<string, unknown>>): Uint8Array {
    const { codec, clock, orchestratorId } = this.#parts;
    const header = {
      eventId: manifestEventId(simulation),
      timestampNs: BigInt(clock.nowMs()) * 1_000_000n,
      sourceId: orchestratorId,
      simulationId: simulation.id,
    };
    return codec.simulationManifest(header, manifest);
  }

  async #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.after(delayMs, resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    cancel();
  }
}
