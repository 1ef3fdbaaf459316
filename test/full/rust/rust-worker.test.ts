import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cargo, findCargo, RUST_WORKSPACE } from '../../support/toolchains/cargo.ts';

/** From nothing, on a machine that others use too. */
const BUILD_TIMEOUT_MS = 900_000;

test('the tests of the library and of the fish pass', { timeout: BUILD_TIMEOUT_MS }, async () => {
  const output = await cargo(['test', '--release', '--workspace']);
  const passed = [...output.matchAll(/^test result: ok\. (\d+) passed; 0 failed; 0 ignored/gm)];
  expect(passed.reduce((sum, [, count]) => sum + Number(count), 0)).toBeGreaterThanOrEqual(30);
});

test('clippy has nothing to say', { timeout: BUILD_TIMEOUT_MS }, async () => {
  await cargo(['clippy', '--release', '--workspace', '--all-targets', '--', '-D', 'warnings']);
});

test('it is formatted', async () => {
  await cargo(['fmt', '--all', '--check']);
});

test('the worker that the page shows is the example that was compiled', async () => {
  const page = await readFile(join(RUST_WORKSPACE, 'README.md'), 'utf8');
  const shown = /^```rust\n(.*?)^```$/ms.exec(page)?.[1];
  expect(shown).toBe(await readFile(join(RUST_WORKSPACE, 'shoal-worker/examples/minimal.rs'), 'utf8'));
  expect(shown?.trimEnd().split('\n').length).toBeLessThanOrEqual(45);
});

test('a machine without cargo is told what to install', () => {
  const nowhere = { PATH: '/nowhere', HOME: '/nowhere', CARGO_HOME: '/nowhere' };
  expect(() => findCargo(nowhere)).toThrow('install Rust 1.89 or newer (https://rustup.rs)');
});
