import { expect, test } from 'vitest';
import { createConfigSource, parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { Settings } from '../../../src/app/settings.ts';

const MIB = 1_048_576;

function limitsOf(yaml: string, maxMessageBytes: number) {
  const settings = new Settings(createConfigSource(parseConfig(`data_dir: data\n${yaml}`, 'shoal.yaml')), '/shoal');
  settings.useMaxMessageBytes(() => maxMessageBytes);
  return settings.limits();
}

test('events and configurations of runs fit into a message of the server', () => {
  const limits = limitsOf('messaging: { adapter: nats }', MIB);
  expect([limits.maxEventBytes, limits.maxRunConfigBytes]).toEqual([MIB - 8_192, (MIB - 65_536) * (3 / 4)]);
});

test('a server that takes more lowers nothing', () => {
  expect(limitsOf('messaging: { adapter: nats }', 8 * MIB)).toMatchObject({
    maxEventBytes: 1_040_384,
    maxRunConfigBytes: MIB,
  });
});

test.each([
  'messaging: { adapter: nats }\nregistry: { store: local }',
  'messaging: { adapter: nats, durability: memory, nats: { stream: { storage: memory } } }',
])('configurations that are not kept at the server may be larger than its messages: %s', (yaml) => {
  expect(limitsOf(yaml, MIB / 2)).toMatchObject({ maxEventBytes: MIB / 2 - 8_192, maxRunConfigBytes: MIB });
});

test('the same limits are the same object, so that nobody has to compare them', () => {
  const source = createConfigSource(parseConfig('data_dir: data\nmessaging: { adapter: nats }', 'shoal.yaml'));
  const settings = new Settings(source, '/shoal');
  let maxMessageBytes = MIB;
  settings.useMaxMessageBytes(() => maxMessageBytes);
  const before = settings.limits();
  expect(settings.limits()).toBe(before);
  maxMessageBytes = MIB / 2;
  expect(settings.limits().maxRunConfigBytes).toBeLessThan(before.maxRunConfigBytes);
});
