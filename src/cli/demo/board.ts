import type { GenericEventRequestOutput } from '../../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { SimulationOutput } from '../../adapters/grpc/generated/fes/orchestration/v1/Simulation.ts';
import type { SimulationState } from '../../domain/simulation/simulation-state.ts';
import { parseState } from '../simulation-text.ts';

/** One simulation as the demo shows it. */
export interface BoardRow {
  readonly id: string;
  state: SimulationState;
  tick: number;
  events: number;
  eventsPerSecond: number;
  /** Events per second, the latest last; one value for each {@link SAMPLE_MS}. */
  readonly history: number[];
  /** How many agents told of the last tick; undefined while none has. */
  agents: number | undefined;
  /** One of them. */
  someAgent: string | undefined;
}

/** One command that the demo gave. */
export interface BoardCommand {
  readonly atMs: number;
  readonly text: string;
  /** Undefined while it is under way. */
  outcome: string | undefined;
  failed: boolean;
}

const SAMPLE_MS = 500;
const HISTORY = 24;

/** What the demo knows: states from the registry, ticks and agents from the attributes of the events themselves. */
export class Board {
  readonly rows: readonly BoardRow[];
  readonly commands: BoardCommand[] = [];
  phase: 'starting' | 'running' | 'stopping' = 'starting';
  readonly #agentsOfTick = new Map<string, { tick: number; agents: Set<string> }>();
  readonly #sampled = new Map<string, { atMs: number; events: number }>();

  /** @param ids of the runs, in the order in which they are shown */
  constructor(ids: readonly string[]) {
    this.rows = ids.map(newRow);
  }

  row(id: string): BoardRow | undefined {
    return this.rows.find((row) => row.id === id);
  }

  get events(): number {
    return this.rows.reduce((sum, { events }) => sum + events, 0);
  }

  /** The record of a simulation, as the daemon tells it at `nowMs`. */
  record(simulation: SimulationOutput, nowMs: number): void {
    const row = this.row(simulation.simulationId);
    if (row === undefined) return;
    row.state = parseState(simulation.state) ?? row.state;
    row.events = Number(simulation.eventsReceived);
    this.#sample(row, nowMs);
  }

  /** An event of a simulation, for its attributes. */
  event({ simulationId, attributes }: GenericEventRequestOutput): void {
    const row = this.row(simulationId);
    const { tick: text, agent_id: agent } = attributes;
    if (row === undefined || text === undefined) return;
    const tick = Number(text);
    const seen = this.#agentsOfTick.get(simulationId);
    if (seen === undefined || seen.tick !== tick) {
      if (seen !== undefined && seen.agents.size > 0) row.agents = seen.agents.size;
      this.#agentsOfTick.set(simulationId, { tick, agents: new Set(agent === undefined ? [] : [agent]) });
    } else if (agent !== undefined) seen.agents.add(agent);
    row.tick = tick;
    row.someAgent = agent ?? row.someAgent;
  }

  #sample(row: BoardRow, nowMs: number): void {
    const last = this.#sampled.get(row.id);
    if (last !== undefined && nowMs - last.atMs < SAMPLE_MS) return;
    this.#sampled.set(row.id, { atMs: nowMs, events: row.events });
    if (last === undefined) return;
    row.eventsPerSecond = Math.round(((row.events - last.events) * 1000) / (nowMs - last.atMs));
    row.history.push(row.eventsPerSecond);
    if (row.history.length > HISTORY) row.history.shift();
  }
}

function newRow(id: string): BoardRow {
  return {
    id,
    state: 'PENDING',
    tick: 0,
    events: 0,
    eventsPerSecond: 0,
    history: [],
    agents: undefined,
    someAgent: undefined,
  };
}
