import { Network } from '../actors/network.ts';
import { codeOf } from '../actors/simulated-client.ts';
import { SimulatedDaemon } from '../actors/simulated-daemon.ts';
import type { SimulatedProcess } from '../actors/simulated-process.ts';
import { throwTemper } from '../actors/temper.ts';
import { WorkerJournal } from '../actors/worker-journal.ts';
import { WorkerProgram } from '../actors/worker-program.ts';
import { EventCheck } from '../checks/event-check.ts';
import type { Scheduler } from './scheduler.ts';
import { Surroundings } from './surroundings.ts';
import { demand } from './violation.ts';
import type { WorldPlan } from './world-plan.ts';

/** What a service manager waits before it starts a daemon again. */
const RESTART_MS = 2_000;

/** Everything that there is in one simulation: what lives on when the daemon dies, and the daemon while it lives. */
export class World extends Surroundings {
  readonly journals: WorkerJournal[] = [];
  readonly eventCheck = new EventCheck(this.events, (id) =>
    this.records.all().some(({ simulation }) => simulation.id === id),
  );
  readonly network: Network;
  /** What was thrown where nobody waits for it. */
  readonly failures: unknown[] = [];
  #daemon: SimulatedDaemon | undefined;
  #lives = 0;

  constructor(plan: WorldPlan, scheduler: Scheduler) {
    super(plan, scheduler, (process) => this.#program(process));
    this.network = new Network(scheduler);
  }

  /** For what goes on by itself: what it throws ends the world. */
  attend(work: Promise<void>): void {
    work.catch((thrown) => this.failures.push(thrown));
  }

  get hasDaemon(): boolean {
    return this.network.daemon !== undefined;
  }

  bootDaemon(): void {
    this.#lives += 1;
    const daemon = new SimulatedDaemon(this, this.#lives);
    this.#daemon = daemon;
    this.scheduler.trace.note(daemon.life.name, 'starts');
    const listen = (): void => {
      this.scheduler.trace.note(daemon.life.name, 'listens');
      this.network.daemon = daemon;
    };
    const begun = daemon.begin(listen).catch((thrown) => {
      this.scheduler.trace.note(daemon.life.name, 'cannot start', codeOf(thrown));
      this.crashDaemon();
    });
    this.attend(begun);
  }

  /** As `kill -9` does. */
  crashDaemon(): void {
    const daemon = this.#daemon;
    if (daemon === undefined) return;
    this.#daemon = undefined;
    this.network.daemon = undefined;
    this.scheduler.trace.note(daemon.life.name, 'dies');
    daemon.life.end();
    this.scheduler.later(this.scheduler.dice.upTo(RESTART_MS), () => this.bootDaemon());
  }

  #program(process: SimulatedProcess): WorkerProgram {
    const { workerId } = process.plan;
    demand(this.folders.has(workerId), () => `${workerId} starts, and its folder is gone`);
    const { scheduler, network, eventCheck: check, plan } = this;
    const journal = new WorkerJournal(process.plan.workerId, process.simulationId);
    this.journals.push(journal);
    const temper = throwTemper(scheduler.dice, plan.trouble.worker);
    scheduler.trace.note(process.plan.workerId, 'will be one that', `${temper.fate} at tick ${temper.fateTick}`);
    return new WorkerProgram(process, temper, { network, journal, check });
  }
}
