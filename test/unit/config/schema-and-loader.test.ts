import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema, type JsonSchemaNode } from '../../../src/adapters/yaml/config-json-schema.ts';
import { parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { refusal } from './config-errors.ts';

/** Its types name its CommonJS default, which TypeScript does not find behind NodeNext. */
const { default: Ajv } = createRequire(import.meta.url)('ajv') as {
  default: new (options: object) => { compile(schema: unknown): (data: unknown) => boolean };
};
const schema = configJsonSchema();
const isValid = new Ajv({ strict: false }).compile(schema);

type Path = readonly (string | 0)[];

/** What an entry of a list must have. */
const REQUIRED: Readonly<Record<string, object>> = {
  worker_types: { name: 'a', plugin: 'b' },
  rules: { key: 'k', log: true },
};

/** What an editor marks, the loader refuses: the schema that editors read is no other than the loader's. */
test.each([
  ['an unknown key', 'grcp: {}'],
  ['an unknown key inside', 'grpc: { worker: { lisen: "127.0.0.1:1" } }'],
  ['an unknown key of a worker type', 'worker_types: [{ name: a, plugin: b, option: {} }]'],
  ['an unknown key of a rule', 'routing: { rules: [{ key: a, logg: true }] }'],
  ['__proto__', '"__proto__": { x: 1 }'],
  ['constructor', 'constructor: { prototype: { x: 1 } }'],
  ['a merge key', '<<: { grpc: {} }'],
  ['a worker type without a plugin', 'worker_types: [{ name: a }]'],
  ['a worker type without a name', 'worker_types: [{ plugin: a }]'],
  ['a rule without a key', 'routing: { rules: [{ log: true }] }'],
  ['too many worker types', `worker_types: [${'{ name: a, plugin: b }, '.repeat(257)}]`],
  ['no servers', 'messaging: { nats: { urls: [] } }'],
  ['a misspelled duration', 'limits: { command_timeout: 1m30s }'],
  ['a decimal size', 'limits: { max_event_bytes: 1MB }'],
  ['a fraction', 'limits: { max_labels: 1.5 }'],
  ['a number out of range', 'limits: { max_labels: 1025 }'],
  ['a word of YAML 1.1', 'http: { insecure: yes }'],
  ['a choice that is none', 'logging: { level: loud }'],
  ['what is not built', 'retention: 1d'],
  ['a factor that is no number', 'worker_types: [{ name: a, plugin: b, restart: { backoff: { factor: twice } } }]'],
  ['a text for a configuration', 'shoal'],
  ['a list for a configuration', '[1]'],
])('schema and loader both refuse %s', (_, text) => {
  expect(isValid(parse(text))).toBe(false);
  expect(refusal(text).problems).not.toEqual([]);
});

test.each(mistakes(schema))('schema and loader both refuse %s', (_, text) => {
  expect(isValid(JSON.parse(text))).toBe(false);
  expect(refusal(text).problems).not.toEqual([]);
});

test.each(defaults(schema))('schema and loader both take %s', (_, text) => {
  expect(isValid(JSON.parse(text))).toBe(true);
  expect(() => parseConfig(text, 'shoal.yaml', { environment: { HOME: '/h' } })).not.toThrow();
});

/** Every key of the schema with values of every kind that it is not. */
function mistakes(root: JsonSchemaNode): [string, string][] {
  return keysOf(root).flatMap(({ path, node }) =>
    wrongFor(node).map((value): [string, string] => {
      const text = JSON.stringify(documentWith(path, value));
      return [`${path.join('.')}: ${JSON.stringify(value)}`, text];
    }),
  );
}

/** Every key of the schema with its default, where that is a value of its own. */
function defaults(root: JsonSchemaNode): [string, string][] {
  return keysOf(root).flatMap(({ path, node }): [string, string][] => {
    if (node.default === undefined) return [];
    return [[`${path.join('.')} at its default`, JSON.stringify(documentWith(path, node.default))]];
  });
}

function keysOf(node: JsonSchemaNode, path: Path = []): { path: Path; node: JsonSchemaNode }[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([key, child]) => keysOf(child, [...path, key]));
  const items = node.items === undefined ? [] : keysOf(node.items, [...path, 0]);
  return [...(path.length === 0 ? [] : [{ path, node }]), ...inner, ...items];
}

function wrongFor(node: JsonSchemaNode): unknown[] {
  if (node.not !== undefined) return ['x', 1, {}];
  if (node.const !== undefined) return ['something', 12, null];
  if (node.enum !== undefined) return ['something', 1, true, null];
  if (node.anyOf !== undefined) return ['something', 1.5, true, null, []];
  switch (node.type) {
    case 'object':
      return node.properties === undefined ? ['x', 1, []] : ['x', 1, [], { 'no such key': 1 }];
    case 'array':
      return ['x', 1, {}];
    case 'string':
      return node.pattern === undefined ? [1, true, [], {}] : ['something', '10', 1, []];
    case 'integer':
      return ['x', 0.5, -1, true, null];
    case 'number':
      return ['x', -1, 11, true, null];
    default:
      return ['x', 1, []];
  }
}

/** A configuration that holds the value and, around it, no more than it must. */
function documentWith([key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const [index, ...inner] = rest;
  if (index !== 0) return { [key]: documentWith(rest, value) };
  const isWhole = inner.length === 0;
  return { [key]: [isWhole ? value : { ...REQUIRED[key], ...(documentWith(inner, value) as object) }] };
}
