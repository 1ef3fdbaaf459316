import type { HeartbeatRequest } from '../adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { RegisterWorkerResponseOutput } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';
import type { ReportEventBatchesResponseOutput } from '../adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import { type CommandAnswer, CommandInbox } from './command-inbox.ts';
import type { CommandSource } from './command-source.ts';
import type { WorkerCommand } from './commands.ts';
import type { WorkerEnvironment } from './environment.ts';
import { EventMaker } from './event-maker.ts';
import { EventReporter } from './event-reporter.ts';
import { GrpcCommandSource } from './grpc-command-source.ts';
import { Heartbeat } from './heartbeat.ts';
import { Link } from './link.ts';
import { NatsCommandSource } from './nats-command-source.ts';
import type { RunConfig } from './run-config.ts';
import { ServiceClient } from './service-client.ts';
import type { CloseOptions, EmittedEvent, EventReceipt, Worker, WorkerOptions } from './worker-api.ts';
import type { WorkerLostError } from './worker-error.ts';
import { protoState, type WorkerState, workerState } from './worker-state.ts';

/** One connection of a worker to Shoal; see {@link Worker} for its promises. */
export class ConnectedWorker implements Worker {
  readonly environment: WorkerEnvironment;
  readonly config: RunConfig;
  tick = 0;
  state: WorkerState = 'RUNNING';
  desiredState: WorkerState = 'RUNNING';
  readonly #options: WorkerOptions;
  readonly #events: EventMaker;
  readonly #client: ServiceClient;
  readonly #source: CommandSource;
  readonly #reporter: EventReporter;
  readonly #inbox: CommandInbox;
  readonly #link: Link;
  readonly #heartbeat: Heartbeat;
  readonly #lost = new AbortController();
  #closing: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(environment: WorkerEnvironment, config: RunConfig, options: WorkerOptions) {
    this.environment = environment;
    this.config = config;
    this.#options = options;
    const log = (message: string) => this.#log(message);
    this.#events = new EventMaker(environment.workerId, environment.simulationId);
    this.#client = new ServiceClient(environment);
    this.#source =
      environment.commands.kind === 'nats'
        ? new NatsCommandSource(environment.commands, log)
        : new GrpcCommandSource(this.#client);
    this.#reporter = new EventReporter({
      lingerMs: options.lingerMs ?? 5,
      maxEvents: options.maxBufferedEvents ?? 16_384,
      maxBytes: options.maxBufferedBytes ?? 32 * 1024 * 1024,
    });
    this.#inbox = new CommandInbox({
      ...(options.supportedCommands === undefined ? {} : { supported: new Set(options.supportedCommands) }),
      encode: (answer) => this.#encodeAck(answer),
      report: (commandId, ack) => this.#reportAck(commandId, ack),
    });
    this.#heartbeat = new Heartbeat({
      client: this.#client,
      figures: () => this.#figures(),
      onAnswer: (answer) => {
        this.#link.reached();
        this.#desire(answer.desiredState);
      },
      onBroken: (reason, final) => this.#link.breakConnection(reason, final),
    });
    this.#link = new Link({
      client: this.#client,
      commands: this.#source,
      reporter: this.#reporter,
      registration: {
        sdk: options.sdk ?? 'shoal-worker-ts',
        supportedCommands: [...(options.supportedCommands ?? [])],
        labels: { ...options.labels },
        pid: process.pid,
      },
      orphanTimeoutMs: environment.orphanTimeoutMs,
      onCommand: (envelope) => this.#inbox.receive(envelope),
      onRegistered: (registered) => this.#registered(registered),
      onAcknowledged: (response) => this.#acknowledged(response),
      log,
    });
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Resolves once registered. @throws WorkerLostError */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#running = this.#link.run(resolve).catch((error: WorkerLostError) => {
        this.#lose(error);
        reject(error);
      });
    });
  }

  commands(): AsyncIterableIterator<WorkerCommand> {
    return this.#inbox.commands;
  }

  async emit(event: EmittedEvent): Promise<EventReceipt> {
    this.#lost.signal.throwIfAborted();
    if (this.#closing !== undefined) throw new Error('emit after close');
    if (this.#reporter.outbox.isOverrun) throw new Error('too many events at once: await each emit');
    const receipt = this.#report(event, false);
    if (!this.#reporter.outbox.hasRoom) await this.#reporter.outbox.room();
    return receipt;
  }

  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? this.environment.orphanTimeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#inbox.commands.end();
    const { outbox } = this.#reporter;
    const timer = setTimeout(() => {
      outbox.abandon(new Error(`${outbox.size} events were not acknowledged within ${timeoutMs} ms`));
      this.#link.abandon();
    }, timeoutMs);
    try {
      this.#reporter.flush();
      await outbox.empty();
      await this.#heartbeat.last();
      await this.#link.close();
    } finally {
      clearTimeout(timer);
      this.#link.abandon();
      await this.#running;
      await this.#dispose();
    }
  }

  async #dispose(): Promise<void> {
    this.#heartbeat.stop();
    await this.#source.close();
    this.#client.close();
  }

  #lose(error: WorkerLostError): void {
    this.#lost.abort(error);
    this.#reporter.outbox.abandon(error);
    this.#inbox.commands.end(error);
    this.#dispose().catch((cause) => this.#log(`closing failed: ${String(cause)}`));
  }

  #registered(registered: RegisterWorkerResponseOutput): void {
    this.#events.maxEventBytes = registered.maxEventBytes || Number.POSITIVE_INFINITY;
    this.#desire(registered.desiredState);
    this.#events.goOnAfter(Number(registered.resumeAfterOrdinal));
    this.#heartbeat.start(registered.heartbeatIntervalMs);
  }

  #desire(protoName: string): void {
    this.desiredState = workerState(protoName) ?? this.desiredState;
  }

  #figures(): HeartbeatRequest {
    return { tick: this.tick, state: protoState(this.state), gauges: { ...this.#options.gauges?.() } };
  }

  #acknowledged(response: ReportEventBatchesResponseOutput): void {
    for (const { eventId, code, message } of response.rejected) {
      if (this.#options.onRejected !== undefined) this.#options.onRejected({ eventId, code, message });
      else this.#log(`event ${eventId} was rejected (${code}): ${message}`);
    }
  }

  #report(event: EmittedEvent, urgent: boolean): EventReceipt {
    const { envelope, receipt } = this.#events.make(event);
    this.#reporter.report(envelope, receipt.ordinal, urgent);
    return receipt;
  }

  #encodeAck(answer: CommandAnswer): Uint8Array {
    const { tick = this.tick, state = this.state } = answer;
    const ack = { ...answer, tick, state: protoState(state) };
    return loadProtos().tree.fes.orchestration.v1.CommandAck.serialize(ack);
  }

  #reportAck(commandId: string, ack: Uint8Array): void {
    // A worker that is gone for Shoal has nobody to answer.
    if (this.#lost.signal.aborted) return;
    const contentType = 'application/protobuf; message=fes.orchestration.v1.CommandAck';
    this.#report({ key: 'worker.command_ack.v1', payload: ack, contentType, correlationId: commandId }, true);
  }

  #log(message: string): void {
    if (this.#options.log !== undefined) this.#options.log(message);
    else process.stderr.write(`shoal/worker: ${message}\n`);
  }
}
