import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseAgentId,
  parseEventId,
  parseEventTypeKey,
  parseSimulationId,
  parseWorkerId,
  quote,
} from '../../../src/domain/ids.ts';
import { eventTypeKey, hostileText, id } from './arbitrary-ids.ts';

const parsers = [
  ['simulation_id', parseSimulationId],
  ['worker_id', parseWorkerId],
  ['agent_id', parseAgentId],
] as const;

describe.each(parsers)('%s', (field, parse) => {
  test('takes what the contract allows, unchanged', () => {
    fc.assert(
      fc.property(id, (text) => {
        expect(parse(text)).toBe(text);
      }),
    );
    expect(parse(`a${'-'.repeat(127)}`)).toHaveLength(128);
  });

  test('refuses all else, naming the field', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(text));
        expect(codeAndField(() => parse(text))).toEqual(['INVALID_ARGUMENT', field]);
      }),
    );
  });

  test.each(['', '_a', '-a', 'a.b', 'a\n', ' a', 'é', `a${'b'.repeat(128)}`])('refuses %j', (text) => {
    expect(codeAndField(() => parse(text))).toEqual(['INVALID_ARGUMENT', field]);
  });
});

describe('event_type_key', () => {
  test('takes 1 to 16 tokens of at most 64 characters', () => {
    fc.assert(
      fc.property(eventTypeKey, (text) => {
        expect(parseEventTypeKey(text)).toBe(text);
      }),
    );
  });

  const many = (count: number) => Array.from({ length: count }, () => 'a').join('.');

  test.each(['', '.', 'a.', '.a', 'a..b', 'a b', 'a\n', 'a.*', '>', 'é', 'x'.repeat(65), many(17)])(
    'refuses %j',
    (text) => {
      expect(codeAndField(() => parseEventTypeKey(text))).toEqual(['INVALID_ARGUMENT', 'event_type_key']);
    },
  );

  test('may begin with a dash, and have 16 tokens', () => {
    expect([parseEventTypeKey('-a._b'), parseEventTypeKey(many(16))]).toEqual(['-a._b', many(16)]);
  });
});

describe('event_id', () => {
  test('takes 1 to 128 of the characters from ! to ~', () => {
    const visible = Array.from({ length: 0x7e - 0x21 + 1 }, (_, at) => String.fromCharCode(0x21 + at)).join('');
    expect(parseEventId(visible)).toBe(visible);
    expect(parseEventId('x'.repeat(128))).toHaveLength(128);
  });

  test.each(['', ' ', 'a b', 'a\n', '\u007f', 'é', 'x'.repeat(129)])('refuses %j', (text) => {
    expect(codeAndField(() => parseEventId(text))).toEqual(['INVALID_ARGUMENT', 'event_id']);
  });
});

describe('quoted input', () => {
  test('has no control bytes and a bounded length, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
        const quoted = quote(text);
        expect(quoted.length).toBeLessThanOrEqual(2 + 6 * 81);
        for (const character of quoted) expect(character.charCodeAt(0)).toBeGreaterThanOrEqual(0x20);
      }),
    );
  });
});

function codeAndField(action: () => unknown): unknown {
  try {
    return action();
  } catch (thrown) {
    const { code, metadata } = thrown as { code?: string; metadata?: Record<string, string> };
    return [code, metadata?.['field']];
  }
}
