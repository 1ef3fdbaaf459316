import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { COMMAND_NAMES, type CommandName as DomainCommandName } from '../../../src/domain/command/command.ts';
import type { EventDeclaration } from '../../../src/domain/routing/route-table.ts';
import type { CommandName, EventDescription } from '../../../src/plugin/plugin.ts';

describe('the plugin API', () => {
  it('stands alone: third parties read one file', () => {
    const source = readFileSync(new URL('../../../src/plugin/plugin.ts', import.meta.url), 'utf8');
    expect(source).not.toMatch(/^import /m);
    expect(source).not.toMatch(/from '/);
  });

  it('knows the commands that the domain knows', () => {
    expectTypeOf<CommandName>().toEqualTypeOf<DomainCommandName>();
    expectTypeOf<EventDescription>().toExtend<EventDeclaration>();
    const source = readFileSync(new URL('../../../src/plugin/plugin.ts', import.meta.url), 'utf8');
    for (const name of COMMAND_NAMES) expect(source).toContain(`'${name}'`);
  });

  it('is all that the built-in plugins import, beside files of their own', () => {
    for (const file of ['executable.ts', 'options-schema.ts']) {
      const source = readFileSync(new URL(`../../../plugins/executable/${file}`, import.meta.url), 'utf8');
      const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier);
      expect(imported.filter((specifier) => specifier !== 'shoal/plugin' && !specifier?.startsWith('./'))).toEqual([]);
    }
  });
});
