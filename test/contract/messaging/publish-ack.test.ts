import { expect, test } from 'vitest';
import { isPermanent, parsePublishAck, readStoredSequence } from '../../../src/adapters/nats/publish-ack.ts';

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

test.each([
  ['{"stream":"LOGGING_EVENTS", "seq":1}', 1],
  ['{"stream":"LOGGING_EVENTS","seq":9007199254740991}', Number.MAX_SAFE_INTEGER],
  ['{"stream":"S7", "domain":"hub", "seq":1234567890}', 1_234_567_890],
])('the usual acknowledgement %s is read without decoding it', (text, sequence) => {
  expect(readStoredSequence(bytes(text))).toBe(sequence);
  expect(parsePublishAck(bytes(text))).toEqual({ kind: 'stored', sequence, duplicate: false });
});

test.each([
  '{"stream":"S", "seq":5,"duplicate": true}',
  '{"error":{"code":400,"err_code":10054,"description":"too large"},"stream":"S","seq":0}',
  '{"error":{"code":503,"err_code":10077,"description":"maximum bytes exceeded"},"seq":12}',
  '{"stream":"S", "seq":0}',
  '{"stream":"S", "seq":99999999999999999999}',
  '',
  '}',
  '12}',
  '+OK',
])('any other answer is left to the parser: %s', (text) => {
  expect(readStoredSequence(bytes(text))).toBe(0);
});

test('a duplicate, an error, nobody and nonsense are told apart', () => {
  expect(parsePublishAck(bytes('{"stream":"S", "seq":5,"duplicate": true}'))).toEqual({
    kind: 'stored',
    sequence: 5,
    duplicate: true,
  });
  expect(parsePublishAck(bytes('{"error":{"code":400,"err_code":10054,"description":"too large"},"seq":0}'))).toEqual({
    kind: 'refused',
    code: 10_054,
    reason: 'too large',
  });
  expect(parsePublishAck(bytes(''))).toMatchObject({ kind: 'refused', code: 503 });
  for (const nonsense of ['+OK', 'null', '{}', '[]', '{"seq":"5"}', '{"error":7}']) {
    expect(parsePublishAck(bytes(nonsense))).toMatchObject({ kind: 'refused' });
  }
});

test('only a message that can never be stored is refused for good', () => {
  expect([10_054, 10_097, 503, 10_077, 10_023, 0].filter(isPermanent)).toEqual([10_054, 10_097]);
});
