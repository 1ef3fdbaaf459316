import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Behaviour } from './behaviour/behaviour.ts';
import type { Configuration } from './configuration.ts';
import type { Envelopes } from './envelopes.ts';
import type { Environment } from './environment.ts';
import type { Outbox } from './outbox.ts';
import { Ticking } from './ticking.ts';
import { World, type WorldEvent, type WorldState } from './world.ts';

export interface SimulationParts {
  readonly environment: Environment;
  readonly behaviour: Behaviour;
  readonly envelopes: Envelopes;
  readonly outbox: Outbox;
}

/** The world, its pace, and what is reported of it. */
export class Simulation {
  readonly ticking: Ticking;
  /** What happens now is not reported. */
  losesEvents = false;
  readonly #parts: SimulationParts;
  #configuration: Configuration;
  #world: World;
  readonly #isRestored: boolean;

  constructor(parts: SimulationParts, configuration: Configuration) {
    const { environment, behaviour, outbox } = parts;
    this.#parts = parts;
    this.#configuration = configuration;
    const restored = readSnapshot(environment, behaviour);
    this.#isRestored = restored !== undefined;
    const seed = environment.seed ?? randomBytes(8).readBigUInt64BE();
    this.#world = restored === undefined ? World.begin(seed, configuration.agents) : new World(restored);
    const tick = (how: 'made' | 'lost') => this.#tick(how);
    this.ticking = new Ticking({ room: () => outbox.room(), tick }, configuration.ticksPerSecond);
  }

  get tick(): number {
    return this.#world.state.tick;
  }

  begin(state: 'RUNNING' | 'PAUSED'): void {
    if (!this.#isRestored) this.#showWorld();
    this.ticking.goInto(state);
  }

  /** At tick 0, in the same state. Absent: as before. */
  reset(seed: bigint | undefined, configuration: Configuration | undefined): void {
    const { behaviour, envelopes } = this.#parts;
    this.#configuration = configuration ?? this.#configuration;
    const asked = seed ?? BigInt(this.#world.state.seed);
    this.#world = World.begin(behaviour.seedOfReset(asked), this.#configuration.agents);
    if (configuration !== undefined) this.ticking.ticksPerSecond = configuration.ticksPerSecond;
    envelopes.reset();
    this.#showWorld();
  }

  inject(): void {
    this.#world.inject();
  }

  act(agentId: string): boolean {
    return this.#world.act(agentId);
  }

  /** @returns what the acknowledgement calls it */
  writeSnapshot(name: string): string {
    const { environment, behaviour } = this.#parts;
    behaviour.writeSnapshot(join(environment.snapshotDir ?? '.', name), JSON.stringify(this.#world.state));
    return behaviour.snapshotRef(name);
  }

  #tick(how: 'made' | 'lost'): void {
    const { behaviour } = this.#parts;
    const timestampNs = behaviour.timestampNs();
    const events = behaviour.happened(this.#world.advance(timestampNs), this.tick);
    const isLost = how === 'lost' || this.losesEvents;
    this.#report(events, timestampNs, isLost);
  }

  #showWorld(): void {
    const timestampNs = this.#parts.behaviour.timestampNs();
    this.#report([this.#world.picture(timestampNs)], timestampNs);
  }

  #report(events: readonly WorldEvent[], timestampNs: bigint, isLost = false): void {
    const { envelopes, outbox } = this.#parts;
    const made = events.map((event) => envelopes.ofWorld(event, timestampNs));
    if (!isLost) for (const event of made) outbox.add(event);
  }
}

function readSnapshot({ restoreFile }: Environment, behaviour: Behaviour): WorldState | undefined {
  if (restoreFile === undefined) return undefined;
  return behaviour.restored(JSON.parse(readFileSync(restoreFile, 'utf8')));
}
