import { setTimeout as delay } from 'node:timers/promises';
import { perEvent } from '../ceilings/ceiling-run.ts';
import type { RateRun } from '../figures.ts';
import type { LoadOutcome } from '../load/load-outcome.ts';
import type { LoadMode } from '../load/load-plan.ts';
import type { Adapter, LoadWorker, Stage } from '../stage.ts';
import { processCpuSeconds } from '../support/process-cpu.ts';
import type { LoadOrder } from '../workers/load-order.ts';
import { loadBy } from './worker-load.ts';

export interface IngestSettings {
  readonly adapter: Adapter;
  readonly worker: LoadWorker;
  readonly mode: LoadMode;
  readonly logged: boolean;
  readonly seconds: number;
}

/** What was published and not yet read by the server's own counter may still be on its way. */
const ARRIVAL_PATIENCE_MS = 3_000;
/** Now and then the daemon asks the server how its stream is; these are messages too. */
const OWN_QUESTIONS = 20;

/** Has a load worker report events as fast as they are taken, and compares what arrived with what it sent. */
export async function runIngest(stage: Stage, settings: IngestSettings): Promise<RateRun> {
  const { adapter, worker, mode, logged, seconds } = settings;
  const daemon = await stage.daemon(adapter);
  const simulation = await stage.loadWorker(adapter, worker);
  const order: LoadOrder = { mode, seconds, key: logged ? 'bench.logged.v1' : 'bench.unlogged.v1' };
  const before = await readCounts(stage, adapter, simulation);
  const cpuBefore = await daemon.cpuSeconds();
  const serverCpuBefore = await serverCpu(stage, adapter);
  const outcome = await loadBy(worker, daemon.client, simulation, order);
  const receiver = (await daemon.cpuSeconds()) - cpuBefore;
  const natsServer = (await serverCpu(stage, adapter)) - serverCpuBefore;
  const lost = await untilArrived(async () => {
    const after = await readCounts(stage, adapter, simulation);
    return largestDifference(outcome, logged, before, after);
  });
  if (adapter === 'nats' && logged) await (await stage.nats()).purge();
  return {
    perSecond: outcome.acknowledged / outcome.seconds,
    events: outcome.sent,
    lost,
    cpuMicros: {
      receiver: perEvent(receiver, outcome.sent),
      sender: perEvent(outcome.cpuSeconds, outcome.sent),
      natsServer: Number.isNaN(natsServer) ? null : perEvent(natsServer, outcome.sent),
    },
  };
}

/** Everyone's count of events so far. */
interface Counts {
  /** Shoal, of the simulation. */
  readonly received: number;
  readonly logged: number;
  /** The NATS server: messages that Shoal has published, and those in the stream. */
  readonly nats?: { readonly messages: number; readonly stored: number };
}

async function readCounts(stage: Stage, adapter: Adapter, simulation: string): Promise<Counts> {
  const { client } = await stage.daemon(adapter);
  const { eventsReceived, eventsLogged } = await client.get(simulation);
  const counts = { received: Number(eventsReceived), logged: Number(eventsLogged) };
  if (adapter === 'memory') return counts;
  const nats = await stage.nats();
  return { ...counts, nats: { messages: await nats.server.receivedFrom('shoal'), stored: await nats.logged() } };
}

/** 0 when all counts agree with what was sent. */
function largestDifference(outcome: LoadOutcome, logged: boolean, before: Counts, after: Counts): number {
  const { sent, acknowledged } = outcome;
  const toLog = logged ? sent : 0;
  const differences = [
    sent - acknowledged,
    sent - (after.received - before.received),
    toLog - (after.logged - before.logged),
  ];
  if (before.nats !== undefined && after.nats !== undefined) {
    const stored = after.nats.stored - before.nats.stored;
    const messages = after.nats.messages - before.nats.messages;
    const unsaid = sent + toLog - messages;
    differences.push(toLog - stored, unsaid < 0 && unsaid >= -OWN_QUESTIONS ? 0 : unsaid);
  }
  return Math.max(...differences.map(Math.abs));
}

async function untilArrived(difference: () => Promise<number>): Promise<number> {
  const deadline = performance.now() + ARRIVAL_PATIENCE_MS;
  for (;;) {
    const lost = await difference();
    if (lost === 0 || performance.now() > deadline) return lost;
    await delay(50);
  }
}

async function serverCpu(stage: Stage, adapter: Adapter): Promise<number> {
  if (adapter === 'memory') return Number.NaN;
  return (await processCpuSeconds((await stage.nats()).server.pid)) ?? Number.NaN;
}
