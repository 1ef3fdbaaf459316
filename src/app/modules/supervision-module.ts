import { ContainerModule } from 'inversify';
import { Drain } from '../../domain/supervision/drain.ts';
import { Recovery } from '../../domain/supervision/recovery.ts';
import { RunOutputs } from '../../domain/supervision/run-outputs.ts';
import { RunTimeLimit } from '../../domain/supervision/run-time-limit.ts';
import { removeSnapshotsWithRecords } from '../../domain/supervision/snapshot-keeping.ts';
import { Supervisor } from '../../domain/supervision/supervisor.ts';
import { WorkerAuthentication } from '../../domain/supervision/worker-authentication.ts';
import { WorkerCalls } from '../../domain/supervision/worker-calls.ts';
import { WorkerDirectory } from '../../domain/supervision/worker-directory.ts';
import { WorkerTypeBreakers } from '../../domain/supervision/worker-type-breakers.ts';
import { logDrain } from '../drain-log.ts';
import { RecoveryPart } from '../recovery-part.ts';
import { provide, provideFrom } from '../token.ts';
import * as t from '../tokens.ts';

/** Workers: launched, watched, ended, launched again. */
export const supervisionModule = new ContainerModule(({ bind }) => {
  provide(bind, t.DIRECTORY, [], () => new WorkerDirectory());
  provide(bind, t.OUTPUTS, [t.REGISTRY], (registry) => new RunOutputs(registry));
  provide(bind, t.AUTHENTICATION, [t.DIRECTORY, t.SETTINGS], (directory, settings) => {
    return new WorkerAuthentication(directory, () => settings.config.auth.workers === 'token');
  });

  provideFrom(
    bind,
    t.BREAKERS,
    { registry: t.REGISTRY, clock: t.CLOCK, listener: t.SUPERVISION_LISTENER },
    (parts) => new WorkerTypeBreakers(parts),
  );

  provideFrom(
    bind,
    t.SUPERVISOR,
    {
      registry: t.REGISTRY,
      directory: t.DIRECTORY,
      catalogue: t.CATALOGUE,
      launcher: t.LAUNCHER,
      runFiles: t.RUN_FILES,
      snapshots: t.SNAPSHOTS,
      breakers: t.BREAKERS,
      chance: t.CHANCE,
      sender: t.SENDER,
      pending: t.PENDING,
      counters: t.COUNTERS,
      clock: t.CLOCK,
      ids: t.IDS,
      outputs: t.OUTPUTS,
      limits: t.LIMITS,
      listener: t.SUPERVISION_LISTENER,
      messaging: t.MESSAGING,
    },
    ({ messaging, ...parts }) => {
      removeSnapshotsWithRecords(parts.registry, parts.snapshots);
      return new Supervisor({ ...parts, defaultTransport: messaging.defaultTransport });
    },
  );

  provideFrom(
    bind,
    t.WORKER_CALLS,
    {
      registry: t.REGISTRY,
      authentication: t.AUTHENTICATION,
      supervisor: t.SUPERVISOR,
      ledgers: t.LEDGERS,
      clock: t.CLOCK,
      limits: t.LIMITS,
    },
    (parts) => new WorkerCalls(parts),
  );

  provideFrom(
    bind,
    t.RUN_TIME_LIMIT,
    { registry: t.REGISTRY, directory: t.DIRECTORY, supervisor: t.SUPERVISOR, clock: t.CLOCK },
    (parts) => new RunTimeLimit(parts),
  );

  provideFrom(
    bind,
    t.RECOVERY,
    {
      registry: t.REGISTRY,
      directory: t.DIRECTORY,
      catalogue: t.CATALOGUE,
      launcher: t.LAUNCHER,
      runFiles: t.RUN_FILES,
      supervisor: t.SUPERVISOR,
      clock: t.CLOCK,
      settings: t.SETTINGS,
      log: t.LOG,
    },
    ({ settings, log, ...parts }) => new RecoveryPart(new Recovery(parts), parts.launcher, () => settings.config, log),
  );

  provideFrom(
    bind,
    t.DRAIN,
    {
      state: t.DAEMON_STATE,
      registry: t.REGISTRY,
      supervisor: t.SUPERVISOR,
      catalogue: t.CATALOGUE,
      clock: t.CLOCK,
      log: t.LOG,
    },
    ({ log, ...parts }) => new Drain({ ...parts, listener: (event) => logDrain(log, event) }),
  );
});
