import { plainToStruct } from '../../src/adapters/grpc/struct-message.ts';
import type { ShoalClient } from '../support/shoal-client.ts';

/** Started at once; more would compete for the processor with those that are up. */
const STARTS_AT_ONCE = 8;

export interface CrewOptions {
  /** `rust-stream`, `rust-subject`: the light worker, which gets its commands in either way. */
  readonly workerType: 'rust-stream' | 'rust-subject';
  readonly size: number;
  readonly startPaused?: boolean;
  /** Of each of them. */
  readonly eventsPerSecond?: number;
}

/** Many simulations with workers that do at once what they are told. */
export class Crew implements AsyncDisposable {
  readonly ids: readonly string[];
  readonly #client: ShoalClient;

  private constructor(client: ShoalClient, ids: readonly string[]) {
    this.#client = client;
    this.ids = ids;
  }

  static async start(client: ShoalClient, options: CrewOptions): Promise<Crew> {
    const { workerType, size, startPaused = false, eventsPerSecond = 0 } = options;
    const config = plainToStruct({ events: 0, payload_bytes: 256, events_per_second: eventsPerSecond });
    const ids: string[] = [];
    let left = size;
    const startSome = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        ids.push(await client.start({ workerType, config, startPaused }));
      }
    };
    await Promise.all(Array.from({ length: STARTS_AT_ONCE }, startSome));
    return new Crew(client, ids);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.controlMany({ simulationIds: [...this.ids], template: { stop: {} } });
  }
}
