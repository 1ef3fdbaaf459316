import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/daemon/until.ts';
import { FISH, ServedShoal, script } from './served-shoal.ts';
import { shoal } from './shoal-process.ts';

let daemon: ServedShoal;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-rm-'));
  daemon = await ServedShoal.start({
    workerTypes: [FISH, script('plain', 'sleep 1000'), script('short', 'exit 0')],
    sections: { data_dir: folder },
  });
});

afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const ids = async () => (await daemon.client.list()).simulations.map(({ simulationId }) => simulationId).sort();

async function startOver(id: string, ...flags: string[]): Promise<void> {
  await daemon.done(['start', 'short', '--id', id, ...flags]);
  await daemon.client.untilState(id, 'COMPLETED', 'FAILED');
}

test('rm forgets what is over and its events, and the id is free again', async () => {
  await daemon.done(['start', 'fish', '--id', 'reef', '--wait']);
  await until('some events are logged', async () => Number((await daemon.client.get('reef')).eventsLogged) > 10);
  const refused = await daemon.shoal(['rm', 'reef', 'nobody']);
  expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toContain('rm reef: simulation reef is RUNNING; stop it first');
  expect(refused.stderr).toContain('rm nobody: there is no simulation nobody');
  expect(await daemon.done(['rm', 'reef', '--force'])).toBe('reef\n');
  expect(await ids()).toEqual([]);
  const { stderr } = await daemon.shoal(['get', 'reef']);
  expect(stderr).toContain('SIMULATION_NOT_FOUND');
  await daemon.done(['start', 'plain', '--id', 'reef']);
  await daemon.done(['stop', 'reef', '--force']);
  expect(await daemon.json(['rm', 'reef'])).toEqual({ removed: ['reef'] });
});

test('rm takes a selection of those that are over, and leaves the others', async () => {
  await startOver('a', '--label', 'set=1');
  await startOver('b', '--label', 'set=1');
  await startOver('c', '--label', 'set=2');
  await daemon.done(['start', 'plain', '--id', 'd', '--label', 'set=1']);
  expect((await daemon.done(['rm', '--label', 'set=1', '-o', 'jsonl'])).split('\n').sort()).toEqual([
    '',
    '{"simulationId":"a"}',
    '{"simulationId":"b"}',
  ]);
  expect(await ids()).toEqual(['c', 'd']);
  expect(await daemon.done(['rm', '--all'])).toBe('c\n');
  expect(await daemon.shoal(['rm', '--all'])).toMatchObject({ exitCode: 0, stdout: '', stderr: 'no simulations\n' });
  await daemon.done(['rm', 'd', '--force']);
});

test('rm wants to know which, in one way', async () => {
  for (const args of [['rm'], ['rm', 'a', '--all'], ['rm', 'a', '--label', 'x=y'], ['rm', '--all', '--label', 'x=y']]) {
    const { exitCode, stderr } = await daemon.shoal(args);
    expect([exitCode, stderr]).toEqual([2, 'shoal: rm takes ids, or --all, or --label; name one of them\n']);
  }
  const away = await shoal(['rm', 'a', '--address', '127.0.0.1:1']);
  expect([away.exitCode, away.stdout]).toEqual([69, '']);
});

test('a second daemon on the same data_dir ends with 1 and names the first', async () => {
  const { pid, addresses } = JSON.parse(readFileSync(join(folder, 'daemon.json'), 'utf8'));
  expect([pid, addresses.clients]).toEqual([daemon.serve.child.pid, daemon.address]);
  const free = ['grpc.worker.listen', 'grpc.client.listen', 'http.listen'].flatMap((key) => [
    '--set',
    `${key}=127.0.0.1:0`,
  ]);
  const second = await shoal(['serve', '--set', `data_dir=${folder}`, ...free]);
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain(`data_dir: ${folder} is held by the Shoal`);
  expect(second.stderr).toContain(`with pid ${pid}`);
});
