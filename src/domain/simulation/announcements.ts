import type { Clock } from '../../ports/clock.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { IdSource } from '../../ports/id-source.ts';
import type { EnvelopeHeader, MessageCodec } from '../../ports/message-codec.ts';
import type { SupervisionEvent } from '../supervision/supervision-event.ts';
import type { Simulation } from './simulation.ts';
import type { SimulationChange, SimulationRegistry } from './simulation-registry.ts';

const CRASH_SUBJECT = 'orchestrator.worker_crash';

export interface AnnouncementsParts {
  readonly bus: EventBus;
  readonly codec: MessageCodec;
  readonly registry: SimulationRegistry;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly orchestratorId: string;
  /** Does it soon, in order: whoever waits for the change itself does not wait for what is told of it. */
  readonly soon: (work: () => void) => void;
  /** A publication failed; the bus is away. */
  readonly onFailure: (error: unknown) => void;
}

/** Tells the bus of every change of a simulation's state and of every crash: the `orchestrator.*` subjects of contract section 4. */
export class Announcements {
  readonly #parts: AnnouncementsParts;

  constructor(parts: AnnouncementsParts) {
    this.#parts = parts;
  }

  /** For {@link SimulationRegistry.onChange}. */
  changed({ kind, before, after: { simulation, revision } }: SimulationChange): void {
    if (kind === 'forgotten' || !isNews(before, simulation)) return;
    const { codec, registry } = this.#parts;
    const header = this.#header(simulation.id);
    const view = { simulation, revision, figures: { ...registry.figures.of(simulation.id) } };
    this.#publish(`orchestrator.simulation.${simulation.id}.state`, () => codec.simulationState(header, view));
  }

  /** For the supervisor's listener. */
  supervised(event: SupervisionEvent): void {
    if (event.kind !== 'ended' || event.simulation === undefined || !isCrash(event.simulation)) return;
    const { worker, exit, simulation } = event;
    const crash = {
      simulation_id: simulation.id,
      worker_id: worker.id,
      incarnation: worker.assignment?.incarnation,
      exit_code: exit.code ?? null,
      signal: exit.signal ?? null,
      reason: simulation.reason,
      message: event.description,
      will_restart: simulation.state === 'RESTARTING',
    };
    const header = this.#header(simulation.id);
    this.#publish(CRASH_SUBJECT, () => this.#parts.codec.workerCrash(header, crash));
  }

  #header(simulationId: string): EnvelopeHeader {
    const { ids, clock, orchestratorId } = this.#parts;
    return {
      eventId: ids.eventId(),
      timestampNs: BigInt(clock.nowMs()) * 1_000_000n,
      sourceId: orchestratorId,
      simulationId,
    };
  }

  #publish(subject: string, encode: () => Uint8Array): void {
    const { bus, soon, onFailure } = this.#parts;
    const publish = async (): Promise<void> => bus.publish([{ subject, bytes: encode() }]);
    soon(() => void publish().catch(onFailure));
  }
}

/** `always` restarts also what went well. */
function isCrash({ state, reason }: Simulation): boolean {
  return state === 'FAILED' || (state === 'RESTARTING' && reason !== 'COMPLETED');
}

function isNews(before: Simulation | undefined, after: Simulation): boolean {
  return (
    before === undefined ||
    before.state !== after.state ||
    before.workerId !== after.workerId ||
    before.incarnation !== after.incarnation ||
    before.reason !== after.reason
  );
}
