import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ServedDaemon } from '../../e2e/docs/served-daemon.ts';
import type { InstalledPackage } from './installed-package.ts';
import { type Finished, install, npm, root, runNode } from './npm.ts';

const examples = join(root, 'examples', 'plugins');

/** The empty folder of somebody who installed Shoal and the plugins of examples/plugins, all from tarballs. */
export class PluginUser implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async with(shoal: InstalledPackage): Promise<PluginUser> {
    const user = new PluginUser(await mkdtemp(join(tmpdir(), 'shoal-plugin-user-')));
    const packed = join(user.path, 'packed');
    await mkdir(packed);
    const tarballs = [await packJavaScript(packed), await packTypeScript(packed, shoal)];
    await writeFile(join(user.path, 'package.json'), '{ "private": true }');
    await install(user.path, shoal.tarball, ...tarballs);
    return user;
  }

  /** Runs the tests that a plugin brings along, where it is installed. */
  test(name: string): Promise<string> {
    return npm(join(this.path, 'node_modules', name), 'test');
  }

  /** Copies an example's modules beside the configuration. */
  async copyExample(name: string, to: string): Promise<void> {
    await cp(join(examples, name), join(this.path, to), {
      recursive: true,
      filter: (path) => basename(path) !== 'node_modules',
    });
  }

  async write(name: string, text: string, mode = 0o644): Promise<void> {
    await mkdir(join(this.path, name, '..'), { recursive: true });
    await writeFile(join(this.path, name), text, { mode });
  }

  shoal(...args: readonly string[]): Promise<Finished> {
    return runNode(this.path, this.#command, ...args);
  }

  serve(config: string): Promise<ServedDaemon> {
    return ServedDaemon.start(this, config, [this.#command]);
  }

  get #command(): string {
    return join(this.path, 'node_modules', '.bin', 'shoal');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

async function packJavaScript(to: string): Promise<string> {
  return join(to, (await npm(join(examples, 'javascript'), 'pack', '--pack-destination', to)).trim());
}

/** Built in a copy, beside what `npm install` would bring there: the compiler and types of this project are as good. */
async function packTypeScript(to: string, shoal: InstalledPackage): Promise<string> {
  const copy = join(to, 'typescript');
  await cp(join(examples, 'typescript', 'src'), join(copy, 'src'), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json', 'README.md']) {
    await cp(join(examples, 'typescript', file), join(copy, file));
  }
  const modules = join(copy, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  await symlink(join(shoal.folder, 'node_modules', 'shoal'), join(modules, 'shoal'));
  for (const name of ['typescript', '@types', 'undici-types']) {
    await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  await symlink(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), join(modules, '.bin', 'tsc'));
  const lines = (await npm(copy, 'pack', '--pack-destination', to)).trim().split('\n');
  return join(to, lines.at(-1) ?? '');
}
