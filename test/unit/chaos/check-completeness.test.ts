import { expect, test } from 'vitest';
import { checkCompleteness } from '../../chaos/checker/check-completeness.ts';
import type { LoggedRow } from '../../chaos/checker/logged-row.ts';
import { LOGGED_KEY } from '../../chaos/worker/character.ts';
import { journal, rowsOf } from './chaos-evidence.ts';

const events = rowsOf(journal(5));

function manifest(said: Readonly<Record<string, unknown>> = {}, sequence = 6): LoggedRow {
  const payload = JSON.stringify({
    state: 'STOPPED',
    events: { [LOGGED_KEY]: 5 },
    logged: 5,
    rejected: 0,
    first_log_sequence: 1,
    last_log_sequence: 5,
    simulation_sequence: sequence,
    unused_simulation_sequences: [],
    missing_simulation_sequences: [],
    ...said,
  });
  return {
    ...(events[0] as LoggedRow),
    sequence: 6,
    simulationSequence: sequence,
    key: 'orchestrator.simulation_manifest.v1',
    eventId: 'manifest-1',
    number: undefined,
    payload,
  };
}

function findings(rows: readonly LoggedRow[]): string[] {
  return checkCompleteness(rows, new Map([['sim-a', 'STOPPED']]));
}

test('a simulation whose numbers and manifest agree with its rows is right', () => {
  expect(findings([...events, manifest()])).toEqual([]);
});

test('a manifest that is not there, that is there twice, or that is not the last, is found', () => {
  expect(findings(events)).toEqual(['sim-a is over and has no manifest']);
  expect(findings([])).toEqual(['sim-a is over and has no manifest']);
  expect(findings([...events, manifest(), manifest()])).toEqual(['sim-a has 2 manifests']);
  const [first, ...others] = events as [LoggedRow, ...LoggedRow[]];
  expect(findings([...others, manifest(), first])).toEqual(['sim-a has events behind its manifest, such as w-1-1']);
});

test('a manifest that counts another number of events than there are is found', () => {
  expect(findings([...events, manifest({ events: { [LOGGED_KEY]: 6 }, logged: 6 })])).toEqual([
    `the manifest of sim-a says events {"${LOGGED_KEY}":6}, and it is {"${LOGGED_KEY}":5}`,
    'the manifest of sim-a says logged 6, and it is 5',
  ]);
  expect(findings([...events, manifest({ state: 'FAILED', first_log_sequence: 2 })])).toEqual([
    'the manifest of sim-a says state "FAILED", and it is "STOPPED"',
    'the manifest of sim-a says first_log_sequence 2, and it is 1',
  ]);
});

test('a running sequence with a hole, a repeat, or none is found; a number named as not used is no hole', () => {
  const numbered = (...numbers: (number | undefined)[]) =>
    events.map((row, at) => ({ ...row, simulationSequence: numbers[at] }));
  const due = (said: number | undefined, expected: number, at: number) => [
    `event w-1-${at} of sim-a has the running sequence ${said}, and ${expected} is due`,
  ];
  expect(findings([...numbered(1, 2, 4, 5, 6), manifest({}, 7)])).toEqual(due(4, 3, 3));
  expect(findings([...numbered(1, 2, 2, 3, 4), manifest()])).toEqual(due(2, 3, 3));
  expect(findings([...numbered(1, 3, 2, 4, 5), manifest()])).toEqual(due(3, 2, 2));
  expect(findings([...numbered(undefined), manifest()])).toEqual(due(undefined, 1, 1));
  const named = manifest({ unused_simulation_sequences: [[3, 3]] }, 7);
  expect(findings([...numbered(1, 2, 4, 5, 6), named])).toEqual([]);
});
