import { readFileSync } from 'node:fs';
import type { WorkerEnvironment } from './environment.ts';
import { WorkerEnvironmentError } from './worker-error.ts';

/** A run's configuration, as JSON or as whatever it is. */
export interface RunConfig {
  /** Parsed, where its content type is JSON; `{}` where there is none; else undefined. */
  readonly json: unknown;
  /** As it came. */
  readonly bytes: Uint8Array;
}

/** Reads the run's configuration, which may be done before connecting. @throws WorkerEnvironmentError */
export function readRunConfig({ configFile, configContentType }: WorkerEnvironment): RunConfig {
  const bytes = configFile === undefined ? Buffer.alloc(0) : read(configFile);
  if (bytes.length === 0) return { json: {}, bytes };
  if (!/^application\/([\w.+-]+\+)?json\b/.test(configContentType)) return { json: undefined, bytes };
  try {
    return { json: JSON.parse(bytes.toString()), bytes };
  } catch (error) {
    throw new WorkerEnvironmentError([`SHOAL_CONFIG_FILE ${configFile}: not JSON, ${String(error)}`]);
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new WorkerEnvironmentError([`SHOAL_CONFIG_FILE cannot be read: ${String(error)}`]);
  }
}
