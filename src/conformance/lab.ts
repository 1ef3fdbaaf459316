import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PluginCatalogue } from '../adapters/plugins/plugin-catalogue.ts';
import { PrivateRunFiles } from '../adapters/process/private-run-files.ts';
import { ProcessLauncher } from '../adapters/process/process-launcher.ts';
import { RandomIds } from '../adapters/system/random-ids.ts';
import { SystemClock } from '../adapters/system/system-clock.ts';
import { builtInPlugins } from '../app/built-in-plugins.ts';
import { silentLog } from '../app/silent-log.ts';
import type { ShoalConfig } from '../domain/configuration.ts';
import { ShoalError } from '../domain/shoal-error.ts';
import type { WorkerType } from '../domain/worker-type.ts';
import type { NatsServerProcess } from './nats-server-process.ts';

export interface LabOptions {
  readonly config: ShoalConfig;
  readonly workerType: string;
  /** The run's configuration, plain data. */
  readonly runConfig: unknown;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** An executable; absent: there is none. */
  readonly natsServer?: string | undefined;
  /** Aborted: nothing more is launched, and what runs is ended. */
  readonly signal: AbortSignal;
}

/** How workers of one examination reach what they talk to. */
export interface LabEndpoints {
  readonly grpcAddress: string;
  readonly natsUrls: readonly string[];
  readonly orphanTimeoutMs: number;
}

const REMOVAL = { recursive: true, force: true, maxRetries: 3, retryDelay: 50 };

/** A second Ctrl-C or a crash ends this process without a wait; nothing must outlive it. */
const openLabs = new Set<Lab>();
process.on('exit', () => {
  for (const lab of openLabs) lab.endAtOnce();
});

/** What all examinations of one worker type share: where processes run, where their files are, who names them. */
export class Lab {
  readonly options: LabOptions;
  readonly launcher: ProcessLauncher;
  readonly ids = new RandomIds();
  readonly folder: string;
  readonly files: PrivateRunFiles;
  /** Those that run. */
  readonly natsServers = new Set<NatsServerProcess>();
  readonly #interrupted = () => void this.launcher.stop();

  private constructor(options: LabOptions, folder: string) {
    this.options = options;
    this.folder = folder;
    this.files = new PrivateRunFiles(folder);
    const maxLineBytes = options.config.limits.outputLineBytes;
    this.launcher = new ProcessLauncher({ clock: new SystemClock(), log: silentLog, maxLineBytes });
  }

  static async open(options: LabOptions): Promise<Lab> {
    const lab = new Lab(options, await mkdtemp(join(tmpdir(), 'shoal-conformance-')));
    const { signal } = options;
    openLabs.add(lab);
    signal.addEventListener('abort', lab.#interrupted, { once: true });
    try {
      await lab.files.start();
      await lab.launcher.start();
      // Whoever asked before we listened is not asked again.
      if (signal.aborted) await lab.launcher.stop();
      return lab;
    } catch (err) {
      await lab.close();
      throw err;
    }
  }

  /** Ends every process that is left. */
  async close(): Promise<void> {
    this.options.signal.removeEventListener('abort', this.#interrupted);
    await this.launcher.stop();
    // What cannot be removed was told by the scene that it is of.
    await rm(this.folder, REMOVAL).catch(() => {});
    openLabs.delete(this);
  }

  /**
   * The worker type, described by its plugin as for a daemon at these endpoints.
   *
   * @throws ShoalError WORKER_TYPE_UNKNOWN; CONFIG_INVALID for a plugin that cannot be used
   */
  async workerType(endpoints: LabEndpoints): Promise<WorkerType> {
    const { config, workerType, environment } = this.options;
    const catalogue = new PluginCatalogue({
      workerTypes: config.workerTypes.filter(({ name }) => name === workerType),
      routingRules: config.routing.rules,
      baseDirectory: config.baseDirectory,
      builtIns: builtInPlugins,
      endpoints: { ...endpoints, grpcAddress: () => endpoints.grpcAddress },
      hostEnvironment: environment,
      log: silentLog,
    });
    const { signal } = this.options;
    await catalogue.start(signal);
    if (signal.aborted) throw new ShoalError('CANCELLED', 'the examination was ended');
    const type = catalogue.get(workerType);
    if (type === undefined) throw new ShoalError('WORKER_TYPE_UNKNOWN', `there is no worker type ${workerType}`);
    const { availability } = type;
    if (!availability.available)
      throw new ShoalError('CONFIG_INVALID', `worker type ${workerType}: ${availability.reason}`);
    return type;
  }

  /** As {@link close}, for a process that exits: synchronous, waits for nothing. */
  endAtOnce(): void {
    this.launcher.killAll();
    for (const server of this.natsServers) server.kill();
    try {
      rmSync(this.folder, REMOVAL);
    } catch {
      // There is nobody left to tell.
    }
  }
}
