import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { closest, distance } from 'fastest-levenshtein';
import { quote } from '../../domain/ids.ts';
import type { JsonSchema } from '../../plugin/plugin.ts';

/** Answers what is wrong with a value, one text per fault; fills in defaults where asked to. */
export type SchemaCheck = (value: unknown) => SchemaFault[];

export interface SchemaFault {
  /** e.g. `options.events[0].subject`. */
  readonly path: string;
  readonly message: string;
}

/** Enough to mend a file; a hostile value may have thousands. */
const MAX_FAULTS = 20;

const AJV: Options = {
  allErrors: true,
  verbose: true,
  strict: false,
  validateFormats: false,
  // The schemas are of many plugins: one `$id` may well come twice.
  addUsedSchema: false,
  logger: false,
};

/**
 * Compiles a schema of draft-07 (the default), 2019-09 or 2020-12, as its `$schema` says.
 *
 * @throws Error when it is not a valid schema
 */
export function compileSchema(schema: JsonSchema, root: string, useDefaults = false): SchemaCheck {
  const { $schema: draft, $async: isAsync } = schema;
  if (isAsync === true) throw new Error('asynchronous schemas ($async) are not supported');
  const Dialect = dialectOf(draft);
  const validate = new Dialect({ ...AJV, useDefaults }).compile(structuredClone(schema));
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .filter(isTelling)
      .slice(0, MAX_FAULTS)
      .map((error) => toFault(error, root));
  };
}

export function describeFaults(faults: readonly SchemaFault[]): string {
  return faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
}

function dialectOf(draft: unknown): typeof Ajv | typeof Ajv2019 | typeof Ajv2020 {
  if (typeof draft !== 'string') return Ajv;
  if (draft.includes('2020-12')) return Ajv2020;
  return draft.includes('2019-09') ? Ajv2019 : Ajv;
}

/** Of a bad property name, the error inside `propertyNames` tells all. */
function isTelling({ keyword }: ErrorObject): boolean {
  return keyword !== 'propertyNames' && keyword !== 'if';
}

function toFault(error: ErrorObject, root: string): SchemaFault {
  const at = `${root}${toPath(error.instancePath)}`;
  const { additionalProperty, unevaluatedProperty, missingProperty, allowedValues, allowedValue, type, pattern } =
    error.params;
  if (error.propertyName !== undefined)
    return { path: at, message: `${quote(error.propertyName)} is not allowed as a key: it ${error.message}` };
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(additionalProperty ?? unevaluatedProperty);
      return { path: `${at}${toStep(key)}`, message: `unknown key${suggestion(key, error)}` };
    }
    case 'required':
    case 'dependentRequired':
      return { path: `${at}${toStep(String(missingProperty))}`, message: 'is required' };
    case 'enum':
      return {
        path: at,
        message: `${show(error.data)} must be one of ${allowedValues.map(show).join(', ')}${nearest(error.data, allowedValues)}`,
      };
    case 'const':
      return { path: at, message: `${show(error.data)} must be ${show(allowedValue)}` };
    case 'type':
      return { path: at, message: `${show(error.data)} must be ${[type].flat().join(' or ')}` };
    case 'pattern':
      return { path: at, message: `${show(error.data)} must match ${pattern}` };
    default:
      return { path: at, message: `${show(error.data)} ${error.message ?? `violates ${error.keyword}`}` };
  }
}

function suggestion(key: string, { parentSchema }: ErrorObject): string {
  const { properties } = (parentSchema ?? {}) as { properties?: object };
  return nearest(key, Object.keys(properties ?? {}));
}

/** "did you mean", when one of the known words is near enough to be meant. */
export function nearest(word: unknown, known: readonly unknown[]): string {
  const words = known.filter((each) => typeof each === 'string');
  if (typeof word !== 'string' || words.length === 0 || word.length > 100) return '';
  const best = closest(word, words);
  return distance(word, best) <= Math.max(2, Math.floor(best.length / 3))
    ? `; did you mean ${JSON.stringify(best)}?`
    : '';
}

/** A JSON pointer as people write it: `/events/0/a.b` becomes `.events[0]["a.b"]`. */
function toPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => toStep(step.replaceAll('~1', '/').replaceAll('~0', '~')))
    .join('');
}

function toStep(key: string): string {
  if (/^\d+$/.test(key)) return `[${key}]`;
  return /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(key) ? `.${key}` : `[${quote(key)}]`;
}

function show(value: unknown): string {
  return typeof value === 'string'
    ? quote(value)
    : quote(JSON.stringify(value) ?? String(value))
        .slice(1, -1)
        .replaceAll('\\"', '"');
}
