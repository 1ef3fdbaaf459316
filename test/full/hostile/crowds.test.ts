import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startFake } from '../../e2e/runs/fake-runs.ts';
import { fakeType, plainType } from '../../e2e/runs/worker-types.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { clientMethods, DaemonClient } from '../../support/daemon/daemon-client.ts';
import { processesMentioning } from '../../support/daemon/processes.ts';
import { until } from '../../support/daemon/until.ts';

const MIB = 1024 * 1024;
const LOGGED = 'fake.logged.v1';
const MAX_SIMULATIONS = 40;
/** What a crowd may leave behind when the garbage has been collected: its connections, code that was compiled, records. */
const LEFT_BEHIND_BYTES = 30 * MIB;
/** While it is there. */
const HELD_BYTES = 300 * MIB;

let daemon: ChildDaemon;
beforeAll(async () => {
  const limits = { max_workers: 1_000 };
  daemon = await spawnDaemon({
    workerTypes: [fakeType({ limits: { ...limits, register_timeout: '60s' } }), plainType({ limits })],
    limits: { max_simulations: MAX_SIMULATIONS },
  });
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

function clients(count: number): DaemonClient[] {
  const made = Array.from({ length: count }, () => new DaemonClient(daemon.addresses.clients));
  onTestFinished(() => {
    for (const each of made) each.close();
  });
  return made;
}

/** How many calls ended with each status. */
async function outcomes(calls: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(calls)) {
    const name = result.status === 'fulfilled' ? 'OK' : (status[(result.reason as { code: number }).code] ?? 'none');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/**
 * What the daemon holds, in bytes: its heap and what lies outside of it. Without a collection before, V8 was seen to keep
 * 200 MiB of released buffers for a minute, as nothing asked for memory. What the system keeps for it is no measure.
 */
async function memory(): Promise<number> {
  await daemon.collectGarbage();
  const metrics = await daemon.metrics();
  const figure = (name: string) => Number(new RegExp(`^shoal_nodejs_${name}_bytes (\\S+)$`, 'm').exec(metrics)?.[1]);
  return figure('heap_size_used') + figure('external_memory');
}

/** @throws Error with the reason when it does not complete */
async function untilOver(simulationId: string): Promise<void> {
  const { state, message } = await until(
    `${simulationId} is over`,
    async () => {
      const simulation = await daemon.client.get(simulationId);
      return ['COMPLETED', 'FAILED', 'STOPPED'].some((state) => simulation.state.endsWith(state))
        ? simulation
        : undefined;
    },
    120_000,
  );
  if (state !== 'SIMULATION_STATE_COMPLETED') throw new Error(`${simulationId} is ${state}: ${message}`);
}

/** The daemon answers, holds little more than before, and nothing went wrong in it. */
async function isWell(before: number): Promise<void> {
  await daemon.client.info();
  await until('the memory is what it was', async () => (await memory()) - before < LEFT_BEHIND_BYTES, 60_000);
  expect(daemon.log.filter(({ msg }) => msg === 'uncaught error' || msg === 'call failed')).toEqual([]);
}

test('10,000 calls at once, over 50 connections, are all answered', async () => {
  const before = await memory();
  const crowd = clients(50);
  const calls = Array.from({ length: 10_000 }, (_, at) => {
    const client = crowd[at % crowd.length] as DaemonClient;
    return client.call(clientMethods.ListSimulations, {}, { deadlineMs: 120_000 });
  });
  expect(await outcomes(calls)).toEqual({ OK: 10_000 });
  await isWell(before);
});

test('5,000 starts at once: as many as there is room for are recorded and launched, the others leave nothing', async () => {
  const before = await memory();
  const crowd = clients(20);
  const calls = Array.from({ length: 5_000 }, (_, at) => {
    const client = crowd[at % crowd.length] as DaemonClient;
    return client.call(clientMethods.StartSimulation, { workerType: 'plain' }, { deadlineMs: 120_000 });
  });
  expect(await outcomes(calls)).toEqual({ OK: MAX_SIMULATIONS, RESOURCE_EXHAUSTED: 5_000 - MAX_SIMULATIONS });
  const { simulations } = await daemon.client.list({ pageSize: 1_000 });
  expect(simulations).toHaveLength(MAX_SIMULATIONS);
  for (const { simulationId } of simulations) await daemon.client.untilState(simulationId, 'RUNNING');
  expect(processesMentioning(daemon.folder)).toHaveLength(MAX_SIMULATIONS);
  const running = new Set(simulations.map(({ simulationId }) => simulationId));
  const workers = new Set((await daemon.client.list({ pageSize: 1_000 })).simulations.map(({ workerId }) => workerId));
  const folders = (await readdir(join(daemon.folder, 'data', 'run'))).filter((name) => name.startsWith('w-'));
  expect(folders.filter((name) => !workers.has(name))).toEqual([]);
  await Promise.all([...running].map((id) => daemon.client.control(id, { stop: { force: true } })));
  await until('no process is left', () => processesMentioning(daemon.folder).length === 0);
  await isWell(before);
});

test('1,000 streams at once each get every event', async () => {
  const before = await memory();
  const simulationId = 'watched';
  const crowd = clients(10);
  const streams = Array.from({ length: 1_000 }, (_, at) => {
    return (crowd[at % crowd.length] as DaemonClient).subscribe({ simulationId, eventTypeKeys: [LOGGED] });
  });
  await Promise.all(streams.map((stream) => stream.live));
  const events = [{ key: LOGGED, count: 50, prefix: 'e' }];
  await startFake(daemon.client, { events, events_per_second: 20, at_end: 'exit' }, { simulationId });
  await untilOver(simulationId);
  await Promise.all(
    streams.map(async (stream) => {
      expect(await stream.ended()).toMatchObject({ code: 'OK' });
      expect(stream.messages).toHaveLength(50);
    }),
  );
  await isWell(before);
});

describe('subscribers who never read', () => {
  test.each([1, 50])('%d of them hold up neither the worker, nor another subscriber, nor the memory', async (count) => {
    const before = await memory();
    const simulationId = `flood-${count}`;
    const idle = clients(count).map((client) => client.subscribe({ simulationId, fromBeginning: true }));
    await Promise.all(idle.map((stream) => stream.live));
    for (const stream of idle) stream.pause();
    const reader = daemon.client.subscribe({ simulationId, fromBeginning: true, eventTypeKeys: [LOGGED] });
    const events = [
      { key: LOGGED, count: 10_000, prefix: 'l', payload_bytes: 4_000 },
      { key: 'fake.quiet.v1', count: 10_000, prefix: 'q', payload_bytes: 4_000 },
    ];
    await startFake(daemon.client, { events, events_per_second: 4_000, at_end: 'exit' }, { simulationId });
    await untilOver(simulationId);
    expect(await reader.ended()).toMatchObject({ code: 'OK' });
    expect(reader.messages).toHaveLength(10_000);
    expect((await memory()) - before).toBeLessThan(HELD_BYTES);
    for (const stream of idle) stream.cancel();
    await isWell(before);
  });
});
