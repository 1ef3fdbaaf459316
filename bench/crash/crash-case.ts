import { setImmediate } from 'node:timers/promises';
import type { LatencyCase } from '../cases.ts';
import type { Stage } from '../stage.ts';
import { latenciesOf } from '../support/latencies.ts';
import type { ShoalClient } from '../support/shoal-client.ts';
import { readEnvelopeSimulation } from './envelope-simulation.ts';

const POPULATION = 20;
const KILLS = 100;
/** On a machine that is too busy for all of them. */
const MAX_SECONDS = 60;

/** From SIGKILL of one of 20 workers to the crash event at a NATS subscriber, and to FAILED in GetSimulationStatus. */
export const crashCase: LatencyCase = {
  kind: 'latency',
  name: 'crash/nats',
  ceilings: [],
  run: async (stage: Stage) => {
    const { client } = await stage.daemon('nats');
    const { connection } = await stage.nats();
    const waiting = new Map<string, (atMs: number) => void>();
    const subscription = connection.subscribe('orchestrator.worker_crash', {
      callback: (_error, message) => waiting.get(readEnvelopeSimulation(message.data))?.(performance.now()),
    });
    await connection.flush();
    const alive = await Promise.all(Array.from({ length: POPULATION }, () => startVictim(client)));
    const toEvent: number[] = [];
    const toFailed: number[] = [];
    const deadline = performance.now() + MAX_SECONDS * 1_000;
    for (let kill = 0; kill < KILLS && performance.now() < deadline; kill += 1) {
      const victim = alive.shift();
      if (victim === undefined) break;
      const announced = new Promise<number>((resolve) => waiting.set(victim.id, resolve));
      const startedMs = performance.now();
      process.kill(victim.pid, 'SIGKILL');
      const [eventMs, failedMs] = await Promise.all([announced, untilFailed(client, victim.id)]);
      toEvent.push(eventMs - startedMs);
      toFailed.push(failedMs - startedMs);
      alive.push(await startVictim(client));
    }
    subscription.unsubscribe();
    await Promise.all(alive.map(({ id }) => demandUntouched(client, id)));
    await Promise.all(alive.map(({ id }) => client.control(id, { stop: {} })));
    return { 'to-crash-event': latenciesOf(toEvent), 'to-failed-status': latenciesOf(toFailed) };
  },
};

interface Victim {
  readonly id: string;
  readonly pid: number;
}

async function startVictim(client: ShoalClient): Promise<Victim> {
  const id = await client.start({ workerType: 'load' });
  return { id, ...(await client.ask<{ readonly pid: number }>(id, 'bench.pid')) };
}

/** Asks again and again without a pause; what it sees is late by one call at most. */
async function untilFailed(client: ShoalClient, id: string): Promise<number> {
  for (;;) {
    const { state } = await client.get(id);
    if (state === 'SIMULATION_STATE_FAILED') return performance.now();
    await setImmediate();
  }
}

async function demandUntouched(client: ShoalClient, id: string): Promise<void> {
  const { state } = await client.get(id);
  if (state !== 'SIMULATION_STATE_RUNNING') throw new Error(`${id} was not killed and is ${state}`);
}
