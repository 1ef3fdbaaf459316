import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

export type Versions = Readonly<Record<string, string>>;

/** A checkout with a lock file and an npm that only writes down what it was told, and what it would install. */
export class Checkout {
  readonly folder: string;
  readonly #npm: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#npm = join(folder, 'npm-cli.js');
  }

  static async make(wanted: Versions): Promise<Checkout> {
    const checkout = new Checkout(await mkdtemp(join(tmpdir(), 'shoal-setup-')));
    await mkdir(join(checkout.folder, 'scripts'));
    await copyFile(join(root, 'scripts/setup.mjs'), join(checkout.folder, 'scripts/setup.mjs'));
    await checkout.want(wanted);
    await checkout.npmThat(`if (command === 'ci') install();`);
    return checkout;
  }

  /** Writes the lock file. */
  async want(versions: Versions): Promise<void> {
    await writeFile(join(this.folder, 'package-lock.json'), lockFile(versions));
  }

  /** Makes node_modules what an npm would leave there that installed those. */
  async haveInstalled(versions: Versions): Promise<void> {
    await mkdir(join(this.folder, 'node_modules'), { recursive: true });
    await writeFile(join(this.folder, 'node_modules/.package-lock.json'), lockFile(versions));
  }

  /** Says what npm does; `install()` installs what the lock file names. */
  async npmThat(does: string): Promise<void> {
    await writeFile(
      this.#npm,
      `const { appendFileSync, copyFileSync, mkdirSync } = require('node:fs');
       const [command] = process.argv.slice(2);
       appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
       function install() {
         mkdirSync('node_modules', { recursive: true });
         copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
       }
       ${does}`,
    );
  }

  /** What npm was told so far: the command of each call. */
  async npmCommands(): Promise<string[]> {
    const calls = await readFile(join(this.folder, 'npm-calls'), 'utf8').catch(() => '');
    return calls
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ')[0] ?? '');
  }

  async setUp(): Promise<{ exitCode: number | null; stderr: string }> {
    const child = spawn(process.execPath, ['scripts/setup.mjs'], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], npm_execpath: this.#npm },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [exitCode] = await once(child, 'close');
    return { exitCode, stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function lockFile(versions: Versions): string {
  const packages = Object.entries(versions).map(([name, version]) => {
    const optional = name.startsWith('optional-') ? { optional: true } : {};
    return [`node_modules/${name}`, { version, ...optional }];
  });
  return JSON.stringify({ packages: { '': { version: '0.0.0' }, ...Object.fromEntries(packages) } });
}
