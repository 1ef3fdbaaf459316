import { ShoalError } from '../../domain/shoal-error.ts';
import type { AppendReceipt, LogEntry } from '../../ports/event-log.ts';
import type { Log } from '../../ports/log.ts';
import { AppendBatch } from './append-batch.ts';
import { explainRefusal } from './append-refusal.ts';
import { AppendRoom } from './append-room.ts';
import { AppendTrouble, type TroubleKind } from './append-trouble.ts';
import { AppendWindow, type SentEntry } from './append-window.ts';
import { Displacement } from './displacement.ts';
import { isPermanent } from './publish-ack.ts';

export interface AppendPipelineSettings {
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
  readonly ackTimeoutMs: number;
  /** Without any progress for this long, everything that waits is rejected. */
  readonly giveUpAfterMs: number;
  /** Of entries behind the window; more are refused until half of it has gone. Default 128 MiB. */
  readonly maxWaitingBytes?: number;
}

/** Gauges of now and counters since the start. */
export interface AppendStatistics {
  readonly inFlight: number;
  /** Batches of which something has not been sent. */
  readonly waitingBatches: number;
  readonly stored: number;
  readonly waitingBytes: number;
  /** Batches refused because too much was waiting. */
  readonly turnedAway: number;
  /** Of those stored, the ones that the server had already. */
  readonly duplicates: number;
  readonly recoveries: number;
  /** Entries stored behind one that was sent after them. */
  readonly displaced: number;
}

/** Puts one entry on the wire; the acknowledgement comes back with the same epoch and ordinal. */
export interface AppendSender {
  readonly connected: boolean;
  /** @returns why the entry can never be sent, or undefined when it was */
  send(entry: LogEntry, epoch: number, ordinal: number): string | undefined;
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
  readonly #settings: AppendPipelineSettings;
  readonly #room: AppendRoom;
  readonly #trouble: AppendTrouble;
  readonly #window: AppendWindow;
  readonly #queue: AppendBatch[] = [];
  readonly #displacement = new Displacement();
  #mode: 'flowing' | 'waiting' | 'probing' = 'flowing';
  #epoch = 0;
  #backoffMs = FIRST_BACKOFF_MS;
  #retryTimer: NodeJS.Timeout | undefined;
  #watchTimer: NodeJS.Timeout | undefined;
  #lastProgressMs = 0;
  /** Ordinal of the entry that tries, alone, whether the server takes events again. */
  #probe = -1;
  #onEmpty: (() => void) | undefined;
  #stored = 0;
  #duplicates = 0;
  #recoveries = 0;

  constructor(sender: AppendSender, settings: AppendPipelineSettings, log: Log) {
    this.#sender = sender;
    this.#settings = settings;
    this.#room = new AppendRoom(settings.maxWaitingBytes ?? MAX_WAITING_BYTES);
    this.#trouble = new AppendTrouble(log);
    this.#window = new AppendWindow(settings.maxInFlight, settings.maxInFlightBytes);
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
      if (this.#isEmpty) this.#lastProgressMs = performance.now();
      this.#queue.push(new AppendBatch(entries, resolve, reject));
      const { ackTimeoutMs, giveUpAfterMs } = this.#settings;
      this.#watchTimer ??= setInterval(() => this.#check(), Math.min(ackTimeoutMs, giveUpAfterMs) / 4);
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
      this.#recover('refusal', explainRefusal(code, reason));
    }
  }

  /** The server has said, not of which entry, that it does not take them. */
  refusedUnnamed(reason: string): void {
    if (this.#window.size > 0 && this.#mode !== 'waiting') this.#recover('refusal', reason);
  }

  connectionChanged(): void {
    if (!this.#sender.connected) {
      if (this.#window.size > 0) this.#recover('connection', 'the connection was lost');
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
    this.#queue.length = 0;
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
    if (this.#mode !== 'flowing' || !this.#sender.connected) return;
    const nowMs = performance.now();
    for (let batch = this.#queue[0]; batch !== undefined && this.#window.hasRoom; batch = this.#queue[0]) {
      const index = batch.next;
      const entry = batch.entries[index];
      batch.next += 1;
      this.#room.leave(entry?.bytes.length ?? 0);
      if (batch.next >= batch.entries.length) this.#queue.shift();
      if (entry !== undefined) this.#transmit(this.#window.push(batch, index, entry, nowMs));
    }
    this.#noteEmpty();
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
    this.#lastProgressMs = performance.now();
    if (this.#mode === 'flowing') {
      this.#trouble.over(0);
      this.#pump();
    } else if (this.#mode === 'probing' && this.#window.oldest?.ordinal !== this.#probe) this.#resume();
    this.#noteEmpty();
  }

  #recover(kind: TroubleKind, reason: string): void {
    if (this.#mode === 'flowing') this.#recoveries += 1;
    this.#trouble.met(kind, reason, this.#window.size);
    this.#mode = 'waiting';
    this.#epoch += 1;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#retry(), this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * 2, LAST_BACKOFF_MS);
  }

  #retry(): void {
    clearTimeout(this.#retryTimer);
    if (!this.#sender.connected) return;
    for (let oldest = this.#window.oldest; oldest !== undefined; oldest = this.#window.oldest) {
      oldest.sentMs = performance.now();
      oldest.isRepeated = true;
      this.#probe = oldest.ordinal;
      this.#mode = 'probing';
      if (this.#transmit(oldest)) return;
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
    const nowMs = performance.now();
    const { ackTimeoutMs, giveUpAfterMs } = this.#settings;
    if (nowMs - this.#lastProgressMs >= giveUpAfterMs) this.fail(unavailable(giveUpAfterMs, this.#whyStuck));
    if (this.#mode === 'waiting' || !this.#isOverdue(nowMs)) return;
    // A server whose disk was full says nothing, also when there is space again, until it is restarted.
    this.#recover(
      'silence',
      `no acknowledgement within ${ackTimeoutMs} ms; if that lasts, see the nats-server's log and restart it`,
    );
  }

  /**
   * Acknowledgements come in order. As long as some come, a server that is merely slow will come to the oldest too, and
   * sending again would only add to its load; one that acknowledges later entries instead has lost the oldest.
   */
  #isOverdue(nowMs: number): boolean {
    const { ackTimeoutMs } = this.#settings;
    const oldest = this.#window.oldest;
    if (oldest === undefined || nowMs - oldest.sentMs < ackTimeoutMs) return false;
    return this.#displacement.newestOrdinal > oldest.ordinal || nowMs - this.#lastProgressMs >= ackTimeoutMs;
  }

  get #whyStuck(): string {
    if (!this.#sender.connected) return 'the connection is lost';
    return this.#mode === 'flowing' ? 'no acknowledgement' : this.#trouble.reason;
  }

  #noteEmpty(): void {
    if (!this.#isEmpty) return;
    clearInterval(this.#watchTimer);
    this.#watchTimer = undefined;
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
