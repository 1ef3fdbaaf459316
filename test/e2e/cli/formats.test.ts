import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FISH, ServedShoal } from './served-shoal.ts';

let daemon: ServedShoal;

beforeAll(async () => {
  daemon = await ServedShoal.start({ workerTypes: [FISH] });
});

afterEach(() => daemon.quiet());

afterAll(() => daemon[Symbol.asyncDispose]());

/** What a control says of one simulation, as proto3 JSON: defaults included, 64-bit numbers as texts, enums by name. */
function result(state: string, tick: unknown = expect.stringMatching(/^\d+$/)) {
  return {
    simulationId: 'reef',
    response: {
      commandId: expect.any(String),
      state: `SIMULATION_STATE_${state}`,
      completed: true,
      tick,
      message: '',
      code: 0,
      result: '',
      resultContentType: '',
      snapshotRef: '',
      phase: 'COMMAND_PHASE_APPLIED',
    },
    code: 0,
    message: '',
  };
}

test('what a simulation is told is answered in the same form, whatever it is told', async () => {
  const started = parse(await daemon.done(['start', 'fish', '--id', 'reef', '--wait', '-o', 'yaml']));
  expect(started).toMatchObject({
    simulation: { simulationId: 'reef', state: 'SIMULATION_STATE_RUNNING', restarts: 0 },
  });
  expect(JSON.parse(await daemon.done(['pause', 'reef', '-o', 'json']))).toEqual({ results: [result('PAUSED')] });
  expect(JSON.parse(await daemon.done(['step', 'reef', '--output', 'jsonl']))).toEqual(result('PAUSED'));
  expect(parse(await daemon.done(['reset', 'reef', '-o', 'yaml']))).toEqual({ results: [result('PAUSED', '0')] });
  expect(JSON.parse(await daemon.done(['resume', 'reef', '-o', 'jsonl']))).toEqual(result('RUNNING'));
  const stopped = JSON.parse(await daemon.done(['stop', 'reef', '-o', 'json']));
  expect(stopped).toMatchObject({
    results: [{ simulationId: 'reef', response: { state: 'SIMULATION_STATE_STOPPED' } }],
  });
  expect(parse(await daemon.done(['get', 'reef', '-o', 'yaml']))).toEqual(
    JSON.parse(await daemon.done(['get', 'reef', '-o', 'jsonl'])),
  );
});

test('what can be asked of the daemon is answered in the same form, too', async () => {
  const types = JSON.parse(await daemon.done(['plugins', '-o', 'json'])).workerTypes;
  expect(parse(await daemon.done(['plugins', '-o', 'yaml'])).workerTypes).toEqual(types);
  expect(JSON.parse(await daemon.done(['plugins', '-o', 'jsonl']))).toEqual(types[0]);
  const versions = parse(await daemon.done(['version', '-o', 'yaml']));
  expect(versions).toMatchObject({ command: { node: process.version }, daemon: { messagingAdapter: 'memory' } });
  expect(JSON.parse(await daemon.done(['version', '-o', 'jsonl']))).toEqual(versions);
});

test('every control takes --timeout and --no-wait', async () => {
  await daemon.done(['start', 'fish', '--id', 'hasty', '--wait']);
  expect(await daemon.done(['pause', 'hasty', '--no-wait'])).toMatch(/hasty .* delivered\n$/);
  await daemon.client.untilState('hasty', 'PAUSED');
  expect(await daemon.done(['step', 'hasty', '--no-wait'])).toMatch(/hasty .* delivered\n$/);
  expect(await daemon.done(['reset', 'hasty', '--no-wait'])).toMatch(/hasty .* delivered\n$/);
  expect(await daemon.done(['resume', 'hasty', '--no-wait'])).toMatch(/hasty .* delivered\n$/);
  await daemon.client.untilState('hasty', 'RUNNING');
  expect(await daemon.done(['pause', 'hasty', '--timeout', '1m'])).toMatch(/hasty +PAUSED .* applied\n$/);
  expect(await daemon.done(['reset', 'hasty', '--timeout', '1m'])).toMatch(/hasty +PAUSED +0 +applied\n$/);
  expect(await daemon.done(['resume', 'hasty', '--timeout', '1m'])).toMatch(/hasty +RUNNING .* applied\n$/);
  expect(await daemon.done(['stop', 'hasty', '--timeout', '1m'])).toMatch(/hasty +STOPPED .* applied\n$/);
});
