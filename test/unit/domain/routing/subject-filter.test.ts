import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSubjectFilter, isSubjectFilter } from '../../../../src/domain/routing/subject-filter.ts';

/** NATS' rules, written the slow way: token by token, from the left. */
function matches(filter: readonly string[], subject: readonly string[]): boolean {
  const [wanted, ...restOfFilter] = filter;
  const [token, ...restOfSubject] = subject;
  if (wanted === undefined || token === undefined) return wanted === undefined && token === undefined;
  if (wanted === '>' && restOfFilter.length === 0) return true;
  return (wanted === '*' || wanted === token) && matches(restOfFilter, restOfSubject);
}

const token = fc.constantFrom('a', 'b', 'sim', 'v1', 'ab');
const subjectTokens = fc.array(token, { minLength: 1, maxLength: 5 });
const filterTokens = fc
  .tuple(fc.array(fc.oneof(token, fc.constant('*')), { maxLength: 5 }), fc.boolean())
  .map(([tokens, open]) => (open || tokens.length === 0 ? [...tokens, '>'] : tokens));

describe('a subject filter', () => {
  test('matches what NATS would match', () => {
    fc.assert(
      fc.property(filterTokens, subjectTokens, (filter, subject) => {
        expect(compileSubjectFilter(filter.join('.'))(subject.join('.'))).toBe(matches(filter, subject));
      }),
      { numRuns: 5_000 },
    );
  });

  test('matches the subjects that it was made from', () => {
    fc.assert(
      fc.property(subjectTokens, fc.nat(5), fc.array(fc.nat(4)), (subject, open, stars) => {
        const filter = subject.map((each, at) => (stars.includes(at) ? '*' : each));
        const wide = open > 0 && open < subject.length ? [...filter.slice(0, open), '>'] : filter;
        expect(compileSubjectFilter(wide.join('.'))(subject.join('.'))).toBe(true);
      }),
    );
  });

  test.each([
    ['>', 'a', true],
    ['>', 'a.b', true],
    ['a.>', 'a', false],
    ['a.>', 'a.b', true],
    ['a.*', 'a', false],
    ['a.*', 'a.b.c', false],
    ['*.b', 'a.b', true],
    ['*.*.>', 'a.b', false],
    ['*.*.>', 'a.b.c.d', true],
    ['a', 'A', false],
    ['a.b', 'a.b.c', false],
  ])('%s against %s is %s', (filter, subject, expected) => {
    expect(compileSubjectFilter(filter)(subject)).toBe(expected);
  });

  test.each(['a', '*', '>', 'a.*', 'a.>', '*.*.>', 'A_b-9.c', 'a.b!'])('%s is well formed', (filter) => {
    expect(isSubjectFilter(filter)).toBe(true);
  });

  test.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a b',
    'a\tb',
    'a\r\nSUB x 1',
    'a\n',
    '>.a',
    'a.>.b',
    'a*',
    '**',
    '*a.b',
    'a.b>',
    'é',
    '\u007f',
  ])('%j is not well formed', (filter) => {
    expect(isSubjectFilter(filter)).toBe(false);
  });

  test('is well formed exactly when each of its tokens is, and > comes last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(token, fc.constantFrom('*', '>', '', 'a*', ' ', 'a\n')), { minLength: 1, maxLength: 4 }),
        (tokens) => {
          const good = tokens.every(
            (each, at) =>
              ['a', 'b', 'sim', 'v1', 'ab', '*'].includes(each) || (each === '>' && at === tokens.length - 1),
          );
          expect(isSubjectFilter(tokens.join('.'))).toBe(good);
        },
      ),
    );
  });
});
