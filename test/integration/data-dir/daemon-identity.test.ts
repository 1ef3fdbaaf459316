import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DaemonIdentity } from '../../../src/adapters/system/daemon-identity.ts';
import { RandomIds } from '../../../src/adapters/system/random-ids.ts';
import { parseWorkerId } from '../../../src/domain/ids.ts';

const WORKER = parseWorkerId('w-1');

describe('what makes the next daemon on a data folder the same orchestrator', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shoal-identity-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const identity = async (configuredId?: string) => {
    const made = new DaemonIdentity({ file: (name) => join(folder, name), configuredId });
    await made.start();
    return made;
  };
  const tokenOf = (made: DaemonIdentity) => new RandomIds(() => made.tokenKey).token(WORKER);

  test('is kept: the same id and the same tokens, and none of them is a file that others may read', async () => {
    const first = await identity();
    const second = await identity();
    expect(second.orchestratorId).toBe(first.orchestratorId);
    expect(first.orchestratorId).toMatch(/^shoal-[a-z2-9]{8}$/);
    expect(tokenOf(second)).toBe(tokenOf(first));
    expect(tokenOf(first)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(readdirSync(folder).sort()).toEqual(['orchestrator_id', 'token.key']);
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  test('is another one in another folder, and another token for each worker', async () => {
    const first = await identity();
    const token = tokenOf(first);
    expect(new RandomIds(() => first.tokenKey).token(parseWorkerId('w-2'))).not.toBe(token);
    rmSync(join(folder, 'token.key'));
    expect(tokenOf(await identity())).not.toBe(token);
  });

  test('takes the id of the configuration, and keeps none then', async () => {
    expect((await identity('north')).orchestratorId).toBe('north');
    expect(readdirSync(folder)).toEqual(['token.key']);
  });

  test.each([
    ['token.key', ''],
    ['token.key', 'c2hvcnQ\n'],
    ['token.key', 'not a key at all, though it is long enough to be one\n'],
    ['orchestrator_id', 'a b\n'],
    ['orchestrator_id', ''],
  ])('a damaged %s (%j) is an error that says what to do, and is left as it is', async (name, text) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    await expect(identity()).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringMatching(new RegExp(`${name} is damaged; restore it, or remove it`)),
    });
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  });

  test('a key that others can read is refused', async () => {
    await identity();
    chmodSync(join(folder, 'token.key'), 0o640);
    await expect(identity()).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringContaining('chmod 600'),
    });
  });
});
