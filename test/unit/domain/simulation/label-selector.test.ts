import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLabelSelector } from '../../../../src/domain/simulation/label-selector.ts';
import type { Labels } from '../../../../src/domain/simulation/labels.ts';

const reef = { owner: 'mira', zone: 'north', 'example.com/tier': '', in: 'notin' };

describe('a label selector', () => {
  /** The examples of https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors, and the corners of its parser. */
  test.each([
    ['', true],
    ['  \t ', true],
    ['owner=mira', true],
    ['owner==mira', true],
    ['owner = mira', true],
    [' owner  ==  mira ', true],
    ['owner=tom', false],
    ['owner=', false],
    ['example.com/tier=', true],
    ['example.com/tier==', true],
    ['missing=', false],
    ['owner!=mira', false],
    ['owner != tom', true],
    ['missing!=mira', true],
    ['missing!=', true],
    ['example.com/tier!=', false],
    ['owner in (mira,tom)', true],
    ['owner in ( tom , mira )', true],
    ['owner in(mira)', true],
    ['owner in (tom)', false],
    ['missing in (mira)', false],
    ['example.com/tier in ()', true],
    ['owner in ()', false],
    ['example.com/tier in (a,)', true],
    ['example.com/tier in (,)', true],
    ['owner notin (mira)', false],
    ['owner notin (tom)', true],
    ['missing notin (mira)', true],
    ['owner notin ()', true],
    ['owner', true],
    ['missing', false],
    ['!owner', false],
    ['! missing', true],
    ['example.com/tier', true],
    ['owner=mira,zone=north', true],
    ['owner=mira , zone in (south,north),!missing', true],
    ['owner=mira,zone=south', false],
    ['owner in (mira,tom),zone', true],
    ['owner\tin\n(mira)', true],
    ['in', true],
    ['in in (notin)', true],
    ['in notin (notin)', false],
    ['in=notin', true],
    ['toString', false],
    ['!constructor', true],
    ['toString!=x', true],
  ])('%j on the reef is %s', (text, expected) => {
    expect(parseLabelSelector(text)(reef)).toBe(expected);
  });

  test.each([
    ',',
    'a,',
    ',a',
    'a,,b',
    'a b',
    'a=b c',
    'a===b',
    'a=!b',
    'a=b=c',
    '=b',
    '!=b',
    '!',
    '!!a',
    '!a=b',
    'a>1',
    'a<1',
    'a in',
    'a in b',
    'a in (b',
    'a in b)',
    'a in (b) c',
    'a in (b)(c)',
    'a in ((b))',
    'a notin',
    'a IN (b)',
    'in (a)',
    'a=b)',
    '(a=b)',
    'a in (b c)',
    'a in (b=c)',
    '-a',
    'a=-b',
    'a/b/c',
    'é',
    'a=é',
    `a=${'x'.repeat(64)}`,
    'a\0',
  ])('%j is refused', (text) => {
    try {
      parseLabelSelector(text, 'selector');
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field: 'selector' } });
    }
  });

  test('quotes the requirement that is wrong', () => {
    expect(() => parseLabelSelector('owner=mira, zone in north ,x')).toThrow('"zone in north"');
  });

  test('selects what its requirements say one by one', () => {
    fc.assert(
      fc.property(requirements, labels, (wanted, present) => {
        const text = wanted.map(({ text }) => text).join(',');
        expect(parseLabelSelector(text)(present), text).toBe(wanted.every(({ holds }) => holds(present)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('throws nothing else, whatever the text', () => {
    const unit = fc.constantFrom('a', 'b', '=', '!', ',', '(', ')', ' ', 'in', ' in ', ' notin ', '/', '\n', 'é', '.');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (text) => {
        try {
          expect(typeof parseLabelSelector(text)(reef)).toBe('boolean');
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'INVALID_ARGUMENT' });
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('is refused when it is longer than anyone needs, before it costs anything', () => {
    const longest = `a in (${'b,'.repeat(2_044)}b)`;
    expect(longest).toHaveLength(4_096);
    expect(() => parseLabelSelector(` ${longest}`)).toThrow('has 4097 characters');
    expect(() => parseLabelSelector(longest)).not.toThrow();
    expect(() => parseLabelSelector(','.repeat(4_000_000))).toThrow('has 4000000 characters');
  });
});

interface Requirement {
  readonly text: string;
  readonly holds: (labels: Labels) => boolean;
}

const key = fc.constantFrom('a', 'b', 'in', 'notin', 'x.y/z', 'toString');
const value = fc.constantFrom('', '1', '2', 'in', 'v-1');
const space = fc.constantFrom('', ' ', '  ', '\t');
const labels = fc.dictionary(key, value);

const equality = fc
  .tuple(key, fc.constantFrom('=', '==', '!='), value, space, space)
  .map(([key, operator, value, before, after]): Requirement => {
    const isEqual = (present: Labels) => Object.hasOwn(present, key) && present[key] === value;
    return {
      text: `${before}${key}${after}${operator}${before}${value}${after}`,
      holds: operator === '!=' ? (present) => !isEqual(present) : isEqual,
    };
  });

const membership = fc
  .tuple(key, fc.constantFrom('in', 'notin'), fc.array(value, { minLength: 1, maxLength: 4 }), space, space)
  .map(([key, operator, values, before, after]): Requirement => {
    const isIn = (present: Labels) => Object.hasOwn(present, key) && values.some((value) => present[key] === value);
    return {
      text: `${before}${key} ${operator}${before}(${values.join(`${before},${after}`)}${after})${after}`,
      holds: operator === 'in' ? isIn : (present) => !isIn(present),
    };
  });

const existence = fc.tuple(key, fc.boolean(), space).map(
  ([key, not, around]): Requirement => ({
    text: `${around}${not ? `!${around}` : ''}${key}${around}`,
    holds: (present) => Object.hasOwn(present, key) !== not,
  }),
);

const requirements = fc.array(fc.oneof(equality, membership, existence), { minLength: 1, maxLength: 4 });
