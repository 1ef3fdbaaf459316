import type { CommandStreams } from '../adapters/grpc/command-streams.ts';
import type { WorkerId } from '../domain/ids.ts';
import type { CommandChannel, Delivery } from '../ports/command-channel.ts';

/** To a worker by its ReceiveCommands stream while it has one, else by the bus where there is one. */
export class WorkerCommandChannel implements CommandChannel {
  readonly #streams: CommandStreams;
  readonly #bus: CommandChannel | undefined;

  constructor(streams: CommandStreams, bus: CommandChannel | undefined) {
    this.#streams = streams;
    this.#bus = bus;
  }

  async deliver(workerId: WorkerId, envelope: Uint8Array): Promise<Delivery> {
    return this.#for(workerId).deliver(workerId, envelope);
  }

  post(workerId: WorkerId, envelope: Uint8Array): void {
    this.#for(workerId).post(workerId, envelope);
  }

  #for(workerId: WorkerId): CommandChannel {
    return this.#bus === undefined || this.#streams.has(workerId) ? this.#streams : this.#bus;
  }
}
