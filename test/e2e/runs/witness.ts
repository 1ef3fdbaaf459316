import { connect, type NatsConnection } from 'nats';
import { DaemonClient } from '../../support/daemon/daemon-client.ts';
import { readEnvelope, type SubscribedEvent } from '../../support/daemon/envelopes.ts';
import { isMarkedForLog } from './expected-subjects.ts';

/** The last event of a simulation: Shoal tells it, no worker. */
const MANIFEST_KEY = 'orchestrator.simulation_manifest.v1';

export interface SeenEvent {
  readonly subject: string;
  readonly bytes: Buffer;
}

/** Somebody outside who sees every routed event, as it was published. */
export interface Witness extends AsyncDisposable {
  /** In the order in which they came. */
  of(simulationId: string): readonly SeenEvent[];
  /** What was reported in this order, in the order in which this witness must see it. */
  expected<Event extends { readonly key: string }>(reported: readonly Event[]): readonly Event[];
  /** Called before the simulation is started. */
  expect(simulationId: string): Promise<void>;
}

/** A client of the NATS server, who also sees what Shoal tells of itself. */
export class NatsWitness implements Witness {
  readonly connection: NatsConnection;
  readonly #events = new Map<string, SeenEvent[]>();
  /** Messages on `orchestrator.>`. */
  readonly announcements: SeenEvent[] = [];

  private constructor(connection: NatsConnection) {
    this.connection = connection;
  }

  static async watch(url: string): Promise<NatsWitness> {
    const witness = new NatsWitness(await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 100 }));
    witness.#subscribe('events.>', (event) => witness.#add(event));
    witness.#subscribe('orchestrator.>', (event) => witness.announcements.push(event));
    await witness.connection.flush();
    return witness;
  }

  async expect(): Promise<void> {}

  expected<Event>(reported: readonly Event[]): readonly Event[] {
    return reported;
  }

  of(simulationId: string): readonly SeenEvent[] {
    return this.#events.get(simulationId) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close();
  }

  #add(event: SeenEvent): void {
    const { simulationId } = readEnvelope(event.bytes);
    const known = this.#events.get(simulationId);
    if (known === undefined) this.#events.set(simulationId, [event]);
    else known.push(event);
  }

  #subscribe(subject: string, take: (event: SeenEvent) => void): void {
    this.connection.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) take({ subject: message.subject, bytes: Buffer.from(message.data) });
      },
    });
  }
}

/**
 * A client of the daemon with a subscription, and a connection, for each simulation. What is logged comes from the log, the rest live:
 * between the two there is no order, and the former are shown first.
 */
export class SubscribedWitness implements Witness {
  readonly #address: string;
  readonly #clients: DaemonClient[] = [];
  readonly #subscriptions = new Map<string, { readonly messages: readonly SubscribedEvent[] }>();

  constructor(address: string) {
    this.#address = address;
  }

  async expect(simulationId: string): Promise<void> {
    const client = new DaemonClient(this.#address);
    this.#clients.push(client);
    const subscription = client.subscribe({ simulationId, overflow: 'OVERFLOW_POLICY_BLOCK' });
    await subscription.live;
    this.#subscriptions.set(simulationId, subscription);
  }

  of(simulationId: string): readonly SeenEvent[] {
    const received = this.#subscriptions.get(simulationId)?.messages ?? [];
    const messages = received.filter(({ bytes }) => !bytes.includes(MANIFEST_KEY));
    const isLogged = ({ logSequence }: SubscribedEvent): boolean => logSequence > 0;
    return [...messages.filter(isLogged), ...messages.filter((message) => !isLogged(message))];
  }

  expected<Event extends { readonly key: string }>(reported: readonly Event[]): readonly Event[] {
    const isLogged = ({ key }: Event): boolean => isMarkedForLog(key);
    return [...reported.filter(isLogged), ...reported.filter((event) => !isLogged(event))];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
  }
}
