import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import type { CliHost } from '../../../src/cli/cli-host.ts';
import { Interrupts } from '../../../src/cli/interrupts.ts';
import { createProgram } from '../../../src/cli/program.ts';

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

test('docs/cli.md shows no help of a command that is not there', () => {
  const shown = [...page.matchAll(/^Usage: (shoal(?: [a-z]+)*)/gm)].map(([, name]) => name);
  expect(shown.sort()).toEqual(everyCommand().map(nameOf).sort());
});

/** Whether every flag works is for the tests in test/e2e/cli; that none is forgotten there, for this one. */
test('every command and flag is used by an end-to-end test', () => {
  const sources = ['steering', 'streams', 'failures', 'serving', 'demo', 'demo-screen']
    .map((name) => readFileSync(`test/e2e/cli/${name}.test.ts`, 'utf8'))
    .join('\n');
  const used = (word: string | undefined) => word !== undefined && sources.includes(`'${word}'`);
  const unused = everyCommand().flatMap((command) => [
    ...(command.parent === null || used(command.name()) ? [] : [nameOf(command)]),
    ...command.options
      .filter(({ long, short }) => !used(long ?? undefined) && !used(short ?? undefined))
      .map(({ flags }) => `${nameOf(command)} ${flags}`),
  ]);
  expect(unused).toEqual([]);
});

function everyCommand(): Command[] {
  const stream = new PassThrough();
  const host = {
    stdin: stream,
    stdout: stream,
    stderr: stream,
    environment: {},
    interrupts: new Interrupts(() => {}),
  } as unknown as CliHost;
  const withAll = (command: Command): Command[] => [command, ...command.commands.flatMap(withAll)];
  return withAll(createProgram(host));
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
