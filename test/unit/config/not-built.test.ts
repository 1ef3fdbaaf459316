import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../src/adapters/yaml/config-json-schema.ts';
import { parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { problemLines } from './config-errors.ts';
import { schemaKeys } from './schema-keys.ts';

const type = (more: string) => `worker_types: [{ name: a, plugin: b, ${more} }]`;

/** Path, the value that changes nothing (none: the key may only be left out), and a value that asks for the feature. */
const RESERVED: readonly (readonly [string, string | undefined, string])[] = [
  ['worker_types[].restart.policy', type('restart: { policy: never }'), type('restart: { policy: on-failure }')],
  ['worker_types[].restart.max_restarts', undefined, type('restart: { max_restarts: 5 }')],
  ['worker_types[].restart.window', undefined, type('restart: { window: 1m }')],
  ['worker_types[].restart.backoff', undefined, type('restart: { backoff: { initial: 200ms, max: 10s } }')],
  ['worker_types[].pool.warm', type('pool: { warm: 0 }'), type('pool: { warm: 1 }')],
];

test.each(RESERVED)('%s is accepted only where it changes nothing', (path, noOp, asking) => {
  if (noOp !== undefined) expect(() => parseConfig(noOp, 'shoal.yaml')).not.toThrow();
  const lines = problemLines(asking);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(` ${path.replace('[]', '[0]')}: `);
  expect(lines[0]).toContain(
    noOp === undefined ? 'is not built yet; leave it out' : 'not built yet; leave it out or write ',
  );
});

test('the table above names every key that is reserved', () => {
  const reserved = schemaKeys(configJsonSchema()).filter(
    ({ node }) => node.not !== undefined || node.const !== undefined,
  );
  expect(reserved.map(({ path }) => path).toSorted()).toEqual(RESERVED.map(([path]) => path).toSorted());
});
