import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export const LANGUAGES = ['typescript', 'rust', 'python'] as const;

export type Language = (typeof LANGUAGES)[number];

/** One file of a project that is to be written. */
export interface PlannedFile {
  /** Below the project's folder. */
  readonly path: string;
  /** The file that it is made from. */
  readonly source: string;
  /** Whether `{{name}}` and `{{version}}` are to be filled in. */
  readonly isTemplate: boolean;
}

/** A file, or a folder with all that is in it. */
interface Part {
  /** Below the package of Shoal. */
  readonly from: string;
  /** Below the project's folder. */
  readonly to: string;
}

const RUST = 'examples/rust-worker/shoal-worker';
const PYTHON = 'examples/python';

/** What a project consists of: its templates, the example that is its worker, and where no registry has it the library. */
const PARTS: Readonly<Record<Language, readonly Part[]>> = {
  typescript: [{ from: 'templates/worker/typescript', to: '.' }],
  rust: [
    { from: 'templates/worker/rust', to: '.' },
    { from: `${RUST}/examples/counter.rs`, to: 'src/main.rs' },
    ...['Cargo.toml', 'build.rs', 'src'].map((name) => ({ from: `${RUST}/${name}`, to: `shoal-worker/${name}` })),
    { from: 'proto/fes', to: 'shoal-worker/proto/fes' },
    { from: 'LICENSE', to: 'shoal-worker/LICENSE' },
  ],
  python: [
    { from: 'templates/worker/python', to: '.' },
    { from: `${PYTHON}/counter.py`, to: 'counter.py' },
    ...['pyproject.toml', 'setup.py', 'README.md', 'src/shoal_sim/__init__.py', 'src/shoal_sim/py.typed'].map(
      (name) => ({ from: `${PYTHON}/${name}`, to: `shoal-sim/${name}` }),
    ),
    { from: `${PYTHON}/src/shoal_sim/worker`, to: 'shoal-sim/src/shoal_sim/worker' },
    { from: 'proto/fes', to: 'shoal-sim/proto/fes' },
    { from: 'LICENSE', to: 'shoal-sim/LICENSE' },
  ],
};

/** The end of a template's name, which the file that is made from it does not have. */
const TEMPLATE = '.template';

/** What tools leave behind in a checkout. */
const LEFTOVERS = ['__pycache__', 'node_modules', 'target'];

/** The files of a project, from a checkout or an installed package of Shoal. */
export function planProject(language: Language, shoalFolder: string): PlannedFile[] {
  return PARTS[language].flatMap(({ from, to }) => {
    const start = join(shoalFolder, from);
    return filesOf(start).map((source) => plannedFile(source, join(to, relative(start, source))));
  });
}

function plannedFile(source: string, path: string): PlannedFile {
  const isTemplate = path.endsWith(TEMPLATE);
  return { path: isTemplate ? path.slice(0, -TEMPLATE.length) : path, source, isTemplate };
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).toSorted();
  return names.filter((name) => !LEFTOVERS.includes(name)).flatMap((name) => filesOf(join(path, name)));
}
