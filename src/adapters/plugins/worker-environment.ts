import type { WorkerLaunch } from '../../domain/worker-type.ts';
import type { LaunchContext, Placeholders } from '../../plugin/plugin.ts';

/** How workers reach the daemon. */
export interface WorkerEndpoints {
  /** Resolves once the worker service listens: what is launched while Shoal starts waits for it. Absent: it does already. */
  readonly reachable?: () => Promise<void>;
  /** `host:port` of the worker service; asked at each launch, for the port is known once it listens. */
  readonly grpcAddress: () => string;
  /** Present: the worker service speaks TLS. */
  readonly grpcCaFile?: string;
  readonly natsUrls: readonly string[];
  readonly natsCredsFile?: string;
  /** How long a worker keeps trying to reach Shoal before it exits; absent: as its type says. */
  readonly orphanTimeoutMs?: number;
}

const DEFAULT_ORPHAN_TIMEOUT_MS = 30_000;

/** What a plugin is told about a launch; its signal is the hook's own. */
export type LaunchFacts = Omit<LaunchContext, 'signal'>;

/** Of the daemon's own environment, what every worker gets. */
const PASSED_TO_ALL = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'];

/** @param orphanTimeoutMs of the worker type */
export function launchFacts(
  launch: WorkerLaunch,
  endpoints: WorkerEndpoints,
  orphanTimeoutMs = DEFAULT_ORPHAN_TIMEOUT_MS,
): LaunchFacts {
  const { workerId, simulationId, incarnation, token, seed, files, configContentType, commandTransport } = launch;
  const { traceparent, restoreFile } = launch;
  const overNats = commandTransport === 'nats';
  const commandSubject = overNats ? `commands.worker.${workerId}.control` : undefined;
  const natsUrls = overNats ? endpoints.natsUrls : [];
  const grpcAddress = endpoints.grpcAddress();
  const placeholders: Placeholders = withoutAbsent({
    worker_id: workerId,
    simulation_id: simulationId,
    grpc_address: grpcAddress,
    command_subject: commandSubject,
    nats_url: overNats ? natsUrls.join(',') : undefined,
    config_file: files.configFile,
    seed: seed?.toString(),
  });
  return {
    workerId,
    simulationId,
    incarnation,
    token,
    grpcAddress,
    ...withoutAbsent({ grpcCaFile: endpoints.grpcCaFile, commandSubject, traceparent, restoreFile }),
    ...(seed === undefined ? {} : { seed }),
    commandTransport,
    natsUrls,
    configFile: files.configFile,
    configContentType,
    snapshotDir: files.snapshotDir,
    orphanTimeoutMs: endpoints.orphanTimeoutMs ?? orphanTimeoutMs,
    placeholders,
  };
}

/** The whole environment of a worker: contract section 3, the few variables passed from the daemon's own, and the plugin's. */
export function workerEnvironment(
  facts: LaunchFacts,
  endpoints: WorkerEndpoints,
  host: Readonly<Record<string, string | undefined>>,
  passEnv: readonly string[],
  pluginEnv: Readonly<Record<string, string>>,
): Record<string, string> {
  const passed = Object.fromEntries([...PASSED_TO_ALL, ...passEnv].map((name) => [name, host[name]]));
  return {
    ...withoutAbsent(passed),
    ...withoutAbsent({ TRACEPARENT: facts.traceparent }),
    ...pluginEnv,
    ...shoalVariables(facts, endpoints),
  };
}

function shoalVariables(facts: LaunchFacts, endpoints: WorkerEndpoints): Record<string, string> {
  const overNats = facts.commandTransport === 'nats';
  return withoutAbsent({
    SHOAL_WORKER_ID: facts.workerId,
    SHOAL_SIMULATION_ID: facts.simulationId,
    SHOAL_INCARNATION: String(facts.incarnation),
    SHOAL_GRPC_ADDRESS: facts.grpcAddress,
    SHOAL_GRPC_CA_FILE: facts.grpcCaFile,
    SHOAL_WORKER_TOKEN: facts.token,
    SHOAL_COMMAND_TRANSPORT: facts.commandTransport,
    SHOAL_NATS_URL: overNats ? facts.natsUrls.join(',') : undefined,
    SHOAL_COMMAND_SUBJECT: facts.commandSubject,
    SHOAL_NATS_CREDS_FILE: overNats ? endpoints.natsCredsFile : undefined,
    SHOAL_NATS_INBOX_PREFIX: overNats ? `_INBOX.${facts.workerId}` : undefined,
    SHOAL_CONFIG_FILE: facts.configFile,
    SHOAL_CONFIG_CONTENT_TYPE: facts.configContentType,
    SHOAL_SEED: facts.seed?.toString(),
    SHOAL_SNAPSHOT_DIR: facts.snapshotDir,
    SHOAL_RESTORE_FILE: facts.restoreFile,
    SHOAL_ORPHAN_TIMEOUT_MS: String(facts.orphanTimeoutMs),
  });
}

function withoutAbsent<Key extends string>(
  record: Record<Key, string | undefined>,
): Partial<Record<Key, string>> & Record<string, string> {
  const present = Object.entries<string | undefined>(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Partial<Record<Key, string>> & Record<string, string>;
}
