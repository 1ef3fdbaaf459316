import { existsSync, renameSync } from 'node:fs';
import type { Simulation } from '../../domain/simulation/simulation.ts';
import { SqliteRegistryStore } from './sqlite-registry-store.ts';
import type { StoreOptions } from './store.ts';

/** The registry of a daemon that keeps its records elsewhere from now on. Its file is moved aside, never removed. */
export class LocalRegistryFile {
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** Empty where there is no file. @throws ShoalError DATA_DIR_UNUSABLE for one that cannot be read */
  async list(): Promise<readonly Simulation[]> {
    if (!existsSync(this.#options.file)) return [];
    const store = new SqliteRegistryStore(this.#options);
    await store.start();
    try {
      return (await store.list()).map(({ simulation }) => simulation);
    } finally {
      await store.stop();
    }
  }

  /** The next start finds no file. */
  async taken(): Promise<void> {
    const { file } = this.#options;
    for (const suffix of ['-wal', ''])
      if (existsSync(file + suffix)) renameSync(file + suffix, `${file}.taken-over${suffix}`);
  }
}
