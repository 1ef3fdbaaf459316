import { describe, expect, test } from 'vitest';
import { LogCheck, type LoggedEvent } from '../../../src/cli/verify/log-check.ts';

const KEY = 'sim.a.v1';
const MANIFEST = 'orchestrator.simulation_manifest.v1';

function event(number: number, more: Partial<LoggedEvent> = {}): LoggedEvent {
  return {
    eventId: `e${number}`,
    eventTypeKey: KEY,
    sourceWorkerId: 'w-1',
    ordinal: number,
    payload: new Uint8Array(0),
    logSequence: 10 + number,
    simulationSequence: number,
    ...more,
  };
}

function manifest(number: number, more: object = {}): LoggedEvent {
  const content = {
    events: { [KEY]: number - 1 },
    first_log_sequence: 11,
    last_log_sequence: 10 + number - 1,
    unused_simulation_sequences: [],
    missing_simulation_sequences: [],
    ...more,
  };
  const payload = Buffer.from(JSON.stringify(content));
  return event(number, { eventId: 'manifest-1', eventTypeKey: MANIFEST, ordinal: 0, payload });
}

function finding(...events: readonly LoggedEvent[]) {
  return findingOf(events, true);
}

function findingOf(events: readonly LoggedEvent[], goesOn: boolean) {
  const check = new LogCheck();
  for (const each of events) check.take(each);
  return check.finding(goesOn);
}

describe('the check of a log', () => {
  test('finds one complete that has what its manifest says', () => {
    expect(finding(event(1), event(2), manifest(3))).toMatchObject({
      verdict: 'COMPLETE',
      reasons: [],
      notes: [],
      events: 2,
      firstLogSequence: 11,
      lastLogSequence: 12,
    });
  });

  test('finds one without a manifest running, and says that a gap may be explained yet', () => {
    expect(finding(event(1), event(2))).toMatchObject({ verdict: 'RUNNING', notes: [] });
    expect(finding(event(1), event(3))).toMatchObject({
      verdict: 'RUNNING',
      notes: ['running sequences are missing: 2; the manifest may explain it'],
    });
  });

  test('finds one that is over and has no manifest incomplete, though no other event is missing', () => {
    expect(findingOf([event(1), event(2)], false)).toMatchObject({
      verdict: 'INCOMPLETE',
      reasons: ['the manifest is missing: nothing says how many events there were'],
    });
    expect(findingOf([event(1), event(4)], false).reasons).toContain('running sequences are missing: 2 to 3');
    expect(findingOf([event(1), manifest(2)], false).verdict).toBe('COMPLETE');
  });

  test('takes gaps that the manifest names', () => {
    const unused = { unused_simulation_sequences: [[2, 3]], events: { [KEY]: 2 }, last_log_sequence: 14 };
    expect(finding(event(1), event(4), manifest(5, unused)).verdict).toBe('COMPLETE');
  });

  test.each<[string, readonly LoggedEvent[], RegExp]>([
    ['an event is missing', [event(1), event(3), manifest(4)], /running sequences are missing: 2$/m],
    ['an event is there twice', [event(1), event(2, { eventId: 'e1' }), manifest(3)], /logged twice: e1/],
    ['an ordinal is there twice', [event(1), event(2, { ordinal: 1 }), manifest(3)], /ordinal logged twice: 1 of w-1/],
    ['a number is there twice', [event(1), event(1, { eventId: 'x', ordinal: 2 })], /running sequence given twice: 1/],
    ['the order is another', [event(2), event(1), manifest(3)], /running sequence out of order: 1/],
    ['the beginning is gone', [event(3), manifest(4)], /the beginning is gone.*running sequences 1 to 2/],
    ['the last event is missing', [event(1), manifest(3)], /another number of events: sim\.a\.v1: 1 in the log, 2 by/],
    ['a key is unknown', [event(1), event(2, { eventTypeKey: 'b' }), manifest(3)], /a key that the manifest does not/],
    ['places differ', [event(1, { logSequence: 5 }), manifest(2)], /another place in the log: 5 to 5/],
    ['something stands behind the manifest', [event(1), manifest(2), event(3)], /behind the manifest: e3/],
    [
      'Shoal missed some',
      [event(1), manifest(2, { missing_simulation_sequences: [[7, 8]] })],
      /missing from the log already/,
    ],
    ['the manifest is none', [event(1), { ...manifest(2), payload: Buffer.from('{') }], /manifest that cannot be read/],
  ])('finds it incomplete where %s', (_, events, says) => {
    const { verdict, reasons } = finding(...events);
    expect([verdict, reasons.join('\n')]).toEqual(['INCOMPLETE', expect.stringMatching(says)]);
  });

  test('is not put off by two streams of one worker', () => {
    const found = finding(event(1, { ordinal: 2 }), event(2, { ordinal: 1 }), manifest(3));
    expect([found.verdict, found.notes.length]).toEqual(['COMPLETE', 1]);
  });
});
