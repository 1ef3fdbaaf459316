import { expect, test } from 'vitest';
import { EMPTY_LEDGER } from '../../../../src/domain/ledger/ledger-state.ts';
import { SimulationLedger } from '../../../../src/domain/ledger/simulation-ledger.ts';

test('a running sequence that is far ahead is found at once, and what is left out before it is one gap', () => {
  const ledger = new SimulationLedger(EMPTY_LEDGER);
  const entry = { eventId: 'e', eventTypeKey: 'sim.world_state.v1', simulationId: 'reef-1', bytes: new Uint8Array() };
  const far = {
    ...entry,
    simulationSequence: Number.MAX_SAFE_INTEGER - 1,
    sequence: 1,
    sourceWorkerId: 'w',
    ordinal: 0,
  };
  ledger.found(far as unknown as Parameters<typeof ledger.found>[0]);
  expect(ledger.state().missing).toEqual([1, Number.MAX_SAFE_INTEGER - 2]);
});
