import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createConfigSource, loadConfig, parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import type { ShoalConfig } from '../../../src/domain/configuration.ts';
import { NEVER_RESTARTED } from '../../../src/domain/supervision/never-restarted.ts';

const folder = mkdtempSync(join(tmpdir(), 'shoal-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FULL = `
data_dir: ./state
orchestrator_id: north
grpc:
  worker: { listen: "0.0.0.0:1001", insecure: true }
  client: { listen: "[::1]:1002" }
  connections: { max: 1004, idle: 1005s, ping_interval: 1006s, ping_timeout: 1007s }
http: { listen: "localhost:1003" }
messaging:
  adapter: nats
  durability: memory
  nats:
    urls: [nats://a, "nats://[::1]:4223", b:4224]
    managed: false
    monitor: http://a:8222
    connect_timeout: 1m
    on_unavailable: wait
    ping_interval: 3s
    stream:
      name: LOG
      subject: log.raw
      storage: memory
      replicas: 3
      max_bytes: 1GiB
      max_age: 7d
      duplicate_window: 5m
      max_in_flight: 10
      ack_timeout: 250ms
registry: { bucket: RUNS, replicas: 3 }
worker_types:
  - name: first
    plugin: ./plugins/first.js
    options: { path: ./here, nested: { list: [1, two, { three: 3 }] } }
    limits: { max_workers: 8, register_timeout: 2s, stall_timeout: 1h }
    restart:
      policy: always
      max_restarts: 6
      window: 13h
      backoff: { initial: 8ms, max: 9ms, factor: 1.5, jitter: 0.25 }
      min_uptime: 10ms
      reset_after: 11s
      start_from: snapshot
      breaker: { failures: 12, cool_down: 13s }
    stop: { grace: 0s, signal: SIGINT }
    pool: { warm: 0 }
    command_transport: grpc
  - { name: second, plugin: "@scope/package" }
routing:
  rules:
    - { key: "sim.>", worker_type: first, subject: "events.all.{simulation_id}" }
    - { key: sim.a.v1, log: false }
limits:
  max_simulations: 1
  max_final_simulations: 2
  max_event_bytes: 3KiB
  max_batch_events: 4
  max_batch_bytes: 5KiB
  max_in_flight_batches: 6
  max_streams_per_connection: 7
  max_subscriptions: 71
  max_starting: 72
  command_timeout: 8s
  heartbeat_interval: 9s
  max_run_config_bytes: 10KiB
  max_labels: 11
  output_lines: 12
  output_line_bytes: 130
retention: { simulations: { max_age: 4h } }
shutdown: { drain: 14s, timeout: 15s }
auth: { workers: token }
logging: { level: debug, format: json }
`;

test('every key arrives under its name of the domain, in ms, bytes and absolute paths', () => {
  expect(parseConfig(FULL, '/etc/shoal/shoal.yaml').config).toEqual({
    baseDirectory: '/etc/shoal',
    dataDir: '/etc/shoal/state',
    orchestratorId: 'north',
    grpc: {
      worker: { listen: '0.0.0.0:1001', insecure: true },
      client: { listen: '[::1]:1002', insecure: false },
      connections: { max: 1004, idleMs: 1_005_000, pingEveryMs: 1_006_000, pingTimeoutMs: 1_007_000 },
    },
    http: { listen: 'localhost:1003', insecure: false },
    messaging: {
      adapter: 'nats',
      durability: 'memory',
      nats: {
        urls: ['nats://a', 'nats://[::1]:4223', 'b:4224'],
        managed: false,
        monitor: 'http://a:8222',
        onUnavailable: 'wait',
        connectTimeoutMs: 60_000,
        pingIntervalMs: 3_000,
        stream: {
          name: 'LOG',
          subject: 'log.raw',
          storage: 'memory',
          replicas: 3,
          maxBytes: 1024 ** 3,
          maxAgeMs: 604_800_000,
          duplicateWindowMs: 300_000,
          maxInFlight: 10,
          ackTimeoutMs: 250,
        },
      },
    },
    registry: { store: 'local', bucket: 'RUNS', replicas: 3 },
    workerTypes: [
      {
        name: 'first',
        plugin: '/etc/shoal/plugins/first.js',
        options: { path: './here', nested: { list: [1, 'two', { three: 3 }] } },
        limits: { maxWorkers: 8, registerTimeoutMs: 2000, stallTimeoutMs: 3_600_000 },
        restart: {
          policy: 'always',
          maxRestarts: 6,
          windowMs: 46_800_000,
          backoff: { initialMs: 8, maxMs: 9, factor: 1.5, jitter: 0.25 },
          minUptimeMs: 10,
          resetAfterMs: 11_000,
          startFrom: 'snapshot',
          breaker: { failures: 12, coolDownMs: 13_000 },
        },
        orphans: 'end',
        orphanTimeoutMs: 30_000,
        stop: { graceMs: 0, signal: 'SIGINT' },
        commandTransport: 'grpc',
      },
      {
        name: 'second',
        plugin: '@scope/package',
        options: {},
        limits: { maxWorkers: 64, registerTimeoutMs: 10_000, stallTimeoutMs: 0 },
        restart: NEVER_RESTARTED,
        orphans: 'end',
        orphanTimeoutMs: 30_000,
        stop: { graceMs: 5000, signal: 'SIGTERM' },
        commandTransport: 'auto',
      },
    ],
    routing: {
      rules: [
        { key: 'sim.>', workerType: 'first', subject: 'events.all.{simulation_id}' },
        { key: 'sim.a.v1', log: false },
      ],
    },
    limits: {
      maxSimulations: 1,
      maxFinalSimulations: 2,
      maxEventBytes: 3072,
      maxBatchEvents: 4,
      maxBatchBytes: 5120,
      maxInFlightBatches: 6,
      maxStreamsPerConnection: 7,
      maxSubscriptions: 71,
      maxStarting: 72,
      commandTimeoutMs: 8000,
      heartbeatIntervalMs: 9000,
      maxRunConfigBytes: 10_240,
      maxLabels: 11,
      outputLines: 12,
      outputLineBytes: 130,
    },
    retention: {
      events: { maxAgeMs: 604_800_000, maxBytes: 4 * 1024 ** 3 },
      simulations: { maxAgeMs: 14_400_000 },
    },
    shutdown: { drainMs: 14_000, timeoutMs: 15_000 },
    auth: { workers: 'token' },
    logging: { level: 'debug', format: 'json' },
  });
});

test('retention is bounded, unless it is none, which is the same as 0 throughout', () => {
  const retention = (text: string) => parseConfig(text, 'shoal.yaml').config.retention;
  expect(retention('')).toEqual({
    events: { maxAgeMs: 7 * 86_400_000, maxBytes: 4 * 1024 ** 3 },
    simulations: { maxAgeMs: 30 * 86_400_000 },
  });
  expect(retention('retention: { events: { max_age: 1h, max_bytes: 3GiB } }')).toEqual({
    ...retention(''),
    events: { maxAgeMs: 3_600_000, maxBytes: 3 * 1024 ** 3 },
  });
  expect(retention('retention: none')).toEqual({
    events: { maxAgeMs: 0, maxBytes: 0 },
    simulations: { maxAgeMs: 0 },
  });
});

test('defaults are those of the contract', () => {
  const { config } = parseConfig('', '/x/shoal.yaml', { environment: { HOME: '/home/a' } });
  expect(config.grpc.worker.listen).toBe('127.0.0.1:50051');
  expect(config.grpc.client.listen).toBe('127.0.0.1:50050');
  expect(config.http.listen).toBe('127.0.0.1:9464');
  expect(config.limits).toMatchObject({ maxEventBytes: 1_040_384, maxBatchBytes: 3 * 1024 * 1024 });
  expect(config.messaging.nats.stream).toMatchObject({
    name: 'LOGGING_EVENTS',
    subject: 'logging.events.raw.{simulation_id}.{event_type_key}',
  });
});

test.each([
  ['XDG_STATE_HOME', { XDG_STATE_HOME: '/state', HOME: '/home/a' }, '/state/shoal'],
  ['HOME', { HOME: '/home/a' }, '/home/a/.local/state/shoal'],
  [
    'HOME, where XDG_STATE_HOME is relative',
    { XDG_STATE_HOME: 'state', HOME: '/home/a' },
    '/home/a/.local/state/shoal',
  ],
])('without data_dir files go below %s', (_, environment, dataDir) => {
  expect(parseConfig('', 'shoal.yaml', { environment }).config.dataDir).toBe(dataDir);
});

test('JSON is accepted, for JSON is YAML', () => {
  const json = '{"worker_types": [{"name": "a", "plugin": "executable", "options": {"executable": "\\u0078"}}]}';
  expect(parseConfig(json, 'shoal.json').config.workerTypes[0]?.options).toEqual({ executable: 'x' });
});

test('keys that look like something else are the texts that they are written as', () => {
  const text = 'worker_types: [{ name: a, plugin: b, options: { 8080: x, true: y, 0x1F: z, 1.0: w } }]';
  const { options } = parseConfig(text, 'shoal.yaml').config.workerTypes[0] ?? {};
  expect(options).toEqual({ '8080': 'x', true: 'y', '0x1F': 'z', '1.0': 'w' });
});

test('any number of listeners may ask for any free port', () => {
  const free = { listen: '127.0.0.1:0' };
  const text = JSON.stringify({ http: free, grpc: { worker: free, client: free } });
  expect(parseConfig(text, 'shoal.json').config.http.listen).toBe('127.0.0.1:0');
});

test('workers may be adopted where the daemon remembers its simulations', () => {
  const loaded = parseConfig('worker_types: [{ name: fish, plugin: executable, orphans: adopt }]', 'shoal.yaml');
  expect(loaded.config.workerTypes).toMatchObject([{ name: 'fish', orphans: 'adopt' }]);
});

test('aliases stand for what their anchor marks', () => {
  const text =
    'worker_types:\n- { name: a, plugin: x, limits: &l { max_workers: 3 } }\n- { name: b, plugin: x, limits: *l }';
  const { workerTypes } = parseConfig(text, 'shoal.yaml').config;
  expect(workerTypes.map(({ limits }) => limits.maxWorkers)).toEqual([3, 3]);
});

function optionX(config: ShoalConfig): object {
  return (config.workerTypes[0] as unknown as { options: { x: object } }).options.x;
}

test('a configuration cannot be changed, not even the options of a plugin', () => {
  const { config } = parseConfig('worker_types: [{ name: a, plugin: b, options: { x: { y: 1 } } }]', 'shoal.yaml');
  expect(() => Object.assign(config.limits, { maxLabels: 5 })).toThrow(TypeError);
  expect(() => Object.assign(optionX(config), { y: 2 })).toThrow(TypeError);
});

test('options are ordinary objects, as a plugin expects them', () => {
  const { config } = parseConfig('worker_types: [{ name: a, plugin: b, options: { x: { y: 1 } } }]', 'a');
  expect(Object.getPrototypeOf(config.workerTypes[0]?.options)).toBe(Object.prototype);
  expect(Object.getPrototypeOf(optionX(config))).toBe(Object.prototype);
});

test('a file is read, a byte order mark skipped, and its folder the start of relative paths', () => {
  const file = join(folder, 'own.yaml');
  writeFileSync(file, '\ufeffdata_dir: state\n');
  const loaded = loadConfig({ file, version: 7 });
  expect(loaded).toMatchObject({ version: 7, file, config: { dataDir: join(folder, 'state'), baseDirectory: folder } });
});

test('what is found wrong later is told with its place in the file, or with the variable', () => {
  const loaded = parseConfig('http:\n  listen: 127.0.0.1:80', 'shoal.yaml', {
    environment: { SHOAL__GRPC__CLIENT__LISTEN: '127.0.0.1:81' },
  });
  expect(loaded.describe('http.listen', 'is in use')).toBe('shoal.yaml:2:11 http.listen: is in use');
  expect(loaded.describe(['grpc', 'client', 'listen'], 'is in use')).toBe(
    'environment SHOAL__GRPC__CLIENT__LISTEN grpc.client.listen: is in use',
  );
  expect(loaded.describe('grpc.worker.listen', 'is in use')).toBe('shoal.yaml:1:1 grpc.worker.listen: is in use');
});

test('a source gives the snapshot that it was made of', () => {
  const loaded = parseConfig('', 'shoal.yaml');
  expect(createConfigSource(loaded).current()).toBe(loaded);
  expect(loaded.version).toBe(1);
});

test.each([
  ['', 'local'],
  ['messaging: { adapter: nats }', 'jetstream'],
  ['messaging: { adapter: nats }\nregistry: { store: local }', 'local'],
  ['messaging: { adapter: nats, durability: acknowledged }\nregistry: { store: jetstream }', 'jetstream'],
])('of %j the registry is %s', (yaml, store) => {
  expect(parseConfig(`data_dir: data\n${yaml}`, 'shoal.yaml').config.registry.store).toBe(store);
});

test.each([
  ['registry: { store: jetstream }', /registry\.store: is jetstream, which needs messaging\.adapter nats/],
  [
    'messaging: { adapter: nats, durability: memory, nats: { stream: { storage: memory } } }\nregistry: { store: jetstream }',
    /registry\.store: is jetstream, and messaging\.durability memory keeps nothing/,
  ],
  ['registry: { bucket: "a.b" }', /registry\.bucket: "a\.b" is no bucket name; expected 1 to 64 of/],
])('refuses a registry that cannot be: %s', (yaml, message) => {
  expect(() => parseConfig(`data_dir: data\n${yaml}`, 'shoal.yaml')).toThrow(message);
});
