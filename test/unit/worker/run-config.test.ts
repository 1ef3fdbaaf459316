import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRunConfig, type WorkerEnvironment, WorkerEnvironmentError } from '../../../src/worker/worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function environment(text: string | undefined, configContentType = 'application/json'): WorkerEnvironment {
  const configFile = join(folder, 'config');
  if (text !== undefined) writeFileSync(configFile, text);
  return {
    workerId: 'w',
    simulationId: 's',
    incarnation: 1,
    grpcAddress: '127.0.0.1:1',
    commands: { kind: 'grpc' },
    configContentType,
    orphanTimeoutMs: 1,
    ...(text === undefined ? {} : { configFile }),
  };
}

describe("a run's configuration", () => {
  test('is parsed where its content type is JSON', () => {
    expect(readRunConfig(environment('{"fish": 3}')).json).toEqual({ fish: 3 });
    expect(readRunConfig(environment('[1]', 'application/vnd.fish+json; v=1')).json).toEqual([1]);
  });

  test('is {} where there is none', () => {
    expect(readRunConfig(environment(undefined)).json).toEqual({});
    expect(readRunConfig(environment('')).json).toEqual({});
  });

  test('is bytes alone where it is something else', () => {
    const config = readRunConfig(environment('a: 1', 'application/yaml'));
    expect(config.json).toBeUndefined();
    expect(Buffer.from(config.bytes).toString()).toBe('a: 1');
  });

  test('that is no JSON although it says so is an environment error that names the file', () => {
    expect(() => readRunConfig(environment('{'))).toThrow(WorkerEnvironmentError);
    expect(() => readRunConfig(environment('{'))).toThrow(/SHOAL_CONFIG_FILE .*config: not JSON/);
  });

  test('that cannot be read is an environment error', () => {
    const missing = { ...environment(undefined), configFile: join(folder, 'missing') };
    expect(() => readRunConfig(missing)).toThrow(WorkerEnvironmentError);
  });
});
