import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable } from '../../adapters/yaml/config-path.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import type { PlannedFile } from './project-plan.ts';

/** What is filled into templates, by the name between `{{` and `}}`. */
export type Filling = Readonly<Record<string, string>>;

/** Writes a project into a folder that is not there yet, or empty: nothing is ever overwritten. @throws CliError */
export function writeProject(folder: string, files: readonly PlannedFile[], filling: Filling): void {
  try {
    assertEmpty(folder);
    for (const { path, source, isTemplate } of files) {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      const text = readFileSync(source, 'utf8');
      writeFileSync(target, isTemplate ? fill(text, filling) : text, { flag: 'wx' });
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT.failed, `the project cannot be written: ${printable((error as Error).message)}`, {
      cause: error,
    });
  }
}

function assertEmpty(folder: string): void {
  if (entriesOf(folder).length === 0) return;
  throw new CliError(EXIT.failed, `${printable(folder)} is not empty, and nothing is overwritten`, {
    hint: 'Choose another folder with --dir, or empty this one.',
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code !== 'ENOTDIR') throw error;
    throw new CliError(EXIT.failed, `${printable(folder)} is a file, and nothing is overwritten`, {
      hint: 'Choose another folder with --dir.',
    });
  }
}

/** @throws Error for a name that nothing is given for: a mistake in a template */
export function fill(text: string, filling: Filling): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_whole, name: string) => {
    const value = filling[name];
    if (value === undefined) throw new Error(`a template asks for {{${name}}}`);
    return value;
  });
}
