import { expect, test } from 'vitest';
import { ChaosPlan, type PlanOptions } from '../../chaos/plan/chaos-plan.ts';

/** All that a plan says. */
function told(options: PlanOptions) {
  const plan = new ChaosPlan(options);
  return { rounds: plan.rounds, simulations: Array.from({ length: 20 }, () => plan.simulation()) };
}

test('a seed plays the same plan again, another seed another, and more rounds begin like fewer', () => {
  const plan = told({ seed: 7, rounds: 20, adapter: 'nats' });
  expect(told({ seed: 7, rounds: 20, adapter: 'nats' })).toEqual(plan);
  expect(told({ seed: 8, rounds: 20, adapter: 'nats' })).not.toEqual(plan);
  expect(told({ seed: 7, rounds: 5, adapter: 'nats' }).rounds).toEqual(plan.rounds.slice(0, 5));
});

test('faults of NATS are in the plans for NATS alone, and every kind comes', () => {
  const kinds = (adapter: 'memory' | 'nats') =>
    new Set(
      told({ seed: 1, rounds: 300, adapter }).rounds.flatMap(({ faults }) => faults.map(({ fault }) => fault.kind)),
    );
  const everywhere = [
    'kill-daemon',
    'pause-daemon',
    'kill-worker',
    'stop-worker',
    'cut-workers',
    'hold-workers',
    'slow-workers',
  ];
  const ofNats = ['kill-nats', 'restart-nats', 'pause-nats', 'cut-nats', 'hold-nats'];
  expect([...kinds('memory')].sort()).toEqual(everywhere.toSorted());
  expect([...kinds('nats')].sort()).toEqual([...everywhere, ...ofNats].sort());
});
