import type { Authorizer } from '../../ports/authorizer.ts';
import type { CallContext } from '../call-context.ts';
import type { SimulationId } from '../ids.ts';
import { ShoalError } from '../shoal-error.ts';
import { DeletionMemory } from './deletion-memory.ts';
import { parseLabelSelector } from './label-selector.ts';
import type { Simulation } from './simulation.ts';
import type { SimulationChange, SimulationRegistry } from './simulation-registry.ts';
import type { SimulationView } from './simulation-view.ts';
import type { WatchNotice } from './watch-notice.ts';
import { WatchQueue } from './watch-queue.ts';

export interface WatchRequest {
  /** Empty: all. */
  readonly simulationIds: readonly SimulationId[];
  readonly labelSelector: string;
  /** The last that the watcher has seen; 0: it has seen nothing. */
  readonly fromRevision: number;
}

/** The use case behind WatchSimulations: what is there, and then every change, in order. */
export class WatchSimulations {
  readonly #registry: SimulationRegistry;
  readonly #authorizer: Authorizer;
  readonly #deletions = new DeletionMemory();

  constructor(registry: SimulationRegistry, authorizer: Authorizer) {
    this.#registry = registry;
    this.#authorizer = authorizer;
  }

  /** Called once, when the registry is loaded: from then on every deletion is remembered for those who come back. */
  begin(): void {
    for (const { revision } of this.#registry.views()) this.#deletions.begin(revision);
    this.#registry.onChange((change) => this.#deletions.heard(change));
  }

  /**
   * Begins at the call, not at the first notice. Ends when the caller goes.
   *
   * @throws ShoalError INVALID_ARGUMENT; REVISION_CONFLICT when what happened since `fromRevision` is no longer known,
   *   and, while it runs, when the watcher is too slow: it goes on from the last revision that it has seen
   */
  run(context: CallContext, request: WatchRequest): AsyncGenerator<WatchNotice> {
    this.#authorizer.demand(context, 'read');
    const wanted = matcher(request);
    const matches: Matcher = (simulation) => {
      const { id: simulationId, labels } = simulation;
      return wanted(simulation) && this.#authorizer.permits(context, 'read', { simulationId, labels });
    };
    const deleted = request.fromRevision === 0 ? [] : this.#deletedSince(request.fromRevision);
    const queue = new WatchQueue();
    const stop = this.#registry.onChange((change) => {
      const notice = this.#notice(change, matches);
      if (notice !== undefined) queue.push(notice);
    });
    const present = [...this.#registry.views()].filter(
      ({ simulation, revision }) => revision > request.fromRevision && matches(simulation),
    );
    present.sort((a, b) => a.revision - b.revision);
    const first: WatchNotice[] = [
      ...deleted.filter(({ simulation }) => matches(simulation)).map((view) => ({ kind: 'deleted' as const, view })),
      ...present.map((view) => ({ kind: 'present' as const, view })),
      { kind: 'synced' },
    ];
    return notices(first, queue, context.signal, stop);
  }

  #deletedSince(fromRevision: number): readonly SimulationView[] {
    const deleted = this.#deletions.since(fromRevision);
    if (deleted !== undefined)
      return deleted.map((stored) => ({ ...stored, figures: this.#registry.figures.lastKnown(stored.simulation.id) }));
    throw new ShoalError(
      'REVISION_CONFLICT',
      `what was deleted since revision ${fromRevision} is not known any more; watch again from 0`,
      { metadata: { field: 'from_revision' } },
    );
  }

  #notice({ kind, before, after }: SimulationChange, matches: Matcher): WatchNotice | undefined {
    const view = { ...after, figures: this.#registry.figures.lastKnown(after.simulation.id) };
    const was = before !== undefined && matches(before);
    const is = kind !== 'forgotten' && matches(after.simulation);
    if (!is) return was ? { kind: 'deleted', view } : undefined;
    return was && !isNews(before, after.simulation) ? undefined : { kind: 'changed', view };
  }
}

type Matcher = (simulation: Simulation) => boolean;

function matcher({ simulationIds, labelSelector }: WatchRequest): Matcher {
  const ids = new Set(simulationIds);
  const selects = parseLabelSelector(labelSelector);
  return ({ id, labels }) => (ids.size === 0 || ids.has(id)) && selects(labels);
}

/** Contract section 2 names what a watcher hears of. */
function isNews(before: Simulation, after: Simulation): boolean {
  return (
    before.state !== after.state ||
    before.workerId !== after.workerId ||
    before.incarnation !== after.incarnation ||
    before.reason !== after.reason ||
    before.labels !== after.labels
  );
}

async function* notices(
  first: readonly WatchNotice[],
  queue: WatchQueue,
  signal: AbortSignal,
  stop: () => void,
): AsyncGenerator<WatchNotice> {
  try {
    for (const notice of first) {
      queue.demandRoom();
      yield notice;
    }
    for (;;) {
      const notice = await queue.next(signal);
      if (notice === undefined) return;
      yield notice;
    }
  } finally {
    stop();
  }
}
