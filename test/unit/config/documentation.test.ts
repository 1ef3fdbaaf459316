import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../src/adapters/yaml/config-json-schema.ts';
import { parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { problemLines } from './config-errors.ts';
import { schemaKeys } from './schema-keys.ts';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
const section = (from: string, to: string) => docs.slice(docs.indexOf(from), docs.indexOf(to));

test('the documentation has a row for every key of the schema, and none for another', () => {
  const rows = section('## Keys', '## Checked together').matchAll(/^\| `([^`]+)` +\|/gm);
  const documented = [...rows].map(([, key]) => key);
  expect(documented.length).toBeGreaterThan(60);
  expect(documented.toSorted()).toEqual(
    schemaKeys(configJsonSchema())
      .map(({ path }) => path)
      .toSorted(),
  );
});

test('the messages that the documentation shows are those that people get', () => {
  const text = `${'\n'.repeat(6)}  grcp: {}\n\n  limits: { command_timeout: 10 }`;
  const lines = problemLines(text, { environment: { SHOAL__LOGING__LEVEL: 'info' } });
  expect(docs).toContain(`shoal.yaml:${lines[0]}`);
  for (const line of lines) expect(docs).toContain(line.replace(/^\d+:\d+ /, ''));
});

test('the variables that the documentation shows are accepted', () => {
  const shown = [...section('## Overriding', '## Plain text').matchAll(/^(SHOAL__\w+)='?(.*?)'?$/gm)];
  const environment = Object.fromEntries(shown.map(([, name, value]) => [name, value]));
  const { config } = parseConfig('worker_types: [{ name: a, plugin: executable }]', 'shoal.yaml', { environment });
  expect(shown).toHaveLength(4);
  expect(config.grpc.client.listen).toBe('127.0.0.1:0');
  expect(config.messaging.nats.urls).toEqual(['nats://a:4222', 'nats://b:4222']);
  expect(config.workerTypes[0]?.limits.maxWorkers).toBe(8);
  expect(config.workerTypes[0]?.options).toEqual({ env: { RUST_LOG: 'info' } });
});
