import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly name?: string;
  readonly version: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'));
const locked: Readonly<Record<string, Locked>> = read('package-lock.json').packages;
const entries = Object.entries(locked);
const nameOf = ([path, { name }]: [string, Locked]) => name ?? path.slice(path.lastIndexOf('node_modules/') + 13);

/** Whether the version, `1.14.7`, is at least that; a later major counts. */
function isAtLeast(version: string, least: string): boolean {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}

test.each([
  ['@grpc/grpc-js', '1.14.5', 'before it a client certificate that was not verified looked authorised'],
  ['protobufjs', '7.6.3', 'security fixes'],
  ['@nats-io/transport-node', '3.4.0', 'before it a line break in a subject is protocol'],
  ['@nats-io/jetstream', '3.4.0', 'goes with the client'],
  ['yaml', '2.9.1', 'the version that the limits of the configuration were measured with'],
])('every %s that is installed is at least %s: %s', (name, least) => {
  const found = entries.filter((entry) => nameOf(entry) === name).map(([, { version }]) => version);
  expect(found).not.toEqual([]);
  expect(found.filter((version) => !isAtLeast(version, least))).toEqual([]);
});

test('the name nats is the current client, not the last of the old line', () => {
  expect(locked['node_modules/nats']).toMatchObject({ name: '@nats-io/transport-node' });
});

test('nothing that a user installs is built for one Node: no package of ours runs a script when installed', () => {
  // That of protobufjs only warns of version schemes; package.json does not allow it.
  const scripts = entries.filter(([, { dev, hasInstallScript }]) => dev !== true && hasInstallScript === true);
  expect(scripts.map(nameOf)).toEqual(['protobufjs']);
  expect(read('package.json').allowScripts).toMatchObject({ protobufjs: false });
});

test('the lock file names no registry', () => {
  expect(entries.filter(([, { resolved }]) => resolved !== undefined && /^https?:/.test(resolved))).toEqual([]);
  expect(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8')).not.toMatch(
    /https?:\/\/[^"]*\.tgz/,
  );
});

test.each(['javascript', 'typescript'])(
  'the example plugin in %s takes Shoal from its tarball, not from a registry',
  (kind) => {
    const { dependencies = {}, devDependencies = {} } = read(`examples/plugins/${kind}/package.json`);
    expect([dependencies.shoal, devDependencies.shoal].filter(Boolean)).toEqual([
      expect.stringMatching(/^file:.*\/shoal-[\d.]+\.tgz$/),
    ]);
  },
);
