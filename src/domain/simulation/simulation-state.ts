/** The lifecycle states of contract section 6; the numbers are those of the proto enum. */
export const SIMULATION_STATES = [
  'PENDING',
  'STARTING',
  'RUNNING',
  'PAUSED',
  'STOPPING',
  'COMPLETED',
  'FAILED',
  'STOPPED',
  'RESTARTING',
  'LOST',
] as const;

export type SimulationState = (typeof SIMULATION_STATES)[number];

export function isFinal(state: SimulationState): boolean {
  return state === 'COMPLETED' || state === 'FAILED' || state === 'STOPPED';
}
