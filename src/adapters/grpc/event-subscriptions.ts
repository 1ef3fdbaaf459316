import { type handleServerStreamingCall, Metadata } from '@grpc/grpc-js';
import { parseSimulationId, type SimulationId } from '../../domain/ids.ts';
import type { LiveFeed, LiveFilter } from '../../domain/ingest/live-feed.ts';
import { compileSubjectFilter, isSubjectFilter } from '../../domain/routing/subject-filter.ts';
import { invalidArgument, ShoalError } from '../../domain/shoal-error.ts';
import type { SimulationRegistry } from '../../domain/simulation/simulation-registry.ts';
import { isFinal } from '../../domain/simulation/simulation-state.ts';
import type { Authorizer } from '../../ports/authorizer.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import { contextOf, type FailureListener } from './calls.ts';
import { toGrpcFailure } from './error-mapper.ts';
import type { SubscribeToEventsRequestOutput } from './generated/fes/orchestration/v1/SubscribeToEventsRequest.ts';
import { type EventCall, SlowReader } from './slow-reader.ts';

const MAX_KEY_FILTERS = 64;
/** Whatever comes there is not looked at. */
const NO_EVENTS = 'events.none';

export interface EventSubscriptionsParts {
  readonly feed: LiveFeed;
  readonly bus: EventBus;
  readonly registry: SimulationRegistry;
  readonly authorizer: Authorizer;
  readonly onFailure: FailureListener;
}

/** SubscribeToEvents, its live part: events from now on, by simulation and key. Reading the log is not built yet, and says so. */
export class EventSubscriptions {
  readonly #parts: EventSubscriptionsParts;

  constructor(parts: EventSubscriptionsParts) {
    this.#parts = parts;
  }

  subscribeToEvents(): handleServerStreamingCall<SubscribeToEventsRequestOutput, Buffer> {
    return (call) => {
      this.#subscribe(call).catch((thrown) => {
        this.#parts.onFailure('SubscribeToEvents', thrown);
        call.emit('error', toGrpcFailure(thrown));
      });
    };
  }

  async #subscribe(call: EventCall): Promise<void> {
    const { feed, registry, authorizer } = this.#parts;
    const { request } = call;
    const context = contextOf(call);
    authorizer.demand(context, 'read');
    demandBuilt(request);
    const id = request.simulationId === '' ? undefined : parseSimulationId(request.simulationId);
    const reader = new SlowReader(call);
    const leave = await feed.subscribe(liveFilter(id, request.eventTypeKeys), (event) => reader.offer(event));
    context.signal.addEventListener('abort', leave, { once: true });
    if (context.signal.aborted) leave();
    call.sendMetadata(new Metadata());
    if (id === undefined) return;
    onceEnded(registry, id, context.signal, async () => {
      await this.#delivered();
      leave();
      reader.end();
    });
  }

  /** Resolves when the bus has delivered what was published before: it answers a new subscription after that. */
  async #delivered(): Promise<void> {
    try {
      const subscription = await this.#parts.bus.subscribe(NO_EVENTS, () => {});
      subscription.unsubscribe();
    } catch {
      // A bus that is away delivers nothing any more.
    }
  }
}

/** A simulation that does not exist yet is waited for. */
function onceEnded(
  registry: SimulationRegistry,
  id: SimulationId,
  signal: AbortSignal,
  ended: () => Promise<void>,
): void {
  const present = registry.find(id);
  if (present !== undefined && isFinal(present.state)) {
    void ended();
    return;
  }
  const stop = registry.onChange(({ after: { simulation } }) => {
    if (simulation.id !== id || !isFinal(simulation.state)) return;
    stop();
    void ended();
  });
  signal.addEventListener('abort', stop, { once: true });
}

/** @throws ShoalError CAPABILITY_UNSUPPORTED that names the field whose feature is not built */
function demandBuilt(request: SubscribeToEventsRequestOutput): void {
  const unbuilt = [
    ['from_sequence', request.start === 'fromSequence'],
    ['from_time', request.start === 'fromTime'],
    ['from_beginning', request.start === 'fromBeginning'],
    ['no_follow', request.noFollow],
    [
      'overflow',
      request.overflow !== 'OVERFLOW_POLICY_UNSPECIFIED' && request.overflow !== 'OVERFLOW_POLICY_DROP_OLDEST',
    ],
    ['attributes', Object.keys(request.attributes).length > 0],
    ['simulation_ids', request.simulationIds.length > 0],
    ['label_selector', request.labelSelector !== ''],
    ['max_rate_hz', request.maxRateHz !== 0],
    ['latest_only', request.latestOnly],
  ] as const;
  const field = unbuilt.find(([, isSet]) => isSet)?.[0];
  if (field === undefined) return;
  throw new ShoalError(
    'CAPABILITY_UNSUPPORTED',
    `${field} of SubscribeToEvents is not built yet; leave it out for live events`,
    {
      metadata: { feature: 'SubscribeToEvents', field },
    },
  );
}

function liveFilter(id: string | undefined, keys: readonly string[]): LiveFilter {
  if (keys.length > MAX_KEY_FILTERS)
    throw invalidArgument('event_type_keys', `has more than ${MAX_KEY_FILTERS} filters`);
  const filters = keys.map((key) => {
    if (!isSubjectFilter(key))
      throw invalidArgument(
        'event_type_keys',
        `${JSON.stringify(key)} is not an event key, nor one with the wildcards * and >`,
      );
    return compileSubjectFilter(key);
  });
  return (event) =>
    (id === undefined || event.simulationId === id) &&
    (filters.length === 0 || filters.some((matches) => matches(event.eventTypeKey)));
}
