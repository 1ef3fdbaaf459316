import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import { fishType } from '../../e2e/runs/worker-types.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { workerProcess } from '../../support/daemon/processes.ts';

const SCHOOLS = 50;
const ROUNDS = 1_000;
const KILLED = 17;
const KILLED_IN = 500;

const ids = Array.from({ length: SCHOOLS }, (_, at) => `school-${at}`);
const victim = ids[KILLED] ?? '';
/** As little of a simulation as there can be: what is measured is the round. */
const config = plainToStruct({ fish: 0, food: 0, observations_every: 0 });

let daemon: ChildDaemon;
beforeAll(async () => {
  daemon = await spawnDaemon({ workerTypes: [fishType({ limits: { max_workers: SCHOOLS, register_timeout: '2m' } })] });
  await Promise.all(
    ids.map((simulationId) =>
      daemon.client.start({ simulationId, workerType: 'fish', config, startPaused: true, labels: { step: 'lock' } }),
    ),
  );
  await Promise.all(ids.map((id) => daemon.client.untilState(id, 'PAUSED')));
}, 180_000);
afterAll(() => daemon?.[Symbol.asyncDispose]());

function killWorkerOf(simulationId: string): void {
  const pid = workerProcess(simulationId, daemon.folder);
  // Never a default: 0 and -1 are whole groups.
  if (pid === undefined) throw new Error(`no process of ${simulationId}`);
  process.kill(pid, 'SIGKILL');
}

const step = (request: object) =>
  daemon.client.call(clientMethods.ControlSimulations, { template: { step: {} }, ...request });

test('50 simulations go 1,000 rounds in lockstep, and one that is killed in the middle hinders no other', async () => {
  const told = new Map<number, number>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    if (round === KILLED_IN) killWorkerOf(victim);
    const { results } = await step({ simulationIds: ids });
    expect(results.map(({ simulationId }) => simulationId)).toEqual(ids);
    const [lost] = results.splice(KILLED, 1);
    told.set(lost?.code ?? -1, (told.get(lost?.code ?? -1) ?? 0) + 1);
    const behind = results.filter(
      ({ code, response }) => code !== 0 || response?.tick !== String(round) || !response.completed,
    );
    expect(behind, `round ${round}`).toEqual([]);
    if (round < KILLED_IN) expect(lost).toMatchObject({ code: 0, response: { tick: String(round) } });
  }
  expect(await daemon.client.get(victim)).toMatchObject({
    state: 'SIMULATION_STATE_FAILED',
    reason: 'WORKER_CRASHED',
    exitSignal: 'SIGKILL',
    lastTick: String(KILLED_IN - 1),
  });
  // OK before; UNAVAILABLE while it is dying; FAILED_PRECONDITION once the run is over.
  expect([...told.keys()].every((code) => [0, 14, 9].includes(code))).toBe(true);
  expect(told.get(0)).toBe(KILLED_IN - 1);
  expect(told.get(9)).toBeGreaterThan(0);
}, 180_000);

test('by labels, the next round is for those that are left', async () => {
  const { results } = await step({ labelSelector: 'step=lock' });
  expect(results.map(({ simulationId }) => simulationId).sort()).toEqual(ids.filter((id) => id !== victim).sort());
  expect(results.every(({ code, response }) => code === 0 && response?.tick === String(ROUNDS + 1))).toBe(true);
});
