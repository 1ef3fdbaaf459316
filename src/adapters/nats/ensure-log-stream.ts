import {
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos } from 'nats';
import type { NatsStreamConfig } from '../../domain/configuration.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import { checkStreamConfig, examineStream } from './log-stream-check.ts';
import type { NatsConnection } from './nats-connection.ts';
import { pause } from './timing.ts';

const STREAM_NOT_FOUND = 10_059;
const SUBJECTS_OVERLAP = 10_065;
const NAME_IN_USE = 10_058;
const REQUEST_TIMEOUT_MS = 2_000;
const RETRY_MS = 250;
/** About every half minute. */
const TRIES_PER_WARNING = 120;

/**
 * Makes sure that one stream captures every logged event: uses the one that is there, or creates it.
 *
 * A stream that exists is never changed: its limits are its operator's. Where it could not keep Shoal's promises it is
 * refused; where it merely differs, the log says so. While JetStream is starting, electing or away, this tries on.
 *
 * @throws ShoalError CONFIG_INVALID for a stream that cannot be used, BUS_UNAVAILABLE when JetStream does not answer
 *   within `timeoutMs`, CANCELLED when `signal` aborts
 */
export async function ensureLogStream(
  connection: NatsConnection,
  config: NatsStreamConfig,
  subjects: readonly string[],
  options: {
    /** Infinity: it tries for ever. */
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    readonly log: Log;
    /** Told why each try failed. */
    readonly onFailure?: (reason: string) => void;
  },
): Promise<StreamInfo> {
  const { timeoutMs, signal, log, onFailure } = options;
  checkStreamConfig(config);
  const deadline = performance.now() + timeoutMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const stream = await findOrCreate(connection, config, subjects);
      for (const remark of examineStream(stream.config, config, subjects)) {
        log.warn({ stream: stream.config.name, remark }, 'event log stream differs from the configuration');
      }
      log.info({ stream: stream.config.name, subjects: stream.config.subjects }, 'event log stream is ready');
      return stream;
    } catch (cause) {
      if (cause instanceof ShoalError) throw cause;
      if (isFinal(cause)) throw refusedStream(config, cause);
      if (performance.now() + RETRY_MS >= deadline) throw noJetStream(timeoutMs, cause);
      onFailure?.(`JetStream does not answer: ${cause instanceof Error ? cause.message : String(cause)}`);
      if (attempt % TRIES_PER_WARNING === 1) {
        log.warn(
          { err: cause },
          'jetstream does not answer yet; trying on (a nats-server has it when started with -js)',
        );
      }
    }
    await pause(RETRY_MS, signal);
  }
}

/**
 * As {@link ensureLogStream}, once and quietly, for one that has been found before.
 *
 * @throws ShoalError CONFIG_INVALID for a stream that cannot be used; what the library throws when that cannot be known now
 */
export async function findLogStream(
  connection: NatsConnection,
  config: NatsStreamConfig,
  subjects: readonly string[],
): Promise<StreamInfo> {
  try {
    const stream = await findOrCreate(connection, config, subjects);
    examineStream(stream.config, config, subjects);
    return stream;
  } catch (cause) {
    if (isFinal(cause)) throw refusedStream(config, cause);
    throw cause;
  }
}

/**
 * Looks at the stream that is there, for a diagnosis; makes none.
 *
 * @returns why it could not hold the log now, or undefined: it can, or the daemon would make it
 * @throws what the library throws when that cannot be known
 */
export async function logStreamTrouble(
  connection: NatsConnection,
  config: NatsStreamConfig,
  subjects: readonly string[],
): Promise<string | undefined> {
  const manager = await jetstreamManager(connection.client, { checkAPI: false, timeout: REQUEST_TIMEOUT_MS });
  try {
    const { config: found, state } = await manager.streams.info(config.name);
    examineStream(found, config, subjects);
    const isFull =
      (found.max_msgs > 0 && state.messages >= found.max_msgs) ||
      (found.max_bytes > 0 && state.bytes >= found.max_bytes);
    return isFull && found.discard === 'new'
      ? `${found.name} is full and refuses new events (discard: new); raise its limits, or let it drop the oldest`
      : undefined;
  } catch (thrown) {
    if (apiCode(thrown) === STREAM_NOT_FOUND) return undefined;
    if (thrown instanceof ShoalError) return thrown.message;
    throw thrown;
  }
}

async function findOrCreate(
  connection: NatsConnection,
  config: NatsStreamConfig,
  subjects: readonly string[],
): Promise<StreamInfo> {
  const manager = await jetstreamManager(connection.client, { checkAPI: false, timeout: REQUEST_TIMEOUT_MS });
  try {
    return await manager.streams.info(config.name);
  } catch (error) {
    if (apiCode(error) !== STREAM_NOT_FOUND) throw error;
  }
  try {
    return await manager.streams.add(newStream(config, subjects));
  } catch (error) {
    if (apiCode(error) === NAME_IN_USE) return await manager.streams.info(config.name);
    if (apiCode(error) !== SUBJECTS_OVERLAP) throw error;
    return await findOverlapping(manager, subjects);
  }
}

/** The server allows one stream a subject; whichever captures the broadest of ours is the one to examine. */
async function findOverlapping(manager: JetStreamManager, subjects: readonly string[]): Promise<StreamInfo> {
  const names = await manager.streams.names(subjects.at(-1)).next();
  const name = names[0] ?? (await manager.streams.find(subjects[0] ?? ''));
  return await manager.streams.info(name);
}

function newStream(config: NatsStreamConfig, subjects: readonly string[]): Partial<StreamConfig> & { name: string } {
  const windowMs = config.maxAgeMs > 0 ? Math.min(config.duplicateWindowMs, config.maxAgeMs) : config.duplicateWindowMs;
  return {
    name: config.name,
    description: 'events that Shoal logs',
    subjects: [...subjects],
    storage: config.storage,
    num_replicas: config.replicas,
    max_bytes: config.maxBytes > 0 ? config.maxBytes : -1,
    max_age: nanos(config.maxAgeMs),
    duplicate_window: nanos(windowMs),
  };
}

function apiCode(error: unknown): number {
  return error instanceof JetStreamApiError ? error.code : 0;
}

/** Only 503 (no leader, no resources yet, not enabled yet) may pass; every other answer will stay what it is. */
function isFinal(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.status !== 503;
}

function refusedStream(config: NatsStreamConfig, cause: unknown): ShoalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const field = 'messaging.nats.stream';
  return new ShoalError('CONFIG_INVALID', `${field}: the server refuses the stream ${config.name}: ${reason}`, {
    cause,
    metadata: { field },
  });
}

function noJetStream(timeoutMs: number, cause: unknown): ShoalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ShoalError(
    'BUS_UNAVAILABLE',
    `messaging.nats: JetStream did not answer within ${timeoutMs} ms (${reason}); start the nats-server with JetStream (-js) and let this account use it`,
    { cause, metadata: { field: 'messaging.nats' } },
  );
}
