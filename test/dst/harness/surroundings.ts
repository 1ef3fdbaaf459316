import type { SimulationId, WorkerId } from '../../../src/domain/ids.ts';
import type { LedgerState } from '../../../src/domain/ledger/ledger-state.ts';
import { NEVER_RESTARTED } from '../../../src/domain/supervision/never-restarted.ts';
import { Machine } from '../actors/machine.ts';
import type { Program, SimulatedProcess } from '../actors/simulated-process.ts';
import { RecordCheck } from '../checks/record-check.ts';
import { RestartCheck } from '../checks/restart-check.ts';
import { Backend } from '../ports/backend.ts';
import { NO_COMMAND_FAULTS } from '../ports/simulated-command-channel.ts';
import type { WrittenRequest } from '../ports/simulated-command-journal.ts';
import { IdCounts } from '../ports/simulated-ids.ts';
import { StoredEvents } from '../ports/stored-events.ts';
import { StoredRecords } from '../ports/stored-records.ts';
import { WallClock } from './life-clock.ts';
import type { Scheduler } from './scheduler.ts';
import { WORLD_CONFIG } from './world-config.ts';
import type { WorldPlan } from './world-plan.ts';

/** So short that most of what is sent again comes behind it: then the ledger alone recognises it. */
const SERVER_WINDOW_MS = 200;

/** What a daemon finds when it is started, and leaves behind when it dies: the disk, the server, the machine, the clock. */
export class Surroundings {
  readonly plan: WorldPlan;
  readonly scheduler: Scheduler;
  readonly config = WORLD_CONFIG;
  readonly wall = new WallClock();
  readonly disk = new Backend('disk');
  readonly messaging = new Backend('messaging');
  readonly events = new StoredEvents();
  readonly records: StoredRecords;
  /** Of workers. */
  readonly folders = new Set<WorkerId>();
  readonly commands = new Map<string, WrittenRequest>();
  readonly checkpoints = new Map<SimulationId, LedgerState>();
  readonly snapshots = new Map<SimulationId, string | undefined>();
  readonly counts = new IdCounts();
  readonly machine: Machine;
  launchFailures = 0;
  commandFaults = NO_COMMAND_FAULTS;

  /** @param load what a process runs */
  constructor(plan: WorldPlan, scheduler: Scheduler, load: (process: SimulatedProcess) => Program) {
    this.plan = plan;
    this.scheduler = scheduler;
    this.records = new StoredRecords(new RecordCheck(this.#restartCheck()));
    if (plan.hasServer) this.events.duplicateWindowMs = SERVER_WINDOW_MS;
    this.machine = new Machine(scheduler, load);
  }

  #restartCheck(): RestartCheck {
    const { workerTypes } = this.config.current().config;
    return new RestartCheck({
      policyOf: (workerType) => workerTypes.find(({ name }) => name === workerType)?.restart ?? NEVER_RESTARTED,
      nowMs: () => this.scheduler.nowMs,
      wallMs: () => this.wall.readAt(this.scheduler),
      isWallSteady: this.plan.trouble.clockJumps === 0,
    });
  }
}
