import type { Clock } from '../../ports/clock.ts';
import type { WorkerLauncher } from '../../ports/worker-launcher.ts';
import type { CommandSender } from '../command/command-sender.ts';
import type { LimitsConfig } from '../configuration.ts';
import { ignore } from '../ignore.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { StallReports } from './stall-reports.ts';
import { Termination, type TerminationOptions } from './termination.ts';
import { TickWatchdog } from './tick-watchdog.ts';
import { type Verdict, Vigil } from './vigil.ts';
import type { Worker } from './worker.ts';
import type { WorkerDirectory } from './worker-directory.ts';

interface Watch {
  readonly termination: Termination;
  readonly vigil: Vigil;
  /** Absent where `limits.stall_timeout` is off. */
  readonly watchdog?: TickWatchdog;
}

export interface WorkerWatchesParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly launcher: WorkerLauncher;
  readonly sender: CommandSender;
  readonly clock: Clock;
  readonly limits: () => LimitsConfig;
  readonly stalls: StallReports;
}

/** Who watches over each worker that lives: its registration, heartbeats and ticks, and its end once that is wanted. */
export class WorkerWatches {
  readonly #parts: WorkerWatchesParts;
  readonly #watches = new Map<Worker, Watch>();

  constructor(parts: WorkerWatchesParts) {
    this.#parts = parts;
    const { registry, directory } = parts;
    registry.onChange(({ before, after: { simulation } }) => {
      const worker = directory.ofSimulation(simulation.id);
      if (worker !== undefined && before?.state !== simulation.state) this.#follow(worker, simulation);
    });
  }

  /** From before its launch on. */
  begin(worker: Worker, simulation: Simulation): void {
    const { launcher, sender, clock, limits } = this.#parts;
    const watchdog = this.#watchdog(worker);
    this.#watches.set(worker, {
      termination: new Termination(worker, { launcher, sender, clock }),
      vigil: new Vigil(clock, (verdict) => this.condemn(worker, verdict), {
        registerTimeoutMs: worker.type.config.limits.registerTimeoutMs,
        heartbeatIntervalMs: limits().heartbeatIntervalMs,
      }),
      ...(watchdog === undefined ? {} : { watchdog }),
    });
    this.#follow(worker, simulation);
  }

  /** It is launched, or found again, and has to register in time. */
  awaitRegistration(worker: Worker): void {
    this.#watches.get(worker)?.vigil.launched();
  }

  /** It has a handle now: an end that was wanted meanwhile is carried out. */
  launched(worker: Worker): void {
    this.#watches.get(worker)?.termination.launched();
  }

  registered(worker: Worker): void {
    this.#watches.get(worker)?.vigil.registered();
  }

  /** It is adopted, and sent heartbeats to the daemon before. */
  owesHeartbeats(worker: Worker): void {
    this.#watches.get(worker)?.vigil.owesHeartbeats();
  }

  /** It is adopted, and told ticks to the daemon before. */
  countsTicks(worker: Worker): void {
    this.#watches.get(worker)?.watchdog?.countsTicks();
  }

  heartbeat(worker: Worker): void {
    const watch = this.#watches.get(worker);
    if (watch === undefined) return;
    const { vigil, watchdog } = watch;
    const knew = { heartbeats: vigil.beats, countsTicks: watchdog?.judges };
    vigil.heartbeat();
    watchdog?.heartbeat();
    if (!knew.heartbeats) this.#note(worker, 'heartbeats');
    if (watchdog?.judges && !knew.countsTicks) this.#note(worker, 'countsTicks');
  }

  /** Ends a worker at once that nobody asked to end. */
  condemn(worker: Worker, verdict: Verdict): void {
    worker.verdict = verdict;
    this.end(worker, { force: true, graceMs: 0 });
  }

  /** From now on nobody watches over the worker but this: it has the time that it is given. */
  end(worker: Worker, options: TerminationOptions): void {
    const watch = this.#watches.get(worker);
    watch?.vigil.finished();
    watch?.watchdog?.finished();
    watch?.termination.begin(options);
  }

  /** It has ended, or was never launched. */
  finished(worker: Worker): void {
    const watch = this.#watches.get(worker);
    this.#watches.delete(worker);
    watch?.termination.finished();
    watch?.vigil.finished();
    watch?.watchdog?.finished();
  }

  /** For the daemon that may adopt it. One whose record cannot be written now owes that daemon nothing. */
  #note(worker: Worker, what: 'heartbeats' | 'countsTicks'): void {
    const id = worker.assignment?.simulationId;
    if (id === undefined || worker.type.config.orphans !== 'adopt') return;
    const note = (present: Simulation): Simulation =>
      present.workerId === worker.id && present[what] === undefined ? { ...present, [what]: true } : present;
    this.#parts.registry.change(id, note).catch(ignore);
  }

  #watchdog(worker: Worker): TickWatchdog | undefined {
    const { clock, stalls } = this.#parts;
    const { stallTimeoutMs } = worker.type.config.limits;
    if (stallTimeoutMs === 0) return undefined;
    return new TickWatchdog(clock, stallTimeoutMs, () => worker.assignment?.ingest.figures.lastTick ?? 0n, {
      stalled: (tick) => stalls.stalled(worker, tick, stallTimeoutMs),
      recovered: () => stalls.recovered(worker),
      givenUp: (tick) => {
        const silentMs = 2 * stallTimeoutMs;
        const message = `its tick stood at ${tick} for ${silentMs} ms (twice limits.stall_timeout)`;
        this.condemn(worker, { reason: 'STALLED', message, silentMs });
      },
    });
  }

  #follow(worker: Worker, { state }: Simulation): void {
    const watchdog = this.#watches.get(worker)?.watchdog;
    if (state === 'RUNNING') watchdog?.wake();
    else watchdog?.rest();
  }
}
