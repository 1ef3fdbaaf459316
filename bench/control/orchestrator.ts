import { Client, credentials, Metadata, Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import { connect, createInbox, type NatsConnection } from 'nats';
import { scanEventBatch } from '../../src/adapters/grpc/event-batch.ts';
import { EnvelopeView } from '../../src/domain/envelope/envelope-view.ts';
import { endChild, firstLine, startNode } from '../support/child.ts';
import { COMMAND_SUBJECT, commandEnvelope, EVENT_SUBJECT, isAck, METHODS, REQUEST_SUBJECT } from './protocol.ts';

export const MECHANISMS = ['nats-subject', 'receive-commands', 'worker-service', 'nats-request'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/**
 * The side of Shoal in the comparison, with nothing of Shoal but how it treats events: scans them, publishes them to
 * NATS one by one, and finds the acknowledgements among them.
 */
export class BareOrchestrator implements AsyncDisposable {
  /** Sends a command and resolves when it is acknowledged. */
  readonly send: Readonly<Record<Mechanism, () => Promise<unknown>>>;
  readonly #ending: readonly (() => unknown)[];

  private constructor(send: BareOrchestrator['send'], ending: readonly (() => unknown)[]) {
    this.send = send;
    this.#ending = ending;
  }

  static async start(natsUrl: string, eventsPerSecond: number): Promise<BareOrchestrator> {
    const connection = await connect({ servers: natsUrl });
    const acks = new Acks(connection);
    const commands = Promise.withResolvers<ServerWritableStream<Buffer, Buffer>>();
    const server = new Server();
    server.addService(METHODS, {
      report: acks.report,
      receiveCommands: (call: ServerWritableStream<Buffer, Buffer>) => {
        call.sendMetadata(new Metadata());
        commands.resolve(call);
      },
      execute: () => {},
    });
    const port = await bind(server);
    const args = [`127.0.0.1:${port}`, natsUrl, String(eventsPerSecond)];
    const worker = startNode(new URL('worker.ts', import.meta.url), args);
    const workerPort = await firstLine(worker);
    const client = new Client(`127.0.0.1:${workerPort}`, credentials.createInsecure());
    const stream = await commands.promise;
    const inbox = createInbox();
    let last = 0;
    const next = (): string => `xxxxxxxxxxxx-${++last}`;
    return new BareOrchestrator(
      {
        'nats-subject': () => {
          const id = next();
          // As NatsCommandChannel does, to learn at once when nobody listens.
          connection.publish(COMMAND_SUBJECT, commandEnvelope(id), { reply: `${inbox}.${id}` });
          void connection.flush();
          return acks.of(id);
        },
        'receive-commands': () => {
          const id = next();
          stream.write(commandEnvelope(id));
          return acks.of(id);
        },
        'worker-service': () => execute(client, commandEnvelope(next())),
        'nats-request': () => connection.request(REQUEST_SUBJECT, commandEnvelope(next()), { timeout: 5_000 }),
      },
      [() => client.close(), () => endChild(worker), () => server.forceShutdown(), () => connection.close()],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ending) await end();
  }
}

/** Joins the acknowledgements among the events to the commands. */
class Acks {
  readonly #connection: NatsConnection;
  readonly #waiting = new Map<string, () => void>();
  readonly #view = new EnvelopeView();

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  of(commandId: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(commandId, resolve));
  }

  readonly report = (call: NodeJS.ReadableStream): void => {
    call.on('data', (message: Buffer) => {
      for (const envelope of scanEventBatch(message, Number.POSITIVE_INFINITY).envelopes) this.#take(envelope);
    });
  };

  #take(envelope: Uint8Array): void {
    this.#view.scan(envelope);
    const { eventTypeKey, correlationId } = this.#view;
    if (!isAck(eventTypeKey)) {
      this.#connection.publish(EVENT_SUBJECT, envelope);
      return;
    }
    this.#waiting.get(correlationId)?.();
    this.#waiting.delete(correlationId);
  }
}

function execute(client: Client, command: Buffer): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = METHODS.execute;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, command, (error, ack) =>
      error === null ? resolve(ack) : reject(error),
    );
  });
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}
