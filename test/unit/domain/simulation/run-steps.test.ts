import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterWorkerEnd, type WorkerEnd } from '../../../../src/domain/simulation/run-steps.ts';
import {
  isFinal,
  SIMULATION_STATES,
  type SimulationState,
} from '../../../../src/domain/simulation/simulation-state.ts';
import { aSimulation } from './a-simulation.ts';

/** What the end of a worker means, from contract section 6. `undefined`: the simulation stays as it is. */
function outcome(state: SimulationState, end: WorkerEnd): readonly [SimulationState, string] | undefined {
  switch (state) {
    case 'COMPLETED':
    case 'FAILED':
    case 'STOPPED':
      return undefined;
    // No worker is to run: the one that ended is the one before.
    case 'PENDING':
    case 'RESTARTING':
      return undefined;
    case 'STOPPING':
      return ['STOPPED', 'STOPPED_BY_REQUEST'];
    case 'STARTING':
      return ['FAILED', end.verdict ?? 'EXITED_BEFORE_REGISTERING'];
    case 'RUNNING':
    case 'PAUSED':
    case 'LOST':
      if (end.verdict !== undefined) return ['FAILED', end.verdict];
      return end.exitCode === 0 ? ['COMPLETED', 'COMPLETED'] : ['FAILED', 'WORKER_CRASHED'];
  }
}

const EXITS = [
  { exitCode: 0 },
  { exitCode: 1 },
  { exitCode: 3 },
  { exitCode: 78 },
  { exitCode: 125 },
  { exitCode: 255 },
  { exitSignal: 'SIGKILL' },
  { exitSignal: 'SIGTERM' },
  { exitSignal: 'SIGSEGV' },
  {},
] as const;
const VERDICTS = [{}, { verdict: 'REGISTER_TIMEOUT' }, { verdict: 'HEARTBEAT_LOST' }] as const;
const noRestart = () => ({ kind: 'none' }) as const;
const ends = EXITS.flatMap((exit) => VERDICTS.map((verdict) => ({ ...exit, ...verdict })));

describe('when its worker has ended, a simulation', () => {
  test.each(SIMULATION_STATES)('in %s goes where the contract says, whatever the exit', (state) => {
    for (const facts of ends) {
      const end = { ...facts, atMs: 42_000, description: 'exited; last lines: boom' };
      const before = aSimulation({ state });
      const after = afterWorkerEnd(before, end, noRestart);
      const expected = outcome(state, end);
      if (expected === undefined) {
        expect(after, JSON.stringify(facts)).toBe(before);
        continue;
      }
      const [next, reason] = expected;
      const { exitCode, exitSignal } = end as WorkerEnd;
      expect(after, JSON.stringify(facts)).toEqual({
        ...before,
        state: next,
        reason,
        endedAtMs: 42_000,
        message: 'exited; last lines: boom',
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(exitSignal === undefined ? {} : { exitSignal }),
      });
    }
  });

  test('that was being stopped keeps the reason why', () => {
    const stopping = aSimulation({ state: 'STOPPING', reason: 'SHUTDOWN' });
    expect(afterWorkerEnd(stopping, { exitCode: 0, atMs: 1, description: '' }, noRestart)).toMatchObject({
      state: 'STOPPED',
      reason: 'SHUTDOWN',
    });
  });

  test('is final, or was never meant to have one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SIMULATION_STATES), fc.constantFrom(...ends), (state, facts) => {
        const after = afterWorkerEnd(aSimulation({ state }), { ...facts, atMs: 1, description: '' }, noRestart);
        expect(isFinal(after.state) || state === 'PENDING' || state === 'RESTARTING').toBe(true);
      }),
    );
  });
});
