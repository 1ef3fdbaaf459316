import { Fifo } from '../../domain/fifo.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { AppendReceipt, LogEntry } from '../../ports/event-log.ts';
import type { Log } from '../../ports/log.ts';
import { AppendBatch } from './append-batch.ts';
import { explainRefusal } from './append-refusal.ts';
import { AppendRoom } from './append-room.ts';
import type { AppendSender } from './append-sender.ts';
import type { AppendStatistics } from './append-statistics.ts';
import { AppendTrouble, type Hindrance } from './append-trouble.ts';
import { type AppendPatience, AppendWatch } from './append-watch.ts';
import { AppendWindow, type SentEntry } from './append-window.ts';
import { Displacement } from './displacement.ts';
import { isPermanent } from './publish-ack.ts';

export interface AppendPipelineSettings extends AppendPatience {
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
  /** Of entries behind the window; more are refused until half of it has gone. Default 128 MiB. */
  readonly maxWaitingBytes?: number;
}

const FIRST_BACKOFF_MS = 20;
const LAST_BACKOFF_MS = 1_000;
const MAX_WAITING_BYTES = 128 * 1024 * 1024;

/**
 * Sends entries in the order of `append`, many in flight, and repeats what got lost without letting anything overtake.
 *
 * - `flowing`: entries are sent while the window has room.
 * - `waiting`: an acknowledgement is overdue, was a refusal, or the connection broke. Nothing is sent until a pause is
 *   over and the connection is there.
 * - `probing`: the oldest unacknowledged entry alone is on its way again. When it is acknowledged, all others follow
 *   in their order, under their ids, and new ones after them; when not, back to `waiting`, for longer.
 *
 * What this keeps: the server takes the messages of one connection in order, so that what it has stored is always a
 * beginning of what was sent, and repeating from the oldest on keeps the order, whichever copy arrives first. What it
 * cannot keep: a server that drops one message and stores a later one of the same window, which a change of the
 * stream's leader in a cluster can do. The window then is the farthest that an entry may be displaced;
 * {@link AppendStatistics.displaced} counts it.
 */
export class AppendPipeline {
  readonly #sender: AppendSender;
  readonly #patience: AppendPatience;
  readonly #room: AppendRoom;
  readonly #trouble: AppendTrouble;
  readonly #window: AppendWindow;
  readonly #queue = new Fifo<AppendBatch>();
  readonly #displacement = new Displacement();
  readonly #watch: AppendWatch;
  #mode: 'flowing' | 'waiting' | 'probing' = 'flowing';
  #epoch = 0;
  #backoffMs = FIRST_BACKOFF_MS;
  #retryTimer: NodeJS.Timeout | undefined;
  /** Ordinal of the entry that tries, alone, whether the server takes events again. */
  #probe = -1;
  #pumpIsDue = false;
  #onEmpty: (() => void) | undefined;
  #stored = 0;
  #duplicates = 0;
  #recoveries = 0;

  constructor(sender: AppendSender, settings: AppendPipelineSettings, log: Log) {
    this.#sender = sender;
    this.#patience = settings;
    this.#room = new AppendRoom(settings.maxWaitingBytes ?? MAX_WAITING_BYTES);
    this.#trouble = new AppendTrouble(log);
    this.#window = new AppendWindow(settings.maxInFlight, settings.maxInFlightBytes);
    this.#watch = new AppendWatch(settings, this.#window, this.#displacement, () => this.#check());
  }

  get statistics(): AppendStatistics {
    return {
      inFlight: this.#window.size,
      waitingBatches: this.#queue.length,
      waitingBytes: this.#room.bytes,
      turnedAway: this.#room.turnedAway,
      stored: this.#stored,
      duplicates: this.#duplicates,
      recoveries: this.#recoveries,
      displaced: this.#displacement.count,
    };
  }

  /** What hinders the log now. */
  get trouble(): ReturnType<AppendTrouble['now']> {
    return this.#trouble.now(this.#isEmpty);
  }

  append(entries: readonly LogEntry[]): Promise<AppendReceipt> {
    return new Promise((resolve, reject) => {
      this.#room.enter(entries.reduce((sum, entry) => sum + entry.bytes.length, 0));
      if (this.#isEmpty) this.#watch.progressed();
      this.#queue.push(new AppendBatch(entries, resolve, reject));
      this.#watch.begin();
      this.#pump();
    });
  }

  acknowledged(ordinal: number, sequence: number, duplicate: boolean): void {
    const sent = this.#window.take(ordinal);
    if (sent === undefined) return;
    this.#stored += 1;
    if (duplicate) this.#duplicates += 1;
    this.#displacement.stored(ordinal, sequence, duplicate);
    sent.batch.stored(sent.index, sequence, duplicate && !sent.isRepeated);
    this.#progressed();
  }

  /** A refusal of an earlier attempt says nothing about the present one; its epoch tells. */
  refused(epoch: number, ordinal: number, code: number, reason: string): void {
    if (isPermanent(code)) {
      const sent = this.#window.take(ordinal);
      sent?.batch.refused(sent.index, reason);
      this.#progressed();
    } else if (epoch === this.#epoch) {
      this.#recover({ kind: 'refusal', reason: explainRefusal(code, reason) });
    }
  }

  /** The server has said, not of which entry, that it does not take them. */
  refusedUnnamed(reason: string): void {
    if (this.#window.size > 0 && this.#mode !== 'waiting') this.#recover({ kind: 'refusal', reason });
  }

  /** The sender can send now, or cannot any more. */
  hindranceChanged(): void {
    const { hindrance } = this.#sender;
    if (hindrance !== undefined) {
      if (this.#window.size > 0) this.#recover(hindrance);
    } else if (this.#mode === 'waiting') {
      this.#retry();
    } else {
      this.#pump();
    }
  }

  /** Resolves when nothing waits any more. */
  whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      this.#noteEmpty();
    });
  }

  /** Rejects everything that waits. Later appends are served again, in order. */
  fail(error: ShoalError): void {
    const batches = new Set(this.#queue);
    for (const { batch } of this.#window.unacknowledged()) batches.add(batch);
    this.#queue.clear();
    this.#room.clear();
    this.#window.clear();
    clearTimeout(this.#retryTimer);
    this.#epoch += 1;
    this.#mode = 'flowing';
    this.#backoffMs = FIRST_BACKOFF_MS;
    for (const batch of batches) batch.fail(error);
    this.#noteEmpty();
  }

  get #isEmpty(): boolean {
    return this.#window.size === 0 && this.#queue.length === 0;
  }

  #pump(): void {
    if (this.#mode !== 'flowing' || this.#sender.hindrance !== undefined) return;
    const nowMs = performance.now();
    for (let batch = this.#queue.first; batch !== undefined && this.#window.hasRoom; batch = this.#queue.first) {
      const index = batch.next;
      const entry = batch.entries[index];
      batch.next += 1;
      this.#room.leave(entry?.bytes.length ?? 0);
      if (batch.next >= batch.entries.length) this.#queue.shift();
      if (entry !== undefined) this.#transmit(this.#window.push(batch, index, entry, nowMs));
    }
    this.#noteEmpty();
  }

  /** Acknowledgements come many at a time. */
  #pumpSoon(): void {
    if (this.#pumpIsDue || this.#queue.length === 0) return;
    this.#pumpIsDue = true;
    queueMicrotask(() => {
      this.#pumpIsDue = false;
      this.#pump();
    });
  }

  /** @returns false when the entry can never be sent, and is settled by that */
  #transmit(sent: SentEntry): boolean {
    const fault = this.#sender.send(sent.entry, this.#epoch, sent.ordinal);
    if (fault === undefined) return true;
    this.#window.take(sent.ordinal);
    sent.batch.refused(sent.index, fault);
    return false;
  }

  #progressed(): void {
    this.#watch.progressed();
    if (this.#mode === 'flowing') {
      this.#trouble.over(0);
      this.#pumpSoon();
    } else if (this.#mode === 'probing' && this.#window.oldest?.ordinal !== this.#probe) this.#resume();
    this.#noteEmpty();
  }

  #recover(hindrance: Hindrance): void {
    if (this.#mode === 'flowing') this.#recoveries += 1;
    this.#trouble.met(hindrance, this.#window.size);
    this.#mode = 'waiting';
    this.#epoch += 1;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#retry(), this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * 2, LAST_BACKOFF_MS);
  }

  #retry(): void {
    clearTimeout(this.#retryTimer);
    if (this.#sender.hindrance !== undefined) return;
    for (let oldest = this.#window.oldest; oldest !== undefined; oldest = this.#window.oldest) {
      oldest.sentMs = performance.now();
      oldest.isRepeated = true;
      this.#probe = oldest.ordinal;
      this.#mode = 'probing';
      const isSent = this.#transmit(oldest);
      if (isSent) return;
    }
    this.#resume();
  }

  #resume(): void {
    const nowMs = performance.now();
    this.#mode = 'flowing';
    this.#backoffMs = FIRST_BACKOFF_MS;
    this.#trouble.over(this.#window.size);
    for (const sent of this.#window.unacknowledged()) {
      sent.sentMs = nowMs;
      sent.isRepeated = true;
      this.#transmit(sent);
    }
    this.#pump();
  }

  #check(): void {
    const { ackTimeoutMs, giveUpAfterMs } = this.#patience;
    if (this.#watch.isHopeless) this.fail(unavailable(giveUpAfterMs, this.#whyStuck));
    if (this.#mode === 'waiting' || !this.#watch.isOverdue) return;
    // A server whose disk was full says nothing, also when there is space again, until it is restarted.
    const reason = `no acknowledgement within ${ackTimeoutMs} ms; if that lasts, see the nats-server's log and restart it`;
    this.#recover({ kind: 'silence', reason });
  }

  get #whyStuck(): string {
    const { hindrance } = this.#sender;
    if (hindrance !== undefined) return hindrance.reason;
    return this.#mode === 'flowing' ? 'no acknowledgement' : this.#trouble.reason;
  }

  #noteEmpty(): void {
    if (!this.#isEmpty) return;
    this.#watch.end();
    this.#onEmpty?.();
    this.#onEmpty = undefined;
  }
}

function unavailable(waitedMs: number, reason: string): ShoalError {
  return new ShoalError(
    'BUS_UNAVAILABLE',
    `the event log has stored nothing for ${waitedMs} ms: ${reason}; append again under the same event ids`,
  );
}
