import type { ReadRequest } from '../../ports/event-archive.ts';
import { parseSimulationId, quote, type SimulationId } from '../ids.ts';
import { isSubjectFilter } from '../routing/subject-filter.ts';
import { invalidArgument } from '../shoal-error.ts';
import { type LabelSelector, parseLabelSelector } from '../simulation/label-selector.ts';

const MAX_KEY_FILTERS = 64;
/** As the longest event key: 16 tokens of 64 characters, joined by dots. */
const MAX_FILTER_LENGTH = 16 * 65 - 1;
const MAX_SIMULATION_IDS = 1_000;
/** Each has a backlog of its own. */
const MAX_QUALITIES = 16;
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
  /** Of some keys, instead of those two; the first that names a key counts. */
  readonly qualities: readonly QualityRequest[];
}

export interface QualityRequest extends Pick<SubscriptionRequest, 'maxRateHz' | 'latestOnly'> {
  /** At least one. */
  readonly eventTypeKeys: readonly string[];
}

/** How much of some events is wanted. */
export interface Quality {
  /** Between two events of one key and simulation; absent: none is skipped. 0: those that wait are. */
  readonly minIntervalMs?: number;
}

/** The same, checked and compiled. */
export interface SubscriptionPlan extends Quality, Pick<SubscriptionRequest, 'start' | 'follow' | 'overflow'> {
  /** Absent: all. */
  readonly simulationIds?: readonly SimulationId[];
  /** Absent: all. */
  readonly eventTypeKeys?: readonly string[];
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Absent: whatever the labels. */
  readonly selects?: LabelSelector;
  /** Of some keys, instead of the plan's own; the first that names a key counts. */
  readonly qualities: readonly (Quality & { readonly eventTypeKeys: readonly string[] })[];
}

/** @throws ShoalError INVALID_ARGUMENT that names the field */
export function planSubscription(request: SubscriptionRequest): SubscriptionPlan {
  const { start, follow, overflow, labelSelector } = request;
  const simulationIds = demandIds(request);
  const eventTypeKeys = demandKeys(request.eventTypeKeys, 'event_type_keys');
  const attributes = Object.entries(request.attributes);
  if (attributes.length > MAX_ATTRIBUTES)
    throw invalidArgument('attributes', `has more than ${MAX_ATTRIBUTES} entries`);
  if (attributes.some((entry) => entry.some(({ length }) => length > MAX_ATTRIBUTE_LENGTH)))
    throw invalidArgument('attributes', `has a name or a value of more than ${MAX_ATTRIBUTE_LENGTH} characters`);
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
    ...planQuality(request, 'max_rate_hz'),
    qualities: planQualities(request.qualities),
  };
}

/** What the log is asked for; labels and attributes it does not know. */
export function readFilter({ simulationIds, eventTypeKeys }: SubscriptionPlan): Omit<ReadRequest, 'from'> {
  return {
    ...(simulationIds === undefined ? {} : { simulationIds }),
    ...(eventTypeKeys === undefined ? {} : { eventTypeKeys }),
  };
}

function planQuality({ maxRateHz, latestOnly }: Omit<QualityRequest, 'eventTypeKeys'>, field: string): Quality {
  if (!(maxRateHz >= 0 && Number.isFinite(maxRateHz)))
    throw invalidArgument(field, 'must be a number of events per second, 0 for all');
  if (maxRateHz > 0) return { minIntervalMs: 1_000 / maxRateHz };
  return latestOnly ? { minIntervalMs: 0 } : {};
}

function planQualities(requests: readonly QualityRequest[]): SubscriptionPlan['qualities'] {
  if (requests.length > MAX_QUALITIES) throw invalidArgument('qualities', `has more than ${MAX_QUALITIES} entries`);
  return requests.map((request, at) => {
    const field = `qualities[${at}]`;
    const eventTypeKeys = demandKeys(request.eventTypeKeys, `${field}.event_type_keys`);
    if (eventTypeKeys.length === 0)
      throw invalidArgument(`${field}.event_type_keys`, 'is empty; name the keys that this quality is for');
    return { eventTypeKeys, ...planQuality(request, `${field}.max_rate_hz`) };
  });
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

function demandKeys(keys: readonly string[], field: string): readonly string[] {
  if (keys.length > MAX_KEY_FILTERS) throw invalidArgument(field, `has more than ${MAX_KEY_FILTERS} filters`);
  for (const key of keys) {
    if (key.length > MAX_FILTER_LENGTH)
      throw invalidArgument(field, `has a filter of more than ${MAX_FILTER_LENGTH} characters`);
    if (!isSubjectFilter(key))
      throw invalidArgument(field, `${quote(key)} is not an event key, nor one with the wildcards * and >`);
  }
  return keys;
}

function demandStart(start: SubscriptionStart): void {
  if (typeof start === 'string') return;
  if ('sequence' in start && !Number.isSafeInteger(start.sequence))
    throw invalidArgument('from_sequence', 'is beyond every log; take the log_sequence of an event');
}
