import { readFileSync } from 'node:fs';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from 'nats';
import { expect, onTestFailed, onTestFinished } from 'vitest';
import { startFake } from '../../e2e/runs/fake-runs.ts';
import { fakeType } from '../../e2e/runs/worker-types.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { until } from '../../support/daemon/until.ts';

const MIB = 1024 * 1024;
const PAYLOAD_BYTES = 4_000;
const SAMPLE_MS = 100;

export interface FloodOptions {
  /** Logged events of each run, and as many that are not. Default 8,000. */
  readonly events?: number;
  /** Of each run. Default: as fast as it can. */
  readonly eventsPerSecond?: number;
}

/** Three runs that report some 64 MB each over a daemon, and what is to be true of it whatever happens to NATS. */
export class Flood {
  readonly daemon: ChildDaemon;
  readonly runs = ['flood-a', 'flood-b', 'flood-c'];
  readonly events: number;
  #peakBytes = 0;
  #baseBytes = 0;

  private constructor(daemon: ChildDaemon, events: number) {
    this.daemon = daemon;
    this.events = events;
  }

  /** Returns when every run has something in the log. */
  static async start(natsUrl: string, { events = 8_000, eventsPerSecond }: FloodOptions = {}): Promise<Flood> {
    const daemon = await spawnDaemon({ natsUrl, workerTypes: [fakeType()] });
    onTestFinished(() => daemon[Symbol.asyncDispose]());
    onTestFailed(() =>
      console.log(
        daemon.log
          .slice(-40)
          .map((line) => JSON.stringify(line))
          .join('\n'),
      ),
    );
    const flood = new Flood(daemon, events);
    const sampling = setInterval(() => {
      flood.#peakBytes = Math.max(flood.#peakBytes, flood.#rssBytes());
    }, SAMPLE_MS);
    onTestFinished(() => clearInterval(sampling));
    const recipe = { count: events, payload_bytes: PAYLOAD_BYTES };
    const pace = eventsPerSecond === undefined ? {} : { events_per_second: eventsPerSecond };
    for (const simulationId of flood.runs) {
      const script = {
        events: [
          { key: 'fake.logged.v1', prefix: 'logged', ...recipe },
          { key: 'fake.quiet.v1', prefix: 'quiet', ...recipe },
        ],
        at_end: 'exit',
        ...pace,
      } as const;
      await startFake(daemon.client, script, { simulationId });
    }
    for (const id of flood.runs) await until(`${id} reports`, async () => (await flood.#logged(id)) > 200, 60_000);
    return flood;
  }

  async totalLogged(): Promise<number> {
    const figures = await Promise.all(this.runs.map((id) => this.#logged(id)));
    return figures.reduce((sum, figure) => sum + figure, 0);
  }

  /** From now on memory is measured against what there is now. */
  beginOutage(): void {
    this.#baseBytes = this.#rssBytes();
    this.#peakBytes = this.#baseBytes;
  }

  /** Workers are pushed back: none has failed, and what the daemon holds of theirs is bounded. */
  async demandHeldBack(): Promise<void> {
    for (const id of this.runs)
      expect(await this.daemon.client.get(id)).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
    expect((this.#peakBytes - this.#baseBytes) / MIB).toBeLessThan(120);
  }

  async untilReady(): Promise<void> {
    await until('it is ready again', async () => (await this.daemon.readiness()) === '200 ready', 60_000);
  }

  async untilNotReady(reason: RegExp): Promise<void> {
    await until(`it is not ready for ${reason}`, async () => reason.test(await this.daemon.readiness()));
  }

  /** All runs complete, and the log has each of their events once, in order. @param serverUrl past any proxy */
  async demandAllLogged(serverUrl: string): Promise<void> {
    for (const numbers of await this.#loggedAtTheEnd(serverUrl)) {
      expect(numbers).toEqual(Array.from({ length: this.events }, (_, at) => at));
    }
    await this.untilReady();
  }

  /** As {@link demandAllLogged}, of a log that was lost in between: all that was not acknowledged by then, and what came after. */
  async demandRestLogged(serverUrl: string): Promise<void> {
    for (const numbers of await this.#loggedAtTheEnd(serverUrl)) {
      const first = numbers[0] ?? this.events;
      expect(first).toBeGreaterThan(0);
      expect(numbers).toEqual(Array.from({ length: this.events - first }, (_, at) => first + at));
    }
    await this.untilReady();
  }

  /** The numbers of each run's logged events, in the order of the log, once all runs are complete. */
  async #loggedAtTheEnd(serverUrl: string): Promise<number[][]> {
    const isOver = async (id: string) => (await this.daemon.client.get(id)).state === 'SIMULATION_STATE_COMPLETED';
    for (const id of this.runs) await until(`${id} completes`, () => isOver(id), 150_000);
    const client = await connect({ servers: serverUrl });
    onTestFinished(() => client.close());
    const stored = await messageIds(client);
    return this.runs.map((id) => {
      const prefix = `${id}/logged-`;
      return stored.filter((each) => each.startsWith(prefix)).map((each) => Number(each.slice(prefix.length)));
    });
  }

  async metric(name: string): Promise<number> {
    const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(await this.daemon.metrics()) ?? [];
    return Number(value);
  }

  async #logged(id: string): Promise<number> {
    return Number((await this.daemon.client.get(id)).eventsLogged);
  }

  #rssBytes(): number {
    try {
      const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.daemon.pid}/status`, 'utf8')) ?? [];
      return Number(kib) * 1024;
    } catch {
      return 0;
    }
  }
}

/** Of all that is stored, in order; in pages that no server takes for too much. */
async function messageIds(client: NatsConnection): Promise<string[]> {
  const consumer = await jetstream(client).consumers.get('LOGGING_EVENTS');
  const ids: string[] = [];
  let last = 0;
  for (let pending = (await consumer.info()).num_pending; pending > 0; ) {
    for await (const message of await consumer.fetch({ max_messages: 100, expires: 5_000 })) {
      pending = message.info.pending;
      // A page that is asked for again brings what the one before had brought.
      if (message.seq <= last) continue;
      last = message.seq;
      ids.push(message.headers?.get('Nats-Msg-Id') ?? '');
    }
  }
  return ids;
}
