import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import type { SimulationId } from '../ids.ts';
import { builtInSubject, type Route } from '../routing/route-table.ts';
import { type AttributeReader, compileSubjectTemplate } from '../routing/subject-template.ts';
import { ShoalError } from '../shoal-error.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';

/** Tells, of an event that only its bytes are left of, where its worker type sends it. */
export class EventRoutes {
  readonly #registry: SimulationRegistry;
  readonly #catalogue: WorkerTypeCatalogue;

  constructor(registry: SimulationRegistry, catalogue: WorkerTypeCatalogue) {
    this.#registry = registry;
    this.#catalogue = catalogue;
  }

  /** Whether the event is in the log too. Of a simulation that is not known here it is, as it is by default. */
  isLogged(simulationId: string, eventTypeKey: string): boolean {
    return this.#route(simulationId, eventTypeKey)?.logged ?? true;
  }

  /**
   * The subject that an event of the log was published to, by the routes of now; the built-in one where its simulation
   * is forgotten. Empty when the event lacks an attribute that the subject is made of now.
   */
  subjectOf(simulationId: SimulationId, eventTypeKey: string, attribute: AttributeReader): string {
    const route = this.#route(simulationId, eventTypeKey);
    try {
      const template = route?.template ?? compileSubjectTemplate(builtInSubject(eventTypeKey));
      return template.subject(simulationId, attribute);
    } catch (thrown) {
      if (thrown instanceof ShoalError) return '';
      throw thrown;
    }
  }

  #route(simulationId: string, eventTypeKey: string): Route | undefined {
    const simulation = this.#registry.find(simulationId as SimulationId);
    return simulation && this.#catalogue.get(simulation.workerType)?.routes.find(eventTypeKey);
  }
}
