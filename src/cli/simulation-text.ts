import type { SimulationOutput } from '../adapters/grpc/generated/fes/orchestration/v1/Simulation.ts';
import type { TimestampOutput } from '../adapters/grpc/generated/google/protobuf/Timestamp.ts';
import { SIMULATION_STATES, type SimulationState } from '../domain/simulation/simulation-state.ts';
import { restartText } from './restart-override.ts';
import { type Style, stateStyle } from './style.ts';
import { type Column, formatFacts } from './table.ts';

const PREFIX = 'SIMULATION_STATE_';

/** Undefined for a state that this version does not know. */
export function parseState(name: string): SimulationState | undefined {
  return SIMULATION_STATES.find((state) => `${PREFIX}${state}` === name);
}

export function stateLabel(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}

export function simulationColumns(style: Style, nowMs: number): Column<SimulationOutput>[] {
  return [
    { title: 'ID', of: ({ simulationId }) => simulationId },
    { title: 'TYPE', of: ({ workerType }) => workerType },
    {
      title: 'STATE',
      of: ({ state }) => stateLabel(state),
      style: (text, { state }) => stateStyle(style, parseState(state))(text),
    },
    { title: 'TICK', of: ({ lastTick }) => lastTick, align: 'right' },
    { title: 'EVENTS', of: ({ eventsReceived }) => eventsReceived, align: 'right' },
    { title: 'RESTARTS', of: ({ restarts }) => String(restarts), align: 'right' },
    { title: 'AGE', of: ({ createdAt }) => age(createdAt, nowMs), align: 'right' },
    { title: 'LABELS', of: ({ labels }) => labelText(labels) },
    { title: 'REASON', of: reasonText },
  ];
}

/** One that goes on has no reason; when there is something to say of it, such as that its tick stands, this says it. */
function reasonText({ reason, message }: SimulationOutput): string {
  return reason === '' ? (message.split(';', 1)[0] ?? '') : reason;
}

/** Everything that is known of one simulation; what is not known has no line. */
export function simulationFacts(style: Style, simulation: SimulationOutput): string {
  const facts: [string, string][] = [
    ['id', simulation.simulationId],
    ['type', simulation.workerType],
    ['state', stateLabel(simulation.state)],
    ['reason', simulation.reason],
    ['message', simulation.message],
    ['tick', simulation.lastTick],
    ['events', `${simulation.eventsReceived} received, ${simulation.eventsLogged} logged`],
    ['seed', simulation.seed ?? ''],
    ['labels', labelText(simulation.labels)],
    ['worker', simulation.workerId],
    ['incarnation', String(simulation.incarnation)],
    ['restarts', simulation.restarts === 0 ? '' : String(simulation.restarts)],
    ['restart', restartText(simulation.restart)],
    ['next try', timeText(simulation.nextTryAt)],
    ['exit code', simulation.exitCode === undefined ? '' : String(simulation.exitCode)],
    ['exit signal', simulation.exitSignal],
    ['created', timeText(simulation.createdAt)],
    ['started', timeText(simulation.startedAt)],
    ['ended', timeText(simulation.endedAt)],
    ['revision', simulation.revision],
    ['orchestrator', simulation.orchestratorId],
  ];
  return formatFacts(
    style,
    facts.filter(([, value]) => value !== ''),
  );
}

/** ISO 8601 in UTC; empty for a time that is absent. */
export function timeText(time: TimestampOutput | null): string {
  return time === null ? '' : new Date(milliseconds(time)).toISOString();
}

function milliseconds({ seconds, nanos }: TimestampOutput): number {
  return Number(seconds) * 1000 + Math.floor(nanos / 1_000_000);
}

/** How long ago, in the largest unit that says something: `42s`, `7m`, `3h`, `12d`. */
function age(time: TimestampOutput | null, nowMs: number): string {
  if (time === null) return '';
  const seconds = Math.max(0, Math.floor((nowMs - milliseconds(time)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}
