import type { GenericEventRequestOutput } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { RegisterWorkerRequest } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponseOutput } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';
import type { ReportEventBatchesResponseOutput } from '../adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { CommandSource, SubscriptionEnd } from './command-source.ts';
import type { EventReporter } from './event-reporter.ts';
import { type EventStream, type ServiceClient, streamEnd } from './service-client.ts';
import { describeStatus, isFinal, statusOf } from './status.ts';
import { WorkerLostError } from './worker-error.ts';

export interface LinkOptions {
  readonly client: ServiceClient;
  readonly commands: CommandSource;
  readonly reporter: EventReporter;
  readonly registration: RegisterWorkerRequest;
  readonly orphanTimeoutMs: number;
  onCommand(envelope: GenericEventRequestOutput): void;
  onRegistered(registered: RegisterWorkerResponseOutput): void;
  onAcknowledged(response: ReportEventBatchesResponseOutput): void;
  log(message: string): void;
}

const firstBackoffMs = 100;
const maxBackoffMs = 2_000;
const subscribeTimeoutMs = 10_000;

/**
 * Keeps a worker connected: subscribes to commands, registers, opens the event stream; when any of it breaks, all of it
 * again after a backoff, until it is closed, refused for good, or has not reached Shoal for the orphan timeout.
 */
export class Link {
  readonly #options: LinkOptions;
  /** Ends the present connection, if there is one, so that a new one is made. */
  #break: (reason: SubscriptionEnd) => void = () => {};
  #stream: EventStream | undefined;
  #closing = new AbortController();
  #failures = 0;
  #unreachableSinceMs: number | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /**
   * Runs until {@link close}. `onFirst` is called once the first connection stands.
   * @throws WorkerLostError
   */
  async run(onFirst: () => void): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const end = await this.#connection(onFirst).catch(endOf);
      this.#stream = undefined;
      this.#options.reporter.detach();
      if (this.#closing.signal.aborted) return;
      if (end.final) throw new WorkerLostError(end.reason);
      await this.#backOff(end.reason);
    }
  }

  /** Something else has seen that the connection is of no use. */
  breakConnection(reason: string, final: boolean): void {
    this.#break({ reason, final });
  }

  /** Shoal has answered elsewhere: it is there, though a connection to all of it may not come about, as while NATS is away. */
  reached(): void {
    this.#unreachableSinceMs = undefined;
  }

  /** Half-closes the event stream, waits for its last acknowledgement and status, and ends {@link run}. */
  async close(): Promise<void> {
    this.#closing.abort();
    const stream = this.#stream;
    if (stream === undefined) return this.abandon();
    const end = streamEnd(stream);
    stream.end();
    await end;
  }

  /** Gives up at once what {@link close} would wait for. */
  abandon(): void {
    this.#closing.abort();
    this.#break({ reason: 'abandoned', final: false });
  }

  async #connection(onFirst: () => void): Promise<SubscriptionEnd> {
    const { client, commands, registration, reporter } = this.#options;
    const broken = new Promise<SubscriptionEnd>((resolve) => {
      this.#break = resolve;
    });
    const subscription = await commands.subscribe(
      (envelope) => this.#options.onCommand(envelope),
      AbortSignal.timeout(subscribeTimeoutMs),
    );
    let stream: EventStream | undefined;
    try {
      const registered = await client.register(registration);
      this.#unreachableSinceMs = undefined;
      this.#options.onRegistered(registered);
      stream = client.reportEventBatches();
      const opened = stream;
      stream.on('data', (response: ReportEventBatchesResponseOutput) => {
        // A late one of a stream that was given up would acknowledge batches of the next.
        if (this.#stream !== opened) return;
        this.#failures = 0;
        this.#options.onAcknowledged(response);
        reporter.acknowledge(Number(response.sequence));
      });
      const streamEnded = streamEnd(stream).then((status) => ({
        reason: `the event stream ended ${describeStatus(status)}`,
        final: isFinal(status.code),
      }));
      this.#stream = opened;
      reporter.attach((batch) => opened.write(batch), batchLimits(registered), Number(registered.resumeAfterOrdinal));
      onFirst();
      return await Promise.race([broken, subscription.ended, streamEnded]);
    } finally {
      stream?.cancel();
      subscription.cancel();
    }
  }

  async #backOff(reason: string): Promise<void> {
    const now = performance.now();
    this.#unreachableSinceMs ??= now;
    const { orphanTimeoutMs } = this.#options;
    if (now - this.#unreachableSinceMs >= orphanTimeoutMs) {
      throw new WorkerLostError(`Shoal could not be reached for ${orphanTimeoutMs} ms; last: ${reason}`);
    }
    const delayMs = Math.min(firstBackoffMs * 2 ** this.#failures, maxBackoffMs);
    this.#failures++;
    this.#options.log(`${reason}; connecting again in ${delayMs} ms`);
    await delay(delayMs, this.#closing.signal);
  }
}

function batchLimits(registered: RegisterWorkerResponseOutput) {
  return {
    maxBatchEvents: registered.maxBatchEvents || 512,
    maxBatchBytes: registered.maxBatchBytes || 3 * 1024 * 1024,
    maxInFlightBatches: registered.maxInFlightBatches || 1,
  };
}

function endOf(thrown: unknown): SubscriptionEnd {
  const status = statusOf(thrown);
  if (status !== undefined) return { reason: describeStatus(status), final: isFinal(status.code) };
  return { reason: thrown instanceof Error ? thrown.message : String(thrown), final: false };
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
