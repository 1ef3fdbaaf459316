import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import type { EventRecipe, FakeWorkerScript } from './script.ts';

export interface FakeEvent {
  readonly id: string;
  readonly key: string;
  /** Exactly as the fake worker reports it. */
  readonly bytes: Buffer;
}

export interface FakeWorkerIds {
  readonly workerId: string;
  readonly simulationId: string;
}

/** Of `whole` events: a time that nobody would fill in. */
const WHOLE_TIMESTAMP_NS = '1234567890';

/** All events of a script in the order in which they are reported: the same bytes in the worker and in a test. */
export function* scriptedEvents(script: FakeWorkerScript, ids: FakeWorkerIds): Generator<FakeEvent> {
  const recipes = script.events ?? [];
  const longest = Math.max(0, ...recipes.map(({ count }) => count));
  let ordinal = 0;
  for (let nth = 0; nth < longest; nth += 1) {
    for (const recipe of recipes) {
      if (nth >= recipe.count) continue;
      ordinal += 1;
      yield scriptedEvent(recipe, nth, ordinal, ids);
    }
  }
}

function scriptedEvent(recipe: EventRecipe, nth: number, ordinal: number, ids: FakeWorkerIds): FakeEvent {
  const id = `${recipe.prefix}-${nth}`;
  const bytes = loadProtos().tree.fes.common.events.GenericEventRequest.serialize({
    eventId: id,
    eventTypeKey: recipe.key,
    eventPayload: Buffer.alloc(recipe.payload_bytes ?? 0, nth % 251),
    payloadContentType: 'application/octet-stream',
    attributes: { ...recipe.attributes },
    ordinal,
    ...(recipe.whole
      ? { timestampNs: WHOLE_TIMESTAMP_NS, sourceWorkerId: ids.workerId, simulationId: ids.simulationId }
      : {}),
  });
  return { id, key: recipe.key, bytes };
}
