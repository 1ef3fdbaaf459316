import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteBuffer } from 'flatbuffers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WorldStateUpdate } from '../../../examples/fish-school/generated/world-state-update.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { type ConfigFolder, writeConfig } from '../../support/daemon/daemon-config.ts';
import { workerProcess } from '../../support/daemon/processes.ts';
import { rustBinary } from '../../support/toolchains/cargo.ts';
import { essence, logged, observationOf, ofTick, rustFishType } from './fish-runs.ts';

const { AgentAction } = loadProtos().tree.fes.simulation.agent;
const BUILD_TIMEOUT_MS = 900_000;

let daemon: ChildDaemon;
let scratch: ConfigFolder;
let snapshot: string;
beforeAll(async () => {
  const program = await rustBinary('fish-worker');
  scratch = await writeConfig({});
  snapshot = join(scratch.folder, 'snapshot.json');
  const restored = rustFishType(program, { name: 'restored', env: { SHOAL_RESTORE_FILE: snapshot } });
  daemon = await spawnDaemon({ workerTypes: [rustFishType(program, { name: 'rust-fish' }), restored] });
}, BUILD_TIMEOUT_MS);
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

async function startPaused(simulationId: string, settings: object = {}, workerType = 'rust-fish'): Promise<void> {
  const config = plainToStruct({ fish: 6, controlled: 2, ...settings });
  await daemon.client.start({ simulationId, workerType, seed: '7', startPaused: true, config });
  await daemon.client.untilState(simulationId, 'PAUSED');
}

const step = (simulationId: string, ticks: number) => daemon.client.control(simulationId, { step: { ticks } });

test('reports the world and what each fish sees of tick 0 before it is asked for a tick', async () => {
  await startPaused('first');
  const events = daemon.client.subscribe({ simulationId: 'first', fromBeginning: true });
  await events.count(7);
  events.cancel();
  const seen = await logged(daemon.client, 'first');
  expect(seen.every(ofTick(0))).toBe(true);
  expect(seen.map(({ eventTypeKey }) => eventTypeKey)).toEqual([
    'sim.world_state.v1',
    ...Array.from({ length: 6 }, () => 'sim.agent_observation.v1'),
  ]);
  expect(observationOf(seen, 'agent-1', 0)).toMatchObject({ currentEnergy: 60, currentAgeTicks: '0' });
});

test('a step is exactly so many ticks, and each world can be read by the code generated from the schema', async () => {
  await startPaused('stepped');
  expect(await step('stepped', 5)).toMatchObject({ completed: true, tick: '5', code: 0 });
  const states = (await logged(daemon.client, 'stepped')).filter((it) => it.eventTypeKey === 'sim.world_state.v1');
  expect(states).toHaveLength(6);
  for (const [tick, { eventPayload, timestampNs }] of states.entries()) {
    const state = WorldStateUpdate.getRootAsWorldStateUpdate(new ByteBuffer(eventPayload));
    expect(state.currentTick()).toBe(BigInt(tick));
    expect(state.simulationId()).toBe('stepped');
    expect(state.timestampNs()).toBe(BigInt(timestampNs));
    expect(state.foodPelletsLength()).toBeGreaterThan(30);
    const ids = Array.from({ length: state.agentsLength() }, (_, at) => state.agents(at)?.id());
    expect(ids).toEqual(['agent-0', 'agent-1', 'fish-000001', 'fish-000002', 'fish-000003', 'fish-000004']);
  }
});

test('the same seed gives the same events after a reset, and another seed others', async () => {
  await startPaused('again');
  await step('again', 20);
  const begun = await logged(daemon.client, 'again');
  for (const seed of ['7', '8']) {
    expect(await daemon.client.control('again', { reset: { seed } })).toMatchObject({ completed: true, tick: '0' });
    await step('again', 20);
  }
  const after = (await logged(daemon.client, 'again')).slice(begun.length);
  expect(after.slice(0, begun.length).map(essence)).toEqual(begun.map(essence));
  expect(after.slice(begun.length).map(essence)).not.toEqual(begun.map(essence));
  expect(new Set([...begun, ...after].map(({ eventId }) => eventId)).size).toBe(begun.length + after.length);
});

test('a run that is restored from a snapshot goes on as the first one did', async () => {
  await startPaused('saved');
  await step('saved', 30);
  expect(await daemon.client.control('saved', { snapshot: { name: 'thirty' } })).toMatchObject({ code: 0, tick: '30' });
  const files = (await readdir(daemon.folder, { recursive: true })).filter((file) => file.includes('thirty'));
  expect(files.map((file) => file.endsWith('/thirty.json'))).toEqual([true]);
  await copyFile(join(daemon.folder, files[0] ?? ''), snapshot);
  await startPaused('restored', {}, 'restored');
  expect(await step('restored', 20)).toMatchObject({ tick: '50' });
  expect(await step('saved', 20)).toMatchObject({ tick: '50' });
  const later = (await logged(daemon.client, 'saved')).filter(({ attributes }) => Number(attributes['tick']) > 30);
  expect((await logged(daemon.client, 'restored')).map(essence)).toEqual(later.map(essence));
});

test('an action moves a controlled fish, which else stands still', async () => {
  await startPaused('steered');
  const action = AgentAction.serialize({ moveDelta: 1, turnDeltaDegrees: 30 });
  const act = (agentId: string) => daemon.client.control('steered', { agentAction: { agentId, action } });
  expect(await act('agent-0')).toMatchObject({ completed: true, code: 0 });
  await step('steered', 2);
  const events = await logged(daemon.client, 'steered');
  const [before, after, later] = [0, 1, 2].map((tick) => observationOf(events, 'agent-0', tick));
  const way = Math.hypot((after?.posX ?? 0) - (before?.posX ?? 0), (after?.posY ?? 0) - (before?.posY ?? 0));
  expect(way).toBeCloseTo(1, 4);
  expect((after?.orientationDegrees ?? 0) - (before?.orientationDegrees ?? 0)).toBeCloseTo(30, 3);
  expect([later?.posX, later?.posY]).toEqual([after?.posX, after?.posY]);
  const other = [0, 1].map((tick) => observationOf(events, 'agent-1', tick));
  expect(other[1]?.posX).toBe(other[0]?.posX);
  expect(await act('agent-9')).toMatchObject({ completed: true, code: 5, message: 'there is no fish agent-9' });
});

test('a configuration is refused before the run begins, with all that is wrong with it', async () => {
  const config = plainToStruct({ fsh: 3, fish: -1, controlled: 99 });
  await daemon.client.start({ simulationId: 'misspelt', workerType: 'rust-fish', config });
  const { message, exitCode } = await daemon.client.untilState('misspelt', 'FAILED');
  expect(exitCode).toBe(78);
  for (const part of ['fsh: not known', 'fish is -1', 'controlled is 99']) expect(message).toContain(part);
});

test('SIGTERM ends it with 143, and what it reported before is there', async () => {
  await startPaused('ended');
  await step('ended', 3);
  const pid = workerProcess('ended', daemon.folder);
  if (pid === undefined) throw new Error('the worker is not there');
  process.kill(pid, 'SIGTERM');
  expect(await daemon.client.untilState('ended', 'FAILED')).toMatchObject({ exitCode: 143, lastTick: '3' });
  expect((await logged(daemon.client, 'ended')).some(ofTick(3))).toBe(true);
});

test('a run of so many ticks is complete after them, at full speed', async () => {
  const config = plainToStruct({ fish: 200, max_fish: 200, ticks: 3_000, ticks_per_second: 0, observations_every: 0 });
  await daemon.client.start({ simulationId: 'fast', workerType: 'rust-fish', seed: '1', config });
  expect(await daemon.client.untilState('fast', 'COMPLETED')).toMatchObject({ lastTick: '3000', exitCode: 0 });
  const states = (await logged(daemon.client, 'fast')).filter((it) => it.eventTypeKey === 'sim.world_state.v1');
  expect(states.map(({ attributes }) => Number(attributes['tick']))).toEqual(
    Array.from({ length: 3_001 }, (_, at) => at),
  );
});
