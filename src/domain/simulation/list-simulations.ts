import type { Authorizer } from '../../ports/authorizer.ts';
import type { CallContext } from '../call-context.ts';
import { invalidArgument } from '../shoal-error.ts';
import { parseLabelSelector } from './label-selector.ts';
import type { SimulationRegistry } from './simulation-registry.ts';
import type { SimulationState } from './simulation-state.ts';
import type { SimulationView } from './simulation-view.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 1_000;

export interface ListRequest {
  /** Empty: all. */
  readonly states: readonly SimulationState[];
  readonly labelSelector: string;
  readonly pageSize: number;
  readonly pageToken: string;
}

export interface SimulationPage {
  readonly views: readonly SimulationView[];
  /** Empty after the last page. */
  readonly nextPageToken: string;
}

/** The use case behind ListSimulations: newest first; a page goes on where the one before ended, whatever came meanwhile. */
export class ListSimulations {
  readonly #registry: SimulationRegistry;
  readonly #authorizer: Authorizer;

  constructor(registry: SimulationRegistry, authorizer: Authorizer) {
    this.#registry = registry;
    this.#authorizer = authorizer;
  }

  /** @throws ShoalError INVALID_ARGUMENT */
  run(context: CallContext, request: ListRequest): SimulationPage {
    this.#authorizer.demand(context, 'read');
    const selects = parseLabelSelector(request.labelSelector);
    const after = request.pageToken === '' ? undefined : parsePageToken(request.pageToken);
    if (request.pageSize < 0) throw invalidArgument('page_size', 'must not be negative');
    const size = Math.min(request.pageSize === 0 ? DEFAULT_PAGE : request.pageSize, MAX_PAGE);
    const matching = [...this.#registry.views()]
      .filter(({ simulation }) => request.states.length === 0 || request.states.includes(simulation.state))
      .filter(({ simulation }) => selects(simulation.labels))
      .filter(({ simulation: { id: simulationId, labels } }) =>
        this.#authorizer.permits(context, 'read', { simulationId, labels }),
      )
      .filter(({ simulation }) => after === undefined || isBehind(simulation, after))
      .sort((a, b) => (isBehind(a.simulation, b.simulation) ? 1 : -1));
    const views = matching.slice(0, size);
    const last = views.at(-1);
    return { views, nextPageToken: matching.length > size && last !== undefined ? pageToken(last.simulation) : '' };
  }
}

interface Position {
  readonly createdAtMs: number;
  readonly id: string;
}

function isBehind(a: Position, b: Position): boolean {
  return a.createdAtMs === b.createdAtMs ? a.id > b.id : a.createdAtMs < b.createdAtMs;
}

function pageToken({ createdAtMs, id }: Position): string {
  return `${createdAtMs}.${id}`;
}

function parsePageToken(token: string): Position {
  const [, createdAtMs, id] = /^(\d{1,16})\.([A-Za-z0-9_-]+)$/.exec(token) ?? [];
  if (createdAtMs === undefined || id === undefined)
    throw invalidArgument('page_token', 'must be the next_page_token of an earlier answer');
  return { createdAtMs: Number(createdAtMs), id };
}
