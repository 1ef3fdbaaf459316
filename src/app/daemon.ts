import { Container } from 'inversify';
import { letters } from '../adapters/system/random-ids.ts';
import { recallRequests, recoverSimulations } from '../domain/simulation/recovery.ts';
import type { ConfigSource } from '../ports/config-source.ts';
import type { Log } from '../ports/log.ts';
import type { ManagedPart } from '../ports/managed-part.ts';
import { adapterModule } from './adapter-module.ts';
import { DaemonState } from './daemon-state.ts';
import { domainModule } from './domain-module.ts';
import { packageVersion } from './package-version.ts';
import { PartSequence, type SequencedPart } from './part-sequence.ts';
import { serviceModule } from './service-module.ts';
import { Settings } from './settings.ts';
import { resolve, type Token } from './token.ts';
import * as t from './tokens.ts';

const STOP_TIMEOUT_MS = 10_000;
/** Beyond the two graces of the slowest worker type: SIGKILL, exits, records. */
const WORKERS_MARGIN_MS = 5_000;

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
  #stopping: Promise<void> | undefined;

  constructor(source: ConfigSource, baseDirectory: string, log: Log) {
    this.#log = log;
    this.#state = new DaemonState({
      version: packageVersion(),
      orchestratorId: `shoal-${letters(8)}`,
      startedAtMs: Date.now(),
    });
    this.#container.bind<Settings>(t.SETTINGS).toConstantValue(new Settings(source, baseDirectory));
    this.#container.bind<DaemonState>(t.DAEMON_STATE).toConstantValue(this.#state);
    this.#container.bind<Log>(t.LOG).toConstantValue(log);
    this.#container.load(adapterModule, domainModule, serviceModule);
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
    const { version, orchestratorId } = this.#state;
    this.#log.info({ version, orchestratorId }, 'starting');
    await this.#sequence.start(this.#startAbort.signal);
    this.#log.info({ ...this.addresses }, 'ready');
  }

  /** Stops gracefully; called again while that goes on, it ends the workers at once. Resolves when no worker is left. */
  async stop(): Promise<void> {
    this.#startAbort.abort();
    if (this.#stopping !== undefined) {
      this.#log.warn({}, 'told to stop again: ending workers at once');
      void this.#get(t.SUPERVISOR).stopAll({ force: true });
    }
    this.#stopping ??= this.#sequence.stop().then(() => this.#log.info({}, 'stopped'));
    return this.#stopping;
  }

  /** In the order in which they start; the reverse is the order of a graceful stop (`docs/architecture.md`). */
  #parts(): SequencedPart[] {
    const messaging = this.#get(t.MESSAGING);
    const within =
      (stopTimeoutMs: () => number) =>
      (part: ManagedPart): SequencedPart => ({ part, stopTimeoutMs });
    const brief = within(() => STOP_TIMEOUT_MS);
    return [
      brief(this.#get(t.DATA_FOLDER)),
      brief(this.#get(t.HTTP)),
      ...messaging.parts.map(brief),
      brief(
        step('message size', {
          start: () => this.#get(t.SETTINGS).useMaxMessageBytes(() => messaging.maxMessageBytes()),
        }),
      ),
      brief(this.#get(t.REGISTRY_STORE)),
      brief(step('registry', { start: () => this.#openRegistry() })),
      brief(this.#get(t.RECORD_RETENTION)),
      brief(this.#get(t.RUN_FILES)),
      brief(this.#get(t.CATALOGUE)),
      brief(this.#get(t.LAUNCHER)),
      brief(this.#get(t.WORKER_LISTENER)),
      brief(step('worker address', { start: () => this.#publishWorkerAddress() })),
      brief(this.#get(t.RELAY)),
      brief(this.#get(t.CLIENT_LISTENER)),
      within(() => this.#workersStopMs())(
        step('workers', { stop: () => this.#get(t.SUPERVISOR).stopAll({ force: false }) }),
      ),
      brief(step('data folder note', { start: () => this.#get(t.DATA_FOLDER).tellHolder(this.addresses) })),
      brief(step('readiness', { start: () => this.#enter('ready'), stop: () => this.#enter('stopping') })),
    ];
  }

  async #openRegistry(): Promise<void> {
    const registry = this.#get(t.REGISTRY);
    await registry.load();
    recallRequests(registry, this.#get(t.REQUESTS), Date.now());
    this.#get(t.WATCH).begin();
    this.#get(t.RUN_TIME_LIMIT).begin();
    const announcements = this.#get(t.ANNOUNCEMENTS);
    registry.onChange((change) => {
      announcements.changed(change);
      const { id, state, reason } = change.after.simulation;
      if (change.before?.state !== state)
        this.#log.info({ simulationId: id, from: change.before?.state, state, reason }, 'simulation changed state');
    });
    const lost = await recoverSimulations(registry);
    if (lost > 0) this.#log.warn({ lost }, 'simulations of the daemon before are lost');
  }

  #publishWorkerAddress(): void {
    this.#get(t.WORKER_ADDRESS).current = this.#get(t.WORKER_LISTENER).address;
  }

  #enter(phase: DaemonState['phase']): void {
    this.#state.phase = phase;
    if (phase === 'stopping') this.#get(t.CLIENT_LISTENER).announceStop();
  }

  #workersStopMs(): number {
    const graces = this.#get(t.SETTINGS).config.workerTypes.map(({ stop }) => stop.graceMs);
    return 2 * Math.max(0, ...graces) + WORKERS_MARGIN_MS;
  }

  #get<T>(token: Token<T>): T {
    return resolve(this.#container, token);
  }
}

function step(name: string, does: { start?: () => unknown; stop?: () => unknown }): ManagedPart {
  return {
    name,
    start: async () => void (await does.start?.()),
    stop: async () => void (await does.stop?.()),
  };
}
