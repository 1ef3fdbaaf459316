import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Program } from '../../support/program.ts';

/** What is looked at of a manifest. */
export interface Manifest {
  readonly plan_sha256: string;
  readonly runs: readonly {
    readonly simulation_id: string;
    readonly state: string;
    readonly attached: boolean;
    readonly started_at: string;
    readonly ended_at: string;
    readonly events_logged: number;
    readonly last_tick: number;
  }[];
}

/** The experiment manager, over `plan.yaml` in a folder. */
export class ExperimentManager extends Program {
  readonly #manifest: string;

  constructor(python: string, folder: string, address: string) {
    const manifest = join(folder, 'manifest.json');
    const args = ['-m', 'shoal_sim.experiments', 'plan.yaml', '--address', address, '--manifest', manifest];
    super(python, args, { cwd: folder });
    this.#manifest = manifest;
  }

  async manifest(): Promise<Manifest> {
    return JSON.parse(await readFile(this.#manifest, 'utf8'));
  }
}
