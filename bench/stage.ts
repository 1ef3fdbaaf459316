import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from 'nats';
import { plainToStruct } from '../src/adapters/grpc/struct-message.ts';
import { PAYLOAD_BYTES } from './load/load-plan.ts';
import { type BenchNatsServer, startNatsServer } from './support/nats-server.ts';
import { type ShoalDaemon, startShoal } from './support/shoal-daemon.ts';

export const ADAPTERS = ['memory', 'nats'] as const;
export type Adapter = (typeof ADAPTERS)[number];

/** Its worker type, and the name of its cases. */
export const RUST_WORKER = 'rust-worker';
/** The worker types that report events as fast as they can. */
export type LoadWorker = 'load' | typeof RUST_WORKER;

export interface StageOptions {
  readonly cpuProfileDir?: string;
  /** The program of {@link RUST_WORKER}; absent: there is no such type. */
  readonly rustWorker?: string;
}

/** What cases share: daemons, the server, the workers that report events. Each is started when first asked for. */
export class Stage implements AsyncDisposable {
  readonly #options: StageOptions;
  readonly #ending: (() => PromiseLike<void>)[] = [];
  readonly #daemons = new Map<Adapter, Promise<ShoalDaemon>>();
  readonly #loadWorkers = new Map<string, Promise<string>>();
  #nats: Promise<StageNats> | undefined;

  constructor(options: StageOptions) {
    this.#options = options;
  }

  nats(): Promise<StageNats> {
    this.#nats ??= this.#startNats();
    return this.#nats;
  }

  daemon(adapter: Adapter): Promise<ShoalDaemon> {
    return getOrCreate(this.#daemons, adapter, () => this.#startDaemon(adapter));
  }

  /** The simulation of an idle load worker. */
  loadWorker(adapter: Adapter, workerType: LoadWorker): Promise<string> {
    return getOrCreate(this.#loadWorkers, `${adapter}/${workerType}`, async () => {
      const config = workerType === RUST_WORKER ? plainToStruct({ events: 0, payload_bytes: PAYLOAD_BYTES }) : null;
      return (await this.daemon(adapter)).client.start({ workerType, config });
    });
  }

  async natsVersion(): Promise<string | null> {
    return this.#nats === undefined ? null : (await this.#nats).server.version;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ending.reverse()) await end();
  }

  async #startDaemon(adapter: Adapter): Promise<ShoalDaemon> {
    const daemon = await startShoal({
      ...(adapter === 'nats' ? { natsUrl: (await this.nats()).server.url } : {}),
      ...this.#options,
    });
    this.#ending.push(() => daemon[Symbol.asyncDispose]());
    return daemon;
  }

  async #startNats(): Promise<StageNats> {
    const server = await startNatsServer();
    this.#ending.push(() => server[Symbol.asyncDispose]());
    const connection = await connect({ servers: server.url });
    this.#ending.push(() => connection.close());
    return new StageNats(server, connection);
  }
}

/** The server that the daemon with the nats adapter uses, and a look into its stream. */
export class StageNats {
  readonly server: BenchNatsServer;
  readonly connection: NatsConnection;

  constructor(server: BenchNatsServer, connection: NatsConnection) {
    this.server = server;
    this.connection = connection;
  }

  async logged(): Promise<number> {
    const manager = await jetstreamManager(this.connection);
    return (await manager.streams.info('LOGGING_EVENTS')).state.messages;
  }

  /** The figures are not to depend on how much the runs before have stored. */
  async purge(): Promise<void> {
    const manager = await jetstreamManager(this.connection);
    await manager.streams.purge('LOGGING_EVENTS');
  }
}

function getOrCreate<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = create();
  map.set(key, value);
  return value;
}
