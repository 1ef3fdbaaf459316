import { expect, test } from 'vitest';
import { DeletionMemory } from '../../../../src/domain/simulation/deletion-memory.ts';
import { aSimulation } from './a-simulation.ts';

test('a watcher of the daemon before is not taken for one of this one, also when it has seen more than is left', () => {
  const deletions = new DeletionMemory();
  deletions.begin(12);
  // Revisions 13 to 15 were of a simulation that the daemon before deleted, and then it was killed.
  const changed = {
    kind: 'changed',
    before: aSimulation(),
    after: { simulation: aSimulation(), revision: 16 },
  } as const;
  deletions.heard(changed);
  expect(deletions.since(15)).toBeUndefined();
  expect(deletions.since(16)).toEqual([]);
  deletions.heard({ ...changed, kind: 'forgotten' });
  expect(deletions.since(16)).toHaveLength(1);
});
