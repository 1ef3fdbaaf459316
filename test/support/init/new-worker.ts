import { expect } from 'vitest';
import type { DaemonClient } from '../daemon/daemon-client.ts';
import { readEnvelope, type SubscribedEvent } from '../daemon/envelopes.ts';

/** That the worker type of a project that `shoal init worker` wrote runs: it counts, obeys, and ends with 0. */
export async function expectNewWorkerRuns(client: DaemonClient, workerType: string): Promise<void> {
  const simulationId = `${workerType}-first`;
  await client.start({ workerType, simulationId, seed: '7', startPaused: true });
  await client.untilState(simulationId, 'PAUSED');
  const events = client.subscribe({ simulationId, fromBeginning: true });
  await events.live;
  const stepped = await client.control(simulationId, { step: { ticks: '3' } });
  expect(stepped).toMatchObject({ completed: true, code: 0, tick: '3', state: 'SIMULATION_STATE_PAUSED' });
  expect(await client.control(simulationId, { reset: {} })).toMatchObject({ tick: '0' });
  expect(await client.control(simulationId, { step: { ticks: '3' } })).toMatchObject({ tick: '3' });
  expect(await client.control(simulationId, { resume: {} })).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
  const seen = await events.until((messages) => afterTickZero(messages).length >= 7);
  const payloads = afterTickZero(seen);
  expect(payloads.map((payload) => JSON.parse(payload).count).slice(0, 7)).toEqual([1, 2, 3, 1, 2, 3, 4]);
  // The seed of the run counts again.
  expect(payloads.slice(3, 6)).toEqual(payloads.slice(0, 3));
  await client.control(simulationId, { stop: {} });
  expect(await client.get(simulationId)).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', exitCode: 0 });
  expect((await events.ended()).code).toBe('OK');
}

/** The payloads of its ticks, in order. The first picture of the world, at tick 0, is reported by some workers only. */
function afterTickZero(messages: readonly SubscribedEvent[]): string[] {
  const ticks = messages.map(({ bytes }) => readEnvelope(bytes));
  return ticks
    .filter(({ eventTypeKey }) => eventTypeKey === 'counter.tick.v1')
    .map(({ eventPayload }) => eventPayload.toString())
    .filter((payload) => JSON.parse(payload).count > 0);
}

/** The lines that `shoal init` printed for making the project ready: those between `cd` and `serve`. */
export function preparation(printed: string): string[] {
  const lines = printed.trim().split('\n');
  expect(lines[0]).toMatch(/^cd /);
  expect(lines.at(-2)).toMatch(/ serve --config shoal\.yaml$/);
  expect(lines.at(-1)).toMatch(/ start \S+ --id first --wait$/);
  return lines.slice(1, -2);
}
