import { status } from '@grpc/grpc-js';
import type { RegisterWorkerResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';
import type { ReportEventBatchesResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { Kept } from './behaviour/batches.ts';
import type { Behaviour } from './behaviour/behaviour.ts';
import { type Broken, broken, step } from './broken.ts';
import { type Calls, endOf } from './calls.ts';
import { type Listen, listenToNothing, type OnCommand } from './command-sources.ts';
import type { Environment } from './environment.ts';
import type { Heartbeats } from './heartbeats.ts';
import type { Outbox } from './outbox.ts';
import { Turn } from './turn.ts';

export interface ConnectionParts {
  readonly environment: Environment;
  readonly behaviour: Behaviour;
  readonly calls: Calls;
  readonly listen: Listen;
  readonly outbox: Outbox;
  readonly heartbeats: Heartbeats;
  readonly supportedCommands: readonly string[];
  readonly onCommand: OnCommand;
  onRegistered(response: RegisterWorkerResponseOutput, isFirst: boolean): void;
  onRejected(eventIds: ReadonlySet<string>, dealtWith: readonly Kept[]): void;
}

/** Listens, registers and reports; when any of it breaks, all of it again. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #ended = new Turn();
  #wasRegistered = false;
  #failedAttempts = 0;
  #unreachableSinceMs: number | undefined;
  #ending = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  /** @returns the exit code when it is lost for good; undefined when it ended because of {@link end} */
  async run(): Promise<number | undefined> {
    const { behaviour, environment, outbox } = this.#parts;
    for (;;) {
      const end = await this.#stand();
      if (this.#ending && end.code === status.OK && outbox.unacknowledged === 0) return undefined;
      const nowMs = performance.now();
      this.#unreachableSinceMs ??= nowMs;
      const next = behaviour.afterLoss({
        ...end,
        wasRegistered: this.#wasRegistered,
        failedAttempts: this.#failedAttempts,
        unreachableMs: nowMs - this.#unreachableSinceMs,
        orphanTimeoutMs: environment.orphanTimeoutMs,
      });
      if ('exitCode' in next) {
        console.error(`lost: ${end.during}: ${end.details}`);
        return next.exitCode;
      }
      await new Promise((resolve) => setTimeout(resolve, next.againAfterMs));
    }
  }

  /** Half-closes the stream when all is sent, on this connection or the next. */
  end(): void {
    this.#ending = true;
    this.#ended.come();
  }

  /** One connection, from its first call to its end. */
  async #stand(): Promise<Broken> {
    const { behaviour, calls, heartbeats, outbox, onCommand } = this.#parts;
    const isFirst = !this.#wasRegistered;
    const doesListen = behaviour.listens(isFirst, this.#failedAttempts);
    const listen = doesListen ? this.#parts.listen : listenToNothing;
    this.#failedAttempts += 1;
    let undo = (): void => {};
    try {
      const hearing = step('listening', listen(onCommand));
      const ignore = (): void => {};
      // It may fail before anybody waits for it.
      hearing.catch(ignore);
      undo = () => void hearing.then((listening) => listening.end(), ignore);
      if (behaviour.hearsFirst) await hearing;
      const registered = await step('registering', this.#register(isFirst));
      const listening = await hearing;
      const failedAttempts = this.#failedAttempts - 1;
      this.#wasRegistered = true;
      this.#failedAttempts = 0;
      this.#unreachableSinceMs = undefined;

      const stream = calls.reportEventBatches();
      undo = () => {
        listening.end();
        // A late acknowledgement would count for the next stream.
        stream.removeAllListeners('data');
        stream.cancel();
        heartbeats.stop();
        outbox.detach();
      };
      stream.on('data', ({ sequence, rejected }: ReportEventBatchesResponseOutput) => {
        const dealtWith = outbox.acknowledge(Number(sequence));
        this.#parts.onRejected(new Set(rejected.map(({ eventId }) => eventId)), dealtWith);
      });
      const resumeAfter = Number(registered.resumeAfterOrdinal);
      outbox.attach((batch) => stream.write(batch), limitsOf(registered), failedAttempts, resumeAfter);
      this.#parts.onRegistered(registered, isFirst);
      if (behaviour.halfCloses) void this.#halfClose(() => stream.end());
      return await Promise.race([
        listening.ended.then((end) => broken('listening', end)),
        endOf(stream).then((end) => broken('reporting', end)),
        heartbeats.start(registered.heartbeatIntervalMs).then((end) => broken('heartbeats', end)),
      ]);
    } catch (error) {
      return error as Error & Broken;
    } finally {
      undo();
    }
  }

  async #halfClose(end: () => void): Promise<void> {
    if (!this.#ending) await this.#ended.next();
    await this.#parts.outbox.allSent();
    end();
  }

  #register(isFirst: boolean): Promise<RegisterWorkerResponseOutput> {
    const { environment, behaviour, calls, supportedCommands } = this.#parts;
    const { workerId, simulationId } = environment;
    const own = { workerId, simulationId, sdk: 'broken-worker/1', pid: process.pid };
    const request = behaviour.registration({ ...own, supportedCommands: [...supportedCommands] }, isFirst);
    return behaviour.register(() => calls.register(request), isFirst);
  }
}

function limitsOf({ maxBatchEvents, maxBatchBytes, maxInFlightBatches }: RegisterWorkerResponseOutput) {
  return {
    maxBatchEvents: maxBatchEvents || 512,
    maxBatchBytes: maxBatchBytes || 3 * 1024 * 1024,
    maxInFlightBatches: maxInFlightBatches || 1,
  };
}
