import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { everyCommand, nameOf } from './every-command.ts';
import { type CommandTree, commandUses } from './used-flags.ts';

/** Whether every flag works is for the tests in test/e2e/cli; that none is forgotten there, for this one. */
const FOLDER = 'test/e2e/cli';
const commands = everyCommand();
const [program] = commands;
const tree = treeOf(program as Command);
const uses = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => commandUses(readFileSync(join(FOLDER, file), 'utf8'), tree));

/** Mistakes that tests make on purpose. */
const MISTYPED = ['ls --lable', 'config check --offlin'];

test('every command and every flag of it is used by an end-to-end test', () => {
  const used = new Set(uses.flatMap(({ command, flags }) => [command, ...flags.map((flag) => `${command} ${flag}`)]));
  const unused = commands.flatMap((command) => {
    const name = shortName(command);
    const forms = command.options.map(({ long, short }) =>
      [long, short].filter((form) => form !== undefined && form !== null),
    );
    return [
      ...(command.commands.length > 0 || used.has(name) ? [] : [nameOf(command)]),
      ...forms
        .filter((same) => !same.some((form) => used.has(`${name} ${form}`)))
        .map((same) => `${nameOf(command)} ${same.join(', ')}`),
    ];
  });
  expect(unused).toEqual([]);
});

test('every flag that an end-to-end test uses is one', () => {
  const known = new Set(
    commands.flatMap((command) => [
      ...command.options.flatMap(({ long, short }) => [
        `${shortName(command)} ${long}`,
        `${shortName(command)} ${short}`,
      ]),
      `${shortName(command)} --help`,
      `${shortName(command)} -h`,
    ]),
  );
  const unknown = uses
    .flatMap(({ command, flags }) => flags.map((flag) => `${command} ${flag}`))
    .filter((flag) => !known.has(flag));
  expect([...new Set(unknown)].sort()).toEqual([...MISTYPED].sort());
});

test('argument lists are found in the source of a test', () => {
  const source = `
    const flags: string[] = ['--id', id, '--wait'];
    await shoal(['start', 'fish', ...flags, '--seed', \`\${seed}\`], { more: ['-x', y] });
    test.each([[['--address', NOBODY, 'config', 'check', f(['a', '--b']), '-o', 'json'], 'x --y']]);
    await run('stop a b --force');
    await shoal([...unknown, '-o', 'json']);
    spawn('npm', ['--prefix', folder, 'run', '-s', 'shoal', '--', 'ls', '--force']);
    for (const args of [['--version'], ['-V']]) await shoal(args);
    expect('--grace').toBe(1);
  `;
  expect(commandUses(source, tree).filter(({ flags }) => flags.length > 0)).toEqual(
    expect.arrayContaining([
      { command: 'start', flags: ['--id', '--wait', '--seed'] },
      { command: '', flags: ['--address'] },
      { command: 'config check', flags: ['-o'] },
      { command: 'stop', flags: ['--force'] },
      { command: '', flags: ['--version'] },
      { command: '', flags: ['-V'] },
    ]),
  );
  const others = ['--grace', '--prefix', '-x', '--b'];
  expect(commandUses(source, tree).some(({ flags }) => flags.some((flag) => others.includes(flag)))).toBe(false);
});

function treeOf(command: Command): CommandTree {
  return new Map([['help', new Map()], ...command.commands.map((each) => [each.name(), treeOf(each)] as const)]);
}

/** As it is typed behind `shoal`. */
function shortName(command: Command): string {
  return nameOf(command).replace(/^shoal ?/, '');
}
