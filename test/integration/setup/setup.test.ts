import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

describe('scripts/setup.mjs', () => {
  test('installs on a fresh clone, says so, and has nothing to do the next time', async () => {
    await using checkout = await Checkout.make({ one: '1.0.0' });
    const first = await checkout.setUp();
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('installing') });
    expect(await checkout.npmCommands()).toContain('ci');
    const calls = (await checkout.npmCommands()).length;
    expect(await checkout.setUp()).toEqual({ exitCode: 0, stderr: '' });
    expect(await checkout.npmCommands()).toHaveLength(calls);
  });

  test.each([
    ['a version changed', { one: '1.0.0' }, { one: '1.0.1' }],
    ['a package was added', { one: '1.0.0' }, { one: '1.0.0', two: '2.0.0' }],
  ])('installs when %s', async (_, before, after) => {
    await using checkout = await Checkout.make(after);
    await checkout.haveInstalled(before);
    expect((await checkout.setUp()).exitCode).toBe(0);
    expect(await checkout.npmCommands()).toContain('ci');
  });

  test('does not mind packages for other platforms', async () => {
    await using checkout = await Checkout.make({ one: '1.0.0', 'optional-for-darwin': '1.0.0' });
    await checkout.haveInstalled({ one: '1.0.0' });
    expect(await checkout.setUp()).toEqual({ exitCode: 0, stderr: '' });
    expect(await checkout.npmCommands()).toEqual([]);
  });

  test('installs again after an install that was interrupted', async () => {
    await using checkout = await Checkout.make({ one: '1.0.0' });
    await checkout.npmThat(`process.kill(process.pid, 'SIGKILL');`);
    expect((await checkout.setUp()).exitCode).toBe(1);
    await checkout.npmThat(`if (command === 'ci') install();`);
    expect((await checkout.setUp()).exitCode).toBe(0);
  });

  test('takes over the lock of a process that is gone', async () => {
    await using checkout = await Checkout.make({ one: '1.0.0' });
    await checkout.setUp();
    await rm(join(checkout.folder, 'node_modules'), { recursive: true });
    const gone = 2 ** 22 + 1;
    await writeFile(join(checkout.folder, '.cache/setup.lock'), String(gone));
    expect((await checkout.setUp()).exitCode).toBe(0);
  });

  test('installs once when two begin at the same time', async () => {
    await using checkout = await Checkout.make({ one: '1.0.0' });
    await checkout.npmThat(`if (command === 'ci') setTimeout(install, 500);`);
    const results = await Promise.all([checkout.setUp(), checkout.setUp(), checkout.setUp()]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const installs = (await checkout.npmCommands()).filter((command) => command === 'ci');
    expect(installs).toHaveLength(1);
  });

  test.each([
    ['without a network', 'npm error code ENOTFOUND', 'the npm registry cannot be reached'],
    ['on a full disk', 'npm error code ENOSPC', 'the disk is full'],
    ['for another reason', 'npm error code EUSAGE', 'npm error code EUSAGE'],
  ])('says what is wrong when npm fails %s', async (_, output, explanation) => {
    await using checkout = await Checkout.make({ one: '1.0.0' });
    await checkout.npmThat(`process.stderr.write(${JSON.stringify(output)}); process.exitCode = 1;`);
    const { exitCode, stderr } = await checkout.setUp();
    expect(stderr).toContain(explanation);
    expect(exitCode).toBe(1);
  });
});
