import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateRunFiles } from '../adapters/process/private-run-files.ts';
import { parseSimulationId, parseWorkerId } from '../domain/ids.ts';
import type { WorkerLaunch } from '../domain/worker-type.ts';
import type { TrialLaunch } from './trial.ts';

const CONTENT_TYPE = 'application/json';

/** Launches as the daemon asks for them, with the files that workers find, in a temporary folder. */
export class TrialRuns implements AsyncDisposable {
  readonly #folder: string;
  readonly #files: PrivateRunFiles;
  #made = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#files = new PrivateRunFiles(folder);
  }

  static async open(): Promise<TrialRuns> {
    return new TrialRuns(await mkdtemp(join(tmpdir(), 'shoal-testkit-')));
  }

  /** A launch of a worker, a simulation and a token of its own. */
  async launch(
    config: unknown,
    { commandTransport = 'grpc', seed, incarnation = 1 }: TrialLaunch,
  ): Promise<WorkerLaunch> {
    this.#made += 1;
    const workerId = parseWorkerId(`testkit-worker-${this.#made}`);
    const bytes = Buffer.from(JSON.stringify(config));
    return {
      workerId,
      simulationId: parseSimulationId(`testkit-simulation-${this.#made}`),
      incarnation,
      token: `testkit-token-${this.#made}-${'0123456789abcdef'.repeat(2)}`,
      ...(seed === undefined ? {} : { seed }),
      files: await this.#files.prepare(workerId, { bytes, contentType: CONTENT_TYPE }),
      configContentType: CONTENT_TYPE,
      commandTransport,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
