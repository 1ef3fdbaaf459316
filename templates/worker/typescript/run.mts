/** One run: ticks while it is RUNNING, and obeys commands between the ticks. */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { CommandName, Worker, WorkerCommand } from 'shoal/worker';
import { Walk, type WalkConfig, WalkConfigError, walkConfig } from './walk.mts';

export const COMMANDS: readonly CommandName[] = ['pause', 'resume', 'step', 'reset', 'stop', 'set_speed'];

/** So that a change of speed is soon felt. */
const LONGEST_SLEEP_MS = 100;

export class Run {
  readonly #worker: Worker;
  #config: WalkConfig;
  #seed: bigint;
  #walk: Walk;
  #dueMs = 0;

  constructor(worker: Worker, config: WalkConfig, seed: bigint) {
    this.#worker = worker;
    this.#config = config;
    this.#seed = seed;
    this.#walk = new Walk(config, seed);
  }

  /** Returns when it was told to stop. @throws WorkerLostError when Shoal has no use for the worker any more */
  async run(): Promise<void> {
    // PAUSED at the start means: hold at tick 0.
    this.#worker.state = this.#worker.desiredState === 'PAUSED' ? 'PAUSED' : 'RUNNING';
    await Promise.all([this.#advance(), this.#obey()]);
  }

  async #advance(): Promise<void> {
    while (this.#worker.state !== 'STOPPING' && !this.#worker.signal.aborted) {
      const waitMs = this.#worker.state === 'RUNNING' ? this.#dueMs - performance.now() : LONGEST_SLEEP_MS;
      if (waitMs > 0) {
        await sleep(Math.min(waitMs, LONGEST_SLEEP_MS));
        continue;
      }
      const { ticks_per_second: speed } = this.#config;
      // One that fell behind does not catch up.
      this.#dueMs = speed === 0 ? 0 : Math.max(this.#dueMs + 1_000 / speed, performance.now());
      await this.#tick();
      // At full speed no command would be heard without it.
      await turn();
    }
  }

  /** The world is whole before anything is awaited: a command never meets half a tick. */
  async #tick(): Promise<void> {
    this.#walk.advance();
    this.#worker.tick += 1;
    const payload = Buffer.from(JSON.stringify({ count: this.#worker.tick, position: this.#walk.position }));
    await this.#worker.emit({
      key: 'counter.tick.v1',
      payload,
      contentType: 'application/json',
      attributes: { tick: String(this.#worker.tick) },
    });
  }

  async #obey(): Promise<void> {
    for await (const command of this.#worker.commands()) {
      try {
        await this.#do(command);
        command.acknowledge();
      } catch (error) {
        if (!(error instanceof WalkConfigError)) throw error;
        command.refuse(error.message, 'INVALID_ARGUMENT');
      }
      if (command.name === 'stop') return;
    }
  }

  async #do(command: WorkerCommand): Promise<void> {
    switch (command.name) {
      case 'pause':
        this.#worker.state = 'PAUSED';
        break;
      case 'resume':
        this.#worker.state = 'RUNNING';
        break;
      case 'step':
        for (let left = command.ticks; left > 0; left -= 1) {
          await this.#tick();
          // Heartbeats go on in a long step.
          await turn();
        }
        break;
      case 'reset':
        // What the command does not give stays as it was.
        if (command.config !== undefined) this.#config = walkConfig(command.config);
        this.#seed = command.seed ?? this.#seed;
        this.#walk = new Walk(this.#config, this.#seed);
        this.#worker.tick = 0;
        break;
      case 'set_speed':
        this.#config = walkConfig({ ...this.#config, ticks_per_second: command.ticksPerSecond });
        this.#dueMs = 0;
        break;
      case 'stop':
        this.#worker.state = 'STOPPING';
        break;
    }
  }
}
