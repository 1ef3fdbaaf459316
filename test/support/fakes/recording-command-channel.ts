import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import type { WorkerId } from '../../../src/domain/ids.ts';
import type { CommandChannel, Delivery } from '../../../src/ports/command-channel.ts';

type Envelope = ReturnType<
  ReturnType<typeof loadProtos>['tree']['fes']['common']['events']['GenericEventRequest']['deserialize']
>;

export interface SentCommand {
  readonly workerId: WorkerId;
  readonly id: string;
  readonly key: string;
  readonly how: 'deliver' | 'post';
  readonly envelope: Envelope;
}

/** Keeps the commands that were sent, decoded, and answers as it is told. */
export class RecordingCommandChannel implements CommandChannel {
  readonly sent: SentCommand[] = [];
  /** Default: every worker is reached. */
  answer: (command: SentCommand) => Promise<Delivery> = async () => 'delivered';

  async deliver(workerId: WorkerId, envelope: Uint8Array): Promise<Delivery> {
    return this.answer(this.#record(workerId, envelope, 'deliver'));
  }

  post(workerId: WorkerId, envelope: Uint8Array): void {
    this.#record(workerId, envelope, 'post');
  }

  /** The keys of what was sent, without the common beginning: `pause`. */
  get keys(): string[] {
    return this.sent.map(({ key }) => key.replace(/^orchestrator\.control\./, ''));
  }

  #record(workerId: WorkerId, bytes: Uint8Array, how: SentCommand['how']): SentCommand {
    const { GenericEventRequest } = loadProtos().tree.fes.common.events;
    const envelope = GenericEventRequest.deserialize(Buffer.from(bytes));
    const command = { workerId, id: envelope.eventId, key: envelope.eventTypeKey, how, envelope };
    this.sent.push(command);
    return command;
  }
}
