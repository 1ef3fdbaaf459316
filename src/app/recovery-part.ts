import type { ProcessLauncher } from '../adapters/process/process-launcher.ts';
import type { ShoalConfig } from '../domain/configuration.ts';
import type { Recovery, Settled } from '../domain/supervision/recovery.ts';
import type { Log } from '../ports/log.ts';
import type { ManagedPart } from '../ports/managed-part.ts';

/** Settles what the daemon before left behind, before anybody can call. */
export class RecoveryPart implements ManagedPart {
  readonly name = 'recovery';
  readonly #recovery: Recovery;
  readonly #launcher: ProcessLauncher;
  readonly #config: () => ShoalConfig;
  readonly #log: Log;
  #hasResumed = false;

  constructor(recovery: Recovery, launcher: ProcessLauncher, config: () => ShoalConfig, log: Log) {
    this.#recovery = recovery;
    this.#launcher = launcher;
    this.#config = config;
    this.#log = log;
  }

  async start(): Promise<void> {
    this.#warnOfFreePort();
    const settled = await this.#recovery.settle().catch((thrown) => {
      this.#launcher.letGo();
      throw thrown;
    });
    if (settled.length === 0) return;
    for (const { as, ...ids } of settled) this.#log.debug({ ...ids, as }, 'simulation of the daemon before settled');
    this.#log.warn(countsOf(settled), 'the daemon before was killed; its simulations are settled');
  }

  /** Whether the daemon has been up: until then the workers that it has adopted are not its to end. */
  get hasResumed(): boolean {
    return this.#hasResumed;
  }

  /** Workers can call now. */
  resume(): void {
    this.#hasResumed = true;
    this.#recovery.resume();
  }

  /** The next daemon may do better with the workers that this one has adopted. */
  async stop(): Promise<void> {
    if (!this.#hasResumed) this.#launcher.letGo();
  }

  #warnOfFreePort(): void {
    const { workerTypes, grpc } = this.#config();
    const adopting = workerTypes.filter(({ orphans }) => orphans === 'adopt').map(({ name }) => name);
    if (adopting.length === 0 || !grpc.worker.listen.endsWith(':0')) return;
    this.#log.warn(
      { workerTypes: adopting, listen: grpc.worker.listen },
      'adopted workers will not find the next daemon: give grpc.worker.listen a port of its own',
    );
  }
}

function countsOf(settled: readonly Settled[]) {
  const count = (as: Settled['as']) => settled.filter((each) => each.as === as).length;
  return { adopted: count('adopted'), ended: count('ended'), launchedAgain: count('waits'), lost: count('lost') };
}
