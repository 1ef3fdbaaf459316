import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import type { ChildDaemon } from '../../support/daemon/child-daemon.ts';
import { until } from '../../support/daemon/until.ts';
import type { FakeWorkerScript } from '../../support/fake-worker/script.ts';
import type { Witness } from './witness.ts';

const FISH = 6;
const FAKES = 6;
const PLAIN = 4;

/** At a pace that a subscriber on a busy machine keeps up with: what is not logged is delivered at most once. */
const EVENTS_PER_SECOND = 1_000;
const OF_EACH_KEY = 4_500;

const recipes = (prefix: string, count = OF_EACH_KEY) => [
  { key: 'fake.logged.v1', count, prefix: `${prefix}-logged`, payload_bytes: 64 },
  { key: 'fake.quiet.v1', count, prefix: `${prefix}-quiet`, payload_bytes: 32, whole: true },
  { key: 'sim.agent_observation.v1', count, prefix: `${prefix}-seen`, attributes: { agent_id: `agent-${prefix}` } },
];

/** Twenty runs of three worker types, and what each of the fake ones reports. */
export class Ensemble {
  readonly scripts = new Map<string, FakeWorkerScript>();
  readonly fish = Array.from({ length: FISH }, (_, at) => `fish-${at}`);
  readonly plain = Array.from({ length: PLAIN }, (_, at) => `plain-${at}`);
  /** Gets the commands. */
  readonly commanded = { fish: 'fish-0', fake: 'fake-commanded' };
  /** These two use the same event ids. */
  readonly twins = ['fake-twin-a', 'fake-twin-b'] as const;
  readonly victim = 'fake-victim';
  readonly #daemon: ChildDaemon;
  readonly #witness: Witness;

  constructor(daemon: ChildDaemon, witness: Witness) {
    this.#daemon = daemon;
    this.#witness = witness;
    const pace = { events_per_second: EVENTS_PER_SECOND, batch_size: 60 };
    for (let at = 0; at < FAKES; at += 1) {
      const report = at === 0 ? 'stream' : 'batches';
      this.scripts.set(`fake-${at}`, { ...pace, report, events: recipes(`${at}`), at_end: 'exit' });
    }
    for (const id of this.twins) this.scripts.set(id, { ...pace, events: recipes('twin', 1_000) });
    this.scripts.set(this.victim, { events: recipes('victim', 1_000_000), events_per_second: 300, batch_size: 30 });
    this.scripts.set(this.commanded.fake, { echo: true });
  }

  get ids(): string[] {
    return [...this.fish, ...this.scripts.keys(), ...this.plain];
  }

  /** All of them at once; those that can be held are PAUSED. */
  async start(): Promise<void> {
    const { client } = this.#daemon;
    for (const id of this.ids) await this.#witness.expect(id);
    for (const id of this.plain) await client.start({ simulationId: id, workerType: 'plain' });
    for (const [id, script] of this.scripts) {
      const config = plainToStruct({ ...script });
      await client.start({ simulationId: id, workerType: 'fake', config, startPaused: true, labels: { kind: 'fake' } });
    }
    for (const [at, id] of this.fish.entries()) {
      const isCommanded = id === this.commanded.fish;
      const school = { fish: 8, max_fish: 10, ticks: isCommanded ? 0 : 200, ticks_per_second: isCommanded ? 5 : 30 };
      const config = plainToStruct(school);
      await client.start({ simulationId: id, workerType: 'fish', config, startPaused: true, seed: String(at) });
    }
    for (const id of this.ids) await client.untilState(id, 'PAUSED', 'RUNNING');
  }

  async resume(): Promise<void> {
    const held = [...this.fish, ...this.scripts.keys()];
    await Promise.all(held.map((id) => this.#daemon.client.control(id, { resume: {} })));
  }

  /** Those that end by themselves have, and the twins have reported all of theirs. */
  async finished(): Promise<void> {
    const { client } = this.#daemon;
    const ending = this.ids.filter(
      (id) => /^fake-\d/.test(id) || (id.startsWith('fish') && id !== this.commanded.fish),
    );
    for (const id of ending) {
      await until(
        `${id} completes`,
        async () => (await client.get(id)).state === 'SIMULATION_STATE_COMPLETED',
        120_000,
      );
    }
    for (const id of this.twins) {
      await until(`${id} has reported all`, async () => (await client.get(id)).eventsReceived === '3000', 60_000);
    }
  }
}
