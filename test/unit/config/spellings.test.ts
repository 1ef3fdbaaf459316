import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatByteSize, parseByteSize } from '../../../src/adapters/yaml/byte-size.ts';
import { formatPath, parsePath } from '../../../src/adapters/yaml/config-path.ts';
import { formatDuration, parseDuration } from '../../../src/adapters/yaml/duration.ts';
import { isLoopback, parseListenAddress } from '../../../src/adapters/yaml/listen-address.ts';

const whole = fc.oneof(
  fc.maxSafeNat(),
  fc.nat({ max: 100 }),
  fc.nat({ max: 10_000 }).map((n) => n * 1024),
  fc.nat({ max: 10_000 }).map((n) => n * 60_000),
);

test('a duration is read back as it was written', () => {
  fc.assert(fc.property(fc.nat({ max: 999_999_999_999 }), (ms) => parseDuration(formatDuration(ms)) === ms));
  fc.assert(
    fc.property(
      whole.filter((ms) => ms < 1e12),
      (ms) => parseDuration(formatDuration(ms)) === ms,
    ),
  );
});

test.each([
  ['200ms', 200],
  ['10s', 10_000],
  ['1m', 60_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['0s', 0],
  ['10', undefined],
  ['s', undefined],
  ['1.5s', undefined],
  ['-1s', undefined],
  ['1 s', undefined],
  ['1S', undefined],
  ['1m30s', undefined],
  ['999999999999d', undefined],
  ['', undefined],
])('the duration %s is %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test('a size is read back as it was written', () => {
  fc.assert(
    fc.property(whole, (bytes) => parseByteSize(formatByteSize(bytes)) === bytes && parseByteSize(bytes) === bytes),
  );
});

test.each([
  ['3MiB', 3_145_728],
  ['1040384', 1_040_384],
  ['64KiB', 65_536],
  ['512B', 512],
  ['1GiB', 1024 ** 3],
  ['0', 0],
  [1_040_384, 1_040_384],
  ['3MB', undefined],
  ['3M', undefined],
  ['3mib', undefined],
  ['1.5KiB', undefined],
  ['-1', undefined],
  ['9999999999999TiB', undefined],
  [1.5, undefined],
  [-1, undefined],
  ['', undefined],
])('the size %s is %s bytes', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});

describe('an address', () => {
  test.each([
    ['127.0.0.1:50051', '127.0.0.1', 50051],
    ['localhost:0', 'localhost', 0],
    ['[::1]:80', '::1', 80],
    ['a-b.example:65535', 'a-b.example', 65535],
  ])('%s is a host and a port', (text, host, port) => {
    expect(parseListenAddress(text)).toEqual({ host, port });
  });

  test.each([
    '',
    ':1',
    '1',
    'a',
    'a:',
    'a:b',
    'a:-1',
    'a:65536',
    'a:123456',
    '::1:80',
    '[::1]',
    '[a]:1',
    '[127.0.0.1]:1',
    'a b:1',
    'a/b:1',
    '-a:1',
    'a..b:1',
    '256.0.0.1:1',
    '127.1:1',
    '0:1',
    '*:1',
    'a:1\n',
    'http://a:1',
  ])('%j is none', (text) => {
    expect(parseListenAddress(text)).toBeUndefined();
  });

  test.each([
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['LOCALHOST', true],
    ['0.0.0.0', false],
    ['::', false],
    ['128.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['localhost.example', false],
    ['10.0.0.1', false],
    ['fe80::1', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

test('a path is read back as it was written', () => {
  const key = fc.stringMatching(/^[a-z_][a-z0-9_]{0,9}$/);
  const path = fc.tuple(key, fc.array(fc.oneof(key, fc.nat({ max: 999_999 })), { maxLength: 6 }));
  fc.assert(
    fc.property(path, ([first, rest]) => {
      expect(parsePath(formatPath([first, ...rest]))).toEqual([first, ...rest]);
    }),
  );
});

test.each(['', '.', 'a.', 'a..b', '[0]', 'a[x]', 'a[-1]', 'a[1', 'a b', 'a[1]b'])('%j is no path', (text) => {
  expect(parsePath(text)).toBeUndefined();
});
