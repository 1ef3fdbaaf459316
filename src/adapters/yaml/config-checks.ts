import { type Report, validValue } from './checked-values.ts';
import { type ConfigNode, childOf, emptyMap, locate, nodeAt } from './config-node.ts';
import { type ConfigPath, quoted } from './config-path.ts';
import type { ProblemList } from './config-problem.ts';
import { checkListeners } from './listener-checks.ts';
import { checkMessaging } from './messaging-checks.ts';
import { suggestion } from './suggestion.ts';
import { checkWorkerTypes, workerTypeNames } from './worker-type-checks.ts';

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
  checkMessaging(root, report);
  checkWorkerTypes(root, report);
  checkRules(root, report);
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
