import type { EventTypeKey, SimulationId } from '../ids.ts';
import type { Labels } from '../simulation/labels.ts';
import { compileEntryFilter } from './entry-filter.ts';
import { readFilter, type SubscriptionPlan } from './subscription-plan.ts';

/** What is asked of an event, wherever it comes from. */
export interface EventFacts {
  readonly simulationId: string;
  readonly eventTypeKey: string;
  attribute(name: string): string | undefined;
}

/** Labels of a simulation; undefined for one that nobody knows, or knows no longer. */
export type LabelsOf = (simulationId: string) => Labels | undefined;

/** All parts of the filter must hold. A simulation that is not known has no labels, so that no selector selects it. */
export function compileEventFilter(plan: SubscriptionPlan, labelsOf: LabelsOf): (event: EventFacts) => boolean {
  const isAsked = compileEntryFilter(readFilter(plan));
  const { attributes, selects } = plan;
  return (event) => {
    const simulationId = event.simulationId as SimulationId;
    if (!isAsked({ simulationId, eventTypeKey: event.eventTypeKey as EventTypeKey })) return false;
    if (selects !== undefined) {
      const labels = labelsOf(simulationId);
      if (labels === undefined || !selects(labels)) return false;
    }
    return attributes.every(([name, value]) => event.attribute(name) === value);
  };
}
