/** Where a worker says it is: the states of the contract that a worker can be in or be asked to be in. */
export type WorkerState = 'RUNNING' | 'PAUSED' | 'STOPPING' | 'COMPLETED' | 'STOPPED' | 'FAILED';

/** `undefined` for states that are Shoal's own, such as STARTING. */
export function workerState(protoName: string): WorkerState | undefined {
  const name = protoName.replace(/^SIMULATION_STATE_/, '');
  return states.find((state) => state === name);
}

export function protoState(state: WorkerState): `SIMULATION_STATE_${WorkerState}` {
  return `SIMULATION_STATE_${state}`;
}

const states: readonly WorkerState[] = ['RUNNING', 'PAUSED', 'STOPPING', 'COMPLETED', 'STOPPED', 'FAILED'];
