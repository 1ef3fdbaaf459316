import { expect, test } from 'vitest';
import { InMemoryEventLog } from '../../../src/adapters/memory/in-memory-event-log.ts';
import { entry } from './log-entries.ts';

function kept(log: InMemoryEventLog): string[] {
  return [...log.read(0)].map(({ eventId, sequence }) => `${sequence} ${eventId}`);
}

test('the oldest entries go when there are too many', async () => {
  const log = new InMemoryEventLog({ maxEntries: 3 });
  await log.append(['e1', 'e2', 'e3', 'e4', 'e5'].map((id) => entry('s', id)));
  expect(kept(log)).toEqual(['3 e3', '4 e4', '5 e5']);
  expect(log.size).toBe(3);
});

test('the oldest entries go when they hold too many bytes', async () => {
  const log = new InMemoryEventLog({ maxBytes: 250 });
  for (const id of ['e1', 'e2', 'e3']) await log.append([entry('s', id, new Uint8Array(100))]);
  expect(kept(log)).toEqual(['2 e2', '3 e3']);
  await log.append([entry('s', 'e4', new Uint8Array(250))]);
  expect(kept(log)).toEqual(['4 e4']);
});

test('an event is recognised while it is kept, and no longer', async () => {
  const log = new InMemoryEventLog({ maxEntries: 2 });
  await log.append([entry('s', 'e1'), entry('s', 'e2'), entry('s', 'e2')]);
  expect(log.duplicates).toBe(1);
  await log.append([entry('s', 'e3'), entry('s', 'e1')]);
  expect(kept(log)).toEqual(['3 e3', '4 e1']);
});

test('reading begins at the sequence asked for', async () => {
  const log = new InMemoryEventLog({ maxEntries: 3 });
  await log.append(['e1', 'e2', 'e3', 'e4'].map((id) => entry('s', id)));
  expect([...log.read(3)].map(({ sequence }) => sequence)).toEqual([3, 4]);
  expect([...log.read(5)]).toEqual([]);
});

test('what is stored does not change when the buffer it came in is used again', async () => {
  const log = new InMemoryEventLog();
  const bytes = Buffer.from('before');
  await log.append([{ ...entry('s', 'e1'), bytes }]);
  bytes.write('after ');
  expect(Buffer.from([...log.read(0)][0]?.bytes ?? []).toString()).toBe('before');
});
