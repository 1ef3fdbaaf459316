/** What a run of the school can be configured with; the run's configuration is a JSON object of these names. */
export interface SchoolConfig {
  /** How many fish there are at tick 0. */
  readonly fish: number;
  /** The school does not breed beyond this many. */
  readonly max_fish: number;
  /** How many pellets there are at tick 0, and the most that grow back. */
  readonly food: number;
  /** After how many ticks the run is complete; 0: never. */
  readonly ticks: number;
  /** 0: as fast as it can. */
  readonly ticks_per_second: number;
  /** Observations and rewards are reported every so many ticks; 0: never. */
  readonly observations_every: number;
  /** Metres. */
  readonly width: number;
  /** Metres. */
  readonly height: number;
}

export class SchoolConfigError extends Error {
  override readonly name = 'SchoolConfigError';
}

interface Field {
  readonly otherwise: number;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

const fields: { readonly [name in keyof SchoolConfig]: Field } = {
  fish: { otherwise: 20, min: 0, max: 2_000, whole: true },
  max_fish: { otherwise: 60, min: 0, max: 2_000, whole: true },
  food: { otherwise: 40, min: 0, max: 10_000, whole: true },
  ticks: { otherwise: 0, min: 0, max: Number.MAX_SAFE_INTEGER, whole: true },
  ticks_per_second: { otherwise: 20, min: 0, max: 10_000, whole: false },
  observations_every: { otherwise: 1, min: 0, max: 1_000_000, whole: true },
  width: { otherwise: 100, min: 10, max: 100_000, whole: false },
  height: { otherwise: 60, min: 10, max: 100_000, whole: false },
};

/** Checks a run's configuration; @throws SchoolConfigError that names everything that is wrong with it */
export function schoolConfig(json: unknown): SchoolConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new SchoolConfigError('the configuration must be a JSON object');
  }
  const given = json as Readonly<Record<string, unknown>>;
  const known = Object.keys(fields) as (keyof SchoolConfig)[];
  const problems = Object.keys(given)
    .filter((name) => !known.some((it) => it === name))
    .map((name) => `${name}: not known; known are ${known.join(', ')}`);
  const config = Object.fromEntries(
    known.map((name) => {
      const value = given[name] ?? fields[name].otherwise;
      if (!fits(value, fields[name]))
        problems.push(`${name} is ${JSON.stringify(value)}: ${expectation(fields[name])}`);
      return [name, value];
    }),
  ) as unknown as SchoolConfig;
  if (problems.length > 0) throw new SchoolConfigError(problems.join('; '));
  return config;
}

function fits(value: unknown, { min, max, whole }: Field): value is number {
  return typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
}

function expectation({ min, max, whole }: Field): string {
  return `expected a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;
}
