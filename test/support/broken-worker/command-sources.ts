import { readFileSync } from 'node:fs';
import type { Behaviour } from './behaviour/behaviour.ts';
import { type Calls, type End, endOf } from './calls.ts';
import type { NatsEnvironment } from './environment.ts';
import { type Command, messages } from './messages.ts';

export type OnCommand = (command: Command) => void;

/** Commands that come, until they end or are ended. */
export interface Listening {
  readonly ended: Promise<End>;
  end(): void;
}

/** Resolves once commands arrive. @throws the status with which it ended at once */
export type Listen = (onCommand: OnCommand) => Promise<Listening>;

const NEVER = new Promise<never>(() => {});

export const listenToNothing: Listen = () => Promise.resolve({ ended: NEVER, end: () => {} });

export function listenOverGrpc(calls: Calls): Listen {
  return async (onCommand) => {
    const stream = calls.receiveCommands();
    const ended = endOf(stream);
    stream.on('data', onCommand);
    // The headers say that it is live: a first message may never come.
    const live = new Promise<undefined>((resolve) => stream.once('metadata', () => resolve(undefined)));
    const end = await Promise.race([live, ended]);
    if (end !== undefined) throw Object.assign(new Error(end.details), end);
    return { ended, end: () => stream.cancel() };
  };
}

/** The client connects again, and subscribes again, by itself: one subscription is enough for all registrations. */
export function listenOverNats(
  nats: NatsEnvironment,
  behaviour: Behaviour,
  onServer: (isThere: boolean) => void,
): Listen {
  let live: Promise<{ flush(): Promise<void> }> | undefined;
  return async (onCommand) => {
    live ??= subscribe(nats, behaviour, onServer, onCommand).catch((error) => {
      live = undefined;
      throw error;
    });
    await (await live).flush();
    return { ended: NEVER, end: () => {} };
  };
}

async function subscribe(
  { servers, subject, credsFile, inboxPrefix }: NatsEnvironment,
  behaviour: Behaviour,
  onServer: (isThere: boolean) => void,
  onCommand: OnCommand,
) {
  const { connect, credsAuthenticator } = await import('nats');
  const connection = await connect({
    servers: [...servers],
    reconnect: behaviour.reconnects,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    pingInterval: 10_000,
    ...(credsFile === undefined ? {} : { authenticator: credsAuthenticator(readFileSync(credsFile)) }),
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
  });
  let reconnections = 0;
  const watch = async (): Promise<void> => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'close') onServer(false);
      if (type !== 'reconnect') continue;
      reconnections += 1;
      onServer(true);
    }
  };
  void watch();
  connection.subscribe(subject, {
    callback: (error, message) => {
      if (error !== null) return;
      if (behaviour.replies) message.respond('heard');
      if (behaviour.hears(reconnections)) onCommand(messages.Envelope.deserialize(Buffer.from(message.data)));
    },
  });
  const { announcesOn } = behaviour;
  if (announcesOn !== undefined) connection.publish(announcesOn, 'here I am');
  return { flush: () => (connection.isClosed() ? Promise.resolve() : connection.flush()) };
}
