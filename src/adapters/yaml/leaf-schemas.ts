import { z } from 'zod';
import { BYTE_SIZE, formatByteSize, parseByteSize } from './byte-size.ts';
import { quoted } from './config-path.ts';
import { DURATION, formatDuration, parseDuration } from './duration.ts';
import { suggestion } from './suggestion.ts';

/** How zod hands an issue to an error function; the input is all that the messages need. */
interface RawIssue {
  readonly input?: unknown;
}

/** The one message of a leaf, whatever is wrong with the value: what was found; what is expected. */
export function explain(expected: string): { error: (issue: RawIssue) => string } {
  return { error: ({ input }) => `${found(input)}; expected ${expected}` };
}

/** The value at fault in words, to stand after its path. */
export function found(input: unknown): string {
  if (input === undefined) return 'is missing';
  if (input === null) return 'has no value';
  if (Array.isArray(input)) return 'is a list';
  if (typeof input === 'object') return 'is a map';
  return typeof input === 'string' ? `is the text ${quoted(input)}` : `is ${String(input)}`;
}

function sentence(meaning: string, expected: string): string {
  return `${meaning} ${expected.charAt(0).toUpperCase()}${expected.slice(1)}.`;
}

/** In milliseconds once read; bounds and fallback as they are written in YAML. */
export function duration(meaning: string, { min, max, fallback }: { min: string; max: string; fallback: string }) {
  const [lowest, highest] = [known(parseDuration(min)), known(parseDuration(max))];
  const range = `a duration from ${formatDuration(lowest)} to ${formatDuration(highest)}`;
  const expected = `${range}, such as ${example(fallback, '1h')}`;
  const error = explain(`${expected} (units: ms, s, m, h, d)`);
  return z
    .string(error)
    .regex(DURATION, error)
    .transform((text, context) => inRange(parseDuration(text), lowest, highest, text, expected, context))
    .prefault(fallback)
    .describe(sentence(meaning, range));
}

/** In bytes once read. */
export function byteSize(meaning: string, { min, max, fallback }: { min: string; max: string; fallback: string }) {
  const [lowest, highest] = [known(parseByteSize(min)), known(parseByteSize(max))];
  const range = `a size from ${formatByteSize(lowest)} to ${formatByteSize(highest)}`;
  const expected = `${range}, such as ${example(fallback, '64MiB')}`;
  const error = explain(`${expected} (bytes, or with the unit KiB, MiB, GiB, TiB)`);
  return z
    .union([z.int(error).min(0, error), z.string(error).regex(BYTE_SIZE, error)], error)
    .transform((input, context) => inRange(parseByteSize(input), lowest, highest, input, expected, context))
    .prefault(/^\d+$/.test(fallback) ? Number(fallback) : fallback)
    .describe(sentence(meaning, range));
}

/** A default of nothing is no help to somebody who wants something. */
function example(fallback: string, instead: string): string {
  return /^0\D*$/.test(fallback) ? instead : fallback;
}

type Context = { issues: { push(issue: { code: 'custom'; message: string; input: unknown }): unknown } };

function inRange(
  value: number | undefined,
  lowest: number,
  highest: number,
  input: unknown,
  expected: string,
  context: Context,
): number {
  if (value !== undefined && value >= lowest && value <= highest) return value;
  context.issues.push({ code: 'custom', message: `${found(input)}; expected ${expected}`, input });
  return z.NEVER;
}

function known(value: number | undefined): number {
  if (value === undefined) throw new TypeError('a bound of the configuration schema is misspelled');
  return value;
}

export function wholeNumber(meaning: string, { min, max, fallback }: { min: number; max: number; fallback: number }) {
  const expected = `a whole number from ${min} to ${max}`;
  const error = explain(expected);
  return z.int(error).min(min, error).max(max, error).prefault(fallback).describe(sentence(meaning, expected));
}

export function decimal(meaning: string, { min, max, fallback }: { min: number; max: number; fallback: number }) {
  const expected = `a number from ${min} to ${max}`;
  const error = explain(expected);
  return z.number(error).min(min, error).max(max, error).prefault(fallback).describe(sentence(meaning, expected));
}

export function flag(meaning: string, fallback: boolean) {
  return z.boolean(explain('true or false')).prefault(fallback).describe(meaning);
}

export function choice<const Values extends readonly [string, ...string[]]>(
  meaning: string,
  values: Values,
  fallback: Values[number],
) {
  const expected = values.length === 1 ? values[0] : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
  const error = ({ input }: RawIssue) =>
    `${found(input)}; expected ${expected}${typeof input === 'string' ? suggestion(input, values) : ''}`;
  return z.enum(values, { error }).prefault(fallback).describe(meaning);
}

/** Text with a rule of its own; `check` returns what is wrong with it, without its path. */
export function text(meaning: string, expected: string, check: (text: string) => string | undefined) {
  return z
    .string(explain(expected))
    .superRefine((value, context) => {
      const wrong = check(value);
      if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong, input: value });
    })
    .describe(sentence(meaning, expected));
}

/** A key that is reserved: only the value that changes nothing is accepted until the feature exists. */
export function notBuilt<Value extends string | number | boolean>(meaning: string, noOp: Value) {
  return z
    .literal(noOp, { error: ({ input }) => `${found(input)}, which is not built yet; leave it out or write ${noOp}` })
    .optional()
    .describe(`${meaning} Not built yet: leave it out or write ${noOp}.`);
}
