import { relative } from 'node:path';
import { packageRoot } from '../../adapters/grpc/proto-loading.ts';
import type { Language } from './project-plan.ts';

/** Built to JavaScript, as in an installed package; else this is a checkout. */
const IS_BUILT = import.meta.filename.endsWith('.js');

/** The commands that make a project ready, in its folder. */
const PREPARATION: Readonly<Record<Language, () => readonly string[]>> = {
  // npm builds a checkout before it packs it.
  typescript: () => [`npm pack ${IS_BUILT ? '--ignore-scripts ' : ''}${quoted(packageRoot())}`, 'npm install'],
  rust: () => ['cargo build --release'],
  python: () => ['python3 -m venv .venv', '.venv/bin/pip install ./shoal-sim'],
};

/** What to type next, as lines that a shell takes. */
export function nextSteps(language: Language, name: string, folder: string): string[] {
  const shoal = commandFor(language);
  return [
    `cd ${quoted(relative('.', folder) || '.')}`,
    ...PREPARATION[language](),
    `${shoal} serve --config shoal.yaml`,
    `${shoal} start ${name} --id first --wait`,
  ];
}

/** `shoal`, as it is typed in a project's folder. */
function commandFor(language: Language): string {
  if (language === 'typescript') return 'npx shoal';
  return IS_BUILT ? 'shoal' : `npm --prefix ${quoted(packageRoot())} run -s shoal --`;
}

/** As a POSIX shell takes it. */
function quoted(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
