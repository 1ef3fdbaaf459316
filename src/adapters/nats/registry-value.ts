import { fromExactJson, toExactJson } from '../../domain/exact-json.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Simulation } from '../../domain/simulation/simulation.ts';
import { demandSimulation, RECORD_VERSION } from '../../domain/simulation/simulation-record.ts';

/** A record as it lies in the bucket. */
export interface RegistryValue {
  /** That clients see. */
  readonly revision: number;
  /** The start of the daemon that has written it; another one at each start. */
  readonly writer: string;
  readonly simulation: Simulation;
}

export function encodeValue(value: RegistryValue): Uint8Array {
  return new TextEncoder().encode(toExactJson({ version: RECORD_VERSION, ...value }));
}

/** @throws ShoalError DATA_DIR_UNUSABLE for what Shoal, or this Shoal, cannot have written */
export function decodeValue(key: string, bucket: string, bytes: Uint8Array): RegistryValue {
  try {
    const { version, revision, writer, simulation } = fromExactJson(new TextDecoder().decode(bytes)) as Record<
      string,
      unknown
    >;
    if (typeof version !== 'number' || !Number.isSafeInteger(revision)) throw new TypeError('it has no version');
    if (version > RECORD_VERSION) throw new TypeError('a newer Shoal has written it');
    return { revision: Number(revision), writer: String(writer), simulation: demandSimulation(simulation) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `the record of simulation ${key} in the bucket ${bucket} cannot be read: ${why}; it was left as it is: remove it there (nats kv del ${bucket} ${key}), and start again`;
    throw new ShoalError('DATA_DIR_UNUSABLE', message, { cause, metadata: { bucket, simulation_id: key } });
  }
}
