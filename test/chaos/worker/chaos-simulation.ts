import { setTimeout as delay } from 'node:timers/promises';
import type { Worker, WorkerCommand } from 'shoal/worker';
import { Acknowledged } from './acknowledged.ts';
import { type Character, LIVE_KEY, LOGGED_KEY } from './character.ts';
import type { Journal } from './journal.ts';

const TICK_MS = 20;
/** So that journals do not consist of acknowledgements. */
const JOURNALED_ACKNOWLEDGEMENTS = 16;

/** Reports events and obeys, and writes down both. */
export class ChaosSimulation {
  readonly #worker: Worker;
  readonly #character: Character;
  readonly #journal: Journal;
  readonly #acknowledged: Acknowledged;
  #number = 0;
  #journaledTo = 0;
  #stopping = false;
  #stalled = false;

  constructor(worker: Worker, character: Character, journal: Journal) {
    this.#worker = worker;
    this.#character = character;
    this.#journal = journal;
    this.#acknowledged = new Acknowledged(character.window);
  }

  /** Ends when it is stopped, or when its life is over; everything is acknowledged then. */
  async run(): Promise<'done' | 'stopped'> {
    const obeying = this.#obey();
    const endMs = performance.now() + (this.#character.life_ms ?? Number.POSITIVE_INFINITY);
    while (!this.#stopping && performance.now() < endMs) {
      if (this.#worker.state === 'RUNNING') await this.#tick();
      await delay(TICK_MS);
      this.#worker.signal.throwIfAborted();
    }
    await this.#worker.close();
    await obeying;
    this.#journal.acknowledged(this.#number);
    return this.#stopping ? 'stopped' : 'done';
  }

  /** Everything goes on, and nothing advances any more. */
  stall(): void {
    this.#stalled = true;
  }

  async #tick(): Promise<void> {
    if (this.#stalled) return;
    this.#worker.tick += 1;
    for (let left = this.#character.events_per_tick; left > 0; left -= 1) await this.#emit();
  }

  async #emit(): Promise<void> {
    this.#number += 1;
    const number = this.#number;
    const key = number % 10 === 0 ? LIVE_KEY : LOGGED_KEY;
    const payload = Buffer.from(`${number} `.padEnd(this.#character.payload_bytes, 'x'));
    this.#journal.reporting(number, key, payload);
    const { ordinal } = await this.#worker.emit({ key, payload });
    const last = this.#acknowledged.emitted(number, ordinal);
    if (last === undefined || last < this.#journaledTo + JOURNALED_ACKNOWLEDGEMENTS) return;
    this.#journal.acknowledged(last);
    this.#journaledTo = last;
  }

  async #obey(): Promise<void> {
    for await (const command of this.#worker.commands()) {
      await this.#do(command);
      this.#journal.done(command.id, command.name, command.name === 'custom' ? text(command.payload) : undefined);
      command.acknowledge();
    }
  }

  async #do(command: WorkerCommand): Promise<void> {
    if (command.name === 'pause') this.#worker.state = 'PAUSED';
    if (command.name === 'resume') this.#worker.state = 'RUNNING';
    // A tick that was never above 0 in a heartbeat may stand.
    if (command.name === 'reset') this.#worker.tick = this.#stalled ? 1 : 0;
    if (command.name === 'step') for (let left = command.ticks; left > 0; left -= 1) await this.#tick();
    if (command.name === 'stop') {
      this.#worker.state = 'STOPPING';
      this.#stopping = true;
    }
  }
}

function text(payload: Uint8Array): string {
  return Buffer.from(payload).toString();
}
