import { status } from '@grpc/grpc-js';
import type { Behaviour } from './behaviour/behaviour.ts';
import type { CommandName } from './behaviour/commands.ts';
import type { Answer, Command } from './messages.ts';
import { type Deed, nameOf, type Obedience, refusal } from './obedience.ts';
import type { Simulation } from './simulation.ts';

export interface CommandInboxParts {
  readonly simulation: Simulation;
  readonly obedience: Obedience;
  readonly behaviour: Behaviour;
  report(commandId: string, answer: Answer): void;
  onStop(wasPaused: boolean): void;
}

/** Takes commands as they come: each is done once, one after the other, and answered as often as it comes. */
export class CommandInbox {
  /** How many came. */
  commands = 0;
  readonly #parts: CommandInboxParts;
  /** By command id; undefined while it is being done. */
  readonly #answers = new Map<string, Answer | undefined>();
  #queue: Promise<void> = Promise.resolve();
  #isDeaf = false;

  constructor(parts: CommandInboxParts) {
    this.#parts = parts;
  }

  hear(command: Command): void {
    if (this.#isDeaf) return;
    this.commands += 1;
    const { behaviour, report, simulation, onStop } = this.#parts;
    const name = nameOf(command);
    if (this.#answers.has(command.eventId) && behaviour.remembers(name)) {
      const before = this.#answers.get(command.eventId);
      const again = before && behaviour.answerAgain(before);
      if (again !== undefined) report(command.eventId, again);
      return;
    }
    this.#answers.set(command.eventId, undefined);
    const wasPaused = simulation.ticking.state === 'PAUSED';
    // A long step does not hold up a stop.
    if (name === 'stop') simulation.ticking.goInto('STOPPING');
    this.#queue = this.#queue
      .then(() => this.#do(command, name))
      .then(() => (name === 'stop' ? onStop(wasPaused) : undefined));
  }

  async #do(command: Command, name: CommandName): Promise<void> {
    const { simulation, obedience, behaviour, report } = this.#parts;
    const tickBefore = simulation.tick;
    const { answer, afterwards } = await obedience.obey(command, name).catch((error) => this.#unreadable(error));
    const { tick, ticking } = simulation;
    const complete: Answer = { ok: true, tick, state: `SIMULATION_STATE_${ticking.state}`, ...answer };
    this.#answers.set(command.eventId, complete);
    const said = behaviour.answer(name, complete, tickBefore);
    if (said !== undefined) report(command.eventId, said);
    await afterwards?.();
  }

  #unreadable(error: Error): Deed {
    const { unreadable } = this.#parts.behaviour;
    if (unreadable === 'exit') throw error;
    this.#isDeaf = unreadable === 'hear no more';
    return { answer: refusal(status.INVALID_ARGUMENT, error.message) };
  }
}
