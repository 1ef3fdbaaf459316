import type { LatencyCase } from '../cases.ts';
import { ADAPTERS, type Adapter, type Stage } from '../stage.ts';
import { type Latencies, latenciesOf } from '../support/latencies.ts';
import { sampleMs } from '../support/sample.ts';

interface Path {
  readonly adapter: Adapter;
  readonly workerType: 'obeys-stream' | 'obeys-subject';
  readonly name: string;
}

const PATHS: readonly Path[] = [
  ...ADAPTERS.map((adapter): Path => ({ adapter, workerType: 'obeys-stream', name: `${adapter}/receive-commands` })),
  { adapter: 'nats', workerType: 'obeys-subject', name: 'nats/subject' },
];
const COMMANDS = 1_000;
const FLOWING_PER_SECOND = 20_000;

/** ControlSimulation until the worker has acknowledged, as a client sees it; idle, and with events flowing meanwhile. */
export const commandCases: readonly LatencyCase[] = PATHS.flatMap((path) =>
  [0, FLOWING_PER_SECOND].map(
    (eventsPerSecond): LatencyCase => ({
      kind: 'latency',
      name: `command/${path.name}/${eventsPerSecond === 0 ? 'idle' : 'flowing'}`,
      ceilings: ['ceiling/nats-request'],
      run: async (stage) => ({ '': await runCommands(stage, path, eventsPerSecond) }),
    }),
  ),
);

async function runCommands(stage: Stage, { adapter, workerType }: Path, eventsPerSecond: number): Promise<Latencies> {
  const { client } = await stage.daemon(adapter);
  const id = await client.start({
    workerType,
    configBlob: Buffer.from(JSON.stringify({ events_per_second: eventsPerSecond })),
    configContentType: 'application/json',
  });
  let paused = false;
  const samples = await sampleMs(COMMANDS, async () => {
    await client.control(id, paused ? { resume: {} } : { pause: {} });
    paused = !paused;
  });
  await client.control(id, { stop: {} });
  return latenciesOf(samples);
}
