import { expect, test } from 'vitest';
import type { Check } from '../../../src/conformance/check.ts';
import { Finding, NotApplicable, NotPrepared } from '../../../src/conformance/finding.ts';
import { verdictOf } from '../../../src/conformance/verdict.ts';

const CHECK: Check = {
  id: 'obeys-stop',
  section: 'end',
  title: 'stops',
  fix: 'Stop.',
  scene: { setting: {} },
  run: () => {},
};

test('only a finding is the fault of the worker', () => {
  const finding = new Finding({ expected: 'an end', seen: 'none' });
  expect(verdictOf(CHECK, finding)).toMatchObject({
    outcome: 'failed',
    expected: 'an end',
    seen: 'none',
    fix: 'Stop.',
  });
  expect(verdictOf(CHECK, new NotApplicable('left out'))).toEqual({ outcome: 'not_applicable', seen: 'left out' });
});

test.each([
  new NotPrepared('no snapshot'),
  Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' }),
  new TypeError('client is closed'),
])('whatever else is thrown leaves the check not run, with its message: %s', (thrown) => {
  expect(verdictOf(CHECK, thrown)).toMatchObject({ outcome: 'not_run', seen: thrown.message });
});
