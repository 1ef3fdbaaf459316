import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { demandCapacity } from '../../../../src/domain/simulation/admission.ts';
import { isFinal, SIMULATION_STATES } from '../../../../src/domain/simulation/simulation-state.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { aSimulation } from './a-simulation.ts';

function refusal(
  present: ReturnType<typeof aSimulation>[],
  maxWorkers: number,
  maxSimulations: number,
  maxStarting = 100,
): unknown {
  const type = fakeWorkerType('fish', { config: { limits: { maxWorkers, registerTimeoutMs: 1, stallTimeoutMs: 0 } } });
  try {
    demandCapacity(present, type, { maxSimulations, maxStarting });
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}

describe('admission', () => {
  test('lets the last place be taken, and names the limit that is reached', () => {
    const fish = aSimulation({ state: 'RUNNING' });
    const whale = aSimulation({ state: 'RUNNING', workerType: 'whale' });
    expect(refusal([fish, whale], 2, 3)).toBeUndefined();
    expect(refusal([fish, fish, whale], 2, 4)).toMatchObject({
      code: 'CAPACITY_EXHAUSTED',
      metadata: { limit: 'worker_types[fish].limits.max_workers', value: '2' },
    });
    expect(refusal([fish, whale, whale], 2, 3)).toMatchObject({
      code: 'CAPACITY_EXHAUSTED',
      metadata: { limit: 'limits.max_simulations', value: '3' },
    });
  });

  test('lets no more of them start at once than are allowed', () => {
    const states = ['PENDING', 'STARTING', 'RESTARTING', 'RUNNING', 'PENDING'] as const;
    const present = states.map((state) => aSimulation({ state }));
    expect(refusal(present.slice(0, 4), 100, 100, 3)).toBeUndefined();
    expect(refusal(present, 100, 100, 3)).toMatchObject({
      code: 'CAPACITY_EXHAUSTED',
      metadata: { limit: 'limits.max_starting', value: '3' },
    });
  });

  test('counts every simulation that is neither final nor lost, and no other', () => {
    const simulation = fc.record({
      state: fc.constantFrom(...SIMULATION_STATES),
      workerType: fc.constantFrom('fish', 'whale'),
    });
    fc.assert(
      fc.property(fc.array(simulation, { maxLength: 8 }), fc.nat(4), fc.nat(6), (facts, maxWorkers, maxSimulations) => {
        const open = facts.filter(({ state }) => !isFinal(state) && state !== 'LOST');
        const ofType = open.filter(({ workerType }) => workerType === 'fish');
        const fits = open.length < maxSimulations && ofType.length < maxWorkers;
        expect(refusal(facts.map(aSimulation), maxWorkers, maxSimulations) === undefined).toBe(fits);
      }),
      { numRuns: 500 },
    );
  });
});
