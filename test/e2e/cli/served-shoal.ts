import { resolve } from 'node:path';
import { DaemonClient } from '../../support/daemon/daemon-client.ts';
import { type ConfigFolder, type TestDaemonOptions, writeConfig } from '../../support/daemon/daemon-config.ts';
import { processesWith } from './processes.ts';
import { shoalHere } from './shoal-here.ts';
import { type Ended, type ShoalOptions, ShoalProcess, shoal, shoalDone } from './shoal-process.ts';

const SCHOOL = resolve('examples/fish-school/run.mjs');

/** Runs the example: a worker that knows every command. */
export const FISH = { name: 'fish', plugin: 'executable', options: { executable: process.execPath, args: [SCHOOL] } };

/** Runs a shell script that knows nothing of Shoal. */
export function script(name: string, text: string, more: object = {}): object {
  return {
    name,
    plugin: 'executable',
    options: { executable: '/bin/sh', args: ['-c', text], register: 'none' },
    ...more,
  };
}

/** `shoal serve` in a process of its own, on free ports, in a home of its own by which its workers can be found. */
export class ServedShoal implements AsyncDisposable {
  readonly serve: ShoalProcess;
  readonly address: string;
  /** Beside the command, for what a test needs and does not test. */
  readonly client: DaemonClient;
  readonly #folder: ConfigFolder;

  private constructor(serve: ShoalProcess, address: string, folder: ConfigFolder) {
    this.serve = serve;
    this.address = address;
    this.client = new DaemonClient(address);
    this.#folder = folder;
  }

  static async start(options: TestDaemonOptions): Promise<ServedShoal> {
    const folder = await writeConfig(options);
    const serve = new ShoalProcess(['serve', '--config', folder.configFile], { environment: { HOME: folder.folder } });
    await serve.said('"ready"');
    const [, address = ''] = /"clients":"([^"]+)"/.exec(serve.stderr) ?? [];
    return new ServedShoal(serve, address, folder);
  }

  /** Runs a command against this daemon. */
  shoal(args: readonly string[], options: ShoalOptions = {}): Promise<Ended> {
    return shoal(args, this.#mine(options));
  }

  /** Runs a command that must work, in this process unless it needs more than arguments. @returns what it printed */
  done(args: readonly string[], options?: ShoalOptions): Promise<string> {
    if (options === undefined) return shoalHere(args, { SHOAL_ADDRESS: this.address });
    return shoalDone(args, this.#mine(options));
  }

  /** Begins a command against this daemon. */
  begin(args: readonly string[], options: ShoalOptions = {}): ShoalProcess {
    return new ShoalProcess(args, this.#mine(options));
  }

  /** The one message of a command that must work, as JSON. */
  async json(args: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.done([...args, '-o', 'json']));
  }

  /** Ends all that runs, so that the next test has the machine for itself. */
  async quiet(): Promise<void> {
    const states = ['STARTING', 'RUNNING', 'PAUSED', 'STOPPING'].map((state) => `SIMULATION_STATE_${state}` as const);
    const { simulations } = await this.client.list({ states: states as never });
    await Promise.all(
      simulations.map(({ simulationId }) => this.client.control(simulationId, { stop: { force: true } })),
    );
  }

  /** The processes of its workers, by the home that they have from it. */
  workers(): number[] {
    return processesWith('HOME', this.#folder.folder).filter((pid) => pid !== this.serve.child.pid);
  }

  #mine(options: ShoalOptions): ShoalOptions {
    return { ...options, environment: { SHOAL_ADDRESS: this.address, ...options.environment } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    if (this.serve.child.exitCode === null && this.serve.child.signalCode === null) {
      this.serve.child.kill('SIGTERM');
      await this.serve.insist('SIGTERM');
    }
    await this.#folder[Symbol.asyncDispose]();
  }
}
