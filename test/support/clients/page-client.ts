import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { DaemonClient } from '../daemon/daemon-client.ts';
import type { Finished } from '../run-program.ts';

export const PAGE = 'docs/clients.md';

/**
 * That a client does what the page says of all of them: it starts, sees an event, pauses; and tells the reason when the
 * id is taken.
 *
 * @param run the client, with the id of a simulation as its argument
 */
export async function expectClientOfThePage(
  client: DaemonClient,
  simulationId: string,
  run: (simulationId: string) => Promise<Finished>,
): Promise<void> {
  const { exitCode, stdout, stderr } = await run(simulationId);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const { state, lastTick, seed } = await client.get(simulationId);
  expect({ state, seed }).toEqual({ state: 'SIMULATION_STATE_PAUSED', seed: '7' });
  const [started, first, paused] = stdout.trim().split('\n');
  expect(started).toBe(`started ${simulationId}`);
  expect(first).toMatch(/^first event: sim\.\w+\.v1$/);
  expect(paused).toBe(`paused at tick ${lastTick}`);
  const again = await run(simulationId);
  const told = `SIMULATION_EXISTS: simulation_id: there is a simulation ${simulationId} already`;
  expect(again).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(told) });
}

/** The lines of the page that begin with a program, for the daemon at an address. */
export async function linesOfThePage(program: string, address: string): Promise<string[]> {
  const lines = (await readFile(PAGE, 'utf8')).split('\n').filter((line) => line.startsWith(`${program} `));
  return lines.map((line) => line.replace('127.0.0.1:50050', address));
}
