import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finished, install, npm, root, runNode, runTool } from './npm.ts';

/** What `npm pack` makes of the project, installed by npm in a project of a stranger, in a temporary folder. */
export class InstalledPackage {
  readonly folder: string;
  readonly tarball: string;
  /** What the tarball holds, from its root. */
  readonly files: readonly string[];
  readonly version: string;

  private constructor(folder: string, tarball: string, files: readonly string[], version: string) {
    this.folder = folder;
    this.tarball = tarball;
    this.files = files;
    this.version = version;
  }

  static async make(): Promise<InstalledPackage> {
    const folder = await mkdtemp(join(tmpdir(), 'shoal-package-'));
    try {
      // The build is a script of the project; npm runs it before it packs.
      await npm(root, 'pack', '--pack-destination', folder);
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
      const tarball = join(folder, `shoal-${version}.tgz`);
      const { stdout } = await runTool('tar', ['-tzf', tarball]);
      const files = stdout.trim().split('\n');
      await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
      await install(folder, tarball);
      await linkTypesOfNode(folder);
      return new InstalledPackage(
        folder,
        tarball,
        files.map((file) => file.replace('package/', '')),
        version,
      );
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Runs the installed `shoal` as its shebang would. */
  shoal(...args: string[]): Promise<Finished> {
    return this.#node(join(this.folder, 'node_modules/.bin/shoal'), ...args);
  }

  /** Installs it once more, as `npm install --global` does. @returns the command */
  async globally(): Promise<string> {
    const prefix = join(this.folder, 'global');
    await install(this.folder, '--global', '--prefix', prefix, this.tarball);
    return join(prefix, 'bin', 'shoal');
  }

  /** Runs an ES module. */
  async script(source: string): Promise<Finished> {
    const file = join(this.folder, 'script.js');
    await writeFile(file, source);
    return await this.#node(file);
  }

  /** Compiles a TypeScript module as strictly as TypeScript can, with the module resolution that Node has. */
  async compile(source: string): Promise<Finished> {
    await writeFile(join(this.folder, 'module.ts'), source);
    const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2023', types: ['node'] };
    await writeFile(join(this.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['module.ts'] }));
    return await this.#node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #node(...args: string[]): Promise<Finished> {
    return runNode(this.folder, ...args);
  }
}

async function linkTypesOfNode(folder: string): Promise<void> {
  for (const name of ['@types', 'undici-types']) {
    const link = join(folder, 'node_modules', name);
    await rm(link, { recursive: true, force: true });
    await symlink(join(root, 'node_modules', name), link);
  }
}
