import { ConfigInvalidError } from '../../../src/adapters/yaml/config-problem.ts';
import { parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import { toCliError } from '../../../src/cli/cli-error.ts';
import type { BadInput } from './bad-input.ts';
import type { Told } from './told.ts';

function configuration(what: string, named: string, text: string): BadInput {
  return {
    what: `a configuration with ${what}`,
    told: { status: 'exit 78', reason: 'CONFIG_INVALID', named },
    act: async () => toldOf(text),
  };
}

function toldOf(text: string): Told {
  try {
    parseConfig(text, 'bad.yaml', { environment: { HOME: '/tmp' } });
  } catch (thrown) {
    if (!(thrown instanceof ConfigInvalidError)) throw thrown;
    const [problem] = thrown.problems;
    return {
      status: `exit ${toCliError(thrown).exitCode}`,
      reason: thrown.code,
      named: `${problem?.path} ${thrown.message}`,
    };
  }
  return { status: 'taken', reason: '', named: '' };
}

const type = (more: string) => `worker_types: [{ name: a, plugin: executable, ${more} }]`;

/** What `shoal serve` and `shoal config check` refuse beside a daemon that runs. */
export const badConfigurations: readonly BadInput[] = [
  configuration('a key that is misspelt', 'did you mean `messaging`', 'mesaging: {}'),
  configuration('a key of the wrong kind', 'limits.max_labels', 'limits: { max_labels: many }'),
  configuration('a port that there is not', 'grpc.client.listen', 'grpc: { client: { listen: "127.0.0.1:70000" } }'),
  configuration('plain text for everybody', 'http.listen', 'http: { listen: "0.0.0.0:9464" }'),
  configuration(
    'two types of one name',
    'worker_types[1].name',
    'worker_types: [{name: a, plugin: p}, {name: a, plugin: p}]',
  ),
  configuration('a name that is a path', 'worker_types[0].name', 'worker_types: [{ name: ../a, plugin: executable }]'),
  configuration('a duration without a unit', 'worker_types[0].stop.grace', type('stop: { grace: 5 }')),
  configuration('a signal that there is not', 'worker_types[0].stop.signal', type('stop: { signal: SIGFISH }')),
  configuration('what is not built yet', 'worker_types[0].pool.warm', type('pool: { warm: 3 }')),
  configuration(
    'a subject outside of events',
    'routing.rules[0].subject',
    'routing: { rules: [{ key: a, subject: orchestrator.x }] }',
  ),
  configuration(
    'a log among live subjects',
    'messaging.nats.stream.subject',
    'messaging: { nats: { stream: { subject: events.x } } }',
  ),
  configuration('a duplicate key', 'bad.yaml:2', 'logging: {}\nlogging: {}'),
  configuration('a tab', 'bad.yaml:2', 'limits:\n\tmax_labels: 3'),
  configuration('two documents', 'bad.yaml:2', 'logging: {}\n---\nlogging: {}'),
  configuration('__proto__', '__proto__', '{ "__proto__": { "adapter": "nats" } }'),
  configuration('a NUL', 'bad.yaml:1', 'logging: "\0"'),
  configuration('an alias bomb', 'bad.yaml', `a: &a [x, x]\nb: &b [*a, *a]\n${'c: [*b, *b]\n'.repeat(2)}`),
  configuration('a hundred thousand brackets', 'bad.yaml', '['.repeat(100_000)),
  configuration('40,000 keys', 'bad.yaml', Array.from({ length: 40_000 }, (_, at) => `k${at}: 1`).join('\n')),
  configuration('10 MB of it', 'bad.yaml', `# ${'x'.repeat(10_000_000)}`),
];
