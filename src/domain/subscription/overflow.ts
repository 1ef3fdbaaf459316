import { ShoalError } from '../shoal-error.ts';
import type { OverflowPolicy } from './subscription-plan.ts';
import type { WaitingBounds } from './waiting-event.ts';

const MEBIBYTE = 1024 * 1024;

/** How much may wait. BLOCK holds events back for a while before it gives up, so that it has more room. */
export function boundsOf(policy: OverflowPolicy): WaitingBounds {
  const factor = policy === 'BLOCK' ? 8 : 1;
  return { maxEvents: factor * 4_096, maxBytes: factor * 4 * MEBIBYTE };
}

export function overflow(policy: OverflowPolicy, { maxEvents, maxBytes }: WaitingBounds): ShoalError {
  return new ShoalError(
    'CAPACITY_EXHAUSTED',
    `the subscriber reads too slowly: ${maxEvents} events or ${maxBytes} bytes wait for it, and overflow is ${policy}; subscribe again (logged events: with from_sequence), read faster, or let it drop`,
    { metadata: { overflow: policy } },
  );
}
