import type { CommandAckSink, ReceivedAck } from '../../ports/command-ack-sink.ts';
import type { MessageCodec } from '../../ports/message-codec.ts';
import { getOrCreate } from '../get-or-create.ts';
import type { WorkerId } from '../ids.ts';
import { ShoalError } from '../shoal-error.ts';
import type { CommandOutcome } from './command-outcome.ts';

/** Commands whose acknowledgement is still awaited, per worker; beyond it the oldest is given up. */
const MAX_PENDING_PER_WORKER = 1024;

interface PendingCommand {
  readonly resolve: (outcome: CommandOutcome) => void;
  readonly reject: (error: ShoalError) => void;
}

/** Joins acknowledgements to the commands that they answer, by worker and command id. */
export class PendingCommands implements CommandAckSink {
  readonly #codec: MessageCodec;
  readonly #byWorker = new Map<WorkerId, Map<string, PendingCommand>>();

  constructor(codec: MessageCodec) {
    this.#codec = codec;
  }

  /**
   * Resolves when the worker acknowledges, however late: a caller that stops waiting earlier still has the
   * acknowledgement's effect to apply. Rejects WORKER_UNREACHABLE when the worker ends first.
   */
  open(workerId: WorkerId, commandId: string): Promise<CommandOutcome> {
    const commands = getOrCreate(this.#byWorker, workerId, () => new Map<string, PendingCommand>());
    const [oldest] = commands.keys();
    if (oldest !== undefined && commands.size >= MAX_PENDING_PER_WORKER) {
      this.#take(workerId, oldest)?.reject(
        new ShoalError(
          'CAPACITY_EXHAUSTED',
          `more than ${MAX_PENDING_PER_WORKER} commands wait for worker ${workerId}`,
        ),
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<CommandOutcome>();
    commands.set(commandId, { resolve, reject });
    return promise;
  }

  /** Nobody will acknowledge it: it did not reach the worker. */
  abandon(workerId: WorkerId, commandId: string): void {
    this.#take(workerId, commandId);
  }

  /** @throws ShoalError INVALID_ARGUMENT when the payload is not a CommandAck */
  acknowledge(ack: ReceivedAck): void {
    const outcome = this.#codec.commandAck(ack.payload);
    this.#take(ack.workerId, ack.commandId)?.resolve(outcome);
  }

  workerEnded(workerId: WorkerId, description: string): void {
    const commands = this.#byWorker.get(workerId);
    this.#byWorker.delete(workerId);
    for (const command of commands?.values() ?? []) {
      command.reject(
        new ShoalError('WORKER_UNREACHABLE', `the worker has ended: ${description}`, {
          metadata: { worker_id: workerId },
        }),
      );
    }
  }

  #take(workerId: WorkerId, commandId: string): PendingCommand | undefined {
    const commands = this.#byWorker.get(workerId);
    const command = commands?.get(commandId);
    commands?.delete(commandId);
    return command;
  }
}
