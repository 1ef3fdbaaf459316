import { readFileSync } from 'node:fs';
import { type ConnectionOptions, connect, credsAuthenticator, type NatsConnection } from 'nats';
import type { GenericEventRequestOutput } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import type { CommandSource, CommandSubscription, SubscriptionEnd } from './command-source.ts';
import type { NatsCommandTransport } from './environment.ts';

/**
 * Commands over a NATS subject. The client reconnects and subscribes again by itself for as long as the worker lives;
 * commands missed meanwhile come again, as Shoal resends them until acknowledged.
 */
export class NatsCommandSource implements CommandSource {
  readonly #transport: NatsCommandTransport;
  readonly #log: (message: string) => void;
  #connection: NatsConnection | undefined;
  #subscription: CommandSubscription | undefined;

  constructor(transport: NatsCommandTransport, log: (message: string) => void) {
    this.#transport = transport;
    this.#log = log;
  }

  async subscribe(
    onCommand: (envelope: GenericEventRequestOutput) => void,
    signal: AbortSignal,
  ): Promise<CommandSubscription> {
    this.#connection ??= await connect(connectionOptions(this.#transport));
    this.#subscription ??= this.#subscribe(this.#connection, onCommand);
    // The server knows of the subscription once it answers the flush, which waits for as long as it is disconnected.
    await Promise.race([this.#connection.flush(), rejectOn(signal)]);
    return this.#subscription;
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }

  #subscribe(
    connection: NatsConnection,
    onCommand: (envelope: GenericEventRequestOutput) => void,
  ): CommandSubscription {
    const { GenericEventRequest } = loadProtos().tree.fes.common.events;
    connection.subscribe(this.#transport.subject, {
      callback: (error, message) => {
        if (error !== null) return this.#log(`a command could not be received: ${error.message}`);
        try {
          onCommand(GenericEventRequest.deserialize(Buffer.from(message.data)));
        } catch (cause) {
          this.#log(`a message on ${message.subject} is not a command: ${String(cause)}`);
        }
      },
    });
    const ended = connection.closed().then((error): SubscriptionEnd => {
      return { reason: `the NATS connection closed: ${error?.message ?? 'by this worker'}`, final: true };
    });
    // Kept over registrations: there is nothing to cancel short of closing the connection.
    return { ended, cancel: () => {} };
  }
}

function connectionOptions(transport: NatsCommandTransport): ConnectionOptions {
  const { credsFile, inboxPrefix } = transport;
  return {
    servers: [...transport.urls],
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    // A half-open connection would otherwise go unnoticed for minutes, and its commands with it.
    pingInterval: 10_000,
    ...(credsFile === undefined ? {} : { authenticator: credsAuthenticator(readFileSync(credsFile)) }),
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
  };
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('NATS does not answer')));
  });
}
