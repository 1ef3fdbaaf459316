/** What Shoal launches a worker with: section 3 of the contract. */
export interface Environment {
  readonly workerId: string;
  readonly simulationId: string;
  /** host:port. */
  readonly grpcAddress: string;
  readonly grpcCaFile: string | undefined;
  readonly token: string | undefined;
  /** Absent where commands come over gRPC. */
  readonly nats: NatsEnvironment | undefined;
  readonly configFile: string | undefined;
  readonly seed: bigint | undefined;
  readonly snapshotDir: string | undefined;
  readonly restoreFile: string | undefined;
  readonly orphanTimeoutMs: number;
}

export interface NatsEnvironment {
  readonly servers: readonly string[];
  readonly subject: string;
  readonly credsFile: string | undefined;
  readonly inboxPrefix: string | undefined;
}

const ORPHAN_TIMEOUT_MS = 60_000;

/** @throws Error that names the variable that is missing */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const needed = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set: this program is launched by Shoal`);
    return value;
  };
  return {
    workerId: needed('SHOAL_WORKER_ID'),
    simulationId: needed('SHOAL_SIMULATION_ID'),
    grpcAddress: needed('SHOAL_GRPC_ADDRESS'),
    grpcCaFile: env['SHOAL_GRPC_CA_FILE'] || undefined,
    token: env['SHOAL_WORKER_TOKEN'] || undefined,
    nats:
      needed('SHOAL_COMMAND_TRANSPORT') === 'nats'
        ? {
            servers: needed('SHOAL_NATS_URL').split(','),
            subject: needed('SHOAL_COMMAND_SUBJECT'),
            credsFile: env['SHOAL_NATS_CREDS_FILE'] || undefined,
            inboxPrefix: env['SHOAL_NATS_INBOX_PREFIX'] || undefined,
          }
        : undefined,
    configFile: env['SHOAL_CONFIG_FILE'] || undefined,
    seed: env['SHOAL_SEED'] ? BigInt(env['SHOAL_SEED']) : undefined,
    snapshotDir: env['SHOAL_SNAPSHOT_DIR'] || undefined,
    restoreFile: env['SHOAL_RESTORE_FILE'] || undefined,
    orphanTimeoutMs: Number(env['SHOAL_ORPHAN_TIMEOUT_MS'] || ORPHAN_TIMEOUT_MS),
  };
}
