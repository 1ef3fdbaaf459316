import type { SimulationId } from '../../domain/ids.ts';
import type { EventArchive, LogReader, ReadRequest, StoredEntry } from '../../ports/event-archive.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { closedError } from './connection-state.ts';
import { deleteMessage } from './delete-message.ts';
import { LogStream } from './log-stream.ts';
import type { LogSubject } from './log-subject.ts';
import type { NatsConnection } from './nats-connection.ts';
import { NatsLogReader } from './nats-log-reader.ts';

export interface NatsEventArchiveParts {
  readonly connection: NatsConnection;
  readonly subject: LogSubject;
  /** Of the stream in which the log is; asked for once the log has started. */
  readonly streamName: () => string;
  /** How long readers wait for a server that is away. Default 30 s. */
  readonly outageTimeoutMs?: number;
  /** How long somebody waits who asks whether events are held. Default 10 s, less than clients wait for a start. */
  readonly holdsTimeoutMs?: number;
}

/** The reading side of the log in its JetStream stream, over consumers that the server forgets by itself. */
export class NatsEventArchive implements EventArchive, ManagedPart {
  readonly name = 'nats event archive';
  readonly #stream: LogStream;
  readonly #holdsTimeoutMs: number;
  readonly #readers = new Set<NatsLogReader>();

  constructor({
    connection,
    subject,
    streamName,
    outageTimeoutMs = 30_000,
    holdsTimeoutMs = 10_000,
  }: NatsEventArchiveParts) {
    this.#holdsTimeoutMs = holdsTimeoutMs;
    this.#stream = new LogStream(connection, subject, streamName, outageTimeoutMs);
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stream.stopped = true;
    for (const reader of this.#readers) reader.stop();
  }

  async open(request: ReadRequest): Promise<LogReader> {
    if (this.#stream.stopped) throw closedError();
    const reader = new NatsLogReader(this.#stream, request, () => this.#readers.delete(reader));
    this.#readers.add(reader);
    try {
      await reader.begin(request.from);
    } catch (thrown) {
      await reader.close();
      throw thrown;
    }
    return reader;
  }

  async lastSequence(): Promise<number> {
    return (await this.#stream.bounds()).last;
  }

  /** Another one is another log: the server came back with an empty store, or somebody deleted the stream. */
  async identity(): Promise<string> {
    return (await this.#stream.bounds()).identity;
  }

  async holds(simulationId: SimulationId): Promise<boolean> {
    const { subject } = this.#stream;
    if (subject.namesSimulation) {
      const last = { last_by_subj: subject.filter(simulationId) };
      const question = this.#stream.ask(
        (manager, name) => manager.streams.getMessage(name, last),
        undefined,
        this.#holdsTimeoutMs,
      );
      return (await question) !== null;
    }
    for await (const _entry of this.#entriesOf(simulationId)) return true;
    return false;
  }

  /**
   * Where subjects do not name the simulation, its events are looked for in the whole stream and deleted one by one.
   * Readers of this process begin anew behind what they have read: a server of 2.9 lets consumers jump over what a purge
   * has left. Readers of others have to be on a later server.
   */
  async remove(simulationId: SimulationId): Promise<void> {
    const { first } = await this.#stream.bounds();
    const { subject } = this.#stream;
    if (subject.namesSimulation) {
      const filter = subject.filter(simulationId);
      await this.#stream.ask((manager, name) => manager.streams.purge(name, { filter }));
    } else {
      for await (const { sequence } of this.#entriesOf(simulationId)) {
        await this.#stream.ask((manager, name) => deleteMessage(manager, name, sequence));
      }
    }
    const { first: firstLeft } = await this.#stream.bounds();
    for (const reader of this.#readers) reader.excuse(first, firstLeft);
  }

  async *#entriesOf(simulationId: SimulationId): AsyncGenerator<StoredEntry> {
    const { signal } = new AbortController();
    const reader = await this.open({ from: { sequence: 1 }, simulationIds: [simulationId] });
    try {
      for (;;) {
        const page = await reader.next({ wait: false, signal });
        if (page.length === 0) return;
        yield* page;
      }
    } finally {
      await reader.close();
    }
  }
}
