import type { ReadRequest } from '../../ports/event-archive.ts';
import { parseSimulationId, quote, type SimulationId } from '../ids.ts';
import { isSubjectFilter } from '../routing/subject-filter.ts';
import { invalidArgument } from '../shoal-error.ts';
import { type LabelSelector, parseLabelSelector } from '../simulation/label-selector.ts';

const MAX_KEY_FILTERS = 64;
/** As the longest event key: 16 tokens of 64 characters, joined by dots. */
const MAX_FILTER_LENGTH = 16 * 65 - 1;
const MAX_SIMULATION_IDS = 1_000;
const MAX_ATTRIBUTES = 64;
const MAX_ATTRIBUTE_LENGTH = 1_024;

export type OverflowPolicy = 'DROP_OLDEST' | 'BLOCK' | 'DISCONNECT';

/** Where in the log to begin: behind all that is there, at the first entry, at a sequence or a time (both inclusive). */
export type SubscriptionStart = 'now' | 'beginning' | { readonly sequence: number } | { readonly timeMs: number };

/** What a subscriber asks for, as it came. */
export interface SubscriptionRequest {
  /** Empty: all, or those of `simulationIds`. */
  readonly simulationId: string;
  readonly simulationIds: readonly string[];
  readonly eventTypeKeys: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly labelSelector: string;
  readonly start: SubscriptionStart;
  /** False: the stream ends at the end that the log has now. */
  readonly follow: boolean;
  readonly overflow: OverflowPolicy;
  /** Per key and simulation; 0: all. */
  readonly maxRateHz: number;
  readonly latestOnly: boolean;
}

/** The same, checked and compiled. */
export interface SubscriptionPlan extends Pick<SubscriptionRequest, 'start' | 'follow' | 'overflow'> {
  /** Absent: all. */
  readonly simulationIds?: readonly SimulationId[];
  /** Absent: all. */
  readonly eventTypeKeys?: readonly string[];
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Absent: whatever the labels. */
  readonly selects?: LabelSelector;
  /** Between two events of one key and simulation; absent: none is skipped. 0: those that wait are. */
  readonly minIntervalMs?: number;
}

/** @throws ShoalError INVALID_ARGUMENT that names the field */
export function planSubscription(request: SubscriptionRequest): SubscriptionPlan {
  const { start, follow, overflow, labelSelector, maxRateHz, latestOnly } = request;
  const simulationIds = demandIds(request);
  const eventTypeKeys = demandKeys(request.eventTypeKeys);
  const attributes = Object.entries(request.attributes);
  if (attributes.length > MAX_ATTRIBUTES)
    throw invalidArgument('attributes', `has more than ${MAX_ATTRIBUTES} entries`);
  if (attributes.some((entry) => entry.some(({ length }) => length > MAX_ATTRIBUTE_LENGTH)))
    throw invalidArgument('attributes', `has a name or a value of more than ${MAX_ATTRIBUTE_LENGTH} characters`);
  if (!(maxRateHz >= 0 && Number.isFinite(maxRateHz)))
    throw invalidArgument('max_rate_hz', 'must be a number of events per second, 0 for all');
  demandStart(start);
  const selects = parseLabelSelector(labelSelector);
  return {
    start,
    follow,
    overflow,
    attributes,
    ...(simulationIds === undefined ? {} : { simulationIds }),
    ...(eventTypeKeys.length === 0 ? {} : { eventTypeKeys }),
    ...(labelSelector.trim() === '' ? {} : { selects }),
    ...(maxRateHz > 0 || latestOnly ? { minIntervalMs: maxRateHz > 0 ? 1_000 / maxRateHz : 0 } : {}),
  };
}

/** What the log is asked for; labels and attributes it does not know. */
export function readFilter({ simulationIds, eventTypeKeys }: SubscriptionPlan): Omit<ReadRequest, 'from'> {
  return {
    ...(simulationIds === undefined ? {} : { simulationIds }),
    ...(eventTypeKeys === undefined ? {} : { eventTypeKeys }),
  };
}

function demandIds({ simulationId, simulationIds }: SubscriptionRequest): readonly SimulationId[] | undefined {
  if (simulationIds.length > MAX_SIMULATION_IDS)
    throw invalidArgument('simulation_ids', `has more than ${MAX_SIMULATION_IDS} ids`);
  const named = [...new Set(simulationIds.map((id) => parseSimulationId(id, 'simulation_ids')))];
  if (simulationId === '') return named.length === 0 ? undefined : named;
  const one = parseSimulationId(simulationId);
  if (named.length > 0 && !named.includes(one))
    throw invalidArgument('simulation_ids', 'does not hold simulation_id; leave one of the two empty');
  return [one];
}

function demandKeys(keys: readonly string[]): readonly string[] {
  if (keys.length > MAX_KEY_FILTERS)
    throw invalidArgument('event_type_keys', `has more than ${MAX_KEY_FILTERS} filters`);
  for (const key of keys) {
    if (key.length > MAX_FILTER_LENGTH)
      throw invalidArgument('event_type_keys', `has a filter of more than ${MAX_FILTER_LENGTH} characters`);
    if (!isSubjectFilter(key))
      throw invalidArgument('event_type_keys', `${quote(key)} is not an event key, nor one with the wildcards * and >`);
  }
  return keys;
}

function demandStart(start: SubscriptionStart): void {
  if (typeof start === 'string') return;
  if ('sequence' in start && !Number.isSafeInteger(start.sequence))
    throw invalidArgument('from_sequence', 'is beyond every log; take the log_sequence of an event');
}
