import type { SimulationId } from '../../domain/ids.ts';
import { toShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';

const AGAIN_MS = 5_000;

export interface RegistryRepairParts {
  readonly bucketName: string;
  /** Looks whether the bucket is still the one that it was. */
  readonly look: () => Promise<void>;
  /** Makes the bucket hold what this daemon believes of a simulation. */
  readonly restore: (id: SimulationId) => Promise<void>;
  readonly log: Log;
}

/** Which records the bucket may not hold as this daemon believes, and their mending: after reconnects, and every 5 s while any are left. */
export class RegistryRepair {
  readonly #parts: RegistryRepairParts;
  readonly #unsure = new Set<SimulationId>();
  #trouble: string | undefined;
  #settling: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: RegistryRepairParts) {
    this.#parts = parts;
  }

  /** Why the last write failed; undefined once one has succeeded again, or none is left to be tried again. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  isUnsure(id: SimulationId): boolean {
    return this.#unsure.has(id);
  }

  /** Nobody knows whether a write has arrived. */
  failed(id: SimulationId, reason: string): void {
    const { log, bucketName: bucket } = this.#parts;
    this.#unsure.add(id);
    if (this.#trouble === undefined) log.error({ bucket, reason }, 'registry cannot be written');
    this.#trouble = reason;
    this.#mendSoon();
  }

  /** The bucket holds what this daemon believes. */
  sure(id: SimulationId): void {
    this.#unsure.delete(id);
    this.#endTrouble();
  }

  /** The bucket has lost all of them. */
  lost(ids: Iterable<SimulationId>): void {
    for (const id of ids) this.#unsure.add(id);
    this.#parts.log.warn(
      { bucket: this.#parts.bucketName, simulations: this.#unsure.size },
      'the bucket of the registry has lost what it held; it is filled from what this daemon knows',
    );
    void this.#settle();
  }

  /** Connected again: what is there may be another bucket, and writes that were given up may have arrived. Never rejects. */
  async mend(): Promise<void> {
    try {
      await this.#parts.look();
      await this.#settle();
    } catch (err) {
      if (this.#stopped) return;
      this.#parts.log.warn({ err }, 'registry cannot be looked at');
      this.#mendSoon();
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #settle(): Promise<void> {
    this.#settling ??= this.#settleAll().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  async #settleAll(): Promise<void> {
    const { log, restore, bucketName: bucket } = this.#parts;
    const ids = [...this.#unsure];
    const outcomes = await Promise.allSettled(ids.map(restore));
    if (this.#stopped) return;
    const failures = outcomes.flatMap((outcome, at) => (outcome.status === 'rejected' ? [{ at, ...outcome }] : []));
    for (const { at, reason: err } of failures) {
      const id = ids[at];
      // Another daemon has it: to try again would not help.
      if (id === undefined || toShoalError(err).code === 'BUS_UNAVAILABLE') continue;
      log.error({ err, simulationId: id }, 'record could not be written again');
      this.#unsure.delete(id);
    }
    if (this.#unsure.size > 0) {
      this.#mendSoon();
      return;
    }
    // Nothing is left that a later write would clear up.
    this.#endTrouble();
    if (ids.length > failures.length) log.info({ bucket, simulations: ids.length }, 'registry is whole again');
  }

  #endTrouble(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#parts.log.info({ bucket: this.#parts.bucketName }, 'registry can be written again');
  }

  #mendSoon(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.mend(), AGAIN_MS);
    this.#timer.unref();
  }
}
