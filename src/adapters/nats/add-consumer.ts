import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  JetStreamApiError,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { errors, nanos } from 'nats';
import type { LogFilters } from './log-filters.ts';

export interface ConsumerPlan {
  readonly stream: string;
  /** Where it begins, inclusive. */
  readonly start: { readonly sequence: number } | { readonly timeMs: number };
  /** Absent: everything in the stream. */
  readonly filters?: LogFilters;
  /** The server forgets it when nobody pulls from it for so long. Default 60 s. */
  readonly inactiveMs?: number;
}

const INACTIVE_MS = 60_000;

/**
 * Makes an ephemeral pull consumer, which the server names, with the narrowest filters that it takes: one of 2.9 does not
 * know several, and ignores them, or the library refuses them; and they may overlap, which none takes.
 *
 * @throws what the library throws
 */
export async function addConsumer({ consumers }: JetStreamManager, plan: ConsumerPlan): Promise<ConsumerInfo> {
  const { stream, filters } = plan;
  const exact = filters?.exact ?? [];
  if (exact.length <= 1) return await consumers.add(stream, configOf(plan, exact[0]));
  try {
    const made = await consumers.add(stream, { ...configOf(plan), filter_subjects: [...exact] });
    if (made.config.filter_subjects?.length === exact.length) return made;
    await consumers.delete(stream, made.name);
  } catch (error) {
    if (!(error instanceof JetStreamApiError || error instanceof errors.InvalidArgumentError)) throw error;
  }
  return await consumers.add(stream, configOf(plan, filters?.cover));
}

function configOf({ start, inactiveMs = INACTIVE_MS }: ConsumerPlan, filter?: string): Partial<ConsumerConfig> {
  return {
    ack_policy: AckPolicy.None,
    mem_storage: true,
    inactive_threshold: nanos(inactiveMs),
    ...('sequence' in start
      ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Math.max(1, start.sequence) }
      : {
          deliver_policy: DeliverPolicy.StartTime,
          opt_start_time: new Date(Math.max(0, start.timeMs)).toISOString(),
        }),
    ...(filter === undefined ? {} : { filter_subject: filter }),
  };
}
