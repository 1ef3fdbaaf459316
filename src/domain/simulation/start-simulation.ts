import type { Authorizer } from '../../ports/authorizer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventArchive } from '../../ports/event-archive.ts';
import type { IdSource } from '../../ports/id-source.ts';
import type { RunConfiguration } from '../../ports/run-files.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import type { CallContext } from '../call-context.ts';
import type { LimitsConfig } from '../configuration.ts';
import { parseSimulationId, quote, type SimulationId } from '../ids.ts';
import { SerialQueue } from '../serial-queue.ts';
import { invalidArgument, ShoalError } from '../shoal-error.ts';
import type { Supervisor } from '../supervision/supervisor.ts';
import type { WorkerTypeBreakers } from '../supervision/worker-type-breakers.ts';
import type { WorkerType } from '../worker-type.ts';
import { demandCapacity } from './admission.ts';
import { type Labels, parseLabels } from './labels.ts';
import type { RequestMemory } from './request-memory.ts';
import { jsonConfiguration } from './run-configuration.ts';
import type { RestartOverride } from './simulation.ts';
import type { SimulationRegistry } from './simulation-registry.ts';
import type { SimulationView } from './simulation-view.ts';

export interface StartRequest {
  /** Empty: generated. */
  readonly simulationId: string;
  readonly workerType: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** In place of `config`: handed to the worker as it came. */
  readonly configBlob?: RunConfiguration;
  readonly labels: Labels;
  readonly seed?: bigint;
  readonly startPaused: boolean;
  readonly maxRunTimeMs?: number;
  /** What it says itself of restarts; the rest is as its worker type has it. */
  readonly restart?: RestartOverride;
  readonly requestId: string;
  /** Equal for equal requests. */
  readonly fingerprint: string;
}

export interface StartSimulationParts {
  readonly registry: SimulationRegistry;
  readonly archive: EventArchive;
  /** Starts and removals of one id wait for each other. */
  readonly idQueue: SerialQueue<SimulationId>;
  readonly catalogue: WorkerTypeCatalogue;
  readonly supervisor: Supervisor;
  readonly breakers: WorkerTypeBreakers;
  readonly requests: RequestMemory;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly limits: () => LimitsConfig;
  readonly orchestratorId: string;
  /** @throws ShoalError SHUTTING_DOWN */
  readonly demandAccepting: () => void;
}

/** The use case behind StartSimulation. */
export class StartSimulation {
  readonly #parts: StartSimulationParts;
  /** Counting what is there and adding one to it must not interleave. */
  readonly #admission = new SerialQueue<'admission'>();

  constructor(parts: StartSimulationParts) {
    this.#parts = parts;
  }

  /**
   * Answers when the run is recorded, PENDING; its launch goes on, and shows in its state.
   *
   * @throws ShoalError INVALID_ARGUMENT, WORKER_TYPE_UNKNOWN, SIMULATION_EXISTS, CAPACITY_EXHAUSTED: nothing is recorded
   */
  async run(context: CallContext, request: StartRequest): Promise<SimulationView> {
    const { authorizer, requests, registry } = this.#parts;
    authorizer.demand(context, 'start');
    const scope = `${context.principal.name} StartSimulation`;
    const { requestId, fingerprint } = request;
    const id = await requests.once(scope, requestId, fingerprint, () => this.#start(context, request, scope));
    return registry.view(id);
  }

  async #start(context: CallContext, request: StartRequest, scope: string) {
    const { registry, supervisor, breakers, ids, clock, limits, orchestratorId } = this.#parts;
    this.#parts.demandAccepting();
    const type = this.#type(request.workerType);
    const id = request.simulationId === '' ? ids.simulationId() : parseSimulationId(request.simulationId);
    if (request.startPaused && !type.registers) {
      throw invalidArgument('start_paused', `worker type ${type.config.name} knows no pause; start it without`);
    }
    const labels = parseLabels(request.labels, limits().maxLabels);
    const configuration = this.#configuration(type, request);
    const { requestId, fingerprint } = request;
    await this.#parts.idQueue.run(id, async () => {
      if (request.simulationId !== '') await this.#demandUnused(id);
      await this.#admission.run('admission', async () => {
        // Minds may have changed while it waited.
        this.#parts.demandAccepting();
        if (registry.find(id) !== undefined) throw exists(id);
        demandCapacity(registry.simulations(), type, limits());
        breakers.demand(type, id);
        const created = registry.create({
          id,
          workerType: type.config.name,
          state: 'PENDING',
          labels,
          configuration,
          startPaused: request.startPaused,
          ownerId: orchestratorId,
          createdAtMs: clock.nowMs(),
          incarnation: 0,
          restarts: 0,
          ...(request.seed === undefined ? {} : { seed: request.seed }),
          ...(request.maxRunTimeMs === undefined ? {} : { maxRunTimeMs: request.maxRunTimeMs }),
          ...(request.restart === undefined ? {} : { restart: request.restart }),
          ...(requestId === '' ? {} : { request: { scope, id: requestId, fingerprint } }),
        });
        created.catch(() => breakers.release(type, id));
        await created;
      });
    });
    void supervisor.launch(id, context.traceparent);
    return id;
  }

  /** An id stays taken for as long as an event of it is logged: readers of the log would take two runs for one. */
  async #demandUnused(id: SimulationId): Promise<void> {
    const { registry, archive } = this.#parts;
    if (registry.find(id) !== undefined) throw exists(id);
    if (!(await archive.holds(id))) return;
    throw new ShoalError(
      'SIMULATION_EXISTS',
      `simulation_id: the log holds events of an earlier simulation ${id}; choose another id, leave it empty, or remove them: \`shoal rm ${id}\``,
      { metadata: { simulation_id: id } },
    );
  }

  #type(name: string): WorkerType {
    const { catalogue } = this.#parts;
    const type = catalogue.get(name);
    if (type === undefined) {
      const known =
        catalogue
          .list()
          .map(({ config }) => config.name)
          .join(', ') || 'none';
      throw new ShoalError(
        'WORKER_TYPE_UNKNOWN',
        `worker_type: there is no worker type ${quote(name)}; there is ${known}`,
        {
          metadata: { field: 'worker_type', known },
        },
      );
    }
    if (!type.availability.available) {
      throw new ShoalError(
        'WORKER_TYPE_UNKNOWN',
        `worker_type: ${name} is not available: ${type.availability.reason}`,
        {
          metadata: { field: 'worker_type' },
        },
      );
    }
    return type;
  }

  #configuration(type: WorkerType, { config, configBlob }: StartRequest): RunConfiguration {
    const { maxRunConfigBytes } = this.#parts.limits();
    if (config !== undefined && configBlob !== undefined)
      throw invalidArgument('config', 'and config_blob are both set; send one of them');
    if (configBlob === undefined) type.checkRunConfig(config ?? {});
    const configuration = configBlob ?? jsonConfiguration(config ?? {});
    if (configuration.bytes.length > maxRunConfigBytes) {
      throw invalidArgument(
        configBlob === undefined ? 'config' : 'config_blob',
        `has ${configuration.bytes.length} bytes; limits.max_run_config_bytes allows ${maxRunConfigBytes}`,
      );
    }
    return configuration;
  }
}

function exists(id: string): ShoalError {
  return new ShoalError(
    'SIMULATION_EXISTS',
    `simulation_id: there is a simulation ${id} already; choose another id or leave it empty`,
    {
      metadata: { simulation_id: id },
    },
  );
}
