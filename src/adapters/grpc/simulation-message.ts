import type { SimulationState } from '../../domain/simulation/simulation-state.ts';
import { SIMULATION_STATES } from '../../domain/simulation/simulation-state.ts';
import type { SimulationView } from '../../domain/simulation/simulation-view.ts';
import type { Simulation } from './generated/fes/orchestration/v1/Simulation.ts';
import { restartMessage } from './restart-message.ts';
import { timestamp } from './well-known-types.ts';

const PREFIX = 'SIMULATION_STATE_';

export function stateName(state: SimulationState): `SIMULATION_STATE_${SimulationState}` {
  return `${PREFIX}${state}`;
}

/** Undefined for UNSPECIFIED and for numbers that this version does not know. */
export function parseState(name: unknown): SimulationState | undefined {
  return SIMULATION_STATES.find((state) => stateName(state) === name);
}

export function simulationMessage({ simulation, revision, figures }: SimulationView): Simulation {
  return {
    simulationId: simulation.id,
    workerType: simulation.workerType,
    state: stateName(simulation.state),
    workerId: simulation.workerId,
    incarnation: simulation.incarnation,
    labels: { ...simulation.labels },
    createdAt: timestamp(simulation.createdAtMs),
    startedAt: simulation.startedAtMs === undefined ? null : timestamp(simulation.startedAtMs),
    endedAt: simulation.endedAtMs === undefined ? null : timestamp(simulation.endedAtMs),
    exitCode: simulation.exitCode,
    reason: simulation.reason,
    lastTick: figures.lastTick.toString(),
    eventsReceived: figures.eventsReceived,
    eventsLogged: figures.eventsLogged,
    restarts: simulation.restarts,
    revision,
    orchestratorId: simulation.ownerId,
    seed: simulation.seed?.toString(),
    message: simulation.message,
    exitSignal: simulation.exitSignal,
    restart: simulation.restart === undefined ? null : restartMessage(simulation.restart),
    nextTryAt: simulation.restartAtMs === undefined ? null : timestamp(simulation.restartAtMs),
  };
}
