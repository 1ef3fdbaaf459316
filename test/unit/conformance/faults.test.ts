import { expect, test } from 'vitest';
import { CHECKS } from '../../../src/conformance/checks/catalogue.ts';
import { rightBehaviour } from '../../support/broken-worker/behaviour/behaviour.ts';
import { behaviourWith, checkOf, FAULTS } from '../../support/broken-worker/faults/faults.ts';
import { typeNameOf } from '../../support/broken-worker/worker-type.ts';

test('each check of `shoal conformance` has a worker that fails it, and each broken worker a check', () => {
  const checks = CHECKS.map(({ id }) => id).sort();
  const faulty = new Set(Object.keys(FAULTS).map(checkOf));
  expect([...faulty].sort()).toEqual(checks);
});

test('each fault changes what a right worker does', () => {
  for (const [fault, { does }] of Object.entries(FAULTS)) {
    const changed = Object.entries(does).filter(([name, value]) => rightBehaviour[name as never] !== value);
    expect(changed.length, fault).toBe(1);
  }
});

test('each fault has a worker type of its own', () => {
  const names = new Set(Object.keys(FAULTS).map(typeNameOf));
  expect(names.size).toBe(Object.keys(FAULTS).length);
});

test('a fault that there is not is refused', () => {
  expect(() => behaviourWith('sings')).toThrow(/no fault sings; there are registers-in-time, /);
  expect(behaviourWith(undefined)).toBe(rightBehaviour);
});
