import type { Simulation } from '../../../src/domain/simulation/simulation.ts';
import type { WatchNotice } from '../../../src/domain/simulation/watch-notice.ts';
import type { StoredSimulation } from '../../../src/ports/registry-store.ts';
import type { Scheduler } from '../harness/scheduler.ts';
import { demand } from '../harness/violation.ts';
import type { World } from '../harness/world.ts';
import { codeOf, SimulatedClient } from './simulated-client.ts';

const TRY_AGAIN_MS = 300;
/** It leaves and comes back often: going on by revision is what is tried. */
const SESSION_MS = 4_000;

/** Somebody who keeps a list of all simulations from WatchSimulations, and goes on after each break by revision. */
export class Watcher {
  readonly #scheduler: Scheduler;
  readonly #client: SimulatedClient;
  readonly #list = new Map<string, Simulation>();
  readonly #over = new AbortController();
  #revision = 0;
  #isSynced = false;

  constructor({ scheduler, network }: World) {
    this.#scheduler = scheduler;
    this.#client = new SimulatedClient(scheduler, network, 'watcher');
  }

  async run(): Promise<void> {
    while (!this.#over.signal.aborted) {
      try {
        await this.#watch();
      } catch (thrown) {
        this.#isSynced = false;
        if (codeOf(thrown) === 'REVISION_CONFLICT') this.#beginAnew();
      }
      await this.#client.sleep(TRY_AGAIN_MS);
    }
  }

  /** It has heard of all that was there when it came, and stays for now. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  stop(): void {
    this.#over.abort();
  }

  /** When nothing is under way. */
  compare(records: readonly StoredSimulation[]): void {
    const { size } = this.#list;
    demand(size === records.length, () => `a watcher has ${size} of ${records.length} simulations`);
    for (const { simulation } of records) {
      const told = describe(this.#list.get(simulation.id));
      const is = describe(simulation);
      demand(told === is, () => `a watcher was told ${simulation.id} ${told}; it is ${is}`);
    }
  }

  #watch(): Promise<void> {
    const { dice } = this.#scheduler;
    return this.#client.stream('watch', async (daemon, { principal, signal }) => {
      const leaving = new AbortController();
      daemon.life.later(dice.upTo(SESSION_MS), () => leaving.abort());
      const context = { principal, signal: AbortSignal.any([signal, leaving.signal, this.#over.signal]) };
      const request = { simulationIds: [], labelSelector: '', fromRevision: this.#revision };
      this.#isSynced = false;
      for await (const notice of daemon.watch.run(context, request)) this.#take(notice);
      this.#isSynced = false;
    });
  }

  #take(notice: WatchNotice): void {
    if (notice.kind === 'synced') {
      this.#isSynced = true;
      return;
    }
    const { revision, simulation } = notice.view;
    const rises = revision > this.#revision || notice.kind === 'deleted';
    demand(rises || !this.#isSynced, () => `a watcher hears revision ${revision} after ${this.#revision}`);
    this.#revision = Math.max(this.#revision, revision);
    if (notice.kind === 'deleted') this.#list.delete(simulation.id);
    else this.#list.set(simulation.id, simulation);
  }

  #beginAnew(): void {
    this.#revision = 0;
    this.#list.clear();
  }
}

function describe(simulation: Simulation | undefined): string {
  if (simulation === undefined) return 'nowhere';
  const { state, reason, workerId, incarnation } = simulation;
  return `${state} ${reason} ${workerId} ${incarnation}`;
}
