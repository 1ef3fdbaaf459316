import type { StreamConfig } from '@nats-io/jetstream';
import { nanos } from 'nats';
import type { NatsStreamConfig } from '../../domain/configuration.ts';
import { ShoalError } from '../../domain/shoal-error.ts';

/**
 * An append is sent again for half a minute, and a worker that was told UNAVAILABLE reports once more: for at least so long
 * the server has to know an id, or an event whose acknowledgement was lost is stored twice.
 */
const SHORTEST_WINDOW_MS = 60_000;

/** First tokens of the subjects that agents and workers may publish to. */
const LIVE = new Set(['events', 'commands', 'orchestrator', 'ingest', '_INBOX', '*', '>']);

/** @throws ShoalError CONFIG_INVALID for what no stream could make right */
export function checkStreamConfig({ duplicateWindowMs }: NatsStreamConfig): void {
  if (duplicateWindowMs >= SHORTEST_WINDOW_MS) return;
  const field = 'messaging.nats.stream.duplicate_window';
  throw new ShoalError(
    'CONFIG_INVALID',
    `${field}: ${duplicateWindowMs} ms is shorter than an event may be sent again for, and would be stored twice; expected at least ${SHORTEST_WINDOW_MS} ms`,
    { metadata: { field } },
  );
}

/**
 * Examines a stream that somebody, perhaps an earlier Shoal, has created.
 *
 * @returns remarks: what works, but perhaps not as the configuration reader expects
 * @throws ShoalError CONFIG_INVALID that names every reason why the stream cannot hold the log
 */
export function examineStream(stream: StreamConfig, wanted: NatsStreamConfig, subjects: readonly string[]): string[] {
  const faults = [...findFaults(stream, wanted, subjects)];
  if (faults.length > 0) {
    const field = 'messaging.nats.stream';
    throw new ShoalError(
      'CONFIG_INVALID',
      `${field}: the existing stream ${stream.name} cannot hold the log: ${faults.join('; ')}; change the stream, or name another one and another subject`,
      { metadata: { field, stream: stream.name } },
    );
  }
  return [...findRemarks(stream, wanted)];
}

function* findFaults(stream: StreamConfig, wanted: NatsStreamConfig, subjects: readonly string[]): Generator<string> {
  if (stream.mirror !== undefined) yield 'it is a mirror and takes no messages';
  if (stream.sealed === true) yield 'it is sealed';
  if (stream.no_ack === true) yield 'it does not acknowledge (no_ack)';
  if (stream.retention === 'interest') yield 'it keeps messages only while a consumer wants them (retention: interest)';
  if (stream.discard_new_per_subject === true && stream.max_msgs_per_subject > 0)
    yield 'it refuses events of a subject that is full while others have room, and all would wait for it (discard_new_per_subject)';
  const missing = subjects.filter((subject) => !(stream.subjects ?? []).some((filter) => covers(filter, subject)));
  if (missing.length > 0) yield `it captures ${(stream.subjects ?? []).join(', ')}, not ${missing.join(', ')}`;
  const windowMs = stream.duplicate_window / 1e6;
  if (windowMs < Math.min(wanted.duplicateWindowMs, ageLimitMs(stream))) {
    yield `its duplicate_window is ${windowMs} ms, less than messaging.nats.stream.duplicate_window, ${wanted.duplicateWindowMs} ms`;
  }
}

function* findRemarks(stream: StreamConfig, wanted: NatsStreamConfig): Generator<string> {
  if (stream.name !== wanted.name)
    yield `the stream ${stream.name} captures the subjects already and is used instead of ${wanted.name}`;
  const live = (stream.subjects ?? []).filter((subject) => LIVE.has(subject.split('.')[0] ?? ''));
  if (live.length > 0)
    yield `it captures ${live.join(', ')} too, and who publishes there chooses where the server's acknowledgement goes; take that from the stream`;
  if (stream.discard === 'new' && hasLimits(stream))
    yield 'when full it refuses new events instead of dropping the oldest (discard: new)';
  if (stream.retention === 'workqueue') yield 'its consumers remove what they acknowledge (retention: workqueue)';
  if (stream.max_msgs_per_subject > 0)
    yield `it keeps only ${stream.max_msgs_per_subject} events a subject (max_msgs_per_subject)`;
  if (stream.storage !== wanted.storage) yield `its storage is ${stream.storage}, not ${wanted.storage}`;
  if (stream.num_replicas !== wanted.replicas) yield `it has ${stream.num_replicas} replicas, not ${wanted.replicas}`;
  if (Math.max(0, stream.max_bytes) !== wanted.maxBytes)
    yield `its max_bytes is ${stream.max_bytes}, not ${wanted.maxBytes}`;
  if (stream.max_age !== nanos(wanted.maxAgeMs))
    yield `its max_age is ${stream.max_age / 1e6} ms, not ${wanted.maxAgeMs}`;
}

function hasLimits(stream: StreamConfig): boolean {
  return stream.max_bytes > 0 || stream.max_msgs > 0 || stream.max_msgs_per_subject > 0;
}

/** The server does not let a duplicate window exceed the age of messages. */
function ageLimitMs(stream: StreamConfig): number {
  return stream.max_age > 0 ? stream.max_age / 1e6 : Number.POSITIVE_INFINITY;
}

/** Whether every subject that matches `subject` (itself perhaps a filter) matches `filter`. */
function covers(filter: string, subject: string): boolean {
  const wide = filter.split('.');
  const narrow = subject.split('.');
  for (const [at, token] of wide.entries()) {
    const other = narrow[at];
    if (token === '>') return other !== undefined;
    if (other === undefined || other === '>') return false;
    if (token !== '*' && token !== other) return false;
  }
  return wide.length === narrow.length;
}
