import type { Clock } from '../../ports/clock.ts';
import type { EventId, SimulationId } from '../ids.ts';
import { LastingChanges } from '../simulation/lasting-changes.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { Worker } from '../supervision/worker.ts';
import type { Command } from './command.ts';
import type { CommandOutcome } from './command-outcome.ts';
import { stateAfter } from './command-policy.ts';
import type { ControlAnswer } from './control-request.ts';
import { mayChangeRecord, recordAfter } from './record-after.ts';

/** A command that a worker was told. */
export interface ToldCommand {
  readonly worker: Worker;
  readonly simulationId: SimulationId;
  readonly command: Command;
  readonly commandId: EventId;
  /** Tells whether the state is still the command's to change. */
  readonly mayChange: () => boolean;
}

/** What commands change once their workers have done them. */
export class CommandEffects {
  readonly #registry: SimulationRegistry;
  readonly #clock: Clock;
  readonly #changes: LastingChanges;
  /** By worker, how many times it was told to pause or resume, and the latest of them that was done. */
  readonly #turns = new WeakMap<Worker, { told: number; done: number }>();

  constructor(registry: SimulationRegistry, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
    this.#changes = new LastingChanges(registry, clock);
  }

  /**
   * Called when a command is about to be sent. A worker pauses and resumes in order: when the later is done, an acknowledgement of
   * the earlier is old news.
   *
   * @returns {@link ToldCommand.mayChange}
   */
  told(worker: Worker, command: Command): () => boolean {
    if (stateAfter(command.name) === undefined) return () => true;
    const turns = this.#turns.get(worker) ?? { told: 0, done: 0 };
    this.#turns.set(worker, turns);
    turns.told += 1;
    const turn = turns.told;
    return () => {
      if (turn < turns.done) return false;
      turns.done = turn;
      return true;
    };
  }

  /** @param outcome absent for a worker type that does not acknowledge */
  async apply(told: ToldCommand, outcome?: CommandOutcome): Promise<ControlAnswer> {
    const { simulationId: id, command, commandId } = told;
    const figures = this.#registry.figures.of(id);
    if (outcome?.ok === false) {
      const { state } = this.#registry.get(id);
      return { commandId, state, phase: 'REFUSED', completed: true, outcome, tick: figures.lastTick };
    }
    if (outcome !== undefined && (outcome.tick > figures.lastTick || command.name === 'reset'))
      figures.lastTick = outcome.tick;
    const { state } = await this.#record(told, outcome);
    return {
      commandId,
      state,
      phase: 'APPLIED',
      completed: true,
      tick: outcome?.tick ?? figures.lastTick,
      ...(outcome === undefined ? {} : { outcome }),
    };
  }

  /** What has happened does not happen again: it is written as soon as the registry takes it, for as long as the worker lives. */
  async #record(told: ToldCommand, outcome: CommandOutcome | undefined): Promise<Simulation> {
    const { worker, simulationId: id, command, mayChange } = told;
    // Nothing to write, and so nothing to wait for.
    if (!mayChangeRecord(command)) return this.#registry.get(id);
    const facts = {
      workerId: worker.id,
      nowMs: this.#clock.nowMs(),
      restoresSnapshots: worker.type.config.restart.startFrom === 'snapshot',
      ...(outcome === undefined ? {} : { outcome }),
    };
    const next = (present: Simulation) => (mayChange() ? recordAfter(present, command, facts) : present);
    return this.#changes.write(id, next, { goesOn: () => !worker.ended });
  }
}
