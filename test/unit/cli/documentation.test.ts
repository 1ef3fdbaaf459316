import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT } from '../../../src/cli/exit-code.ts';
import { everyCommand, nameOf } from './every-command.ts';

const page = readFileSync('docs/cli.md', 'utf8');

test.each(everyCommand().map((command) => [nameOf(command), command] as const))(
  'docs/cli.md has what `%s --help` prints',
  (_name, command) => {
    let help = '';
    command.configureOutput({
      writeOut: (text) => (help += text),
      getOutHasColors: () => false,
      getOutHelpWidth: () => 80,
    });
    command.outputHelp();
    expect(page).toContain(`\`\`\`text\n${help.trimEnd()}\n\`\`\``);
  },
);

test('docs/cli.md has a row for every exit code, and for no other', () => {
  const [, table = ''] = /^\*\*Exit codes\.\*\*\n(.*?)\n\n(?!\|)/ms.exec(page) ?? [];
  const codes = [...table.matchAll(/^\| (\d+) /gm)].map(([, code]) => Number(code));
  expect(codes).toEqual(Object.values(EXIT));
  const [, help = ''] = /^Exit codes:\n(.*)$/m.exec(page) ?? [];
  expect([...help.matchAll(/\d+/g)].map(Number)).toEqual(Object.values(EXIT));
});

test('docs/cli.md shows no help of a command that is not there', () => {
  const shown = [...page.matchAll(/^Usage: (shoal(?: [a-z]+)*)/gm)].map(([, name]) => name);
  expect(shown.sort()).toEqual(everyCommand().map(nameOf).sort());
});
