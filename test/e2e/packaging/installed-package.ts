import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm pack` makes of the project, installed by npm in a project of a stranger, in a temporary folder. */
export class InstalledPackage {
  readonly folder: string;
  /** What the tarball holds, from its root. */
  readonly files: readonly string[];
  readonly version: string;

  private constructor(folder: string, files: readonly string[], version: string) {
    this.folder = folder;
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
      const { stdout } = await run('tar', ['-tzf', tarball]);
      const files = stdout.trim().split('\n');
      await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
      await npm(folder, 'install', '--prefer-offline', '--ignore-scripts', tarball);
      await linkTypesOfNode(folder);
      return new InstalledPackage(
        folder,
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
    return finished(run(process.execPath, args, { cwd: this.folder, env: ownEnvironment(), timeout: 60_000 }));
  }
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  await run('npm', [...args, ...quiet], { cwd, env: ownEnvironment(), timeout: 120_000 });
}

/** What npm and vitest told this process is not meant for the processes of a stranger. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function linkTypesOfNode(folder: string): Promise<void> {
  for (const name of ['@types', 'undici-types']) {
    const link = join(folder, 'node_modules', name);
    await rm(link, { recursive: true, force: true });
    await symlink(join(root, 'node_modules', name), link);
  }
}

async function finished(running: Promise<{ stdout: string; stderr: string }>): Promise<Finished> {
  try {
    return { exitCode: 0, ...(await running) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { exitCode: code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}
