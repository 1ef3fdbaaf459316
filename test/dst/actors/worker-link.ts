import type { RejectedEvent } from '../../../src/domain/ingest/acceptance.ts';
import { toShoalError } from '../../../src/domain/shoal-error.ts';
import type { RegistrationAnswer } from '../../../src/domain/supervision/worker-calls.ts';
import type { Outbox } from '../../../src/worker/outbox.ts';
import type { Connection } from './connection.ts';
import type { Network } from './network.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { WorkerGate } from './worker-gate.ts';

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;
const ORPHAN_TIMEOUT_MS = 30_000;

/** No later attempt of this worker can succeed. */
const FINAL = new Set(['UNAUTHENTICATED', 'COMMAND_FORBIDDEN', 'INVALID_ARGUMENT', 'SIMULATION_NOT_FOUND']);

export interface LinkUser {
  registered(answer: RegistrationAnswer): void;
  received(envelope: Uint8Array): void;
  acknowledged(envelopes: readonly Uint8Array[], rejected: readonly RejectedEvent[]): void;
  lost(why: string): void;
}

/** Keeps a worker connected, as the worker libraries do: subscribe, register, report; when it breaks, all of it again. */
export class WorkerLink {
  readonly #process: SimulatedProcess;
  readonly #network: Network;
  readonly #outbox: Outbox;
  readonly #user: LinkUser;
  #connection: Connection | undefined;
  #gate: WorkerGate | undefined;
  #limits: RegistrationAnswer['limits'] | undefined;
  #sent: { readonly sequence: number; readonly envelopes: readonly Uint8Array[] }[] = [];
  #failures = 0;
  #unreachedSinceMs: number | undefined;

  constructor(process: SimulatedProcess, network: Network, outbox: Outbox, user: LinkUser) {
    this.#process = process;
    this.#network = network;
    this.#outbox = outbox;
    this.#user = user;
  }

  connect(): void {
    const met = this.#network.connect(this.#process);
    if (met === undefined) {
      this.#backOff();
      return;
    }
    const { connection, gate } = met;
    this.#connection = connection;
    connection.onBroken = () => this.#broken(connection);
    void this.#introduce(connection, gate);
  }

  /** Sends what waits, as much as may be in flight. */
  flush(): void {
    const connection = this.#connection;
    const gate = this.#gate;
    if (gate === undefined || connection === undefined || this.#limits === undefined) return;
    for (;;) {
      const batch = this.#outbox.nextBatch(this.#limits);
      if (batch === undefined) return;
      this.#sent.push(batch);
      connection.toDaemon(() =>
        gate.batch(batch.sequence, batch.envelopes, {
          acknowledged: (sequence, rejected) => this.#acknowledged(sequence, rejected),
          failed: (error) => this.#failed(connection, error),
        }),
      );
    }
  }

  heartbeat(tick: number, state: 'RUNNING' | 'PAUSED'): void {
    const connection = this.#connection;
    const gate = this.#gate;
    if (connection === undefined || gate === undefined) return;
    connection.ask(() => gate.heartbeat(tick, state)).catch((thrown) => this.#failed(connection, thrown));
  }

  async #introduce(connection: Connection, gate: WorkerGate): Promise<void> {
    try {
      await connection.ask(() => gate.subscribe((envelope) => this.#user.received(envelope)));
      const answer = await connection.ask(() => gate.register([]));
      this.#failures = 0;
      this.#unreachedSinceMs = undefined;
      this.#limits = answer.limits;
      this.#outbox.skipThrough(answer.resumeAfterOrdinal);
      this.#gate = gate;
      this.#user.registered(answer);
      this.flush();
    } catch (thrown) {
      this.#failed(connection, thrown);
    }
  }

  #acknowledged(upTo: number, rejected: readonly RejectedEvent[]): void {
    const dealtWith = this.#sent.filter(({ sequence }) => sequence <= upTo);
    this.#sent = this.#sent.filter(({ sequence }) => sequence > upTo);
    this.#outbox.acknowledge(upTo);
    for (const { envelopes } of dealtWith) this.#user.acknowledged(envelopes, rejected);
    this.flush();
  }

  #failed(connection: Connection, thrown: unknown): void {
    if (connection !== this.#connection) return;
    const { code } = toShoalError(thrown);
    if (FINAL.has(code)) this.#user.lost(code);
    else connection.cut();
  }

  #broken(connection: Connection): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    this.#gate = undefined;
    this.#sent = [];
    this.#outbox.restart();
    this.#backOff();
  }

  #backOff(): void {
    const { nowMs } = this.#network;
    this.#unreachedSinceMs ??= nowMs;
    if (nowMs - this.#unreachedSinceMs >= ORPHAN_TIMEOUT_MS) {
      this.#user.lost('orphaned');
      return;
    }
    const delayMs = Math.min(FIRST_BACKOFF_MS * 2 ** this.#failures, MAX_BACKOFF_MS);
    this.#failures += 1;
    this.#process.later(delayMs, () => this.connect());
  }
}
