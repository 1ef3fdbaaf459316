import { JetStreamApiError, jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { RegistryConfig } from '../../domain/configuration.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import { closedError } from './connection-state.ts';
import { KnownStream } from './known-stream.ts';
import type { NatsConnection } from './nats-connection.ts';
import { examineBucket } from './registry-bucket-check.ts';
import { pause } from './timing.ts';

const WRONG_LAST_SEQUENCE = 10_071;
const WRONG_LAST_SEQUENCE_UNKNOWN = 10_164;
const STREAM_NOT_FOUND = 10_059;
/** No leader, or JetStream is still starting. */
const NOT_READY = 503;
const REQUEST_TIMEOUT_MS = 3_000;
const RETRY_MS = 100;
const READS_AT_ONCE = 64;

export interface BucketEntry {
  readonly key: string;
  /** Of the write that is the latest of the key: what the next write proves to have seen. */
  readonly sequence: number;
  /** Absent: the key was removed. */
  readonly value?: Uint8Array;
}

/** Someone has written the key since the sequence that was named, or the answer to an own write was lost. */
export const CONFLICT = Symbol('conflict');

export interface RegistryBucketParts {
  readonly connection: NatsConnection;
  readonly config: RegistryConfig;
  /** The bucket is another one than before, or has lost what it held. */
  readonly onReplaced: () => void;
}

/**
 * The key-value bucket of the registry. All reads ask the leader of its stream. What is asked is asked again until an answer
 * comes, for as long as the caller allows; a write that is sent again cannot count twice, because it names the sequence it follows.
 */
export class RegistryBucket {
  readonly #parts: RegistryBucketParts;
  readonly #stop = new AbortController();
  #kv: Promise<KV> | undefined;
  readonly #known = new KnownStream();

  constructor(parts: RegistryBucketParts) {
    this.#parts = parts;
  }

  /** @param after sequence of the key's latest write; 0: it has none. @returns the sequence of this write */
  async put(key: string, value: Uint8Array, after: number, untilMs: number): Promise<number | typeof CONFLICT> {
    const sequence = await this.#ask(untilMs, (kv) => conflictOr(kv.put(key, value, { previousSeq: after })));
    if (sequence !== CONFLICT) this.#known.reached(sequence);
    return sequence;
  }

  /** @param after sequence of the key's latest write */
  async remove(key: string, after: number, untilMs: number): Promise<'removed' | typeof CONFLICT> {
    return this.#ask(untilMs, (kv) => {
      return conflictOr(kv.delete(key, { previousSeq: after }).then(() => 'removed' as const));
    });
  }

  /** Undefined: the key was never written, or nothing is left of it. */
  async read(key: string, untilMs: number): Promise<BucketEntry | undefined> {
    return this.#ask(untilMs, async (kv) => {
      const entry = await kv.get(key);
      if (entry === null) return undefined;
      const { revision: sequence } = entry;
      return entry.operation === 'PUT' ? { key, sequence, value: entry.value } : { key, sequence };
    });
  }

  /** Everything in it, keys that were removed included. */
  async readAll(untilMs: number): Promise<BucketEntry[]> {
    const keys = await this.#ask(untilMs, () => this.#keys());
    const entries: BucketEntry[] = [];
    for (let at = 0; at < keys.length; at += READS_AT_ONCE) {
      const read = await Promise.all(keys.slice(at, at + READS_AT_ONCE).map((key) => this.read(key, untilMs)));
      for (const entry of read) if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  /** Nothing is left of a key that was removed by its latest write. */
  async wipe({ key, sequence }: BucketEntry, untilMs: number): Promise<void> {
    const filter = `${this.#prefix}${key}`;
    await this.#ask(untilMs, async () => {
      const manager = await jetstreamManager(this.#parts.connection.client, this.#options);
      await manager.streams.purge(this.#streamName, { filter, seq: sequence + 1 });
    });
  }

  /** Looks whether it is still the one that it was; makes it when there is none. */
  async look(untilMs: number): Promise<void> {
    this.#kv = undefined;
    await this.#ask(untilMs, async () => undefined);
  }

  stop(): void {
    this.#stop.abort();
  }

  get #options() {
    return { checkAPI: false, timeout: REQUEST_TIMEOUT_MS };
  }

  get #streamName(): string {
    return `KV_${this.#parts.config.bucket}`;
  }

  get #prefix(): string {
    return `$KV.${this.#parts.config.bucket}.`;
  }

  async #keys(): Promise<string[]> {
    const manager = await jetstreamManager(this.#parts.connection.client, this.#options);
    const { state } = await manager.streams.info(this.#streamName, { subjects_filter: `${this.#prefix}>` });
    return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(this.#prefix.length));
  }

  async #open(): Promise<KV> {
    const { connection, config } = this.#parts;
    const client = jetstream(connection.client, { timeout: REQUEST_TIMEOUT_MS });
    // Reads that any replica answers may be old.
    const kv = await new Kvm(client).create(config.bucket, {
      description: 'simulations of Shoal',
      history: 1,
      replicas: config.replicas,
      storage: StorageType.File,
      allow_direct: false,
    });
    const manager = await jetstreamManager(connection.client, this.#options);
    const stream = await manager.streams.info(this.#streamName);
    examineBucket(config.bucket, stream.config);
    if (this.#known.found(stream)) this.#parts.onReplaced();
    return kv;
  }

  /** @throws ShoalError BUS_UNAVAILABLE, SHUTTING_DOWN; CONFIG_INVALID for a bucket that cannot be used */
  async #ask<Answer>(untilMs: number, question: (kv: KV) => Promise<Answer>): Promise<Answer> {
    const { state } = this.#parts.connection;
    for (;;) {
      if (this.#stop.signal.aborted) throw closedError();
      await state.whenConnected(Math.max(1, untilMs - performance.now()), this.#stop.signal);
      try {
        this.#kv ??= this.#open();
        return await this.#whileConnected(this.#kv.then(question));
      } catch (cause) {
        this.#kv = undefined;
        if (cause instanceof ShoalError) throw cause;
        if (isRefusal(cause) || performance.now() > untilMs) throw unanswered(this.#parts.config.bucket, cause);
      }
      await pause(RETRY_MS, this.#stop.signal);
    }
  }

  /** An answer that was lost with the connection is not waited for. */
  async #whileConnected<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const { promise: lost, reject } = Promise.withResolvers<never>();
    const stopFollowing = this.#parts.connection.state.onChange(() => reject(new Error('the connection was lost')));
    try {
      return await Promise.race([answer, lost]);
    } finally {
      stopFollowing();
      answer.catch(() => {});
    }
  }
}

async function conflictOr<Answer>(write: Promise<Answer>): Promise<Answer | typeof CONFLICT> {
  try {
    return await write;
  } catch (thrown) {
    const code = thrown instanceof JetStreamApiError ? thrown.code : 0;
    if (code === WRONG_LAST_SEQUENCE || code === WRONG_LAST_SEQUENCE_UNKNOWN) return CONFLICT;
    throw thrown;
  }
}

/** It will not pass by itself: the bucket is full, or the server does not allow it. A bucket that is gone is made again. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof JetStreamApiError && cause.status !== NOT_READY && cause.code !== STREAM_NOT_FOUND;
}

function unanswered(bucket: string, cause: unknown): ShoalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `the registry in the bucket ${bucket} cannot be used: ${reason}; see to the NATS server, and try again`;
  return new ShoalError('BUS_UNAVAILABLE', message, { cause, metadata: { bucket } });
}
