import type { WorldEvent } from '../world.ts';

export interface EventBehaviour {
  /** @param prefix random, of this process @param count of this process, from 1 */
  eventId(prefix: string, count: number, simulationId: string): string;
  /** Where it goes on counting after a reset. @param last id or ordinal before it */
  countAfterReset(what: 'ids' | 'ordinals', last: number): number;
  timestampNs(): bigint;
  /** What is reported of what happened in a tick. */
  happened(events: readonly WorldEvent[], tick: number): readonly WorldEvent[];
}

export const rightEvents: EventBehaviour = {
  eventId: (prefix, count) => `${prefix}-${count}`,
  countAfterReset: (_, last) => last,
  timestampNs: () => BigInt(Date.now()) * 1_000_000n,
  happened: (events) => events,
};
