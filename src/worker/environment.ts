import { WorkerEnvironmentError } from './worker-error.ts';

/** What Shoal launches a worker with: section 3 of the contract, checked. */
export interface WorkerEnvironment {
  readonly workerId: string;
  readonly simulationId: string;
  /** Which launch for its simulation this worker is, from 1. */
  readonly incarnation: number;
  /** host:port of the worker service. */
  readonly grpcAddress: string;
  /** Given: the connection is TLS, checked against this certificate authority. */
  readonly grpcCaFile?: string;
  /** Absent where the orchestrator takes workers without (`auth.workers: off`). */
  readonly token?: string;
  readonly commands: CommandTransport;
  readonly configFile?: string;
  readonly configContentType: string;
  readonly seed?: bigint;
  readonly snapshotDir?: string;
  readonly restoreFile?: string;
  /** How long to keep trying to reach Shoal before giving up. */
  readonly orphanTimeoutMs: number;
  /** W3C trace context of the StartSimulation call. */
  readonly traceparent?: string;
}

export type CommandTransport = { readonly kind: 'grpc' } | NatsCommandTransport;

export interface NatsCommandTransport {
  readonly kind: 'nats';
  readonly urls: readonly string[];
  readonly subject: string;
  readonly credsFile?: string;
  readonly inboxPrefix?: string;
}

/** Long enough for a restart of Shoal on a busy machine. */
const defaultOrphanTimeoutMs = 60_000;

/** Reads and checks the variables; @throws WorkerEnvironmentError that names all that is wrong. */
export function workerEnvironment(env: Readonly<Record<string, string | undefined>>): WorkerEnvironment {
  const vars = new Variables(env);
  const token = vars.optional('SHOAL_WORKER_TOKEN');
  const checked = {
    workerId: vars.required('SHOAL_WORKER_ID', idPattern, idExpectation),
    simulationId: vars.required('SHOAL_SIMULATION_ID', idPattern, idExpectation),
    incarnation: vars.wholeNumber('SHOAL_INCARNATION', 1),
    grpcAddress: vars.required('SHOAL_GRPC_ADDRESS', /^[^\s/]+:\d{1,5}$/, 'host:port'),
    ...given('grpcCaFile', vars.optional('SHOAL_GRPC_CA_FILE')),
    ...given('token', token),
    commands: commandTransport(vars),
    ...given('configFile', vars.optional('SHOAL_CONFIG_FILE')),
    configContentType: vars.optional('SHOAL_CONFIG_CONTENT_TYPE') ?? 'application/json',
    ...given('seed', vars.seed('SHOAL_SEED')),
    ...given('snapshotDir', vars.optional('SHOAL_SNAPSHOT_DIR')),
    ...given('restoreFile', vars.optional('SHOAL_RESTORE_FILE')),
    orphanTimeoutMs: vars.wholeNumber('SHOAL_ORPHAN_TIMEOUT_MS', defaultOrphanTimeoutMs),
    ...given('traceparent', vars.optional('TRACEPARENT')),
  };
  // A token that HTTP/2 cannot carry would fail much later, inside the gRPC library.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) vars.wrong('SHOAL_WORKER_TOKEN', 'printable ASCII');
  if (vars.problems.length > 0) throw new WorkerEnvironmentError(vars.problems);
  return checked;
}

function commandTransport(vars: Variables): CommandTransport {
  const kind = vars.required('SHOAL_COMMAND_TRANSPORT', /^(nats|grpc)$/, '`nats` or `grpc`');
  if (kind !== 'nats') return { kind: 'grpc' };
  return {
    kind,
    urls: vars
      .required('SHOAL_NATS_URL', /\S/, 'one or more NATS URLs, separated by commas')
      .split(',')
      .map((url) => url.trim()),
    subject: vars.required('SHOAL_COMMAND_SUBJECT', /^[^\s*>]+$/, 'a NATS subject without wildcards'),
    ...given('credsFile', vars.optional('SHOAL_NATS_CREDS_FILE')),
    ...given('inboxPrefix', vars.optional('SHOAL_NATS_INBOX_PREFIX')),
  };
}

const idPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const idExpectation = 'an id: letters, digits, _ and -, at most 128';
const maxSeed = 2n ** 64n - 1n;

class Variables {
  readonly problems: string[] = [];
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** An empty variable counts as absent, as shells and containers often cannot unset one. */
  optional(name: string): string | undefined {
    const value = this.#env[name];
    return value === '' ? undefined : value;
  }

  required(name: string, pattern: RegExp, expectation: string): string {
    const value = this.optional(name);
    if (value === undefined) this.problems.push(`${name} is missing: expected ${expectation}`);
    else if (!pattern.test(value)) this.wrong(name, expectation);
    return value ?? '';
  }

  wholeNumber(name: string, otherwise: number): number {
    const value = this.optional(name);
    if (value === undefined) return otherwise;
    if (!/^\d{1,15}$/.test(value)) this.wrong(name, 'a whole number');
    return Number(value);
  }

  seed(name: string): bigint | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    const seed = /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
    if (seed === undefined || seed > maxSeed) this.wrong(name, `a whole number from 0 to ${maxSeed}`);
    return seed;
  }

  wrong(name: string, expectation: string): void {
    // The token is a secret: its value is never shown.
    const shown = name === 'SHOAL_WORKER_TOKEN' ? '' : ` is ${JSON.stringify(this.#env[name])}`;
    this.problems.push(`${name}${shown}: expected ${expectation}`);
  }
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: V };
}
