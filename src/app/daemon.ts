import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { Container } from 'inversify';
import { ignore } from '../domain/ignore.ts';
import { recallRequests } from '../domain/simulation/recovery.ts';
import type { ConfigSource } from '../ports/config-source.ts';
import type { Log } from '../ports/log.ts';
import type { ManagedPart } from '../ports/managed-part.ts';
import { DaemonState } from './daemon-state.ts';
import { adapterModule } from './modules/adapter-module.ts';
import { clientModule } from './modules/client-module.ts';
import { domainModules } from './modules/domain-modules.ts';
import { listenerModule } from './modules/listener-module.ts';
import { metricsModule } from './modules/metrics-module.ts';
import { packageVersion } from './package-version.ts';
import { PartSequence, type SequencedPart } from './part-sequence.ts';
import { Settings } from './settings.ts';
import { StopBudget } from './stop-budget.ts';
import { resolve, type Token } from './token.ts';
import * as t from './tokens.ts';

const STOP_TIMEOUT_MS = 10_000;
const MANIFEST_PATIENCE_MS = 3_000;
/** Of the time of their part; the rest is for those that are being written when it is over. */
const MANIFEST_SHARE = 0.8;
/** Of what is left, how long a start that is under way may take to give up. */
const ABANDON_SHARE = 0.5;

export interface DaemonAddresses {
  readonly workers: string;
  readonly clients: string;
  readonly http: string;
}

/** One running Shoal. The container builds its parts; this starts them in order and stops them in reverse. */
export class Daemon {
  readonly #container = new Container({ defaultScope: 'Singleton' });
  readonly #log: Log;
  readonly #state: DaemonState;
  readonly #sequence: PartSequence;
  readonly #startAbort = new AbortController();
  /** Aborted by a second wish to stop. */
  readonly #hurry = new AbortController();
  #budget = new StopBudget(Number.POSITIVE_INFINITY);
  #starting: Promise<void> | undefined;
  #stopping: Promise<readonly string[]> | undefined;

  constructor(source: ConfigSource, baseDirectory: string, log: Log) {
    this.#log = log;
    this.#state = new DaemonState({
      version: packageVersion(),
      startedAtMs: Date.now(),
    });
    this.#container.bind<Settings>(t.SETTINGS).toConstantValue(new Settings(source, baseDirectory));
    this.#container.bind<DaemonState>(t.DAEMON_STATE).toConstantValue(this.#state);
    this.#container.bind<Log>(t.LOG).toConstantValue(log);
    this.#container.load(adapterModule, ...domainModules, metricsModule, listenerModule, clientModule);
    this.#sequence = new PartSequence(this.#parts(), log);
  }

  get addresses(): DaemonAddresses {
    return {
      workers: this.#get(t.WORKER_LISTENER).address,
      clients: this.#get(t.CLIENT_LISTENER).address,
      http: this.#get(t.HTTP).address,
    };
  }

  /** Resolves when it is ready. @throws ShoalError of the part that failed; what had started is stopped again */
  async start(): Promise<void> {
    this.#log.info({ version: this.#state.version }, 'starting');
    this.#starting = this.#sequence.start(this.#startAbort.signal);
    try {
      await this.#starting;
    } catch (thrown) {
      await this.#stopOnce();
      throw thrown;
    }
    this.#log.info({ orchestratorId: this.#state.orchestratorId, ...this.addresses }, 'ready');
  }

  /**
   * Stops gracefully within `shutdown.timeout`: simulations may end by themselves for `shutdown.drain`, then they are stopped.
   * Called again while that goes on, it ends the workers at once; before it was up those are the next daemon's. @returns the parts that may not have done all of their work
   */
  async stop(): Promise<readonly string[]> {
    this.#startAbort.abort();
    if (this.#stopping !== undefined) {
      this.#log.warn({}, 'told to stop again: not waiting for workers any more');
      this.#hurry.abort();
      if (this.#get(t.RECOVERY).hasResumed) void this.#get(t.SUPERVISOR).stopAll({ force: true });
    }
    return this.#stopOnce();
  }

  #stopOnce(): Promise<readonly string[]> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<readonly string[]> {
    const { drainMs, timeoutMs } = this.#get(t.SETTINGS).config.shutdown;
    const budget = new StopBudget(timeoutMs);
    this.#budget = budget;
    const wasReady = this.#state.phase === 'ready';
    this.#enter('stopping');
    if (wasReady && drainMs > 0) await this.#drain(budget.drainMs(drainMs));
    const abandoned = await this.#startGivenUp(budget.leftMs * ABANDON_SHARE);
    const unfinished = [...abandoned, ...(await this.#sequence.stop(budget))];
    if (unfinished.length === 0) this.#log.info({}, 'stopped');
    else this.#log.error({ unfinished, timeoutMs }, 'stopped, but not all was finished in time');
    return unfinished;
  }

  /** Resolves when no simulation is left, when the time is over, or when there is no more patience. */
  async #drain(limitMs: number): Promise<void> {
    const drain = this.#get(t.DRAIN);
    drain.begin();
    this.#log.info({ remaining: drain.remaining, limitMs: Math.round(limitMs) }, 'waiting for simulations to end');
    await atMost(drain.emptied, limitMs, this.#hurry.signal);
  }

  /** A part that is starting still is waited for, so that it is stopped too. @returns one that does not listen */
  async #startGivenUp(limitMs: number): Promise<readonly string[]> {
    await atMost(this.#starting?.catch(ignore), limitMs, this.#hurry.signal);
    const cut = this.#sequence.starting;
    if (cut === undefined) return [];
    this.#log.warn({ part: cut }, 'part is starting still, and does not listen');
    return [cut];
  }

  /** In the order in which they start; the reverse is the order of a graceful stop (`docs/architecture.md`). */
  #parts(): SequencedPart[] {
    const messaging = this.#get(t.MESSAGING);
    const within =
      (stopTimeoutMs: SequencedPart['stopTimeoutMs']) =>
      (part: ManagedPart): SequencedPart => ({ part, stopTimeoutMs });
    const brief = within((budget) => budget.partMs(STOP_TIMEOUT_MS));
    return [
      brief(this.#get(t.DATA_FOLDER)),
      brief(this.#get(t.IDENTITY)),
      brief(step('orchestrator id', { start: () => this.#takeIdentity() })),
      brief(this.#get(t.HTTP)),
      ...messaging.parts.map(brief),
      brief(
        step('message size', {
          start: () => this.#get(t.SETTINGS).useMaxMessageBytes(() => messaging.maxMessageBytes()),
        }),
      ),
      brief(this.#get(t.REGISTRY_STORE)),
      brief(this.#get(t.COMMAND_JOURNAL)),
      brief(step('registry', { start: () => this.#openRegistry() })),
      brief(this.#get(t.RECORD_RETENTION)),
      brief(this.#get(t.RUN_FILES)),
      brief(this.#get(t.CATALOGUE)),
      brief(this.#get(t.LAUNCHER)),
      brief(this.#get(t.CHECKPOINTS)),
      brief(step('ledgers', { start: () => this.#get(t.LEDGERS).begin(), stop: () => this.#get(t.LEDGERS).end() })),
      brief(step('manifests', { start: () => this.#get(t.MANIFESTS), stop: () => this.#endManifests() })),
      brief(this.#get(t.RECOVERY)),
      // Before anybody can subscribe: readers of a run that is over wait for its manifest.
      brief(step('manifests left over', { start: () => void this.#get(t.MANIFESTS).resume() })),
      brief(step('commands under way', { start: () => this.#get(t.JOURNALLED_COMMANDS).open() })),
      brief(this.#get(t.WORKER_LISTENER)),
      brief(step('worker address', { start: () => this.#publishWorkerAddress() })),
      brief(this.#get(t.RELAY)),
      brief(this.#get(t.CLIENT_LISTENER)),
      brief(step('launches', { start: () => this.#resume() })),
      within((budget) => budget.workersMs)(step('workers', { stop: () => this.#stopWorkers() })),
      brief(step('data folder note', { start: () => this.#get(t.DATA_FOLDER).tellHolder(this.addresses) })),
      brief(step('readiness', { start: () => this.#enter('ready'), stop: () => this.#enter('stopping') })),
    ];
  }

  /** In two graces that fit into what is left; what is there still then is killed. */
  async #stopWorkers(): Promise<void> {
    const supervisor = this.#get(t.SUPERVISOR);
    const { workersMs, reapMs, graceMs: maxGraceMs } = this.#budget;
    const hurried = this.#get(t.DIRECTORY)
      .all()
      .filter(({ type }) => type.config.stop.graceMs > maxGraceMs);
    if (hurried.length > 0) {
      const fields = { workers: hurried.length, graceMs: Math.round(maxGraceMs) };
      this.#log.warn(fields, 'workers get less than their grace, for shutdown.timeout has no more');
    }
    const late = setTimeout(() => void supervisor.stopAll({ force: true }), workersMs - reapMs / 2);
    const patience = { force: false, maxGraceMs };
    await supervisor.stopAll(patience).finally(() => clearTimeout(late));
  }

  async #openRegistry(): Promise<void> {
    const registry = this.#get(t.REGISTRY);
    await registry.load();
    recallRequests(registry, this.#get(t.REQUESTS), Date.now());
    this.#get(t.WATCH).begin();
    const announcements = this.#get(t.ANNOUNCEMENTS);
    registry.onChange((change) => {
      announcements.changed(change);
      const { id, state, reason } = change.after.simulation;
      if (change.before?.state === state) return;
      const fields = { simulationId: id, from: change.before?.state, state, reason };
      // Whoever waits for the change does not wait for the line.
      setImmediate(() => this.#log.info(fields, 'simulation changed state'));
    });
  }

  #takeIdentity(): void {
    this.#state.orchestratorId = this.#get(t.IDENTITY).orchestratorId;
  }

  #publishWorkerAddress(): void {
    this.#get(t.WORKER_ADDRESS).publish(this.#get(t.WORKER_LISTENER).address);
  }

  #resume(): void {
    this.#get(t.RECOVERY).resume();
    this.#get(t.RUN_TIME_LIMIT).begin();
  }

  /** A log that is away keeps nobody: the next daemon writes what is left. */
  async #endManifests(): Promise<void> {
    const directory = this.#get(t.DIRECTORY);
    // The workers' listener has closed: nothing of them can come any more.
    for (const worker of directory.all()) directory.remove(worker);
    await this.#get(t.MANIFESTS).end(this.#budget.partMs(MANIFEST_PATIENCE_MS) * MANIFEST_SHARE);
  }

  #enter(phase: DaemonState['phase']): void {
    this.#state.phase = phase;
    if (phase === 'stopping') this.#get(t.CLIENT_LISTENER).announceStop();
  }

  #get<T>(token: Token<T>): T {
    return resolve(this.#container, token);
  }
}

/** Resolves when `promise` does, after `limitMs`, or when there is haste. */
async function atMost(promise: Promise<unknown> | undefined, limitMs: number, haste: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([haste, over.signal]);
  await Promise.race([promise, setTimeoutPromise(limitMs, undefined, { signal }).catch(ignore)]);
  over.abort();
}

function step(name: string, does: { start?: () => unknown; stop?: () => unknown }): ManagedPart {
  return {
    name,
    start: async () => void (await does.start?.()),
    stop: async () => void (await does.stop?.()),
  };
}
