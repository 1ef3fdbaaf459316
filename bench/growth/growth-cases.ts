import { setTimeout as delay } from 'node:timers/promises';
import { rustBinary } from '../../test/support/toolchains/cargo.ts';
import type { GrowthCase } from '../cases.ts';
import { perEvent } from '../ceilings/ceiling-run.ts';
import { Crew } from '../commands/crew.ts';
import type { GrowthRun } from '../figures.ts';
import { ADAPTERS, type Adapter } from '../stage.ts';
import { latenciesOf } from '../support/latencies.ts';
import { sampleMs } from '../support/sample.ts';
import { type ShoalDaemon, startShoal } from '../support/shoal-daemon.ts';

const SIZES = [1, 10, 100, 500] as const;
/** Of all simulations together: what changes is only among how many they are divided. */
const EVENTS_PER_SECOND = 10_000;
const SETTLING_MS = 2_000;
const MEASURED_MS = 5_000;
const STARTS = 10;
const QUESTIONS = 100;
const MEBIBYTE = 1_024 * 1_024;

/** What a daemon costs that has 1, 10, 100 or 500 simulations, all with the same events between them; each in a daemon of its own. */
export const growthCases: readonly GrowthCase[] = ADAPTERS.flatMap((adapter) =>
  SIZES.map(
    (simulations): GrowthCase => ({
      kind: 'growth',
      name: `growth/${adapter}/${simulations}`,
      ceilings: [],
      usesRust: true,
      run: async (stage) => {
        const natsUrl = adapter === 'nats' ? { natsUrl: (await stage.nats()).server.url } : {};
        await using daemon = await startShoal({ ...natsUrl, rustWorker: await rustBinary('flood-worker') });
        return await grow(daemon, adapter, simulations);
      },
    }),
  ),
);

async function grow(daemon: ShoalDaemon, adapter: Adapter, simulations: number): Promise<GrowthRun> {
  const { client } = daemon;
  const workerType = adapter === 'nats' ? 'rust-subject' : 'rust-stream';
  const emptyBytes = (await daemon.metrics())('shoal_process_resident_memory_bytes');
  await using crew = await Crew.start(client, {
    workerType,
    size: simulations,
    eventsPerSecond: Math.round(EVENTS_PER_SECOND / simulations),
  });
  await delay(SETTLING_MS);
  const before = await daemon.metrics();
  const receivedBefore = await receivedBy(daemon, crew.ids);
  await delay(MEASURED_MS);
  const after = await daemon.metrics();
  const events = (await receivedBy(daemon, crew.ids)) - receivedBefore;
  const cpuSeconds = after('shoal_process_cpu_seconds_total') - before('shoal_process_cpu_seconds_total');
  const residentBytes = after('shoal_process_resident_memory_bytes');
  const starts: number[] = [];
  for (let nth = 0; nth < STARTS; nth += 1) {
    const startedMs = performance.now();
    const id = await client.start({ workerType, config: null }, { pollMs: 1 });
    starts.push(performance.now() - startedMs);
    await client.control(id, { stop: {} });
  }
  const [id = ''] = crew.ids;
  return {
    simulations,
    eventsPerSecond: events / (MEASURED_MS / 1_000),
    cpuMicros: perEvent(cpuSeconds, events),
    residentMib: residentBytes / MEBIBYTE,
    kibPerSimulation: (residentBytes - emptyBytes) / 1_024 / simulations,
    loopLagP99Ms: after('shoal_nodejs_eventloop_lag_p99_seconds') * 1_000,
    startMs: latenciesOf(starts).p50,
    listMs: latenciesOf(await sampleMs(QUESTIONS, () => client.list())).p50,
    statusMs: latenciesOf(await sampleMs(QUESTIONS, () => client.get(id))).p50,
  };
}

async function receivedBy({ client }: ShoalDaemon, ids: readonly string[]): Promise<number> {
  const records = await Promise.all(ids.map((id) => client.get(id)));
  return records.reduce((sum, { eventsReceived }) => sum + Number(eventsReceived), 0);
}
