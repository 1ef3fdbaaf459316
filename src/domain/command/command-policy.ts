import { ShoalError } from '../shoal-error.ts';
import { isFinal, SIMULATION_STATES, type SimulationState } from '../simulation/simulation-state.ts';
import type { WorkerType } from '../worker-type.ts';
import type { CommandName } from './command.ts';

const RUNNING_OR_PAUSED: readonly SimulationState[] = ['RUNNING', 'PAUSED'];

/** The table of contract section 5: the states in which each command is allowed. */
const ALLOWED_IN: Readonly<Record<CommandName, readonly SimulationState[]>> = {
  pause: ['RUNNING'],
  resume: ['PAUSED'],
  step: ['PAUSED'],
  reset: RUNNING_OR_PAUSED,
  snapshot: RUNNING_OR_PAUSED,
  agent_action: RUNNING_OR_PAUSED,
  inject_agent: RUNNING_OR_PAUSED,
  custom: RUNNING_OR_PAUSED,
  set_speed: RUNNING_OR_PAUSED,
  stop: SIMULATION_STATES.filter((state) => !isFinal(state)),
};

/** @throws ShoalError ILLEGAL_TRANSITION that names the state and the states in which the command is allowed */
export function demandAllowed(command: CommandName, state: SimulationState): void {
  const allowed = ALLOWED_IN[command];
  if (allowed.includes(state)) return;
  const why = isFinal(state) ? 'the run is over, start another' : `it is allowed in ${allowed.join(', ')}`;
  throw new ShoalError('ILLEGAL_TRANSITION', `${command} is not possible in ${state}: ${why}`, {
    metadata: { command, state, allowed_in: allowed.join(',') },
  });
}

/**
 * What the worker type and the worker itself both understand. Stop is always possible, and reset unless the worker knows
 * nothing of Shoal: without them Shoal signals or restarts the process.
 *
 * @throws ShoalError CAPABILITY_UNSUPPORTED
 */
export function demandSupported(command: CommandName, supported: ReadonlySet<CommandName>, type: WorkerType): void {
  if (command === 'stop' || (command === 'reset' && type.registers) || supported.has(command)) return;
  const known = [...supported].sort().join(', ') || 'none';
  const workerType = type.config.name;
  throw new ShoalError(
    'CAPABILITY_UNSUPPORTED',
    `worker type ${workerType} does not support ${command}; it supports ${known}`,
    { metadata: { command, worker_type: workerType } },
  );
}

/** The state that a command leads to once the worker has done it; undefined where it changes none. */
export function stateAfter(command: CommandName): SimulationState | undefined {
  if (command === 'pause') return 'PAUSED';
  if (command === 'resume') return 'RUNNING';
  return undefined;
}
