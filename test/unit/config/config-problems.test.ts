import { describe, expect, test } from 'vitest';
import { ConfigInvalidError } from '../../../src/adapters/yaml/config-problem.ts';
import { parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { problemLines, refusal } from './config-errors.ts';

const WORKER = 'worker_types: [{ name: fish, plugin: executable }]\n';

/** What it is about, the text, and every line of the answer: where exactly, which path, and what it says (its beginning or a part). */
const REFUSED: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  ['an unknown key', 'grcp: 1', [['1:1 grcp:', 'is not a known key; did you mean `grpc`?']]],
  ['an unknown key like none', 'zebra: 1', [['1:1 zebra:', 'expected one of data_dir, orchestrator_id, grpc, http']]],
  ['an unknown key in camel case', 'dataDir: x', [['1:1 dataDir:', 'did you mean `data_dir`?']]],
  ['an unknown key inside', 'grpc:\n  worker:\n    lisen: a', [['3:5 grpc.worker.lisen:', 'did you mean `listen`?']]],
  ['an odd key', '"a b\\e": 1', [['1:1 ["a b\\u001b"]:', 'is not a known key']]],
  ['a key that steers the terminal', '"\\u202egrpc": 1', [['1:1 ["\\u{202e}grpc"]:', 'is not a known key']]],
  ['__proto__', '__proto__: { x: 1 }', [['1:1 __proto__:', 'is not a known key']]],
  [
    '__proto__ in options',
    'worker_types:\n- name: a\n  plugin: b\n  options: { __proto__: 1 }',
    [['4:14 worker_types[0].options.__proto__:', 'is not a known key']],
  ],
  ['a merge key', '<<: { grpc: {} }', [['1:1 ["<<"]:', 'is not a known key']]],
  ['a key without text', '? [a]\n: 1', [['1:3:', 'has a key that is no text']]],
  ['an empty key', ': 1', [['1:1:', 'has a key that is no text']]],

  [
    'a duplicate key',
    'grpc: {}\nhttp: {}\ngrpc: {}',
    [['3:1 grpc:', 'is written twice, first in line 1; expected once']],
  ],
  [
    'a duplicate in another spelling',
    'worker_types:\n- { name: a, plugin: b, options: { x: 1, "x": 2 } }',
    [['2:42 worker_types[0].options.x:', 'is written twice']],
  ],
  ['a tab', 'grpc:\n\tworker: {}', [['2:1:', 'Tabs are not allowed as indentation']]],
  ['an open list', 'worker_types: [', [['1:16:', 'and end with a ]']]],
  ['an open quote', 'data_dir: "x', [['1:13:', 'Missing closing "quote']]],
  ['a second colon', 'data_dir: a: b', [['1:11:', 'Nested mappings are not allowed in compact mappings']]],
  ['bad indentation', 'grpc:\n   worker: {}\n  client: {}', [['3:1:', 'expected the keys of one map in one column']]],
  [
    'two syntax errors',
    'a: "\\q"\nb: "\\z"',
    [
      ['1:5:', 'Invalid escape sequence \\q'],
      ['2:5:', 'Invalid escape sequence \\z'],
    ],
  ],
  ['two documents', 'grpc: {}\n---\nhttp: {}', [['2:1:', 'a second document begins here']]],
  ['a tag', 'data_dir: !secret x', [['1:11:', 'Unresolved tag: !secret']]],
  ['another YAML', '%YAML 1.1\n---\n{}', [['1:1:', 'is marked as YAML 1.1; expected YAML 1.2']]],
  ['an unknown anchor', 'grpc: *nowhere', [['1:7 grpc:', 'names no anchor above it; expected &nowhere before']]],
  [
    'a circle',
    'worker_types:\n- name: a\n  plugin: b\n  options: &o { x: *o }',
    [['4:20 worker_types[0].options.x:', 'stands for a value that contains it']],
  ],
  ['NUL', 'grpc: {}\n\0', [['2:1:', 'holds a NUL byte']]],
  ['a list', '- grpc', [['1:1:', 'is a list; expected a map of keys']]],
  ['a text', 'grpc', [['1:1:', 'is the text "grpc"; expected a map of keys']]],

  ['a section without a value', 'grpc:', [['1:6 grpc:', 'has no value; expected a map of worker, client']]],
  ['a text for a section', 'limits: none', [['1:9 limits:', 'is the text "none"; expected a map of max_simulations']]],
  ['a list for a section', 'logging: [info]', [['1:10 logging:', 'is a list; expected a map of level, format']]],
  [
    'a number for a duration',
    'limits: { command_timeout: 10 }',
    [
      [
        '1:28 limits.command_timeout:',
        'is 10; expected a duration from 10ms to 1d, such as 10s (units: ms, s, m, h, d)',
      ],
    ],
  ],
  [
    'a duration out of range',
    'limits: { command_timeout: 2d }',
    [['1:28 limits.command_timeout:', 'is the text "2d"; expected a duration from 10ms to 1d']],
  ],
  [
    'too short a duration',
    'limits: { command_timeout: 1ms }',
    [['1:28 limits.command_timeout:', 'is the text "1ms"; expected a duration from 10ms to 1d']],
  ],
  [
    'too small a size',
    'limits: { max_event_bytes: 1 }',
    [['1:28 limits.max_event_bytes:', 'is 1; expected a size from 1KiB to 64MiB']],
  ],
  [
    'a fraction of a second',
    'limits: { command_timeout: 1.5s }',
    [['1:28 limits.command_timeout:', 'is the text "1.5s"']],
  ],
  [
    'a decimal size',
    'limits: { max_event_bytes: 1MB }',
    [['1:28 limits.max_event_bytes:', 'is the text "1MB"; expected a size from 1KiB to 64MiB']],
  ],
  ['a negative size', 'limits: { max_event_bytes: -1 }', [['1:28 limits.max_event_bytes:', 'is -1; expected a size']]],
  [
    'a size out of range',
    'limits: { output_line_bytes: 2MiB }',
    [['1:30 limits.output_line_bytes:', 'is the text "2MiB"; expected a size from 80 to 1MiB']],
  ],
  [
    'a fraction',
    'limits: { max_labels: 1.5 }',
    [['1:23 limits.max_labels:', 'is 1.5; expected a whole number from 0 to 1024']],
  ],
  [
    'too large a number',
    'limits: { max_labels: 9007199254740993 }',
    [['1:23 limits.max_labels:', 'too large to be exact']],
  ],
  ['not a number', 'limits: { max_labels: .nan }', [['1:23 limits.max_labels:', 'is NaN; expected a finite number']]],
  [
    'a word for a boolean',
    'http: { insecure: yes }',
    [['1:19 http.insecure:', 'is the text "yes"; expected true or false']],
  ],
  ['an unknown choice', 'logging: { level: wran }', [['1:19 logging.level:', 'did you mean `warn`?']]],
  ['a boolean for off', 'auth: { workers: false }', [['1:18 auth.workers:', 'is false; expected token or off']]],

  ['an address without a host', 'http: { listen: ":1" }', [['1:17 http.listen:', '":1" is no address']]],
  ['a port alone', 'http: { listen: 9464 }', [['1:17 http.listen:', 'is 9464; expected an address with a port']]],
  ['a port too high', 'http: { listen: "127.0.0.1:65536" }', [['1:17 http.listen:', 'is no address']]],
  ['half an address', 'http: { listen: "127.1:80" }', [['1:17 http.listen:', 'is no address']]],
  ['IPv6 without brackets', 'http: { listen: "::1:80" }', [['1:17 http.listen:', 'is no address']]],
  [
    'plain text for the network',
    'grpc:\n  client:\n    listen: 0.0.0.0:50050',
    [
      [
        '3:13 grpc.client.listen:',
        '"0.0.0.0:50050" can be reached by other machines, in plain text; expected a loopback address such as 127.0.0.1:50050, or, in a network you trust, `grpc.client.insecure: true` beside it',
      ],
    ],
  ],
  [
    'plain HTTP for the network',
    'http: { listen: "[::]:1", insecure: false }',
    [['1:17 http.listen:', '`http.insecure: true` beside it']],
  ],
  [
    'plain text for a name',
    'grpc: { worker: { listen: "host.example:1" } }',
    [['1:27 grpc.worker.listen:', 'can be reached by other machines']],
  ],
  [
    'one port for two',
    'http: { listen: "127.0.0.1:50051" }',
    [['1:17 http.listen:', 'is taken by grpc.worker.listen']],
  ],
  [
    'one port of all interfaces',
    'http: { listen: "0.0.0.0:50051", insecure: true }',
    [['1:17 http.listen:', 'is taken by grpc.worker.listen']],
  ],
  [
    'open to any worker',
    'grpc: { worker: { listen: "0.0.0.0:1", insecure: true } }\nauth: { workers: off }',
    [['2:18 auth.workers:', 'is off while grpc.worker.listen is "0.0.0.0:1"']],
  ],

  [
    'a worker type without anything',
    'worker_types: [{}]',
    [
      ['1:16 worker_types[0].name:', 'is missing'],
      ['1:16 worker_types[0].plugin:', 'is missing'],
    ],
  ],
  ['a bad name', 'worker_types: [{ name: a b, plugin: c }]', [['1:24 worker_types[0].name:', '"a b" is no name']]],
  [
    'a bad plugin',
    'worker_types: [{ name: a, plugin: Bad Name }]',
    [['1:35 worker_types[0].plugin:', 'names no plugin']],
  ],
  [
    'too long a plugin',
    `worker_types: [{ name: a, plugin: ${'p'.repeat(215)} }]`,
    [['1:35 worker_types[0].plugin:', 'names no plugin']],
  ],
  [
    'a name twice',
    'worker_types:\n- { name: a, plugin: b }\n- { name: a, plugin: c }',
    [['3:11 worker_types[1].name:', '"a" is the name of worker_types[0] too']],
  ],
  [
    'commands over a NATS that is not used',
    'worker_types: [{ name: a, plugin: b, command_transport: nats }]',
    [['1:57 worker_types[0].command_transport:', 'is nats while messaging.adapter is memory']],
  ],
  [
    'a signal that cannot be sent',
    'worker_types: [{ name: a, plugin: b, stop: { signal: SIGKILL } }]',
    [['1:54 worker_types[0].stop.signal:', 'expected SIGTERM, SIGINT']],
  ],
  ['a map of worker types', 'worker_types: { fish: {} }', [['1:15 worker_types:', 'is a map; expected a list']]],

  [
    'a rule without effect',
    `${WORKER}routing: { rules: [{ key: a }] }`,
    [['2:20 routing.rules[0]:', 'changes nothing; expected subject, log or both']],
  ],
  [
    'a rule for nobody',
    `${WORKER}routing: { rules: [{ key: a, log: true, worker_type: fsh }] }`,
    [['2:54 routing.rules[0].worker_type:', 'did you mean `fish`?']],
  ],
  [
    'a bad filter',
    'routing: { rules: [{ key: a.>.b, log: true }] }',
    [['1:27 routing.rules[0].key:', '"a.>.b" matches nothing']],
  ],
  [
    'a bad subject',
    'routing: { rules: [{ key: a, subject: logging.x }] }',
    [['1:39 routing.rules[0].subject:', '"logging.x" must begin with "events."']],
  ],
  [
    'a bad placeholder',
    'routing: { rules: [{ key: a, subject: "events.x{agent_id}" }] }',
    [['1:39 routing.rules[0].subject:', 'has the token "x{agent_id}"']],
  ],

  [
    'a NATS address of another kind',
    'messaging: { nats: { urls: ["http://a:1"] } }',
    [['1:29 messaging.nats.urls[0]:', '"http://a:1" is no NATS address']],
  ],
  [
    'a NATS server on any port',
    'messaging: { nats: { urls: ["nats://a:0"] } }',
    [['1:29 messaging.nats.urls[0]:', '"nats://a:0" is no NATS address']],
  ],
  [
    'a placeholder twice',
    'messaging: { nats: { stream: { subject: "a.{simulation_id}.{simulation_id}" } } }',
    [['1:41 messaging.nats.stream.subject:', 'is no subject of the log']],
  ],
  [
    'a password',
    'messaging: { nats: { urls: ["nats://u:hunter2@a:1"] } }',
    [['1:29 messaging.nats.urls[0]:', 'holds a user or a password, which is not built yet']],
  ],
  [
    'TLS',
    'messaging: { nats: { urls: ["tls://a:1"] } }',
    [['1:29 messaging.nats.urls[0]:', 'asks for TLS, which is not built yet']],
  ],
  [
    'a log in memory that is to last',
    'messaging: { adapter: nats, nats: { stream: { storage: memory } } }',
    [['1:12 messaging.durability:', 'is acknowledged while messaging.nats.stream.storage is memory']],
  ],
  [
    'a durability that nothing can tell',
    'messaging: { adapter: nats, durability: fsynced }',
    [['1:41 messaging.durability:', 'expected messaging.nats.monitor beside it, or managed: true']],
  ],
  [
    'a managed server without nats',
    'messaging: { nats: { managed: true } }',
    [['1:31 messaging.nats.managed:', 'is true while messaging.adapter is memory']],
  ],
  [
    'a managed server on another machine',
    'messaging: { adapter: nats, nats: { managed: true, urls: ["nats://10.0.0.1:4222"] } }',
    [['1:58 messaging.nats.urls:', 'expected one loopback address']],
  ],
  [
    'a managed server at two addresses',
    'messaging: { adapter: nats, nats: { managed: true, urls: ["nats://127.0.0.1:1", "nats://127.0.0.1:2"] } }',
    [['1:58 messaging.nats.urls:', 'expected one loopback address']],
  ],
  [
    'a monitoring address that is none',
    'messaging: { nats: { monitor: "127.0.0.1:8222" } }',
    [['1:31 messaging.nats.monitor:', 'is no monitoring address']],
  ],
  ['no server', 'messaging: { nats: { urls: [] } }', [['1:28 messaging.nats.urls:', 'is empty']]],
  [
    'a text for servers',
    'messaging: { nats: { urls: "nats://a:1" } }',
    [['1:28 messaging.nats.urls:', 'expected a list of servers']],
  ],
  [
    'a stream name with a wildcard',
    'messaging: { nats: { stream: { name: "a.*" } } }',
    [['1:38 messaging.nats.stream.name:', '"a.*" is no stream name']],
  ],
  [
    'a log among live subjects',
    'messaging: { nats: { stream: { subject: "events.{simulation_id}" } } }',
    [['1:41 messaging.nats.stream.subject:', 'lies among live subjects']],
  ],
  [
    'a log without a first token',
    'messaging: { nats: { stream: { subject: "{simulation_id}" } } }',
    [['1:41 messaging.nats.stream.subject:', 'is no subject of the log']],
  ],
  [
    'an acknowledgement after the window',
    'messaging: { nats: { stream: { ack_timeout: 2m, duplicate_window: 2m } } }',
    [['1:45 messaging.nats.stream.ack_timeout:', 'is not shorter than duplicate_window']],
  ],
  [
    'a window longer than the age',
    'messaging: { nats: { stream: { max_age: 1m } } }',
    [['1:30 messaging.nats.stream.duplicate_window:', 'is longer than max_age']],
  ],
  [
    'an event larger than a batch',
    'limits: { max_batch_bytes: 1000KiB }',
    [['1:9 limits.max_event_bytes:', 'expected at most limits.max_batch_bytes, which is 1024000']],
  ],
  [
    'a drain that leaves no time to stop',
    'shutdown: { drain: 25s }',
    [['1:20 shutdown.drain:', 'expected less than shutdown.timeout, which is 25000 ms']],
  ],
  [
    'a log that holds hardly an event',
    'retention: { events: { max_bytes: 1MiB } }',
    [['1:35 retention.events.max_bytes:', 'at least 4 times limits.max_event_bytes, which is 4161536']],
  ],
  [
    'a retention of events that the NATS server keeps',
    'messaging: { adapter: nats, durability: memory }\nretention: { events: { max_age: 1d, max_bytes: 0 } }',
    [
      ['2:33 retention.events.max_age:', 'leave it out, and say messaging.nats.stream.max_age'],
      ['2:48 retention.events.max_bytes:', 'leave it out, and say messaging.nats.stream.max_bytes'],
    ],
  ],
  [
    'a retention of events that are in memory only',
    'messaging: { durability: memory }\nretention: { events: { max_age: 0s, max_bytes: 1GiB } }',
    [
      ['2:33 retention.events.max_age:', 'keeps the latest 64 MiB or 250,000 events; leave it out, or say'],
      ['2:48 retention.events.max_bytes:', 'messaging.durability acknowledged'],
    ],
  ],
  [
    'a stall that is shorter than what tells of it',
    'limits: { heartbeat_interval: 5s }\nworker_types: [{ name: a, plugin: b, limits: { stall_timeout: 9s } }]',
    [['2:63 worker_types[0].limits.stall_timeout:', 'expected 0s, or at least 10000 ms']],
  ],
  [
    'a first delay that is longer than the longest',
    'worker_types: [{ name: a, plugin: b, restart: { backoff: { initial: 11s } } }]',
    [['1:69 worker_types[0].restart.backoff.initial:', 'expected at most max']],
  ],
  [
    'a window in which max_restarts that do not register do not fit',
    'worker_types: [{ name: a, plugin: b, limits: { register_timeout: 15s }, restart: { policy: always } }]',
    [['1:82 worker_types[0].restart.window:', 'expected at least 82440 ms, or fewer max_restarts']],
  ],
  [
    'a window in which so many delays do not fit',
    'worker_types: [{ name: a, plugin: b, restart: { policy: on-failure, window: 1m, backoff: { initial: 9s } } }]',
    [['1:77 worker_types[0].restart.window:', 'does not register (limits.register_timeout) cannot be restarted 5']],
  ],
  [
    'a window in which max_restarts that stall do not fit',
    'worker_types: [{ name: a, plugin: b, limits: { stall_timeout: 30s }, restart: { policy: always, window: 5m } }]',
    [['1:105 worker_types[0].restart.window:', 'a worker that stalls cannot be restarted 5 times']],
  ],
  [
    'a healthy worker that has failed to start',
    'worker_types: [{ name: a, plugin: b, restart: { min_uptime: 2m, reset_after: 1m } }]',
    [['1:61 worker_types[0].restart.min_uptime:', 'expected at most reset_after']],
  ],
  [
    'workers to adopt for a daemon that remembers nothing',
    'messaging: { durability: memory }\nworker_types: [{ name: a, plugin: b, orphans: adopt }]',
    [['2:47 worker_types[0].orphans:', 'expected end, or messaging.durability acknowledged']],
  ],
  [
    'an unknown key of retention',
    'retention: { events: { max_aeg: 1d } }',
    [['1:24 retention.events.max_aeg:', 'did you mean `max_age`?']],
  ],
  [
    'another word for retention',
    'retention: never',
    [['1:12 retention:', 'expected a map of events, simulations, or none']],
  ],
  ['a home directory in short', 'data_dir: ~/shoal', [['1:11 data_dir:', 'begins with ~, which is not expanded']]],
  ['no data_dir', 'data_dir: ""', [['1:11 data_dir:', 'expected a folder']]],
];

describe('a configuration is refused, with line, column and path, for', () => {
  test.each(REFUSED)('%s', (_, text, expected) => {
    const lines = problemLines(text);
    expect(lines.map((line) => line.slice(0, expected[lines.indexOf(line)]?.[0].length))).toEqual(
      expected.map(([where]) => where),
    );
    for (const [index, [, says]] of expected.entries()) expect(lines[index]).toContain(says);
  });
});

test.each(['messaging: { adapter: nats }', 'messaging: { durability: memory }'])(
  'with %s a retention that is none, or only repeats the default, is no mistake',
  (messaging) => {
    const events = 'events: { max_age: 168h, max_bytes: 4GiB }, simulations: { max_age: 1d }';
    for (const retention of ['none', '{ events: {} }', `{ ${events} }`]) {
      expect(() => parseConfig(`${messaging}\nretention: ${retention}`, 'my.yaml')).not.toThrow();
    }
  },
);

test('all mistakes of a file are told at once, in the order of the file', () => {
  const text = [
    'grcp: {}',
    'limits:',
    '  max_labels: many',
    '  max_event_bytes: 4MiB',
    'http: { listen: "0.0.0.0:1" }',
    'worker_types: [{ name: a }]',
    'routing: { rules: [{ key: "" }] }',
  ].join('\n');
  expect(refusal(text).problems.map(({ line, column, path }) => `${line}:${column} ${path}`)).toEqual([
    '1:1 grcp',
    '3:15 limits.max_labels',
    '4:20 limits.max_event_bytes',
    '5:17 http.listen',
    '6:16 worker_types[0].plugin',
    '7:20 routing.rules[0]',
    '7:27 routing.rules[0].key',
  ]);
});

test('what was refused once is not refused again for being absent', () => {
  expect(problemLines('worker_types: [{ name: *x, plugin: b }]')).toHaveLength(1);
});

test('a password is not repeated in the message', () => {
  expect(refusal('messaging: { nats: { urls: ["nats://u:hunter2@a:1"] } }').message).not.toContain('hunter2');
});

test('of very many mistakes the first hundred are told, and how many there are', () => {
  const error = refusal(Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join('\n'));
  expect(error).toBeInstanceOf(ConfigInvalidError);
  expect(error.code).toBe('CONFIG_INVALID');
  const lines = error.message.split('\n');
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toBe('and 4900 more');
});
