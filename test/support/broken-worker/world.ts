/** An event of the simulation, before it is put into an envelope. */
export interface WorldEvent {
  readonly key: string;
  readonly payload: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Agent {
  readonly id: string;
  x: number;
  y: number;
  energy: number;
}

/** All that there is of a world: a snapshot is this as JSON. */
export interface WorldState {
  readonly seed: string;
  tick: number;
  /** Of the generator: 32 bits. */
  random: number;
  readonly agents: Agent[];
}

/** Every so many ticks each agent sees something. */
const OBSERVED_EVERY_TICKS = 5;

/** A small world in which agents wander: the same seed, the same events. */
export class World {
  readonly state: WorldState;

  constructor(state: WorldState) {
    this.state = state;
  }

  static begin(seed: bigint, agents: number): World {
    const random = Number(BigInt.asUintN(32, seed ^ (seed >> 32n)));
    const world = new World({ seed: String(seed), tick: 0, random, agents: [] });
    for (let nth = 0; nth < agents; nth += 1) world.inject();
    return world;
  }

  /** What it looks like, with the time in it, as in the payloads of real simulations. */
  picture(timestampNs: bigint): WorldEvent {
    const { tick, agents } = this.state;
    const payload = Buffer.from(JSON.stringify({ timestamp_ns: String(timestampNs), tick, agents }));
    return { key: 'sim.world_state.v1', payload, attributes: { tick: String(tick) } };
  }

  /** One tick. @returns what happened in it */
  advance(timestampNs: bigint): WorldEvent[] {
    this.state.tick += 1;
    for (const agent of this.state.agents) {
      agent.x += this.#random() - 0.5;
      agent.y += this.#random() - 0.5;
      agent.energy -= this.#random() / 100;
    }
    const seen = this.state.tick % OBSERVED_EVERY_TICKS === 0 ? this.state.agents : [];
    return [this.picture(timestampNs), ...seen.map((agent) => this.#observation(agent))];
  }

  inject(): void {
    const { agents } = this.state;
    agents.push({ id: `a${agents.length + 1}`, x: this.#random(), y: this.#random(), energy: 1 });
  }

  /** @returns whether there is such an agent */
  act(agentId: string): boolean {
    const agent = this.state.agents.find(({ id }) => id === agentId);
    if (agent === undefined) return false;
    agent.energy += 0.1;
    return true;
  }

  #observation({ id, x, y, energy }: Agent): WorldEvent {
    const payload = Buffer.alloc(12);
    for (const [nth, value] of [x, y, energy].entries()) payload.writeFloatLE(value, nth * 4);
    return { key: 'sim.agent_observation.v1', payload, attributes: { agent_id: id, tick: String(this.state.tick) } };
  }

  /** Mulberry32: from 0 to 1, without 1. */
  #random(): number {
    this.state.random = (this.state.random + 0x6d2b79f5) >>> 0;
    let mixed = this.state.random;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
