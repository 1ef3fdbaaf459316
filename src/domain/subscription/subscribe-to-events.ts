import type { Authorizer } from '../../ports/authorizer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventArchive } from '../../ports/event-archive.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { CallContext } from '../call-context.ts';
import type { SimulationId } from '../ids.ts';
import type { LiveFeed } from '../ingest/live-feed.ts';
import type { Manifests } from '../ledger/manifests.ts';
import type { Backlog } from './backlog.ts';
import { EventDelivery, type EventSink } from './event-delivery.ts';
import { compileEventFilter } from './event-filter.ts';
import type { EventRoutes } from './event-routes.ts';
import { afterLastEvent, type LastEventParts } from './last-event.ts';
import { LatestBacklog } from './latest-backlog.ts';
import { LogSource } from './log-source.ts';
import { MixedBacklog } from './mixed-backlog.ts';
import { boundsOf } from './overflow.ts';
import {
  type OverflowPolicy,
  planSubscription,
  type Quality,
  readFilter,
  type SubscriptionPlan,
  type SubscriptionRequest,
} from './subscription-plan.ts';
import { WantedLog } from './wanted-log.ts';
import { WholeBacklog } from './whole-backlog.ts';

/** Whatever comes there is not looked at. */
const NO_EVENTS = 'events.none';

export interface SubscribeToEventsParts extends LastEventParts {
  readonly archive: EventArchive;
  readonly feed: LiveFeed;
  readonly routes: EventRoutes;
  readonly bus: EventBus;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  readonly manifests: Pick<Manifests, 'written'>;
}

/**
 * The use case behind SubscribeToEvents: logged events from the log and only from there, all others from the bus, to one
 * subscriber at its own pace.
 */
export class SubscribeToEvents {
  readonly #parts: SubscribeToEventsParts;

  constructor(parts: SubscribeToEventsParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the last event has been written: of a run that has ended, or at the log's end for who does not follow.
   *
   * @param onLive called when nothing is missed any more
   * @throws ShoalError INVALID_ARGUMENT; CAPACITY_EXHAUSTED when events overflow, or retention overtook; what the log
   *   throws; the reason of the context's signal
   */
  async run(context: CallContext, request: SubscriptionRequest, sink: EventSink, onLive: () => void): Promise<void> {
    const { authorizer, archive, routes, registry, clock } = this.#parts;
    authorizer.demand(context, 'read');
    const plan = planSubscription(request);
    const labelsOf = (id: string) => registry.find(id as SimulationId)?.labels;
    const filter = compileEventFilter(plan, labelsOf);
    const wants: typeof filter = (event) => {
      if (!filter(event)) return false;
      const { simulationId } = event;
      return authorizer.permits(context, 'read', { simulationId, labels: labelsOf(simulationId) ?? {} });
    };
    const over = new AbortController();
    const signal = AbortSignal.any([context.signal, over.signal]);
    const source = new LogSource(archive, readFilter(plan), () => delivery.wake());
    const logged = new WantedLog(source, wants, routes);
    const delivery = new EventDelivery({ sink, logged, backlog: backlogOf(plan), clock, signal });
    try {
      await source.open(plan.start);
      if (plan.follow) await this.#follow(plan, source, delivery, wants, signal);
      else await source.drain();
      if (!plan.follow) delivery.expectNoMore();
      onLive();
      await delivery.run();
    } finally {
      over.abort();
      source.close();
    }
  }

  /** Live events until the signal aborts, or until the last of the simulations that were named. */
  async #follow(
    { simulationIds }: SubscriptionPlan,
    source: LogSource,
    delivery: EventDelivery,
    wants: ReturnType<typeof compileEventFilter>,
    signal: AbortSignal,
  ): Promise<void> {
    const leave = await this.#parts.feed.subscribe(wants, (event) => delivery.offer(event));
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    if (simulationIds === undefined) return;
    const end = async (): Promise<void> => {
      await afterLastEvent(this.#parts, simulationIds, signal);
      await this.#parts.manifests.written(simulationIds);
      await this.#delivered();
      leave();
      await source.drain();
      delivery.expectNoMore();
    };
    end().catch((thrown) => delivery.fail(thrown));
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

function backlogOf({ overflow, qualities, ...rest }: SubscriptionPlan): Backlog {
  if (qualities.length === 0) return backlogFor(rest, overflow);
  const keyed = qualities.map((quality) => ({ ...quality, backlog: backlogFor(quality, overflow) }));
  return new MixedBacklog(keyed, backlogFor(rest, overflow));
}

function backlogFor({ minIntervalMs }: Quality, overflow: OverflowPolicy): Backlog {
  const bounds = boundsOf(overflow);
  return minIntervalMs === undefined
    ? new WholeBacklog(overflow, bounds)
    : new LatestBacklog(minIntervalMs, overflow, bounds);
}
