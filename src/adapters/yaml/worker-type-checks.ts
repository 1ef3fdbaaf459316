import { type Report, validValue } from './checked-values.ts';
import { type ConfigNode, childOf, nodeAt } from './config-node.ts';
import { quoted } from './config-path.ts';
import { checkRestarts } from './restart-checks.ts';

/** Each worker type against the others, against the bus, and its times against each other. */
export function checkWorkerTypes(root: ConfigNode, report: Report): void {
  checkNames(root, report);
  checkTransports(root, report);
  checkSupervision(root, report);
}

/** By their place; undefined where there is no valid one. */
export function workerTypeNames(root: ConfigNode): (string | undefined)[] {
  const types = nodeAt(root, ['worker_types']);
  if (types?.kind !== 'list') return [];
  return types.items.map((item) => {
    const name = childOf(item, 'name');
    return name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined;
  });
}

function checkNames(root: ConfigNode, report: Report): void {
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
    checkRestarts(root, at(), report);
    const isForgotten = validValue(root, ['messaging', 'durability']) === 'memory';
    if (isForgotten && validValue(root, at('orphans')) === 'adopt') {
      report(
        at('orphans'),
        'is adopt while messaging.durability is memory, where the next daemon knows of no simulation; expected end, or messaging.durability acknowledged',
      );
    }
  }
}
