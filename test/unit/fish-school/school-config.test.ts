import { describe, expect, test } from 'vitest';
import { SchoolConfigError, schoolConfig } from '../../../examples/fish-school/school-config.ts';

describe('the configuration of a school', () => {
  test('has a default for everything', () => {
    expect(schoolConfig({})).toEqual({
      fish: 20,
      max_fish: 60,
      food: 40,
      ticks: 0,
      ticks_per_second: 20,
      observations_every: 1,
      width: 100,
      height: 60,
    });
  });

  test('takes what it is given', () => {
    expect(schoolConfig({ fish: 3, ticks: 100, width: 50.5 })).toMatchObject({ fish: 3, ticks: 100, width: 50.5 });
  });

  test.each([
    [{ fish: -1 }, 'fish is -1: expected a whole number from 0 to 2000'],
    [{ fish: 1.5 }, 'fish is 1.5: expected a whole number from 0 to 2000'],
    [{ fish: 'many' }, 'fish is "many": expected a whole number from 0 to 2000'],
    [{ width: 0 }, 'width is 0: expected a number from 10 to 100000'],
    [{ ticks_per_second: Number.NaN }, 'ticks_per_second is null: expected a number from 0 to 10000'],
    [{ fishes: 3 }, 'fishes: not known; known are fish, '],
    [[], 'must be a JSON object'],
    [undefined, 'must be a JSON object'],
  ])('refuses %j and says what it expected', (json, message) => {
    expect(() => schoolConfig(json)).toThrow(SchoolConfigError);
    expect(() => schoolConfig(json)).toThrow(message);
  });

  test('names everything that is wrong at once', () => {
    expect(() => schoolConfig({ fish: -1, food: -1 })).toThrow(/fish is -1.*; food is -1/);
  });
});
