import { readFileSync } from 'node:fs';

/** The run's configuration. */
export interface Configuration {
  /** 0: as fast as it can. */
  readonly ticksPerSecond: number;
  /** How many there are at the beginning. */
  readonly agents: number;
}

const DEFAULTS: Configuration = { ticksPerSecond: 50, agents: 3 };

/** @throws Error when it is not JSON, or says something else than it may */
export function readConfiguration(file: string | undefined): Configuration {
  return checkConfiguration(file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8')));
}

/** @throws Error that names the key */
export function checkConfiguration(json: unknown): Configuration {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('expected a JSON object');
  const {
    ticks_per_second = DEFAULTS.ticksPerSecond,
    agents = DEFAULTS.agents,
    ...rest
  } = json as Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new Error(`${unknown}: unknown key; there are ticks_per_second and agents`);
  return { ticksPerSecond: atLeastZero('ticks_per_second', ticks_per_second), agents: atLeastZero('agents', agents) };
}

export function defaultConfiguration(): Configuration {
  return DEFAULTS;
}

function atLeastZero(key: string, value: unknown): number {
  if (typeof value !== 'number' || value < 0) throw new Error(`${key}: expected a number from 0`);
  return value;
}
