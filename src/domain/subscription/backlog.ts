import type { WaitingEvent } from './waiting-event.ts';

/** What waits for one subscriber. Live events are pushed and may be too many; those of the log are taken when there is room. */
export interface Backlog {
  /** By overflow, exactly; what was skipped because it was asked for is not counted. */
  readonly dropped: number;
  readonly isEmpty: boolean;
  /** When something that waits will be due, by the monotonic clock; undefined when nothing is held back. */
  readonly dueAtMs: number | undefined;
  /** @param event with bytes of its own @throws ShoalError CAPACITY_EXHAUSTED when there is no room and the policy is not to drop */
  offerLive(event: WaitingEvent): void;
  /** @returns false when there is no room: to be offered again */
  offerLogged(event: WaitingEvent): boolean;
  /** The next to be sent; undefined when none is due. */
  take(nowMs: number): WaitingEvent | undefined;
  /** Holds nothing back any more: no event will follow. */
  release(): void;
}
