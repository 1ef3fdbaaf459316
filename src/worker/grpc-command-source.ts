import { status } from '@grpc/grpc-js';
import type { GenericEventRequestOutput } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { CommandSource, CommandSubscription } from './command-source.ts';
import { type ServiceClient, streamEnd } from './service-client.ts';
import { describeStatus, isFinal } from './status.ts';

/** Commands over ReceiveCommands: live from the response headers on. */
export class GrpcCommandSource implements CommandSource {
  readonly #client: ServiceClient;

  constructor(client: ServiceClient) {
    this.#client = client;
  }

  async subscribe(
    onCommand: (envelope: GenericEventRequestOutput) => void,
    signal: AbortSignal,
  ): Promise<CommandSubscription> {
    const stream = this.#client.receiveCommands();
    const end = streamEnd(stream);
    const giveUp = () => stream.cancel();
    signal.addEventListener('abort', giveUp);
    stream.on('data', onCommand);
    const live = await Promise.race([
      new Promise<'live'>((resolve) => stream.once('metadata', () => resolve('live'))),
      end,
    ]);
    signal.removeEventListener('abort', giveUp);
    if (live !== 'live') throw Object.assign(new Error(describeStatus(live)), live);
    return {
      ended: end.then((status) => ({
        reason: `the command stream ended ${describeStatus(status)}`,
        // Another process receives this worker's commands: taking them back would only begin a quarrel.
        final: isFinal(status.code) || isReplaced(status.code),
      })),
      cancel: () => stream.cancel(),
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function isReplaced(code: number): boolean {
  return code === status.ABORTED;
}
