import { setImmediate } from 'node:timers/promises';
import type { Worker, WorkerCommand } from 'shoal/worker';
import { Bell } from './bell.ts';
import { type Commanded, obey } from './commands.ts';
import { Pace } from './pace.ts';
import type { SchoolConfig } from './school-config.ts';
import { spawnedEvent, tickEvents } from './tick-events.ts';
import { type Spawned, type TickOutcome, World } from './world.ts';

/** How a run ended: its ticks are done, or it was told to stop. */
export type RunEnd = 'completed' | 'stopped';

/**
 * One school under Shoal: ticks at its pace, reports each tick's events, and serves commands between ticks and never
 * within one.
 */
export class SchoolRun implements Commanded {
  readonly #worker: Worker;
  readonly #commands: WorkerCommand[] = [];
  readonly #bell = new Bell();
  readonly #pace: Pace;
  #steps: { readonly command: WorkerCommand; left: number }[] = [];
  #config: SchoolConfig;
  #seed: bigint;
  #world: World;
  #stopped = false;
  #lost: unknown;

  constructor(worker: Worker, config: SchoolConfig, seed: bigint) {
    this.#worker = worker;
    this.#config = config;
    this.#seed = seed;
    this.#world = new World(config, seed);
    this.#pace = new Pace(config.ticks_per_second, performance.now());
    worker.state = worker.desiredState === 'PAUSED' ? 'PAUSED' : 'RUNNING';
  }

  get world(): World {
    return this.#world;
  }

  /** Until the ticks are done or it is stopped; events may still be on their way. @throws WorkerLostError */
  async run(): Promise<RunEnd> {
    void this.#receive();
    await this.#report({ died: [], spawned: [] });
    for (;;) {
      for (const command of this.#commands.splice(0)) await obey(command, this);
      if (this.#lost !== undefined) throw this.#lost;
      if (this.#stopped) return this.#end('stopped');
      if (this.#config.ticks > 0 && this.#world.tick >= this.#config.ticks) return this.#end('completed');
      await this.#next();
    }
  }

  pause(): void {
    this.#worker.state = 'PAUSED';
  }

  resume(): void {
    this.#worker.state = 'RUNNING';
    this.setSpeed(this.#config.ticks_per_second);
  }

  /** Acknowledged after the last tick. */
  step(command: WorkerCommand, ticks: number): void {
    this.#steps.push({ command, left: ticks });
  }

  async reset(seed: bigint | undefined, config: SchoolConfig | undefined): Promise<void> {
    this.#dropSteps('the simulation was reset');
    this.#seed = seed ?? this.#seed;
    this.#config = config ?? this.#config;
    this.#world = new World(this.#config, this.#seed);
    this.#worker.tick = 0;
    this.setSpeed(this.#config.ticks_per_second);
    await this.#report({ died: [], spawned: [] });
  }

  setSpeed(ticksPerSecond: number): void {
    this.#config = { ...this.#config, ticks_per_second: ticksPerSecond };
    this.#pace.setSpeed(ticksPerSecond, performance.now());
  }

  async spawned(spawned: Spawned): Promise<void> {
    await this.#worker.emit(spawnedEvent(spawned, this.#world.tick));
  }

  stop(): void {
    this.#stopped = true;
    this.#worker.state = 'STOPPING';
    this.#bell.ring();
  }

  async #receive(): Promise<void> {
    try {
      for await (const command of this.#worker.commands()) {
        this.#commands.push(command);
        this.#bell.ring();
      }
    } catch (error) {
      this.#lost = error;
      this.#bell.ring();
    }
  }

  /** One tick if it is time for one; else waits for that time or for a command. */
  async #next(): Promise<void> {
    if (this.#steps.length > 0) {
      await this.#tick();
      await setImmediate();
    } else if (this.#worker.state === 'PAUSED') {
      await this.#bell.wait();
    } else {
      const waitMs = this.#pace.waitMs(performance.now());
      if (waitMs > 0) return this.#bell.wait(waitMs);
      await this.#tick();
      this.#pace.ticked(performance.now());
      // At full speed nothing else waits: commands and acknowledgements must get their turn.
      await setImmediate();
    }
  }

  async #tick(): Promise<void> {
    await this.#report(this.#world.step());
    this.#worker.tick = this.#world.tick;
    const step = this.#steps[0];
    if (step === undefined) return;
    step.left--;
    if (step.left > 0) return;
    this.#steps.shift();
    step.command.acknowledge();
  }

  /** What came of a tick; of tick 0 too: who is to choose what a fish does first has to see the world it is in. */
  async #report(outcome: TickOutcome): Promise<void> {
    const every = this.#config.observations_every;
    const events = tickEvents({
      world: this.#world,
      outcome,
      simulationId: this.#worker.environment.simulationId,
      timestampNs: BigInt(Date.now()) * 1_000_000n,
      withObservations: every > 0 && this.#world.tick % every === 0,
    });
    for (const event of events) await this.#worker.emit(event);
  }

  #dropSteps(why: string): void {
    for (const { command } of this.#steps.splice(0)) command.refuse(why);
  }

  #end(how: RunEnd): RunEnd {
    this.#dropSteps(`the run ended at tick ${this.#world.tick}`);
    this.#worker.state = how === 'completed' ? 'COMPLETED' : 'STOPPING';
    return how;
  }
}
