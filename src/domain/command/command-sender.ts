import type { Clock } from '../../ports/clock.ts';
import type { CommandChannel, Delivery } from '../../ports/command-channel.ts';
import type { IdSource } from '../../ports/id-source.ts';
import type { MessageCodec } from '../../ports/message-codec.ts';
import type { EventId, SimulationId } from '../ids.ts';
import { toShoalError } from '../shoal-error.ts';
import type { Worker } from '../supervision/worker.ts';
import type { Command } from './command.ts';

export interface CommandSenderParts {
  readonly channel: CommandChannel;
  readonly codec: MessageCodec;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly orchestratorId: string;
}

/** Puts commands into envelopes and on their way. */
export class CommandSender {
  readonly #parts: CommandSenderParts;

  constructor(parts: CommandSenderParts) {
    this.#parts = parts;
  }

  newCommandId(): EventId {
    return this.#parts.ids.eventId();
  }

  envelope(commandId: EventId, simulationId: SimulationId, command: Command): Uint8Array {
    const { codec, clock, orchestratorId } = this.#parts;
    return codec.command(
      { eventId: commandId, timestampNs: BigInt(clock.nowMs()) * 1_000_000n, sourceId: orchestratorId, simulationId },
      command,
    );
  }

  /** @throws ShoalError INVALID_ARGUMENT for a command that is too large for the way to the worker; BUS_UNAVAILABLE */
  async deliver(worker: Worker, envelope: Uint8Array): Promise<Delivery> {
    try {
      return await this.#parts.channel.deliver(worker.id, envelope);
    } catch (thrown) {
      const { code } = toShoalError(thrown);
      if (code === 'INVALID_ARGUMENT' || code === 'BUS_UNAVAILABLE') throw thrown;
      return 'unreachable';
    }
  }

  post(worker: Worker, envelope: Uint8Array): void {
    this.#parts.channel.post(worker.id, envelope);
  }

  async sendStop(worker: Worker, graceMs: number, commandId = this.newCommandId()): Promise<Delivery> {
    if (worker.assignment === undefined) return 'unreachable';
    const command: Command = { name: 'stop', force: false, graceMs };
    return this.deliver(worker, this.envelope(commandId, worker.assignment.simulationId, command));
  }
}
