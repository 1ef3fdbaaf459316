import { describe, expect, test } from 'vitest';
import { isLabelKey, isLabelValue, parseLabels } from '../../../../src/domain/simulation/labels.ts';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
describe('a label key', () => {
  test.each([
    'a',
    'A',
    '9',
    'app.kubernetes.io/name',
    'example.com/MyName',
    'a-b_c.D',
    'x'.repeat(63),
    'in',
    'notin',
    `${'a'.repeat(63)}.b/c`,
    `${`${'a'.repeat(49)}.`.repeat(5)}abc/c`,
  ])('may be %s', (key) => {
    expect(isLabelKey(key)).toBe(true);
  });

  test.each([
    '',
    '/',
    'a/',
    '/a',
    'a/b/c',
    '-a',
    'a-',
    '_a',
    '.a',
    'a b',
    'a=b',
    'a\n',
    'é',
    '__proto__',
    'x'.repeat(64),
    'Example.com/a',
    'ex_ample.com/a',
    '-example.com/a',
    'example.com./a',
    'example..com/a',
    'example-.com/a',
    'example.-com/a',
    `${`${'a'.repeat(49)}.`.repeat(5)}abcd/c`,
  ])('may not be %j', (key) => {
    expect(isLabelKey(key)).toBe(false);
  });
});

describe('a label value', () => {
  test.each(['', 'a', 'A-b_c.9', 'x'.repeat(63)])('may be %j', (value) => {
    expect(isLabelValue(value)).toBe(true);
  });

  test.each(['-a', 'a-', '.', 'a b', 'a,b', 'a/b', 'a\n', 'é', 'x'.repeat(64)])('may not be %j', (value) => {
    expect(isLabelValue(value)).toBe(false);
  });
});

describe('labels', () => {
  test('are taken as they are', () => {
    const labels = { owner: 'mira', 'example.com/sweep': '', constructor: 'x', toString: 'y' };
    expect(parseLabels(labels, 4)).toEqual(labels);
  });

  test.each([
    [{ 'bad key': 'x' }, 'labels', '"bad key"'],
    [{ good: 'bad value' }, 'labels.good', '"bad value"'],
    [{ a: '1', b: '2', c: '3' }, 'labels', '3 labels; limits.max_labels allows 2'],
  ])('%j are refused', (labels, field, message) => {
    try {
      parseLabels(labels, 2);
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field } });
      expect(String(thrown)).toContain(message);
    }
  });

  test('cannot reach the prototype', () => {
    const hostile = JSON.parse('{"__proto__": "x"}') as Record<string, string>;
    expect(() => parseLabels(hostile, 5)).toThrow('"__proto__"');
    const labels = parseLabels({ a: '1' }, 5);
    expect(Object.hasOwn(labels, 'a')).toBe(true);
  });
});
