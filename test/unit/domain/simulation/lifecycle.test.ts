import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterWorkerEnd, mayFollow, moveTo, type WorkerEnd } from '../../../../src/domain/simulation/lifecycle.ts';
import {
  isFinal,
  SIMULATION_STATES,
  type SimulationState,
} from '../../../../src/domain/simulation/simulation-state.ts';
import { aSimulation } from './a-simulation.ts';

/** Contract section 6, read sentence by sentence. `stop` is of section 5: PENDING, RESTARTING and LOST end at once. */
const SENTENCES: readonly (readonly [from: SimulationState, to: SimulationState, because: string])[] = [
  ['PENDING', 'STARTING', 'process launched'],
  ['PENDING', 'FAILED', 'the launch fails'],
  ['PENDING', 'STOPPED', 'stop: PENDING ends at once'],
  ['STARTING', 'RUNNING', 'registered'],
  ['STARTING', 'PAUSED', 'registered, with start_paused'],
  ['STARTING', 'STOPPING', 'stop: any but the final ones'],
  ['STARTING', 'RESTARTING', 'restart policy'],
  ['STARTING', 'FAILED', 'exit before registering, not registered in time'],
  ['RUNNING', 'PAUSED', 'pause'],
  ['RUNNING', 'STOPPING', 'stop'],
  ['RUNNING', 'RESTARTING', 'restart policy, or reset by restart'],
  ['RUNNING', 'COMPLETED', 'exit 0'],
  ['RUNNING', 'FAILED', 'crashed'],
  ['PAUSED', 'RUNNING', 'resume'],
  ['PAUSED', 'STOPPING', 'stop'],
  ['PAUSED', 'RESTARTING', 'restart policy, or reset by restart'],
  ['PAUSED', 'COMPLETED', 'exit 0'],
  ['PAUSED', 'FAILED', 'crashed'],
  ['STOPPING', 'STOPPED', 'any exit in STOPPING'],
  ['RESTARTING', 'STARTING', 'launched again'],
  ['RESTARTING', 'FAILED', 'the launch fails, or out of restarts'],
  ['RESTARTING', 'STOPPED', 'stop: RESTARTING ends at once'],
];

function allowed(from: SimulationState, to: SimulationState): boolean {
  if (isFinal(from)) return false;
  if (from === 'LOST') return to !== 'LOST';
  if (to === 'LOST') return true;
  return SENTENCES.some(([source, target]) => source === from && target === to);
}

const pairs = SIMULATION_STATES.flatMap((from) => SIMULATION_STATES.map((to) => [from, to] as const));

describe('the lifecycle', () => {
  test.each(pairs)('from %s to %s is as the contract says', (from, to) => {
    expect(mayFollow(from, to)).toBe(allowed(from, to));
    const move = () => moveTo(aSimulation({ state: from }), to, { reason: 'SHUTDOWN' });
    if (allowed(from, to)) expect(move()).toEqual(aSimulation({ state: to, reason: 'SHUTDOWN' }));
    else expect(move).toThrow(`cannot go from ${from} to ${to}`);
  });

  test('refuses with ILLEGAL_TRANSITION that names both states', () => {
    try {
      moveTo(aSimulation({ state: 'COMPLETED' }), 'RUNNING');
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toMatchObject({
        code: 'ILLEGAL_TRANSITION',
        metadata: { simulation_id: 'sim-1', state: 'COMPLETED', to: 'RUNNING' },
      });
    }
  });

  test('has three final states, and every other can end', () => {
    expect(SIMULATION_STATES.filter(isFinal)).toEqual(['COMPLETED', 'FAILED', 'STOPPED']);
    for (const state of SIMULATION_STATES) expect(canEnd(state)).toBe(true);
  });
});

function canEnd(from: SimulationState): boolean {
  const seen = new Set([from]);
  for (const state of seen) for (const next of SIMULATION_STATES) if (mayFollow(state, next)) seen.add(next);
  return [...seen].some(isFinal);
}

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
const ends = EXITS.flatMap((exit) => VERDICTS.map((verdict) => ({ ...exit, ...verdict })));

describe('when its worker has ended, a simulation', () => {
  test.each(SIMULATION_STATES)('in %s goes where the contract says, whatever the exit', (state) => {
    for (const facts of ends) {
      const end = { ...facts, atMs: 42_000, description: 'exited; last lines: boom' };
      const before = aSimulation({ state });
      const after = afterWorkerEnd(before, end);
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
    expect(afterWorkerEnd(stopping, { exitCode: 0, atMs: 1, description: '' })).toMatchObject({
      state: 'STOPPED',
      reason: 'SHUTDOWN',
    });
  });

  test('is final, or was never meant to have one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SIMULATION_STATES), fc.constantFrom(...ends), (state, facts) => {
        const after = afterWorkerEnd(aSimulation({ state }), { ...facts, atMs: 1, description: '' });
        expect(isFinal(after.state) || state === 'PENDING' || state === 'RESTARTING').toBe(true);
      }),
    );
  });
});
