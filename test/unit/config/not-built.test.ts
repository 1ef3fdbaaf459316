import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../src/adapters/yaml/config-json-schema.ts';
import { parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { problemLines } from './config-errors.ts';
import { schemaKeys } from './schema-keys.ts';

const type = (more: string) => `worker_types: [{ name: a, plugin: b, ${more} }]`;

/** Path, the value that changes nothing, and a value that asks for the feature. */
const RESERVED: readonly (readonly [string, string, string])[] = [
  ['worker_types[].pool.warm', type('pool: { warm: 0 }'), type('pool: { warm: 1 }')],
];

test.each(RESERVED)('%s is accepted only where it changes nothing', (path, noOp, asking) => {
  expect(() => parseConfig(noOp, 'shoal.yaml')).not.toThrow();
  const lines = problemLines(asking);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(` ${path.replace('[]', '[0]')}: `);
  expect(lines[0]).toContain('not built yet; leave it out or write ');
});

test('the table above names every key that is reserved', () => {
  const reserved = schemaKeys(configJsonSchema()).filter(
    ({ node }) => node.not !== undefined || node.const !== undefined,
  );
  expect(reserved.map(({ path }) => path).toSorted()).toEqual(RESERVED.map(([path]) => path).toSorted());
});
