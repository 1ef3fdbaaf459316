import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema, type JsonSchemaNode } from '../../../src/adapters/yaml/config-json-schema.ts';
import { embeddedConfigFile } from '../../../src/adapters/yaml/embedded-config.ts';
import { loadConfig, parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { generated } from './generated-files.ts';
import { schemaKeys } from './schema-keys.ts';

const root = join(import.meta.dirname, '../../..');
const environment = { HOME: '/home/somebody' };
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Its types name its CommonJS default, which TypeScript does not find behind NodeNext. */
const { default: Ajv } = createRequire(import.meta.url)('ajv') as {
  default: new (options: object) => { compile(schema: unknown): ((data: unknown) => boolean) & { errors?: unknown } };
};

describe.each(['config/shoal.yaml', 'config/nats.yaml'])('%s', (file) => {
  test('is accepted and offers the worker type fish', () => {
    const { config } = loadConfig({ file: join(root, file), environment });
    expect(config.workerTypes.map(({ name, plugin }) => [name, plugin])).toEqual([['fish', 'executable']]);
    expect(config.messaging.adapter).toBe(file.includes('nats') ? 'nats' : 'memory');
  });

  test('logs world states, births and deaths, and neither observations nor rewards', () => {
    const { options } = loadConfig({ file: join(root, file), environment }).config.workerTypes[0] ?? {};
    const { events } = options as { events: { key: string; log: boolean }[] };
    expect(events.map(({ key, log }) => [key, log])).toEqual([
      ['sim.world_state.v1', true],
      ['sim.agent_observation.v1', false],
      ['sim.agent_reward.v1', false],
      ['sim.agent_died.v1', true],
      ['sim.agent_spawned.v1', true],
    ]);
  });

  test('launches a program that is there', () => {
    const { workerTypes, baseDirectory } = loadConfig({ file: join(root, file), environment }).config;
    const [{ args }] = workerTypes.map(({ options }) => options) as unknown as [{ args: string[] }];
    expect(existsSync(resolve(baseDirectory, args.at(-1) ?? ''))).toBe(true);
  });

  test('is valid by the JSON Schema that its first line shows to editors', () => {
    expect(read(file).split('\n')[0]).toBe('# yaml-language-server: $schema=./shoal.schema.json');
    const validate = new Ajv({ strict: false }).compile(JSON.parse(read('config/shoal.schema.json')));
    expect(validate(parse(read(file))) || validate.errors).toBe(true);
  });
});

test('config/shoal.yaml is the embedded default and writes out the defaults of the schema', () => {
  expect(embeddedConfigFile()).toBe(join(root, 'config', 'shoal.yaml'));
  const { workerTypes, baseDirectory, ...shipped } = loadConfig({ environment }).config;
  const {
    workerTypes: none,
    baseDirectory: elsewhere,
    ...defaults
  } = parseConfig('', 'empty.yaml', { environment }).config;
  expect(shipped).toEqual(defaults);
  expect(none).toEqual([]);
  expect(baseDirectory).not.toBe(elsewhere);
  const bare = 'worker_types: [{ name: fish, plugin: executable }]';
  const { options, ...fish } = workerTypes[0] ?? {};
  expect(parseConfig(bare, 'bare.yaml', { environment }).config.workerTypes).toEqual([{ ...fish, options: {} }]);
  expect(options).not.toEqual({});
});

test('every key that can be set is written, or written as a comment, in one of the shipped files', () => {
  const words = new Set(
    [...`${read('config/shoal.yaml')}\n${read('config/nats.yaml')}`.matchAll(/([a-z_]+):/g)].map(([, key]) => key),
  );
  const missing = schemaKeys(configJsonSchema())
    .filter(({ node }) => node.not === undefined)
    .map(({ path }) => path.split('.').at(-1)?.replace('[]', ''))
    .filter((key) => !words.has(key));
  expect(missing).toEqual([]);
});

test('every key of the JSON Schema is described', () => {
  const silent = schemaKeys(configJsonSchema()).filter(({ node }: { node: JsonSchemaNode }) => !node.description);
  expect(silent.map(({ path }) => path)).toEqual([]);
  expect(configJsonSchema()).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
});

test('the JSON Schema refuses an unknown key, a wrong type, a misspelled duration and what is not built', () => {
  const validate = new Ajv({ strict: false }).compile(configJsonSchema());
  for (const wrong of [
    { grcp: {} },
    { limits: { max_labels: 'many' } },
    { limits: { command_timeout: '10' } },
    { limits: { max_event_bytes: '1MB' } },
    { retention: '1d' },
    { worker_types: [{ name: 'a', plugin: 'b', pool: { warm: 1 } }] },
    { worker_types: [{ name: 'a' }] },
  ]) {
    expect([wrong, validate(wrong)]).toEqual([wrong, false]);
  }
});

test('the schema file and the tables of the documentation are as the schema would write them', () => {
  expect(generated('--check')).toEqual({ status: 0, stderr: '' });
});
