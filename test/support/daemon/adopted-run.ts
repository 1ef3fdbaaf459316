import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { daemonLives } from '../../e2e/recovery/daemon-lives.ts';
import { runProgram } from '../run-program.ts';
import { until } from './until.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Kills the daemon of a run and starts another: the worker goes on in the same incarnation, and its log is complete. */
export async function expectToGoOnWhenAdopted(workerType: { readonly name: string }): Promise<void> {
  await using lives = await daemonLives([{ ...workerType, orphans: 'adopt' }]);
  const id = 'kept';
  const first = await lives.start();
  await first.client.start({ simulationId: id, workerType: workerType.name, seed: '3' });
  await until('events are logged', async () => Number((await first.client.get(id)).eventsLogged) > 100);
  const { workerId, lastTick } = await first.client.get(id);
  await lives.kill();

  const second = await lives.start();
  await until('it goes on', async () => Number((await second.client.get(id)).lastTick) > Number(lastTick) + 5);
  expect(await second.client.get(id)).toMatchObject({ workerId, incarnation: 1, state: 'SIMULATION_STATE_RUNNING' });
  await second.client.control(id, { stop: {} });
  expect(await second.client.untilState(id, 'STOPPED')).toMatchObject({ exitCode: 0 });
  const args = ['-C', 'source', 'src/main.ts', 'verify', id, '--address', second.addresses.clients];
  const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, { cwd: ROOT });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`${id}: COMPLETE: `);
}
