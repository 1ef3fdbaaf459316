import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** A folder that `python3 -m venv` has made, with an interpreter and packages of its own. */
export class VirtualEnvironment {
  readonly folder: string;
  readonly python: string;

  /** @param folder absolute */
  constructor(folder: string) {
    this.folder = folder;
    this.python = join(folder, 'bin', 'python');
  }

  /** @throws Error that says how to make one, when there is none */
  async check(): Promise<void> {
    try {
      await access(this.python, constants.X_OK);
    } catch {
      throw new Error(`options.venv: there is no ${this.python}; make it with "python3 -m venv ${this.folder}"`);
    }
  }

  /** What `bin/activate` sets. @param path the PATH to go on with */
  variables(path: string | undefined): Record<string, string> {
    const folders = [join(this.folder, 'bin'), ...(path === undefined ? [] : [path])];
    return { VIRTUAL_ENV: this.folder, PATH: folders.join(delimiter) };
  }
}
