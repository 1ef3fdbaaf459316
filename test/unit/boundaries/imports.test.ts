import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { describe, expect, test } from 'vitest';
import config from '../../../dependency-cruiser.config.ts';

const fixtures = join(import.meta.dirname, '../../boundaries/imports');
const rules = config.forbidden.map(({ name }) => name);

describe('import rules', () => {
  test('each rule has a bad fixture, and each fixture a rule', () => {
    expect(readdirSync(fixtures).sort()).toEqual([...rules].sort());
  });

  test.each(rules)('%s fires on its fixture, and no other rule does', async (rule) => {
    const { forbidden, options } = config;
    const { output } = await cruise(['.'], {
      ...options,
      baseDir: join(fixtures, rule),
      ruleSet: { forbidden },
      validate: true,
    });
    const broken = (output as ICruiseResult).summary.violations.map((violation) => violation.rule.name);
    expect(new Set(broken)).toEqual(new Set([rule]));
  });
});
