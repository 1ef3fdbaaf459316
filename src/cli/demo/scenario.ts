import type { ControlSimulationRequest } from '../../adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import { loadProtos } from '../../adapters/grpc/proto-loading.ts';
import type { Board } from './board.ts';

/** The runs of the demo: their ids, and the seeds that make them differ. */
export const RUNS = [
  { id: 'reef', seed: 1 },
  { id: 'lagoon', seed: 2 },
  { id: 'kelp', seed: 3 },
] as const;

/** One command of the demo. */
export interface Step {
  /** When, as a part of the demo's length. */
  readonly at: number;
  readonly id: string;
  /** As a user would give it. */
  readonly text: (board: Board) => string;
  /** Undefined: there is nobody to give it to. */
  readonly command: (board: Board) => ControlSimulationRequest | undefined;
}

const TURN_DEGREES = 90;

/** What happens between the start and the stop of the runs. */
export const STEPS: readonly Step[] = [
  step(0.2, 'lagoon', 'pause lagoon', { pause: {} }),
  step(0.33, 'lagoon', 'step lagoon --ticks 5', { step: { ticks: 5 } }),
  step(0.46, 'lagoon', 'resume lagoon', { resume: {} }),
  step(0.59, 'kelp', 'reset kelp --seed 42', { reset: { seed: 42 } }),
  {
    at: 0.72,
    id: 'reef',
    text: (board) => `agent action: ${board.row('reef')?.someAgent ?? 'nobody'} of reef turns ${TURN_DEGREES}°`,
    command: (board) => turn(board.row('reef')?.someAgent),
  },
];

function step(at: number, id: string, text: string, command: ControlSimulationRequest): Step {
  return { at, id, text: () => `shoal ${text}`, command: () => command };
}

/** What an agent that learns would send: an AgentAction of contract section 1, which is opaque to the daemon. */
function turn(agentId: string | undefined): ControlSimulationRequest | undefined {
  if (agentId === undefined) return undefined;
  const { AgentAction } = loadProtos().tree.fes.simulation.agent;
  const action = AgentAction.serialize({ moveDelta: 1, turnDeltaDegrees: TURN_DEGREES });
  return {
    agentAction: { agentId, action, contentType: 'application/protobuf; message=fes.simulation.agent.AgentAction' },
  };
}
