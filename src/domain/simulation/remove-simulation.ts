import type { Authorizer } from '../../ports/authorizer.ts';
import type { EventArchive } from '../../ports/event-archive.ts';
import type { CallContext } from '../call-context.ts';
import type { SimulationId } from '../ids.ts';
import type { EventIntake } from '../ingest/event-intake.ts';
import type { Manifests } from '../ledger/manifests.ts';
import type { SerialQueue } from '../serial-queue.ts';
import type { WorkerDirectory } from '../supervision/worker-directory.ts';
import { notFound, notOver, type SimulationRegistry } from './simulation-registry.ts';
import { isFinal } from './simulation-state.ts';

export interface RemoveSimulationParts {
  readonly registry: SimulationRegistry;
  readonly directory: WorkerDirectory;
  readonly archive: EventArchive;
  readonly intake: EventIntake;
  readonly manifests: Pick<Manifests, 'abandon'>;
  /** Starts and removals of one id wait for each other. */
  readonly idQueue: SerialQueue<SimulationId>;
  readonly authorizer: Authorizer;
}

/** The use case behind RemoveSimulation: a run that is over is forgotten with its logged events, and its id is free. */
export class RemoveSimulation {
  readonly #parts: RemoveSimulationParts;

  constructor(parts: RemoveSimulationParts) {
    this.#parts = parts;
  }

  /**
   * The events go first: when that fails halfway, the record is still there to be removed again. Also for one whose
   * record was forgotten and whose events are kept.
   *
   * @throws ShoalError SIMULATION_NOT_FOUND, ILLEGAL_TRANSITION, BUS_UNAVAILABLE
   */
  async run(context: CallContext, id: SimulationId): Promise<void> {
    const { registry, authorizer, idQueue } = this.#parts;
    const labels = registry.find(id)?.labels ?? {};
    authorizer.demand(context, 'control', { simulationId: id, labels });
    await idQueue.run(id, () => this.#remove(id));
  }

  async #remove(id: SimulationId): Promise<void> {
    const { registry, directory, archive, intake, manifests } = this.#parts;
    const present = registry.find(id);
    if (present === undefined && !(await archive.holds(id))) throw notFound(id);
    if (present !== undefined && !isFinal(present.state)) throw notOver(id, present.state);
    directory.dismiss(id);
    // What its worker had reported before is on its way still, and would come back into the log.
    await intake.settled(id);
    await manifests.abandon(id);
    await archive.remove(id);
    if (registry.find(id) !== undefined) await registry.remove(id);
  }
}
