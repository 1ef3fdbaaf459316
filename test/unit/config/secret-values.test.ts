import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../../src/adapters/yaml/load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'shoal-secrets-'));
const file = join(folder, 'shoal.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

/** A worker type with these options in a file with this mode; the error of loading it, or nothing. */
function problemOf(options: string, mode: number, environment: Record<string, string> = {}): string | undefined {
  writeFileSync(file, `worker_types:\n- name: a\n  plugin: b\n  options: ${options}\n`);
  chmodSync(file, mode);
  try {
    loadConfig({ file, environment: { HOME: '/h', ...environment } });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test.each([
  ['{ env: { API_TOKEN: hunter2 } }', '4:32', 'options.env.API_TOKEN'],
  ['{ dbPassword: hunter2 }', '4:26', 'options.dbPassword'],
  ['{ list: [{ client-secret: hunter2 }] }', '4:38', 'options.list[0].client-secret'],
  ['{ private_key: hunter2 }', '4:27', 'options.private_key'],
  ['{ args: [--store, "redis://:hunter2@db:6379"] }', '4:30', 'options.args[1]'],
  ['{ url: "https://me:hunter2@host/x" }', '4:19', 'options.url'],
  ['{ url: "nats://hunter2@host:4222" }', '4:19', 'options.url'],
])('in a file for everybody, %s is refused, with its place and what to do', (options, place, path) => {
  const expected =
    `is a secret, and every user of this machine may read it; expected it in a file of yours alone ` +
    `(chmod 600 ${file}), or in a variable of the environment`;
  const message = problemOf(options, 0o644);
  expect(message).toBe(`${file}:${place} worker_types[0].${path}: ${expected}`);
  expect(message).not.toContain('hunter2');
  for (const mode of [0o600, 0o640]) expect(problemOf(options, mode)).toBeUndefined();
});

test.each([
  '{ env: { API_TOKEN: "{worker_id}" } }',
  '{ env: { API_TOKEN: "" } }',
  '{ env: { API_TOKEN_FILE: /run/secrets/token } }',
  '{ max_token: 5 }',
  '{ url: "ssh://git@host/x" }',
  '{ url: "https://host/a:b@c" }',
  '{ pass_env: [API_TOKEN] }',
])('%s is none', (options) => {
  expect(problemOf(options, 0o644)).toBeUndefined();
});

test('of several the first is told, and what is refused anyway is told once', () => {
  expect(problemOf('{ a_token: x, b_token: y }', 0o644)).toMatch(/a_token: is a secret/);
  writeFileSync(file, 'messaging: { nats: { urls: ["nats://me:hunter2@a:4222"] } }');
  chmodSync(file, 0o644);
  expect(() => loadConfig({ file })).toThrow(/^[^\n]*holds a user or a password[^\n]*$/);
});

test("a secret from the environment is nobody's to read in the file", () => {
  const environment = { SHOAL__WORKER_TYPES__0__OPTIONS__ENV__API_TOKEN: 'hunter2' };
  expect(problemOf('{ env: {} }', 0o644, environment)).toBeUndefined();
});
