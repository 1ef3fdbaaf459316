import { join } from 'node:path';
import { connect, createInbox, type NatsConnection } from 'nats';
import type { GenericEventRequest } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import { ManagedNatsServer } from '../adapters/nats/managed-nats-server.ts';
import { freePort } from '../adapters/system/free-port.ts';
import { portHolder } from '../adapters/system/port-holder.ts';
import { silentLog } from '../app/silent-log.ts';
import { commandSubject } from '../domain/command/command-subject.ts';
import type { WorkerId } from '../domain/ids.ts';
import { ShoalError } from '../domain/shoal-error.ts';

const START_MS = 30_000;

/** A nats-server for one worker, with somebody who listens to everything. */
export class NatsUnderTest {
  readonly url: string;
  /** Subjects of all messages that were published, ours included. */
  readonly subjects: string[] = [];
  readonly #folder: string;
  readonly #executable: string;
  #server: ManagedNatsServer;
  #client: NatsConnection | undefined;

  private constructor(url: string, folder: string, executable: string) {
    this.url = url;
    this.#folder = folder;
    this.#executable = executable;
    this.#server = this.#makeServer();
  }

  /** @throws ShoalError BUS_UNAVAILABLE */
  static async start(folder: string, executable: string | undefined, name: string): Promise<NatsUnderTest> {
    if (executable === undefined) throw new ShoalError('BUS_UNAVAILABLE', 'there is no nats-server');
    const nats = new NatsUnderTest(`nats://127.0.0.1:${await freePort()}`, join(folder, 'nats', name), executable);
    await nats.#begin();
    return nats;
  }

  /** Publishes a command to a worker, with a reply subject as a daemon does. @returns true: a server takes everything */
  command(workerId: WorkerId, envelope: GenericEventRequest): true {
    const bytes = loadProtos().tree.fes.common.events.GenericEventRequest.serialize(envelope);
    this.#client?.publish(commandSubject(workerId), bytes, { reply: createInbox() });
    return true;
  }

  /** Ends the server, and starts another one at its address. */
  async restart(): Promise<void> {
    await this.stop();
    this.#server = this.#makeServer();
    await this.#begin();
  }

  async stop(): Promise<void> {
    await this.#client?.close();
    await this.#server.stop();
  }

  async #begin(): Promise<void> {
    await this.#server.start(AbortSignal.timeout(START_MS));
    this.#client = await connect({ servers: [this.url], name: 'shoal-conformance', maxReconnectAttempts: -1 });
    this.#client.subscribe('>', { callback: (_err, { subject }) => void this.subjects.push(subject) });
    await this.#client.flush();
  }

  #makeServer(): ManagedNatsServer {
    const environment = { ...process.env, NATS_SERVER_BIN: this.#executable };
    const { url } = this;
    const leftBehind = () => [];
    return new ManagedNatsServer({
      url,
      folder: this.#folder,
      syncAlways: false,
      environment,
      leftBehind,
      portHolder,
      log: silentLog,
    });
  }
}
