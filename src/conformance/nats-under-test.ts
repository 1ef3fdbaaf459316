import { join } from 'node:path';
import { connect, createInbox, type NatsConnection } from 'nats';
import type { GenericEventRequest } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import { commandSubject } from '../domain/command/command-subject.ts';
import type { WorkerId } from '../domain/ids.ts';
import { ShoalError } from '../domain/shoal-error.ts';
import { NotPrepared } from './finding.ts';
import type { Lab } from './lab.ts';
import { NatsServerProcess } from './nats-server-process.ts';

/** A nats-server for one worker, with somebody who listens to everything. */
export class NatsUnderTest {
  /** Subjects of all messages that were published, ours included. */
  readonly subjects: string[] = [];
  readonly #lab: Lab;
  readonly #server: NatsServerProcess;
  #client: NatsConnection | undefined;

  private constructor(lab: Lab, server: NatsServerProcess) {
    this.#lab = lab;
    this.#server = server;
  }

  /** @throws ShoalError BUS_UNAVAILABLE when there is no nats-server; NotPrepared when it does not start */
  static async start(lab: Lab, name: string): Promise<NatsUnderTest> {
    const { natsServer: executable, environment } = lab.options;
    if (executable === undefined) throw new ShoalError('BUS_UNAVAILABLE', 'there is no nats-server');
    const server = new NatsServerProcess({ executable, folder: join(lab.folder, 'nats', name), environment });
    lab.natsServers.add(server);
    const nats = new NatsUnderTest(lab, server);
    await nats.#begin();
    return nats;
  }

  get url(): string {
    return this.#server.url;
  }

  /** Publishes a command to a worker, with a reply subject as a daemon does. @returns true: a server takes everything */
  command(workerId: WorkerId, envelope: GenericEventRequest): true {
    const bytes = loadProtos().tree.fes.common.events.GenericEventRequest.serialize(envelope);
    this.#client?.publish(commandSubject(workerId), bytes, { reply: createInbox() });
    return true;
  }

  /** Ends the server, and starts it again at its address. @throws NotPrepared when it does not come back */
  async restart(): Promise<void> {
    await this.#end();
    await this.#begin();
  }

  async stop(): Promise<void> {
    await this.#end();
    this.#lab.natsServers.delete(this.#server);
  }

  async #end(): Promise<void> {
    try {
      await this.#client?.close();
    } finally {
      await this.#server.stop();
    }
  }

  async #begin(): Promise<void> {
    await this.#server.start(this.#lab.options.signal);
    try {
      this.#client = await connect({ servers: [this.url], name: 'shoal-conformance', maxReconnectAttempts: -1 });
      this.#client.subscribe('>', { callback: (_err, { subject }) => void this.subjects.push(subject) });
      await this.#client.flush();
    } catch (err) {
      await this.stop();
      throw new NotPrepared(`the nats-server at ${this.url} cannot be used: ${(err as Error).message}`);
    }
  }
}
