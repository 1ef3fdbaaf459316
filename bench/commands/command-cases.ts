import type { LatencyCase } from '../cases.ts';
import { perEvent } from '../ceilings/ceiling-run.ts';
import type { MeasuredLatencies } from '../figures.ts';
import { ADAPTERS, type Adapter, type Stage } from '../stage.ts';
import { latenciesOf } from '../support/latencies.ts';
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
/** What the worker reports meanwhile. */
const TRAFFIC = [
  { name: 'idle', events_per_second: 0 },
  { name: 'flowing', events_per_second: 20_000, key: 'bench.unlogged.v1' },
  { name: 'flowing-logged', events_per_second: 20_000, key: 'bench.logged.v1' },
] as const;

type Traffic = Omit<(typeof TRAFFIC)[number], 'name'>;

/** ControlSimulation until the worker has acknowledged, as a client sees it; idle, and with events flowing meanwhile. */
export const commandCases: readonly LatencyCase[] = PATHS.flatMap((path) =>
  TRAFFIC.map(
    ({ name, ...traffic }): LatencyCase => ({
      kind: 'latency',
      name: `command/${path.name}/${name}`,
      ceilings: ['ceiling/nats-request', 'ceiling/grpc-request'],
      run: async (stage) => ({ '': await runCommands(stage, path, traffic) }),
    }),
  ),
);

async function runCommands(stage: Stage, { adapter, workerType }: Path, traffic: Traffic): Promise<MeasuredLatencies> {
  const { client, cpuSeconds } = await stage.daemon(adapter);
  const id = await client.start({
    workerType,
    configBlob: Buffer.from(JSON.stringify(traffic)),
    configContentType: 'application/json',
  });
  let paused = false;
  const cpuBefore = await cpuSeconds();
  const samples = await sampleMs(COMMANDS, async () => {
    await client.control(id, paused ? { resume: {} } : { pause: {} });
    paused = !paused;
  });
  const cpu = (await cpuSeconds()) - cpuBefore;
  await client.control(id, { stop: {} });
  const isIdle = traffic.events_per_second === 0;
  return { ...latenciesOf(samples), ...(isIdle && { daemonCpuMicros: perEvent(cpu, samples.length) }) };
}
