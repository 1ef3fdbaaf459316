import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { loadProtos } from '../../src/adapters/grpc/proto-loading.ts';
import type { RateCase } from '../cases.ts';
import { perEvent } from '../ceilings/ceiling-run.ts';
import type { RateRun } from '../figures.ts';
import { ADAPTERS, type Adapter, type Stage } from '../stage.ts';
import { endChild, startNode } from '../support/child.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import type { CrowdCount } from './crowd.ts';
import { SUBSCRIBERS } from './subscribers.ts';

const KEY = 'bench.unlogged.v1';

const { SubscribeToEvents } = loadProtos().tree.fes.orchestration.v1.OrchestratorClientService.service;

/** Events that reach subscribers, while a worker reports more than can: what each of them misses must be told exactly. */
export const fanoutCases: readonly RateCase[] = ADAPTERS.flatMap((adapter) =>
  SUBSCRIBERS.map(
    (subscribers): RateCase => ({
      kind: 'rate',
      name: `fanout/${adapter}/${subscribers}`,
      ceilings: [`ceiling/grpc-fanout-${subscribers}`],
      run: (stage, seconds) => runFanout(stage, adapter, subscribers, seconds),
    }),
  ),
);

async function runFanout(stage: Stage, adapter: Adapter, subscribers: number, seconds: number): Promise<RateRun> {
  const { client, cpuSeconds } = await stage.daemon(adapter);
  const simulation = await stage.loadWorker(adapter, 'load');
  const request = SubscribeToEvents.requestSerialize({ simulationId: simulation, eventTypeKeys: [KEY] });
  const crowd = startNode(new URL('crowd-program.ts', import.meta.url), [
    ...['--address', client.address, '--path', SubscribeToEvents.path],
    ...['--request', request.toString('base64'), '--count', String(subscribers)],
  ]);
  const lines = createInterface(crowd.stdout as NodeJS.ReadableStream)[Symbol.asyncIterator]();
  try {
    await lines.next();
    const load = async (loadSeconds: number): Promise<CrowdCount> => {
      const order = { mode: 'batch', seconds: loadSeconds, key: KEY };
      const { sent } = await client.ask<{ readonly sent: number }>(simulation, 'bench.load', order);
      crowd.stdin?.write(`${sent}\n`);
      return JSON.parse((await lines.next()).value ?? '') as CrowdCount;
    };
    await load(seconds / 4);
    const [daemonBefore, serverBefore] = [await cpuSeconds(), await serverCpu(stage, adapter)];
    const startedMs = performance.now();
    const { delivered, unexplained, cpuSeconds: crowdSeconds } = await load(seconds);
    const elapsedSeconds = (performance.now() - startedMs) / 1_000;
    const natsServer = (await serverCpu(stage, adapter)) - serverBefore;
    return {
      perSecond: delivered / elapsedSeconds,
      events: delivered,
      lost: unexplained,
      cpuMicros: {
        receiver: perEvent((await cpuSeconds()) - daemonBefore, delivered),
        sender: perEvent(crowdSeconds, delivered),
        natsServer: Number.isNaN(natsServer) ? null : perEvent(natsServer, delivered),
      },
    };
  } finally {
    const closed = once(crowd, 'close');
    await endChild(crowd);
    await closed;
  }
}

async function serverCpu(stage: Stage, adapter: Adapter): Promise<number> {
  if (adapter === 'memory') return Number.NaN;
  return (await processCpuSeconds((await stage.nats()).server.pid)) ?? Number.NaN;
}
