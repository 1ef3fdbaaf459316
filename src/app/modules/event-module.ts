import { ContainerModule } from 'inversify';
import { EventCounters } from '../../domain/ingest/event-counters.ts';
import { EventIntake } from '../../domain/ingest/event-intake.ts';
import { LiveFeed } from '../../domain/ingest/live-feed.ts';
import { LedgerBook } from '../../domain/ledger/ledger-book.ts';
import { Manifests } from '../../domain/ledger/manifests.ts';
import { EventRoutes } from '../../domain/subscription/event-routes.ts';
import { SubscribeToEvents } from '../../domain/subscription/subscribe-to-events.ts';
import { provide, provideFrom } from '../token.ts';
import * as t from '../tokens.ts';
import { withIdentity } from './with-identity.ts';

/** Events, from workers to the bus and the log, and from there to subscribers. */
export const eventModule = new ContainerModule(({ bind }) => {
  provide(bind, t.COUNTERS, [], () => new EventCounters());
  provide(bind, t.EVENT_ROUTES, [t.REGISTRY, t.CATALOGUE], (registry, catalogue) => {
    return new EventRoutes(registry, catalogue);
  });
  provide(bind, t.LIVE_FEED, [t.EVENT_BUS, t.EVENT_ROUTES], (bus, routes) => new LiveFeed(bus, routes));

  provideFrom(
    bind,
    t.INTAKE,
    {
      bus: t.EVENT_BUS,
      log: t.EVENT_LOG,
      acks: t.PENDING,
      ids: t.IDS,
      clock: t.CLOCK,
      counters: t.COUNTERS,
      ledgers: t.LEDGERS,
      limits: t.LIMITS,
    },
    ({ limits, ...parts }) => new EventIntake({ ...parts, maxEventBytes: () => limits().maxEventBytes }),
  );

  provideFrom(
    bind,
    t.LEDGERS,
    { registry: t.REGISTRY, archive: t.EVENT_ARCHIVE, checkpoints: t.CHECKPOINTS, clock: t.CLOCK },
    (parts) => new LedgerBook(parts),
  );

  provideFrom(
    bind,
    t.MANIFESTS,
    {
      registry: t.REGISTRY,
      directory: t.DIRECTORY,
      intake: t.INTAKE,
      ledgers: t.LEDGERS,
      log: t.EVENT_LOG,
      codec: t.CODEC,
      clock: t.CLOCK,
      state: t.DAEMON_STATE,
      daemonLog: t.LOG,
    },
    ({ state, daemonLog, ...parts }) => {
      const onFailure = (simulationId: string, err: unknown) =>
        daemonLog.warn({ simulationId, err }, 'manifest not written yet');
      return new Manifests(withIdentity(state, { ...parts, onFailure }));
    },
  );

  provideFrom(
    bind,
    t.SUBSCRIBE,
    {
      archive: t.EVENT_ARCHIVE,
      feed: t.LIVE_FEED,
      routes: t.EVENT_ROUTES,
      bus: t.EVENT_BUS,
      registry: t.REGISTRY,
      directory: t.DIRECTORY,
      intake: t.INTAKE,
      manifests: t.MANIFESTS,
      authorizer: t.AUTHORIZER,
      clock: t.CLOCK,
    },
    (parts) => new SubscribeToEvents(parts),
  );
});
