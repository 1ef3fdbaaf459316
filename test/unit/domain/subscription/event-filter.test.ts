import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileEventFilter } from '../../../../src/domain/subscription/event-filter.ts';
import { planSubscription, type SubscriptionRequest } from '../../../../src/domain/subscription/subscription-plan.ts';
import { EVERYTHING } from '../../../support/subscription/reader.ts';

const LABELS: Record<string, Record<string, string>> = { s1: { group: 'a' }, s2: { group: 'b' }, s3: {} };

function filterOf(request: Partial<SubscriptionRequest>) {
  return compileEventFilter(planSubscription({ ...EVERYTHING, ...request }), (id) => LABELS[id]);
}

function event(simulationId: string, eventTypeKey: string, attributes: Record<string, string> = {}) {
  return { simulationId, eventTypeKey, attribute: (name: string) => attributes[name] };
}

test('all parts of the filter must hold', () => {
  const wants = filterOf({
    simulationIds: ['s1', 's2'],
    eventTypeKeys: ['sim.*.v1', 'reef.>'],
    labelSelector: 'group=a',
    attributes: { zone: 'deep' },
  });
  const deep = { zone: 'deep', more: 'x' };
  expect(wants(event('s1', 'sim.a.v1', deep))).toBe(true);
  expect(wants(event('s1', 'reef.x.y', deep))).toBe(true);
  expect(wants(event('s2', 'sim.a.v1', deep))).toBe(false);
  expect(wants(event('s3', 'sim.a.v1', deep))).toBe(false);
  expect(wants(event('s1', 'sim.a.v2', deep))).toBe(false);
  expect(wants(event('s1', 'sim.a.v1', { zone: 'north' }))).toBe(false);
  expect(wants(event('s1', 'sim.a.v1'))).toBe(false);
});

test('an empty attribute is not a missing one', () => {
  const wants = filterOf({ attributes: { zone: '' } });
  expect([wants(event('s1', 'a', { zone: '' })), wants(event('s1', 'a'))]).toEqual([true, false]);
});

test('a simulation that nobody knows is selected by no selector, not even by its lack of a label', () => {
  expect(filterOf({})(event('unknown', 'a'))).toBe(true);
  expect(filterOf({ labelSelector: '!group' })(event('s3', 'a'))).toBe(true);
  expect(filterOf({ labelSelector: '!group' })(event('unknown', 'a'))).toBe(false);
});

test('keys match as NATS subjects do, also when asked again', () => {
  const token = fc.constantFrom('a', 'b', 'c');
  const key = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.'));
  const pattern = fc
    .tuple(fc.array(fc.oneof(token, fc.constant('*')), { maxLength: 3 }), fc.boolean())
    .map(([tokens, open]) => [...tokens, ...(open || tokens.length === 0 ? ['>'] : [])].join('.'));
  fc.assert(
    fc.property(
      fc.array(pattern, { minLength: 1, maxLength: 3 }),
      fc.array(key, { minLength: 1 }),
      (patterns, keys) => {
        const wants = filterOf({ eventTypeKeys: patterns });
        const expected = patterns.map(
          (text) => new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace('>', '.+')}$`),
        );
        for (const each of [...keys, ...keys]) {
          expect(wants(event('s1', each))).toBe(expected.some((regex) => regex.test(each)));
        }
      },
    ),
  );
});
