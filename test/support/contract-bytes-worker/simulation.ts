import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, acknowledgement, type Command, readFirstNumber, type State } from './messages.ts';
import type { Reporter } from './reporter.ts';
import { specimen } from './specimens.ts';

const UNIMPLEMENTED = 12;

export interface SimulationOptions {
  readonly workerId: string;
  readonly simulationId: string;
  readonly tickMs: number;
  readonly state: State;
  /** Of the events that each tick reports. */
  readonly keys: readonly string[];
}

/** Ticks, and obeys commands between the ticks. */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #reporter: Reporter;
  readonly #commands: Command[] = [];
  /** By id; the same command may come again. */
  readonly #answers = new Map<string, Answer>();
  readonly #idPrefix = Math.random().toString(36).slice(2);
  #wake = Promise.withResolvers<void>();
  #ordinal = 0;
  tick = 0;
  state: State;

  constructor(options: SimulationOptions, reporter: Reporter) {
    this.#options = options;
    this.#reporter = reporter;
    this.state = options.state;
  }

  give(command: Command): void {
    this.#commands.push(command);
    this.#wake.resolve();
  }

  /** Returns when it was stopped, and the stop is acknowledged in the stream. */
  async run(): Promise<void> {
    while (this.state !== 'STOPPING') {
      for (let next = this.#commands.shift(); next !== undefined; next = this.#commands.shift())
        await this.#answer(next);
      if (this.state === 'RUNNING') {
        await this.#advance();
        await sleep(this.#options.tickMs);
      } else if (this.state === 'PAUSED') {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
      }
    }
  }

  async #advance(): Promise<void> {
    this.tick += 1;
    await this.#reporter.report(this.#options.keys.map((key) => specimen(key, { ...this.#options, ...this.#next() })));
  }

  #next() {
    this.#ordinal += 1;
    return { eventId: `${this.#idPrefix}-${this.#ordinal}`, ordinal: this.#ordinal, tick: this.tick };
  }

  async #answer(command: Command): Promise<void> {
    const answer = this.#answers.get(command.id) ?? (await this.#obey(command));
    this.#answers.set(command.id, answer);
    await this.#reporter.send([acknowledgement(command, this.#next().eventId, answer)]);
  }

  async #obey({ key, payload }: Command): Promise<Answer> {
    switch (key) {
      case 'orchestrator.control.pause':
        this.state = 'PAUSED';
        break;
      case 'orchestrator.control.resume':
        this.state = 'RUNNING';
        break;
      case 'orchestrator.control.step':
        // 0 ticks are not written, and mean 1.
        for (let left = readFirstNumber(payload) ?? 1; left > 0; left -= 1) await this.#advance();
        break;
      case 'orchestrator.control.reset':
        this.tick = 0;
        break;
      case 'orchestrator.control.stop_worker':
        this.state = 'STOPPING';
        break;
      default:
        return { ok: false, message: `no ${key} here`, tick: this.tick, state: this.state, code: UNIMPLEMENTED };
    }
    return { ok: true, message: '', tick: this.tick, state: this.state, code: 0 };
  }
}
