import type { WorkerId } from '../../../src/domain/ids.ts';
import { ShoalError } from '../../../src/domain/shoal-error.ts';
import type { CommandChannel, Delivery } from '../../../src/ports/command-channel.ts';
import type { Connection } from '../actors/connection.ts';
import type { Life } from '../harness/life.ts';
import type { Backend } from './backend.ts';

/** What the messaging server does with a command that it took. */
export interface CommandFaults {
  readonly lost: number;
  readonly doubled: number;
  /** Each is lost when it is sent for the first time. */
  readonly losesFirst: boolean;
}

export const NO_COMMAND_FAULTS: CommandFaults = { lost: 0, doubled: 0, losesFirst: false };

/** The server goes away with the command on its way, or with the word that it has it. */
const TAKEN_BEFORE_AWAY = 0.3;

interface Listener {
  readonly connection: Connection;
  readonly receive: (envelope: Uint8Array) => void;
}

/**
 * Commands on their way to workers: over the stream that a worker has open, and, where the world has a messaging
 * server, through that, which loses and doubles some and goes away.
 */
export class SimulatedCommandChannel implements CommandChannel {
  readonly #life: Life;
  readonly #server: Backend | undefined;
  readonly #faults: () => CommandFaults;
  readonly #seen = new WeakSet<Uint8Array>();
  readonly #listeners = new Map<WorkerId, Listener>();

  /** @param server absent: streams only */
  constructor(life: Life, server: Backend | undefined, faults: () => CommandFaults) {
    this.#life = life;
    this.#server = server;
    this.#faults = faults;
  }

  open(workerId: WorkerId, connection: Connection, receive: (envelope: Uint8Array) => void): void {
    this.#listeners.set(workerId, { connection, receive });
  }

  close(connection: Connection): void {
    for (const [id, listener] of this.#listeners) if (listener.connection === connection) this.#listeners.delete(id);
  }

  deliver(workerId: WorkerId, envelope: Uint8Array): Promise<Delivery> {
    return new Promise((resolve, reject) => {
      this.#life.later(this.#life.scheduler.dice.upTo(5), () => {
        if (!this.#server?.isAway) return resolve(this.#send(workerId, envelope));
        if (this.#life.scheduler.dice.chance(TAKEN_BEFORE_AWAY)) this.#send(workerId, envelope);
        reject(new ShoalError('BUS_UNAVAILABLE', `${this.#server.name} is away`));
      });
    });
  }

  post(workerId: WorkerId, envelope: Uint8Array): void {
    if (!this.#server?.isAway) this.#send(workerId, envelope);
  }

  #send(workerId: WorkerId, envelope: Uint8Array): Delivery {
    const { dice, trace } = this.#life.scheduler;
    const listener = this.#listeners.get(workerId);
    if (listener === undefined) return 'unreachable';
    const { connection, receive } = listener;
    const { lost, doubled, losesFirst } = this.#server === undefined ? NO_COMMAND_FAULTS : this.#faults();
    const isFirst = !this.#seen.has(envelope);
    this.#seen.add(envelope);
    if (dice.chance(lost) || (losesFirst && isFirst)) trace.note(workerId, 'a command is lost');
    else connection.toWorker(() => receive(envelope));
    if (dice.chance(doubled)) connection.toWorker(() => receive(envelope));
    return 'delivered';
  }
}
