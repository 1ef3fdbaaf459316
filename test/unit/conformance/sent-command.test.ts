import { expect, test } from 'vitest';
import type { SeenAck } from '../../../src/conformance/observations.ts';
import { acksFor, type SentCommand } from '../../../src/conformance/sent-command.ts';
import { seen } from './seen-events.ts';

const content = { key: 'orchestrator.control.pause', payload: Buffer.alloc(0), contentType: '' };
const [first, second, third] = ['c-1', 'c-2', 'c-3'].map((id): SentCommand => ({ id, atMs: 0, content })) as [
  SentCommand,
  SentCommand,
  SentCommand,
];
const all = [first, second, third];

function acks(...correlationIds: readonly string[]): SeenAck[] {
  const events = seen(...correlationIds.map((correlationId) => ({ correlationId })));
  return events.map((event) => ({ atMs: event.atMs, event, ack: undefined }));
}

test('an acknowledgement counts for the command that it names, each time it comes', () => {
  const seenAcks = acks('c-2', 'c-1', 'c-2');
  expect(acksFor(second, all, seenAcks)).toEqual([seenAcks[0], seenAcks[2]]);
  expect(acksFor(third, all, seenAcks)).toEqual([]);
});

test('one that names no command counts for the oldest command that has none', () => {
  const seenAcks = acks('c-1', '', 'nonsense');
  expect(acksFor(first, all, seenAcks)).toEqual([seenAcks[0]]);
  expect(acksFor(second, all, seenAcks)).toEqual([seenAcks[1]]);
  expect(acksFor(third, all, seenAcks)).toEqual([seenAcks[2]]);
});
