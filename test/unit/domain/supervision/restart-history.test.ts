import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Simulation } from '../../../../src/domain/simulation/simulation.ts';
import { RestartHistory } from '../../../../src/domain/supervision/restart-history.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';
import { aSimulation } from '../simulation/a-simulation.ts';

type Step = { readonly kind: 'restart' | 'healthy restart' } | { readonly kind: 'pass' | 'jump'; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    fc.constant<Step>({ kind: 'restart' }),
    fc.constant<Step>({ kind: 'healthy restart' }),
    fc.integer({ min: 0, max: 100_000 }).map<Step>((ms) => ({ kind: 'pass', ms })),
    fc.integer({ min: -10_000_000, max: 10_000_000 }).map<Step>((ms) => ({ kind: 'jump', ms })),
  ),
  { maxLength: 150 },
);

test('restarts are as old as they are, wherever the wall clock is set; at most a hundred are remembered', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (course) => {
      const clock = new FakeClock();
      const history = new RestartHistory(clock);
      let simulation: Simulation = aSimulation();
      let trueAges: number[] = [];
      for (const step of course) {
        if (step.kind === 'jump') clock.jumpWall(step.ms);
        else if (step.kind === 'pass') {
          await clock.advance(step.ms);
          trueAges = trueAges.map((ageMs) => ageMs + step.ms);
        } else {
          const isHealthy = step.kind === 'healthy restart';
          const restartedAtMs = history.withNow(isHealthy ? [] : (simulation.restartedAtMs ?? []));
          const after = { ...simulation, restartedAtMs };
          history.heard(simulation, after);
          simulation = after;
          trueAges = [...(isHealthy ? [] : trueAges), 0].slice(-100);
        }
        expect(history.ages(simulation)).toEqual(trueAges);
      }
    }),
    { numRuns: 200 },
  );
});
