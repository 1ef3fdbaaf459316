import { describe, expect, test } from 'vitest';
import { mayFollow, moveTo } from '../../../../src/domain/simulation/lifecycle.ts';
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
