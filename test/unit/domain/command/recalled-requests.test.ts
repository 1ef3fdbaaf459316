import { expect, test } from 'vitest';
import { RecalledRequests } from '../../../../src/domain/command/recalled-requests.ts';
import { parseSimulationId } from '../../../../src/domain/ids.ts';

const HOUR_MS = 3_600_000;
const request = (requestId: string, atMs = 0) => ({
  scope: 'anonymous ControlSimulation',
  requestId,
  fingerprint: 'pause',
  atMs,
  simulationIds: [parseSimulationId('s-1')],
});

test('requests are known for an hour', () => {
  const recalled = new RecalledRequests();
  recalled.add(request('a'));
  recalled.add(request('b', 1));
  expect(recalled.find(request('a'), HOUR_MS - 1)).toBeDefined();
  expect(recalled.find(request('a'), HOUR_MS)).toBeUndefined();
  expect(recalled.find(request('b'), HOUR_MS)).toBeDefined();
});

test('of more than 20,000 the oldest are forgotten', () => {
  const recalled = new RecalledRequests();
  for (let at = 0; at < 20_001; at += 1) recalled.add(request(`r-${at}`));
  expect(recalled.find(request('r-0'), 0)).toBeUndefined();
  expect(recalled.find(request('r-1'), 0)).toBeDefined();
  expect(recalled.find(request('r-20000'), 0)).toBeDefined();
});

test('an id is refused to another request, and free again after its hour', () => {
  const recalled = new RecalledRequests();
  recalled.add(request('a'));
  const another = { ...request('a'), fingerprint: 'resume' };
  expect(() => recalled.find(another, HOUR_MS - 1)).toThrow('was used for another request');
  expect(recalled.find(another, HOUR_MS)).toBeUndefined();
});
