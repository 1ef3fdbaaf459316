import type { BusMessage, BusSubscription, EventBus } from '../../ports/event-bus.ts';
import type { MessageCodec } from '../../ports/message-codec.ts';
import { parseAgentId, parseEventId, parseSimulationId } from '../ids.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { WorkerDirectory } from '../supervision/worker-directory.ts';
import type { CommandSender } from './command-sender.ts';

const FILTER = 'commands.simulation.*.agent.*.action';

/** Takes actions that agents publish on the bus to the workers of their simulations: contract section 5. */
export class AgentActionRelay {
  readonly name = 'agent action relay';
  relayed = 0;
  /** Malformed, or for a simulation that is not RUNNING or PAUSED. */
  dropped = 0;
  readonly #parts: {
    bus: EventBus;
    codec: MessageCodec;
    registry: SimulationRegistry;
    directory: WorkerDirectory;
    sender: CommandSender;
  };
  #subscription: BusSubscription | undefined;

  constructor(parts: {
    bus: EventBus;
    codec: MessageCodec;
    registry: SimulationRegistry;
    directory: WorkerDirectory;
    sender: CommandSender;
  }) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#subscription ??= await this.#parts.bus.subscribe(FILTER, (message) => this.#take(message));
  }

  async stop(): Promise<void> {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  #take(message: BusMessage): void {
    try {
      if (this.#relay(message)) this.relayed += 1;
      else this.dropped += 1;
    } catch {
      this.dropped += 1;
    }
  }

  #relay({ subject, bytes }: BusMessage): boolean {
    const { registry, directory, codec, sender } = this.#parts;
    const [, , simulation = '', , agent = ''] = subject.split('.');
    const id = parseSimulationId(simulation);
    const agentId = parseAgentId(agent);
    const state = registry.find(id)?.state;
    const worker = directory.ofSimulation(id);
    if (worker === undefined || (state !== 'RUNNING' && state !== 'PAUSED') || !worker.commands.has('agent_action'))
      return false;
    const { eventId, action, contentType } = codec.agentAction(bytes);
    const commandId = eventId === '' ? sender.newCommandId() : parseEventId(eventId);
    sender.post(worker, sender.envelope(commandId, id, { name: 'agent_action', agentId, action, contentType }));
    return true;
  }
}
