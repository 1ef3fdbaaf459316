import type { LaunchPlan } from '../../../src/ports/worker-launcher.ts';
import type { Scheduler } from '../harness/scheduler.ts';
import { demand } from '../harness/violation.ts';
import { type Program, SimulatedProcess } from './simulated-process.ts';

/** The machine that workers run on: every process that ever ran there. */
export class Machine {
  readonly processes: SimulatedProcess[] = [];
  readonly #scheduler: Scheduler;
  readonly #load: (process: SimulatedProcess) => Program;

  /** @param load what a process runs */
  constructor(scheduler: Scheduler, load: (process: SimulatedProcess) => Program) {
    this.#scheduler = scheduler;
    this.#load = load;
  }

  get alive(): readonly SimulatedProcess[] {
    return this.processes.filter(({ alive }) => alive);
  }

  runs(workerId: string): boolean {
    return this.alive.some(({ plan }) => plan.workerId === workerId);
  }

  byPid(pid: number): SimulatedProcess | undefined {
    return this.processes[pid - 1];
  }

  ofSimulation(id: string): readonly SimulatedProcess[] {
    return this.processes.filter(({ simulationId }) => simulationId === id);
  }

  start(plan: LaunchPlan): SimulatedProcess {
    const process = new SimulatedProcess(this.#scheduler, this.processes.length + 1, plan);
    const { simulationId } = process;
    this.#scheduler.trace.note(plan.workerId, 'starts for', simulationId);
    const others = this.ofSimulation(simulationId).filter(({ alive }) => alive);
    demand(
      others.length === 0,
      () => `${simulationId} gets ${plan.workerId} while ${others[0]?.plan.workerId} is alive`,
    );
    this.processes.push(process);
    process.program = this.#load(process);
    return process;
  }
}
