import type { SimulationId } from '../../../src/domain/ids.ts';
import type { EventSink } from '../../../src/domain/subscription/event-delivery.ts';
import { demand } from '../harness/violation.ts';
import type { World } from '../harness/world.ts';
import { codeOf, type SimulatedClient } from './simulated-client.ts';
import type { SimulatedDaemon } from './simulated-daemon.ts';

const TRY_AGAIN_MS = 300;

/** Somebody who reads all logged events of one simulation, and goes on after each break behind the last that came. */
export class Subscriber {
  readonly simulationId: SimulationId;
  readonly #world: World;
  readonly #client: SimulatedClient;
  readonly #sequences: number[] = [];
  readonly #left = new AbortController();
  #hasEnded = false;

  constructor(world: World, client: SimulatedClient, simulationId: SimulationId) {
    this.#world = world;
    this.#client = client;
    this.simulationId = simulationId;
    world.attend(this.#run());
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  leave(): void {
    this.#left.abort();
  }

  /** When the run is over. */
  compare(): void {
    const { simulationId } = this;
    if (this.#world.events.wasRemoved(simulationId)) return;
    demand(this.#hasEnded, () => `a reader of ${simulationId} waits for more, and the run is over`);
    const logged = this.#world.events.of(simulationId).map(({ sequence }) => sequence);
    const [read, is] = [this.#sequences.join(' '), logged.join(' ')];
    demand(read === is, () => `a reader of ${simulationId} got ${read}; logged is ${is}`);
  }

  async #run(): Promise<void> {
    while (!this.#hasEnded) {
      try {
        await this.#client.stream('subscribe', (daemon, { principal, signal }) => {
          const context = { principal, signal: AbortSignal.any([signal, this.#left.signal]) };
          return daemon.subscribe.run(context, this.#request(), this.#sink(daemon), () => {});
        });
        this.#hasEnded = true;
      } catch (thrown) {
        if (this.#left.signal.aborted) return;
        codeOf(thrown);
        await this.#client.sleep(TRY_AGAIN_MS);
      }
    }
  }

  #request() {
    const last = this.#sequences.at(-1);
    return {
      simulationId: this.simulationId,
      simulationIds: [],
      eventTypeKeys: [],
      attributes: {},
      labelSelector: '',
      start: last === undefined ? ('beginning' as const) : { sequence: last + 1 },
      follow: true,
      overflow: 'DROP_OLDEST' as const,
      maxRateHz: 0,
      latestOnly: false,
      qualities: [],
    };
  }

  /** Reads slowly now and then. */
  #sink({ life }: SimulatedDaemon): EventSink {
    const { dice } = this.#world.scheduler;
    let hasRoom = (): void => {};
    return {
      write: ({ logSequence }) => {
        if (logSequence > 0) this.#sequences.push(logSequence);
        if (dice.chance(0.9)) return true;
        life.later(dice.upTo(300), () => hasRoom());
        return false;
      },
      onRoom: (listener) => {
        hasRoom = listener;
      },
    };
  }
}
