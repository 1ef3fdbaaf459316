import type { Backlog } from './backlog.ts';
import { overflow } from './overflow.ts';
import type { OverflowPolicy } from './subscription-plan.ts';
import { detached, type WaitingBounds, type WaitingEvent } from './waiting-event.ts';

/** One event key of one simulation. */
interface Lane {
  readonly name: string;
  /** The latest event, as long as it was not sent. */
  waiting?: WaitingEvent;
  /** After an event was sent: when the next may be. */
  restsUntilMs: number;
}

/**
 * Only the latest event of each lane, and of each lane only one in `minIntervalMs`.
 *
 * A lane is *due*, with an event that may be sent, or *resting*. All rest equally long, so that both lists are in the
 * order of their times. A resting lane without an event is forgotten when its time is over.
 */
export class LatestBacklog implements Backlog {
  readonly #policy: OverflowPolicy;
  readonly #bounds: WaitingBounds;
  readonly #minIntervalMs: number;
  readonly #due = new Map<string, Lane>();
  readonly #resting = new Map<string, Lane>();
  /** Those whose event is not logged, by when that came: overflow takes from them alone. */
  readonly #droppable = new Set<Lane>();
  #waitingCount = 0;
  #waitingBytes = 0;
  #dropped = 0;
  #released = false;

  constructor(minIntervalMs: number, policy: OverflowPolicy, bounds: WaitingBounds) {
    this.#minIntervalMs = minIntervalMs;
    this.#policy = policy;
    this.#bounds = bounds;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get isEmpty(): boolean {
    return this.#waitingCount === 0;
  }

  get dueAtMs(): number | undefined {
    if (this.#waitingCount === this.#due.size) return undefined;
    return first(this.#resting)?.restsUntilMs;
  }

  offerLive(event: WaitingEvent): void {
    while (this.#waitingCount > 0 && !this.#hasRoomFor(event)) {
      if (this.#policy !== 'DROP_OLDEST') throw overflow(this.#policy, this.#bounds);
      this.#dropped += 1;
      // Nothing but events of the log waits, which none may push out.
      if (!this.#dropOldest()) return;
    }
    this.#put(event);
  }

  /** Of the page that it was read in, it would keep all. */
  offerLogged(event: WaitingEvent): boolean {
    if (this.#waitingCount > 0 && !this.#hasRoomFor(event)) return false;
    this.#put(detached(event));
    return true;
  }

  take(nowMs: number): WaitingEvent | undefined {
    this.#wakeLanes(nowMs);
    const lane = first(this.#due);
    const event = lane?.waiting;
    if (lane === undefined || event === undefined) return undefined;
    this.#due.delete(lane.name);
    this.#clear(lane);
    if (this.#minIntervalMs > 0) this.#rest(lane, nowMs);
    return event;
  }

  release(): void {
    this.#released = true;
  }

  #hasRoomFor(event: WaitingEvent): boolean {
    const replaced = this.#laneOf(event)?.waiting;
    const count = this.#waitingCount + (replaced === undefined ? 1 : 0);
    const bytes = this.#waitingBytes + event.bytes.length - (replaced?.bytes.length ?? 0);
    return count <= this.#bounds.maxEvents && bytes <= this.#bounds.maxBytes;
  }

  #put(event: WaitingEvent): void {
    let lane = this.#laneOf(event);
    if (lane === undefined) {
      lane = { name: nameOf(event), restsUntilMs: 0 };
      this.#due.set(lane.name, lane);
    }
    this.#clear(lane);
    lane.waiting = event;
    if (event.logSequence === 0) this.#droppable.add(lane);
    this.#waitingCount += 1;
    this.#waitingBytes += event.bytes.length;
  }

  #clear(lane: Lane): void {
    if (lane.waiting === undefined) return;
    this.#waitingCount -= 1;
    this.#waitingBytes -= lane.waiting.bytes.length;
    delete lane.waiting;
    this.#droppable.delete(lane);
  }

  /** Lanes are bounded too: the one that rests longest is forgotten, and its next event comes early. */
  #rest(lane: Lane, nowMs: number): void {
    const oldest = first(this.#resting);
    if (this.#resting.size >= this.#bounds.maxEvents && oldest !== undefined) this.#wakeLane(oldest);
    lane.restsUntilMs = nowMs + this.#minIntervalMs;
    this.#resting.set(lane.name, lane);
  }

  #wakeLanes(nowMs: number): void {
    for (const lane of this.#resting.values()) {
      if (!this.#released && lane.restsUntilMs > nowMs) return;
      this.#wakeLane(lane);
    }
  }

  #wakeLane(lane: Lane): void {
    this.#resting.delete(lane.name);
    if (lane.waiting !== undefined) this.#due.set(lane.name, lane);
  }

  /** @returns false when no live event waits */
  #dropOldest(): boolean {
    const [lane] = this.#droppable;
    if (lane === undefined) return false;
    this.#due.delete(lane.name);
    this.#clear(lane);
    return true;
  }

  #laneOf(event: WaitingEvent): Lane | undefined {
    const name = nameOf(event);
    return this.#due.get(name) ?? this.#resting.get(name);
  }
}

function nameOf({ simulationId, eventTypeKey }: WaitingEvent): string {
  return `${simulationId} ${eventTypeKey}`;
}

function first(lanes: ReadonlyMap<string, Lane>): Lane | undefined {
  return lanes.values().next().value;
}
