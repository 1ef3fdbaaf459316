import { expect, test } from 'vitest';
import { KeyCounts } from '../../../../src/domain/ledger/key-counts.ts';
import { EMPTY_LEDGER } from '../../../../src/domain/ledger/ledger-state.ts';
import { SimulationLedger } from '../../../../src/domain/ledger/simulation-ledger.ts';

test('a running sequence that is far ahead is found at once, and what is left out before it is one gap', () => {
  const ledger = new SimulationLedger({ state: EMPTY_LEDGER });
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

test('the keys that a worker invents fill no manifest: those beyond the bounds are counted together', () => {
  const counts = new KeyCounts({});
  const invented = (at: number) => `sim.${'x'.repeat(1_000)}${at}.v1`;
  for (let at = 0; at < 1_000; at += 1) counts.add(invented(at), 2);
  counts.add(invented(0), 1);
  counts.add(invented(999), -1);
  const record = counts.record();
  expect(JSON.stringify(record).length).toBeLessThan(72 * 1024);
  expect([record[invented(0)], counts.total]).toEqual([3, 2_000]);
  expect(record['all others']).toBe(2_000 - 3 - 2 * (Object.keys(record).length - 2));
});

test('a worker whose ordinals come without order has a bounded number of intervals on their way', () => {
  const ledger = new SimulationLedger({ logIdentity: '' });
  const flight = ledger.setOff('w');
  const claims = Array.from({ length: 20_000 }, (_, at) => flight.claim(40_000 - 2 * at));
  const taken = claims.filter((claim) => claim === 'new').length;
  expect(taken).toBeLessThan(5_000);
  expect(claims.slice(taken).every((claim) => claim === 'in flight')).toBe(true);
  ledger.land(flight, { published: true });
  expect(ledger.setOff('w').claim(2)).toBe('new');
});
