import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { LeftoverSweep } from '../../../src/adapters/process/leftover-sweep.ts';
import { ProcessTable } from '../../../src/adapters/process/process-table.ts';
import { MemoryLog } from '../../support/plugins/catalogue-for-test.ts';

/** Beyond what Linux gives out: a signal to it reaches nobody. */
const LEADER = 99_999_990;
const IDENTITY = { workerId: 'w-of-a-test', pid: LEADER, startTime: 500, bootId: 'b' };

describe('what a worker left, in a process table of the test’s making', () => {
  let root: string;
  let log: MemoryLog;
  let sweep: LeftoverSweep;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'shoal-proc-'));
    log = new MemoryLog();
    sweep = new LeftoverSweep(new ProcessTable(root), log);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const processEntry = (pid: number, state: string, group: number, startTime: number, workerId = '') => {
    mkdirSync(join(root, `${pid}`));
    const between = Array(16).fill('0').join(' ');
    writeFileSync(join(root, `${pid}/stat`), `${pid} (odd) S 1 (name) ${state} 1 ${group} ${between} ${startTime} 0\n`);
    writeFileSync(join(root, `${pid}/environ`), `A=1\0SHOAL_WORKER_ID=${workerId}\0`);
  };
  const warnings = () => log.entries.map(({ message }) => message);

  it.each<[string, () => void]>([
    ['nothing', () => {}],
    ['a zombie of the group, which nobody has noticed', () => processEntry(LEADER + 1, 'Z', LEADER, 600)],
    ['a process of another group', () => processEntry(LEADER + 1, 'S', LEADER + 5, 600, 'w-other')],
    ['a process that is older than the worker', () => processEntry(LEADER + 1, 'S', LEADER, 499)],
    [
      'the group of another process that has the worker’s pid by now',
      () => {
        processEntry(LEADER, 'S', LEADER, 700);
        processEntry(LEADER + 1, 'S', LEADER, 701);
      },
    ],
  ])('%s is not waited for', async (_, arrange) => {
    arrange();
    await sweep.end(IDENTITY, 'group');
    expect(warnings()).toEqual([]);
  });

  it('the group is left alone where the pid may be another’s', async () => {
    processEntry(LEADER + 1, 'S', LEADER, 600);
    await sweep.end(IDENTITY, 'marked');
    expect(warnings()).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['of the group', () => processEntry(LEADER + 1, 'D', LEADER, 600)],
    ['with the worker’s id', () => processEntry(LEADER + 1, 'D', LEADER + 1, 600, IDENTITY.workerId)],
  ])('a process %s that does not end is given up after a while, and told', async (_, arrange) => {
    arrange();
    await sweep.end(IDENTITY, 'group');
    expect(warnings()).toEqual(['a process that the worker started does not end']);
  });

  it.each<[string, () => void]>([
    ['of the group', () => processEntry(LEADER + 1, 'S', LEADER, 600)],
    ['with the worker’s id', () => processEntry(LEADER + 1, 'S', LEADER + 1, 600, IDENTITY.workerId)],
  ])(
    'a process %s that is another user’s by a setuid program is told, and nothing else is held up',
    async (_, arrange) => {
      arrange();
      const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
        throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
      });
      onTestFinished(() => kill.mockRestore());
      const swept = sweep.end(IDENTITY, 'group');
      await sweep.end({ ...IDENTITY, workerId: 'w-other', pid: LEADER - 1 }, 'group');
      expect(warnings()).toEqual([]);
      await swept;
      expect(warnings()).toEqual(["a process that the worker started is another user's and cannot be ended"]);
    },
  );

  it('a process table that cannot be read is told, and the next sweep looks again', async () => {
    const table = new ProcessTable(root);
    const pids = vi.spyOn(table, 'pids').mockImplementationOnce(() => {
      throw new Error('EMFILE');
    });
    sweep = new LeftoverSweep(table, log);
    await sweep.end(IDENTITY, 'group');
    expect(warnings()).toEqual(['what workers have left running cannot be looked for']);
    await sweep.end(IDENTITY, 'group');
    expect(pids).toHaveBeenCalledTimes(2);
  });

  it('a system without a process table is served as well as it can be', async () => {
    await new LeftoverSweep(new ProcessTable('/no/such/proc'), log).end(IDENTITY, 'group');
    expect(warnings()).toEqual([]);
  });
});
