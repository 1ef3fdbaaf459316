import { connect } from 'nats';
import type { LatencyCase } from '../cases.ts';
import type { MeasuredLatencies } from '../figures.ts';
import type { Adapter, Stage } from '../stage.ts';
import { endChild, firstLine, startNode } from '../support/child.ts';
import { latenciesOf } from '../support/latencies.ts';
import { sampleMs } from '../support/sample.ts';
import { Crew, type CrewOptions } from './crew.ts';

interface Path {
  readonly adapter: Adapter;
  readonly workerType: CrewOptions['workerType'];
  readonly name: string;
}

const PATHS: readonly Path[] = [
  { adapter: 'memory', workerType: 'rust-stream', name: 'memory/receive-commands' },
  { adapter: 'nats', workerType: 'rust-subject', name: 'nats/subject' },
];
const SIMULATIONS = 200;
/** Of each simulation: 10,000 of all. */
const EVENTS_PER_SECOND = 50;
const COMMANDS = 1_000;
const SUBJECT = 'commands.worker.load-xxxxxxxxxxxx.control';

/**
 * ControlSimulation until the worker has acknowledged, in turn to each of many simulations, all of which report events
 * meanwhile. Over NATS a bare request and its reply take turns with it: what else the machine does then meets both.
 */
export const crowdCases: readonly LatencyCase[] = PATHS.map((path) => ({
  kind: 'latency',
  name: `command/${path.name}/${SIMULATIONS}-simulations`,
  ceilings: ['ceiling/nats-request', 'ceiling/grpc-request'],
  usesRust: true,
  run: async (stage) => runCrowd(stage, path),
}));

async function runCrowd(stage: Stage, path: Path): Promise<Record<string, MeasuredLatencies>> {
  const { client } = await stage.daemon(path.adapter);
  const { workerType } = path;
  await using crew = await Crew.start(client, { workerType, size: SIMULATIONS, eventsPerSecond: EVENTS_PER_SECOND });
  await using bare = path.adapter === 'nats' ? await bareRequests((await stage.nats()).server.url) : undefined;
  const besides: number[] = [];
  const samples: number[] = [];
  const command = commandsInTurn(crew.ids, (id, paused) => client.control(id, paused ? { resume: {} } : { pause: {} }));
  for (let turn = 0; turn < COMMANDS; turn += 1) {
    samples.push(...(await sampleMs(1, command, { warmUp: turn === 0 ? 50 : 0 })));
    if (bare !== undefined) besides.push(...(await sampleMs(1, bare.send, { warmUp: turn === 0 ? 50 : 0 })));
  }
  return {
    '': latenciesOf(samples),
    ...(bare !== undefined && { 'bare-nats-request-beside': latenciesOf(besides) }),
  };
}

/** @returns a function that pauses the next one, or resumes it when it was paused the time before */
function commandsInTurn(
  ids: readonly string[],
  command: (id: string, paused: boolean) => Promise<unknown>,
): () => Promise<unknown> {
  const paused = new Set<string>();
  let turn = 0;
  return async () => {
    const id = ids[turn % ids.length] ?? '';
    turn += 1;
    const wasPaused = paused.has(id);
    await command(id, wasPaused);
    if (wasPaused) paused.delete(id);
    else paused.add(id);
  };
}

interface BareRequests extends AsyncDisposable {
  readonly send: () => Promise<unknown>;
}

async function bareRequests(url: string): Promise<BareRequests> {
  const responder = startNode(new URL('../ceilings/nats-request.ts', import.meta.url), ['--respond', url]);
  await firstLine(responder);
  const connection = await connect({ servers: url });
  const command = Buffer.alloc(150);
  return {
    send: () => connection.request(SUBJECT, command, { timeout: 5_000 }),
    async [Symbol.asyncDispose]() {
      await connection.close();
      await endChild(responder);
    },
  };
}
