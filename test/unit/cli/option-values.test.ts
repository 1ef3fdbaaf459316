import { describe, expect, test } from 'vitest';
import * as values from '../../../src/cli/option-values.ts';

describe('values that are taken', () => {
  test.each([
    [values.durationValue('500ms'), 500],
    [values.durationValue('2m'), 120_000],
    [values.uint64Value('0'), '0'],
    [values.uint64Value('18446744073709551615'), '18446744073709551615'],
    [values.countValue('7'), 7],
    [values.addressValue('[::1]:50050'), '[::1]:50050'],
    [values.addressValue('shoal.example:1'), 'shoal.example:1'],
    [
      values.collectPairs('a=b=c', [['x', 'y']]),
      [
        ['x', 'y'],
        ['a', 'b=c'],
      ],
    ],
    [values.collectPairs('a='), [['a', '']]],
    [values.collectTexts('b', ['a']), ['a', 'b']],
    [values.collectQualities('sim.>=all'), [{ eventTypeKeys: ['sim.>'], latestOnly: false, maxRateHz: 0 }]],
    [values.collectQualities('a=Latest'), [{ eventTypeKeys: ['a'], latestOnly: true, maxRateHz: 0 }]],
    [
      values.collectQualities('b=2.5hz', [{ eventTypeKeys: ['a'] }]),
      [{ eventTypeKeys: ['a'] }, { eventTypeKeys: ['b'], latestOnly: false, maxRateHz: 2.5 }],
    ],
    [values.collectStates('Running,paused', ['FAILED']), ['FAILED', 'RUNNING', 'PAUSED']],
  ])('%j', (value, expected) => expect(value).toEqual(expected));
});

describe('values that are refused', () => {
  test.each([
    ['10', values.durationValue],
    ['1.5s', values.durationValue],
    ['', values.durationValue],
    ['18446744073709551616', values.uint64Value],
    ['-1', values.uint64Value],
    ['1e3', values.uint64Value],
    ['0', values.countValue],
    ['1.5', values.countValue],
    ['50050', values.addressValue],
    ['127.0.0.1:0', values.addressValue],
    ['http://127.0.0.1:50050', values.addressValue],
    ['=b', values.collectPairs],
    ['novalue', values.collectPairs],
    ['latest', values.collectQualities],
    ['=latest', values.collectQualities],
    ['a=5', values.collectQualities],
    ['a=0hz', values.collectQualities],
    ['a=-1hz', values.collectQualities],
    ['runing', values.collectStates],
    ['', values.collectStates],
  ])('%j', (text, parse) => expect(() => parse(text)).toThrow(/^Expected /));
});
