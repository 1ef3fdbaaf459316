import type { RunConfiguration } from '../../ports/run-files.ts';
import { invalidArgument } from '../shoal-error.ts';

const JSON_TYPE = 'application/json';

/** A run's configuration as the JSON file that its worker reads. @throws ShoalError INVALID_ARGUMENT for what JSON cannot say */
export function jsonConfiguration(config: Readonly<Record<string, unknown>>): RunConfiguration {
  const text = JSON.stringify(config, (key, value) => {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw invalidArgument(`config.${key}`, `${value} is not a number that JSON knows`);
    return value;
  });
  return { bytes: new TextEncoder().encode(text), contentType: JSON_TYPE };
}
