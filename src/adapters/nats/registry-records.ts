import type { SimulationId } from '../../domain/ids.ts';
import { invalidArgument, ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import type { StoredSimulation } from '../../ports/registry-store.ts';
import { type BucketEntry, CONFLICT, type RegistryBucket } from './registry-bucket.ts';
import { decodeValue, encodeValue, type RegistryValue } from './registry-value.ts';

/** What a server needs beside the value: subject and headers. */
const OVERHEAD_BYTES = 1024;

export interface RegistryRecordsParts {
  readonly bucket: RegistryBucket;
  readonly bucketName: string;
  /** Of this start of the daemon. */
  readonly writer: string;
  readonly maxMessageBytes: () => number;
  readonly log: Log;
}

/** Single records of the bucket, by compare-and-set: who has written what is there tells what a conflict means (ADR 0017). */
export class RegistryRecords {
  readonly #parts: RegistryRecordsParts;
  /** Of this daemon and of the ones before it. */
  readonly #writers: Set<string>;

  constructor(parts: RegistryRecordsParts) {
    this.#parts = parts;
    this.#writers = new Set([parts.writer]);
  }

  /** Read at the start, and of this owner: its writer was a daemon before this one. */
  knows(writer: string): void {
    this.#writers.add(writer);
  }

  decode(key: string, value: Uint8Array): RegistryValue {
    return decodeValue(key, this.#parts.bucketName, value);
  }

  /**
   * @param after sequence of the record before; 0: there is none
   * @param roomBytes that must be left for it to grow
   * @returns the sequence that it got
   * @throws ShoalError SIMULATION_EXISTS, REVISION_CONFLICT, INVALID_ARGUMENT; BUS_UNAVAILABLE: it may arrive all the same
   */
  async place(stored: StoredSimulation, after: number, untilMs: number, roomBytes = 0): Promise<number> {
    const { bucket, writer, log } = this.#parts;
    const { id } = stored.simulation;
    const value = encodeValue({ ...stored, writer });
    this.#demandSize(id, value.length + roomBytes);
    let expected = after;
    for (;;) {
      const sequence = await bucket.put(id, value, expected, untilMs);
      if (sequence !== CONFLICT) return sequence;
      const present = await bucket.read(id, untilMs);
      const found = present?.value && this.decode(id, present.value);
      if (found !== undefined && !this.#writers.has(found.writer)) throw taken(id, after);
      // The answer to an own write was lost: to this one, or to one that was given up.
      if (present !== undefined && found?.writer === writer && found.revision === stored.revision)
        return present.sequence;
      if (found === undefined && after > 0) {
        log.warn({ simulationId: id }, 'record was gone from the bucket; written again');
      }
      expected = present?.sequence ?? 0;
    }
  }

  /** @throws ShoalError REVISION_CONFLICT, BUS_UNAVAILABLE */
  async erase(id: SimulationId, after: number, untilMs: number): Promise<void> {
    const { bucket } = this.#parts;
    let expected = after;
    while ((await bucket.remove(id, expected, untilMs)) === CONFLICT) {
      const present = await bucket.read(id, untilMs);
      if (present?.value === undefined) break;
      if (!this.#writers.has(this.decode(id, present.value).writer)) throw taken(id, after);
      expected = present.sequence;
    }
    void this.wipe([id], untilMs);
  }

  /** A record that was refused to its caller, and may be there. */
  async retract(id: SimulationId, untilMs: number): Promise<void> {
    const present = await this.#parts.bucket.read(id, untilMs);
    if (present?.value === undefined) return;
    if (this.decode(id, present.value).writer === this.#parts.writer) await this.erase(id, present.sequence, untilMs);
  }

  /** A removed key leaves a mark behind, one for each simulation there ever was. Never rejects. */
  async wipe(keys: readonly BucketEntry['key'][], untilMs: number): Promise<void> {
    const { bucket, log } = this.#parts;
    for (const key of keys) {
      try {
        const mark = await bucket.read(key, untilMs);
        if (mark !== undefined && mark.value === undefined) await bucket.wipe(mark, untilMs);
      } catch (err) {
        log.debug({ err, key }, 'mark of a removed record was left in the bucket');
      }
    }
  }

  #demandSize(id: SimulationId, bytes: number): void {
    const most = this.#parts.maxMessageBytes();
    if (bytes + OVERHEAD_BYTES <= most) return;
    const message = `makes the record of ${id} too large: ${bytes} bytes, and the NATS server takes messages of ${most} bytes (max_payload); use less, or raise that`;
    throw invalidArgument('config', message);
  }
}

function taken(id: SimulationId, after: number): ShoalError {
  if (after === 0) return exists(id);
  const message = `another process has written the record of simulation ${id}: two daemons run with one orchestrator_id; stop one of them`;
  return new ShoalError('REVISION_CONFLICT', message, { metadata: { simulation_id: id } });
}

export function exists(id: SimulationId): ShoalError {
  return new ShoalError('SIMULATION_EXISTS', `there is a simulation ${id} already`);
}
