import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/StartSimulationRequest.ts';
import type { Value } from '../../../src/adapters/grpc/generated/google/protobuf/Value.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { field } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startPuppet } from '../../support/daemon/puppet.ts';

const configSchema = { type: 'object', properties: { fish: { type: 'integer', minimum: 1 } } };

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [puppetType(), puppetType({ name: 'checked', options: { configSchema } })],
    limits: { max_run_config_bytes: '64KiB' },
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** What the worker finds in its configuration file. */
async function fileOf(request: StartSimulationRequest): Promise<{ contentType: string; text: string; mode: number }> {
  const { launch } = await startPuppet(daemon, request);
  const { mode } = await stat(launch.configFile);
  const text = await readFile(launch.configFile, 'utf8');
  return { contentType: launch.configContentType, text, mode: mode & 0o777 };
}

const config = (fields: Record<string, Value>): StartSimulationRequest => ({ config: { fields } });
const refusal = (request: StartSimulationRequest) =>
  failureOf(daemon.client.start({ workerType: 'puppet', ...request }));

describe('the configuration file', () => {
  test('is an empty JSON object for a run without configuration, readable by its owner alone', async () => {
    expect(await fileOf({})).toEqual({ contentType: 'application/json', text: '{}', mode: 0o600 });
  });

  test('holds the Struct as JSON, every kind of value included', async () => {
    const { text } = await fileOf(
      config({
        text: { stringValue: 'grün 🐟' },
        yes: { boolValue: true },
        nothing: { nullValue: 'NULL_VALUE' },
        list: { listValue: { values: [{ numberValue: 1.5 }, { structValue: { fields: {} } }] } },
        deep: { structValue: { fields: { inner: { numberValue: -0.25 } } } },
      }),
    );
    expect(JSON.parse(text)).toEqual({
      text: 'grün 🐟',
      yes: true,
      nothing: null,
      list: [1.5, {}],
      deep: { inner: -0.25 },
    });
  });

  test('has whole numbers up to 2^53 without fraction or exponent', async () => {
    const { text } = await fileOf(
      config({ a: { numberValue: 2 ** 53 }, b: { numberValue: -(2 ** 53) }, c: { numberValue: 3 } }),
    );
    expect(text).toBe('{"a":9007199254740992,"b":-9007199254740992,"c":3}');
  });

  test('keeps a field named __proto__ as a field', async () => {
    const { text } = await fileOf(config(JSON.parse('{"__proto__": {"numberValue": 1}, "a": {"numberValue": 2}}')));
    expect(text).toBe('{"__proto__":1,"a":2}');
  });

  test('holds a blob byte for byte, with its content type', async () => {
    const { launch } = await startPuppet(daemon, {
      configBlob: Buffer.from([0, 255, 10, 128]),
      configContentType: 'application/x-reef',
    });
    expect(launch.configContentType).toBe('application/x-reef');
    expect(await readFile(launch.configFile)).toEqual(Buffer.from([0, 255, 10, 128]));
  });
});

describe('StartSimulation refuses', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'the number %d, naming where it stands',
    async (numberValue) => {
      const request = config({ pond: { structValue: { fields: { depth: { numberValue } } } } });
      expect(await refusal(request)).toMatchObject({
        code: 'INVALID_ARGUMENT',
        metadata: { field: 'config.pond.depth' },
      });
    },
  );

  test('a value that is not set', async () => {
    expect(await refusal(config({ empty: {} }))).toMatchObject({ metadata: { field: 'config.empty' } });
  });

  test('a configuration and a blob together', async () => {
    const both = { ...config({}), configBlob: Buffer.from('x'), configContentType: 'text/plain' };
    expect(await refusal(both)).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/both set/) });
  });

  test('a blob without a content type, and a content type without a blob', async () => {
    const field = { code: 'INVALID_ARGUMENT', metadata: { field: 'config_content_type' } };
    expect(await refusal({ configBlob: Buffer.from('x') })).toMatchObject(field);
    expect(await refusal({ configContentType: 'text/plain' })).toMatchObject(field);
  });

  test('more bytes than max_run_config_bytes, as a Struct and as a blob', async () => {
    const long = config({ long: { stringValue: 'x'.repeat(65_536) } });
    const blob = { configBlob: Buffer.alloc(65_537), configContentType: 'text/plain' };
    expect(await refusal(long)).toMatchObject({ message: expect.stringMatching(/max_run_config_bytes allows 65536/) });
    expect(await refusal(blob)).toMatchObject({ metadata: { field: 'config_blob' } });
  });

  test('a configuration nested too deeply, without failing inside', async () => {
    // Written by hand: the encoder refuses such a message itself.
    let struct: Buffer = Buffer.alloc(0);
    for (let depth = 0; depth < 1_000; depth += 1) {
      struct = field(1, Buffer.concat([field(1, Buffer.from('in')), field(2, field(5, struct))]));
    }
    const request = Buffer.concat([field(2, Buffer.from('puppet')), field(3, struct)]);
    const raw = { ...clientMethods.StartSimulation, requestSerialize: (bytes: Buffer) => bytes };
    expect(await failureOf(daemon.client.call(raw, request))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(daemon.log.errors).toEqual([]);
  });

  test("what the worker type's own schema refuses, naming the field", async () => {
    const wrong = { workerType: 'checked', ...config({ fish: { numberValue: 0 } }) };
    expect(await refusal(wrong)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('fish'),
    });
    const right = { workerType: 'checked', ...config({ fish: { numberValue: 3 } }) };
    await expect(daemon.client.start(right)).resolves.toBeDefined();
  });
});
