import type { z } from 'zod';
import { type ConfigNode, childOf, emptyMap, locate, nodeAt, toPlain } from './config-node.ts';
import { type ConfigPath, formatPath, quoted } from './config-path.ts';
import type { ProblemList } from './config-problem.ts';
import { configSchema } from './config-schema.ts';
import { collide, isLoopback, type ListenAddress, parseListenAddress } from './listen-address.ts';
import { kindOf } from './schema-walk.ts';
import { suggestion } from './suggestion.ts';

/**
 * Checks that look at more than one key. Each looks at its own keys alone, so that a mistake elsewhere does not hide
 * what it has to say.
 */
export function checkTogether(root: ConfigNode, problems: ProblemList): void {
  const report = (path: ConfigPath, message: string) => problems.add(locate(root, path), path, message);
  checkListeners(root, report);
  checkLimits(root, report);
  checkShutdown(root, report);
  checkRetention(root, report);
  checkRetainedEvents(root, report);
  checkStream(root, report);
  checkManaged(root, report);
  checkDurability(root, report);
  checkRegistry(root, report);
  checkWorkerTypes(root, report);
  checkTransports(root, report);
  checkSupervision(root, report);
  checkRules(root, report);
}

type Report = (path: ConfigPath, message: string) => void;

/** The value of a key, read and with its default; undefined when it is invalid, which has been reported already. */
function validValue<Value>(root: ConfigNode, path: ConfigPath): Value | undefined {
  let schema: z.core.$ZodType = configSchema;
  for (const part of path) {
    const expected = kindOf(schema);
    if (expected.kind === 'section') schema = expected.keys[part] as z.core.$ZodType;
    else if (expected.kind === 'list') schema = expected.item;
  }
  const node = nodeAt(root, path);
  const result = (schema as z.ZodType).safeParse(node === undefined ? undefined : toPlain(node));
  return result.success ? (result.data as Value) : undefined;
}

const LISTENERS = [['grpc', 'worker'], ['grpc', 'client'], ['http']] as const;

function checkListeners(root: ConfigNode, report: Report): void {
  const seen: { path: ConfigPath; address: ListenAddress }[] = [];
  for (const listener of LISTENERS) {
    const path = [...listener, 'listen'];
    const listen = validValue<string>(root, path);
    const address = listen === undefined ? undefined : parseListenAddress(listen);
    if (listen === undefined || address === undefined) continue;
    const insecure = validValue<boolean>(root, [...listener, 'insecure']);
    if (insecure === false && !isLoopback(address.host)) {
      const key = formatPath([...listener, 'insecure']);
      report(
        path,
        `${quoted(listen)} can be reached by other machines, in plain text; expected a loopback address such as 127.0.0.1:${address.port}, or, in a network you trust, \`${key}: true\` beside it`,
      );
    }
    const other = seen.find((before) => collide(before.address, address));
    if (other !== undefined)
      report(path, `${quoted(listen)} is taken by ${formatPath(other.path)}; expected another port`);
    seen.push({ path, address });
    if (listener[1] === 'worker' && validValue(root, ['auth', 'workers']) === 'off' && !isLoopback(address.host)) {
      report(
        ['auth', 'workers'],
        `is off while grpc.worker.listen is ${quoted(listen)}, where any machine could pose as a worker; expected token, or a loopback address`,
      );
    }
  }
}

function checkLimits(root: ConfigNode, report: Report): void {
  const event = validValue<number>(root, ['limits', 'max_event_bytes']);
  const batch = validValue<number>(root, ['limits', 'max_batch_bytes']);
  if (event !== undefined && batch !== undefined && event > batch) {
    report(
      ['limits', 'max_event_bytes'],
      `is ${event} bytes, so that one event could be larger than a batch; expected at most limits.max_batch_bytes, which is ${batch}`,
    );
  }
}

function checkShutdown(root: ConfigNode, report: Report): void {
  const drain = validValue<number>(root, ['shutdown', 'drain']);
  const timeout = validValue<number>(root, ['shutdown', 'timeout']);
  if (drain === undefined || timeout === undefined || drain < timeout) return;
  report(
    ['shutdown', 'drain'],
    `is ${drain} ms, so that no time is left to stop the rest; expected less than shutdown.timeout, which is ${timeout} ms and has drain in it`,
  );
}

/** A log that is hardly larger than an event would forget everything at once, or refuse it. */
const LEAST_EVENTS = 4;

function checkRetention(root: ConfigNode, report: Report): void {
  const path = ['retention', 'events', 'max_bytes'];
  const event = validValue<number>(root, ['limits', 'max_event_bytes']);
  const bytes = validValue<number>(root, path);
  if (event === undefined || bytes === undefined || bytes === 0 || bytes >= LEAST_EVENTS * event) return;
  report(
    path,
    `is ${bytes} bytes, too few for a log; expected 0 (without a bound), or at least ${LEAST_EVENTS} times limits.max_event_bytes, which is ${LEAST_EVENTS * event}`,
  );
}

/** Bounds of a log in data_dir where there is none. `retention: none`, and bounds that only repeat the default, ask for nothing in particular. */
function checkRetainedEvents(root: ConfigNode, report: Report): void {
  const isNats = validValue(root, ['messaging', 'adapter']) === 'nats';
  if (!isNats && validValue(root, ['messaging', 'durability']) !== 'memory') return;
  for (const key of ['max_age', 'max_bytes']) {
    const path = ['retention', 'events', key];
    const value = validValue(root, path);
    if (value === undefined || value === validValue(emptyMap(root.at), path)) continue;
    report(
      path,
      isNats
        ? `has no effect on the events that the NATS server keeps; leave it out, and say messaging.nats.stream.${key}`
        : 'has no effect with messaging.durability memory, which keeps the latest 64 MiB or 250,000 events; leave it out, or say messaging.durability acknowledged',
    );
  }
}

function checkStream(root: ConfigNode, report: Report): void {
  const at = (key: string) => ['messaging', 'nats', 'stream', key];
  const window = validValue<number>(root, at('duplicate_window'));
  const age = validValue<number>(root, at('max_age'));
  const timeout = validValue<number>(root, at('ack_timeout'));
  if (window === undefined) return;
  if (age !== undefined && age > 0 && window > age) {
    report(at('duplicate_window'), `is longer than max_age (${age} ms), which NATS refuses; expected at most max_age`);
  }
  if (timeout !== undefined && timeout >= window) {
    report(
      at('ack_timeout'),
      `is not shorter than duplicate_window (${window} ms), so that an event sent again would be stored twice; expected less`,
    );
  }
}

function checkManaged(root: ConfigNode, report: Report): void {
  const path = ['messaging', 'nats', 'managed'];
  if (validValue(root, path) !== true) return;
  if (validValue(root, ['messaging', 'adapter']) === 'memory') {
    report(path, 'is true while messaging.adapter is memory, which needs no server; expected messaging.adapter nats');
  }
  const urls = validValue<readonly string[]>(root, ['messaging', 'nats', 'urls']) ?? [];
  const [address] = urls.map((url) => parseListenAddress(url.replace(/^nats:\/\//, '')));
  if (urls.length !== 1 || address === undefined || !isLoopback(address.host)) {
    const key = ['messaging', 'nats', 'urls'];
    report(
      key,
      'is where the managed server is to listen; expected one loopback address with its port, such as [nats://127.0.0.1:4222]',
    );
  }
}

/** What is known without asking the server; the rest is found out at start. */
function checkDurability(root: ConfigNode, report: Report): void {
  const path = ['messaging', 'durability'];
  const demanded = validValue(root, path);
  if (validValue(root, ['messaging', 'adapter']) !== 'nats' || demanded === 'memory') return;
  const nats = (key: string) => validValue(root, ['messaging', 'nats', key]);
  if (validValue(root, ['messaging', 'nats', 'stream', 'storage']) === 'memory') {
    report(
      path,
      `is ${String(demanded)} while messaging.nats.stream.storage is memory; expected memory, or storage: file`,
    );
  } else if (demanded === 'fsynced' && nats('managed') !== true && nats('monitor') === undefined) {
    report(
      path,
      'is fsynced, which only the server can tell; expected messaging.nats.monitor beside it, or managed: true',
    );
  }
}

function workerTypeNames(root: ConfigNode): (string | undefined)[] {
  const types = nodeAt(root, ['worker_types']);
  if (types?.kind !== 'list') return [];
  return types.items.map((item) => {
    const name = childOf(item, 'name');
    return name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined;
  });
}

function checkWorkerTypes(root: ConfigNode, report: Report): void {
  const first = new Map<string, number>();
  for (const [index, name] of workerTypeNames(root).entries()) {
    if (name === undefined) continue;
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    else
      report(
        ['worker_types', index, 'name'],
        `${quoted(name)} is the name of worker_types[${before}] too; expected another`,
      );
  }
}

function checkTransports(root: ConfigNode, report: Report): void {
  if (validValue(root, ['messaging', 'adapter']) !== 'memory') return;
  for (const index of workerTypeNames(root).keys()) {
    const path = ['worker_types', index, 'command_transport'];
    const transport = nodeAt(root, path);
    if (transport?.kind !== 'scalar' || transport.value !== 'nats') continue;
    report(path, 'is nats while messaging.adapter is memory; expected auto or grpc, or messaging.adapter nats');
  }
}

/** Heartbeats tell the ticks: what is shorter than two of them would take a worker for stalled that only has not spoken yet. */
const HEARTBEATS_PER_STALL = 2;

function checkSupervision(root: ConfigNode, report: Report): void {
  const heartbeat = validValue<number>(root, ['limits', 'heartbeat_interval']);
  for (const index of workerTypeNames(root).keys()) {
    const at = (...keys: string[]) => ['worker_types', index, ...keys];
    const stall = validValue<number>(root, at('limits', 'stall_timeout'));
    if (stall !== undefined && heartbeat !== undefined && stall > 0 && stall < HEARTBEATS_PER_STALL * heartbeat) {
      report(
        at('limits', 'stall_timeout'),
        `is ${stall} ms, while a worker tells its tick every ${heartbeat} ms (limits.heartbeat_interval); expected 0s, or at least ${HEARTBEATS_PER_STALL * heartbeat} ms`,
      );
    }
    const initial = validValue<number>(root, at('restart', 'backoff', 'initial'));
    const max = validValue<number>(root, at('restart', 'backoff', 'max'));
    if (initial !== undefined && max !== undefined && initial > max) {
      report(at('restart', 'backoff', 'initial'), `is longer than max, which is ${max} ms; expected at most max`);
    }
  }
}

function checkRegistry(root: ConfigNode, report: Report): void {
  if (validValue<string>(root, ['registry', 'store']) !== 'jetstream') return;
  const path = ['registry', 'store'];
  if (validValue<string>(root, ['messaging', 'adapter']) === 'memory')
    report(path, 'is jetstream, which needs messaging.adapter nats; expected local or auto');
  else if (validValue<string>(root, ['messaging', 'durability']) === 'memory')
    report(path, 'is jetstream, and messaging.durability memory keeps nothing; expected auto, or another durability');
}

function checkRules(root: ConfigNode, report: Report): void {
  const names = workerTypeNames(root).filter((name) => name !== undefined);
  const rules = nodeAt(root, ['routing', 'rules']);
  if (rules?.kind !== 'list') return;
  for (const [index, rule] of rules.items.entries()) {
    if (rule.kind !== 'map') continue;
    const path = ['routing', 'rules', index];
    if (!rule.entries.has('subject') && !rule.entries.has('log')) {
      report(path, 'changes nothing; expected subject, log or both');
    }
    const type = childOf(rule, 'worker_type');
    if (type?.kind !== 'scalar' || typeof type.value !== 'string' || names.includes(type.value)) continue;
    const listed =
      names.length === 0 ? 'one that worker_types lists, which is none' : `one of ${names.slice(0, 20).join(', ')}`;
    const hint = suggestion(type.value, names) || `; expected ${listed}`;
    report([...path, 'worker_type'], `${quoted(type.value)} is no worker type${hint}`);
  }
}
