import { z } from 'zod';
import { quoted } from './config-path.ts';
import { byteSize, choice, duration, explain, flag, text, wholeNumber } from './leaf-schemas.ts';
import { parseListenAddress } from './listen-address.ts';
import { section } from './section-schemas.ts';

const URL_RULE = 'nats://host:port';

function natsUrlProblem(url: string): string | undefined {
  const [, scheme, rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(url) ?? [];
  if (rest.includes('@')) return 'holds a user or a password, which is not built yet; leave them out';
  if (scheme === 'tls' || scheme === 'wss') return 'asks for TLS, which is not built yet; write nats://host:port';
  const address = parseListenAddress(/:\d+$/.test(rest) ? rest : `${rest}:4222`);
  if (scheme !== undefined && scheme !== 'nats') return `${quoted(url)} is no NATS address; expected ${URL_RULE}`;
  return address === undefined || address.port === 0
    ? `${quoted(url)} is no NATS address; expected ${URL_RULE}`
    : undefined;
}

function monitorProblem(address: string): string | undefined {
  const sound = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  return sound ? undefined : `${quoted(address)} is no monitoring address; expected one such as http://127.0.0.1:8222`;
}

const STREAM_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const STREAM_NAME_RULE = '1 to 64 of A-Z a-z 0-9 _ -';
const STREAM_SUBJECT_RULE =
  'tokens of A-Z a-z 0-9 _ - joined by dots, then any of {simulation_id} and {event_type_key}, such as logging.events.raw.{simulation_id}.{event_type_key}';

/** Subjects that workers and agents publish to: a stream over one of them lets a publisher write wherever it likes. */
const LIVE = new Set(['events', 'commands', 'orchestrator', 'ingest', '_INBOX']);

function streamSubjectProblem(subject: string): string | undefined {
  const tokens = subject.split('.');
  const fixed = tokens.findIndex((token) => token.startsWith('{'));
  const literal = fixed === -1 ? tokens : tokens.slice(0, fixed);
  const rest = fixed === -1 ? [] : tokens.slice(fixed);
  const sound =
    subject.length <= 256 &&
    literal.length > 0 &&
    literal.every((token) => /^[A-Za-z0-9_-]+$/.test(token)) &&
    rest.every((token) => token === '{simulation_id}' || token === '{event_type_key}') &&
    new Set(rest).size === rest.length;
  if (!sound) return `${quoted(subject)} is no subject of the log; expected ${STREAM_SUBJECT_RULE}`;
  if (!LIVE.has(literal[0] ?? '')) return undefined;
  return `${quoted(subject)} lies among live subjects, which a stream must not capture; expected another first token, such as logging`;
}

const streamSchema = section('The JetStream stream that is the durable log.', {
  name: text('Its name; an existing stream is checked and used.', STREAM_NAME_RULE, (name) =>
    STREAM_NAME.test(name) ? undefined : `${quoted(name)} is no stream name; expected ${STREAM_NAME_RULE}`,
  ).prefault('LOGGING_EVENTS'),
  subject: text('The subject of a logged event.', STREAM_SUBJECT_RULE, streamSubjectProblem).prefault(
    'logging.events.raw.{simulation_id}.{event_type_key}',
  ),
  storage: choice('Where the server keeps it: file or memory.', ['file', 'memory'], 'file'),
  replicas: wholeNumber('Copies in a cluster.', { min: 1, max: 5, fallback: 1 }),
  max_bytes: byteSize('Beyond this the oldest events go; 0: as the server likes.', {
    min: '0',
    max: '1024TiB',
    fallback: '0',
  }),
  max_age: duration('Older events go; 0s: they are kept for ever.', { min: '0ms', max: '36500d', fallback: '0s' }),
  duplicate_window: duration('How long the server remembers message ids, to drop an event that is sent again.', {
    min: '1m',
    max: '1d',
    fallback: '2m',
  }),
  max_in_flight: wholeNumber('Events sent and not yet acknowledged, before reading from the workers pauses.', {
    min: 1,
    max: 1_000_000,
    fallback: 4096,
  }),
  ack_timeout: duration('An event that was not acknowledged by then is sent again with the same message id.', {
    min: '10ms',
    max: '10m',
    fallback: '5s',
  }),
});

const natsSchema = section('For messaging.adapter nats.', {
  urls: z
    .array(text('One server.', URL_RULE, natsUrlProblem), explain('a list of servers, such as [nats://127.0.0.1:4222]'))
    .min(1, { error: () => 'is empty; expected at least one server, such as nats://127.0.0.1:4222' })
    .max(64, { error: () => 'is too long; expected at most 64 servers' })
    .prefault(['nats://127.0.0.1:4222'])
    .describe('Servers of one cluster, each nats://host:port.'),
  managed: flag(
    'Start a nats-server that is found on this machine as a child, at the one address in urls, with its store in data_dir.',
    false,
  ),
  monitor: text(
    'Monitoring address of the server; asked whether it writes through to the disk, which nothing else tells.',
    'http://host:port',
    monitorProblem,
  ).optional(),
  on_unavailable: choice(
    'When it starts and no server can be used: fail (after connect_timeout, with exit code 1) or wait (it keeps trying, and /readyz says why).',
    ['wait', 'fail'],
    'fail',
  ),
  connect_timeout: duration('How long the daemon keeps trying to connect when it starts, with on_unavailable fail.', {
    min: '10ms',
    max: '1d',
    fallback: '10s',
  }),
  ping_interval: duration(
    'Between two questions whether the server is there; when the third is due and none was answered, the connection is given up and made anew.',
    { min: '100ms', max: '10m', fallback: '2s' },
  ),
  stream: streamSchema,
});

export const messagingSchema = section('What carries events, the log and commands.', {
  adapter: choice(
    'memory (inside the daemon, nothing else needed; the log is a file in data_dir) or nats (a NATS server with JetStream).',
    ['memory', 'nats'],
    'memory',
  ),
  durability: choice(
    'What logged events and records of simulations survive: memory (nothing: they end with the daemon), acknowledged (a crash of the daemon) or fsynced (also a power failure; slower). With nats it is the least that the log must survive: the daemon finds out what the server does, and does not start with less.',
    ['memory', 'acknowledged', 'fsynced'],
    'acknowledged',
  ),
  nats: natsSchema,
});
