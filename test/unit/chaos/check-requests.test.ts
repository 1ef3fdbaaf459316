import { expect, test } from 'vitest';
import { checkCommands, checkStarts } from '../../chaos/checker/check-requests.ts';
import type { DoneCommand } from '../../chaos/checker/journal-reader.ts';
import type { SentCommand } from '../../chaos/run/diary.ts';
import { journal } from './chaos-evidence.ts';

const start = { requestId: 'start-1', workerType: 'ends', simulationId: 'sim-a', killsBefore: 0 };

test('a request to start that made two simulations, or another than it was answered with, is found', () => {
  expect(checkStarts([start], [{ simulationId: 'sim-a', requestId: 'start-1' }])).toEqual([]);
  expect(checkStarts([{ ...start, simulationId: undefined }], [])).toEqual([]);
  const two = ['sim-a', 'sim-b'].map((simulationId) => ({ simulationId, requestId: 'start-1' }));
  expect(checkStarts([start], two)).toEqual(['start-1 made 2 simulations: sim-a, sim-b']);
  expect(checkStarts([start], [])).toEqual(['start-1 was answered with sim-a, and no simulation bears its label']);
});

const note: DoneCommand = { commandId: 'c-1', name: 'custom', request: 'command-1' };

function findings(changed: Partial<SentCommand>, ...done: DoneCommand[]): string[] {
  const sent: SentCommand = {
    requestId: 'command-1',
    simulationId: 'sim-a',
    name: 'note',
    attempts: 2,
    outcome: 'applied',
    commandIds: new Set(['c-1']),
    ...changed,
  };
  return checkCommands([sent], [journal(1, { commands: done })]);
}

test('a command that was answered as done, and done once, is right', () => {
  expect(findings({}, note)).toEqual([]);
});

test('one that was refused or not reached may have been done once or not', () => {
  expect(findings({ outcome: 'UNAVAILABLE' }, note)).toEqual([]);
  expect(findings({ outcome: 'UNAVAILABLE' })).toEqual([]);
});

test('one that was done twice, under one command id or two, is found', () => {
  const what = 'command-1, a note of sim-a sent 2 times,';
  expect(findings({}, note, note)).toEqual(['command c-1, a custom, was done 2 times', `${what} was done 2 times`]);
  expect(findings({}, note, { ...note, commandId: 'c-2' })).toEqual([`${what} was done 2 times`]);
  expect(findings({ commandIds: new Set(['c-1', 'c-2']) }, note)).toEqual([
    `${what} was answered as commands c-1 and c-2`,
  ]);
});

test('one that was answered as done and was not, and one that was never answered, are found', () => {
  const what = 'command-1, a note of sim-a sent 2 times,';
  expect(findings({})).toEqual([`${what} was answered as done, and no worker did c-1`]);
  expect(findings({ outcome: undefined })).toEqual([`${what} was never answered`]);
});
