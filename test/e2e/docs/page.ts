import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Text that a reader compares and does not run. */
const SHOWN_ONLY = ['console', 'sh'];

/** The files of a page: its fenced blocks, by the name behind the language. @throws Error for a block without a name */
async function filesOf(page: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(page, 'utf8');
  const files = new Map<string, string>();
  for (const [, language = '', name = '', body = ''] of text.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)) {
    if (SHOWN_ONLY.includes(language)) continue;
    if (name === '' || files.has(name)) throw new Error(`${page}: a block of ${language} needs a name of its own`);
    files.set(name, body);
  }
  return files;
}

/** A reader's folder: what the pages say is in it, and Shoal installed. */
export class ReadersFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async of(...pages: readonly string[]): Promise<ReadersFolder> {
    const folder = new ReadersFolder(await mkdtemp(join(tmpdir(), 'shoal-docs-')));
    for (const page of pages) {
      for (const [name, text] of await filesOf(page)) await folder.write(name, text);
    }
    await folder.#installShoal();
    return folder;
  }

  async write(name: string, text: string): Promise<string> {
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  async copy(from: string, to: string): Promise<void> {
    await cp(join(this.path, from), join(this.path, to));
  }

  /** As `npm install NAME` would, of a package that this project has. */
  async linkInstalled(name: string): Promise<void> {
    const link = join(this.path, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(resolve('node_modules', name), link);
  }

  /** As `npm install ./NAME` does. */
  async link(name: string): Promise<void> {
    await symlink(join(this.path, name), join(this.path, 'node_modules', name));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  /** The package as it would be installed, but of the sources: nothing has to be built. */
  async #installShoal(): Promise<void> {
    const entries = ['plugin', 'plugin-testkit', 'worker'];
    const modules = Object.fromEntries(entries.map((entry) => [`./${entry}`, `./${entry}.js`]));
    const exports = { ...modules, './proto/*': './proto/*' };
    await this.write('node_modules/shoal/package.json', JSON.stringify({ name: 'shoal', type: 'module', exports }));
    await symlink(resolve('proto'), join(this.path, 'node_modules/shoal/proto'));
    for (const entry of entries) {
      const source = pathToFileURL(join('src', entry, `${entry}.ts`));
      await this.write(`node_modules/shoal/${entry}.js`, `export * from '${source.href}';\n`);
    }
  }
}
