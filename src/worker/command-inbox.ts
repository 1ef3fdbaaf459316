import type { GenericEventRequestOutput } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { AsyncQueue } from './async-queue.ts';
import { decodeCommand } from './command-decoder.ts';
import { CommandMemory } from './command-memory.ts';
import {
  type Acknowledgement,
  type CommandAnswers,
  type CommandContent,
  type CommandName,
  type RefusalCode,
  refusalCodes,
  type WorkerCommand,
} from './commands.ts';

/** The answer to one command, before the worker's own tick and state are filled in where it does not say. */
export interface CommandAnswer extends Acknowledgement {
  readonly ok: boolean;
  readonly code: number;
}

export interface CommandInboxOptions {
  /** Absent: all that the contract knows. */
  readonly supported?: ReadonlySet<CommandName>;
  /** Called once a command, as it is answered. */
  encode(answer: CommandAnswer): Uint8Array;
  /** Reports an answer as `worker.command_ack.v1`; the same bytes again for a command that comes again. */
  report(commandId: string, ack: Uint8Array): void;
}

/** Commands remembered; at one a millisecond still half a minute of resending. */
const memoryCapacity = 32_768;
/** Commands that may wait for the worker; a worker that is this far behind refuses more. */
const maxWaiting = 4_096;

/**
 * Takes command envelopes as they arrive and gives each command out once.
 *
 * One seen before is answered with the answer it had, or waits for the answer that is coming. What the worker cannot
 * do anyway (not decodable, not in its list) is refused here.
 */
export class CommandInbox {
  readonly commands = new AsyncQueue<WorkerCommand>();
  readonly #memory = new CommandMemory<Uint8Array>(memoryCapacity);
  readonly #options: CommandInboxOptions;

  constructor(options: CommandInboxOptions) {
    this.#options = options;
  }

  receive(envelope: GenericEventRequestOutput): void {
    const id = envelope.eventId;
    const seen = this.#memory.see(id);
    if (seen === 'unanswered') return;
    if (seen !== 'new') {
      this.#options.report(id, seen.answer);
      return;
    }
    const answers = this.#answers(envelope);
    let content: CommandContent | undefined;
    try {
      content = decodeCommand(envelope);
    } catch (error) {
      answers.refuse(`${envelope.eventTypeKey}: the payload cannot be decoded (${String(error)})`, 'INVALID_ARGUMENT');
      return;
    }
    const { supported } = this.#options;
    if (content === undefined || (supported !== undefined && !supported.has(content.name))) {
      answers.refuse(`this worker does not understand ${content?.name ?? envelope.eventTypeKey}`, 'UNIMPLEMENTED');
    } else if (this.commands.length >= maxWaiting) {
      answers.refuse(`${maxWaiting} commands wait already`, 'RESOURCE_EXHAUSTED');
    } else {
      this.commands.push({ ...content, ...answers });
    }
  }

  #answers({ eventId: id, attributes }: GenericEventRequestOutput): CommandAnswers {
    let answered = false;
    const answer = (value: CommandAnswer) => {
      if (answered) throw new Error(`command ${id} has been answered already`);
      answered = true;
      const ack = this.#options.encode(value);
      this.#memory.answer(id, ack);
      this.#options.report(id, ack);
    };
    return {
      id,
      attributes,
      acknowledge: (more: Acknowledgement = {}) => answer({ ...more, ok: true, code: 0 }),
      refuse: (message: string, code: RefusalCode = 'FAILED_PRECONDITION') =>
        answer({ ok: false, code: refusalCodes[code], message }),
    };
  }
}
