import { beforeEach, describe, expect, test } from 'vitest';
import type { ProcessLauncher } from '../../../src/adapters/process/process-launcher.ts';
import { RecoveryPart } from '../../../src/app/recovery-part.ts';
import type { ShoalConfig } from '../../../src/domain/configuration.ts';
import type { Recovery } from '../../../src/domain/supervision/recovery.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';

describe('a daemon that settles what the one before left', () => {
  let letGo: number;
  let log: RecordingLog;
  beforeEach(() => {
    letGo = 0;
    log = new RecordingLog();
  });

  const part = (settle: () => Promise<readonly object[]>, listen = '127.0.0.1:50051') => {
    const recovery = { settle, resume: () => {} } as unknown as Recovery;
    const launcher = {
      letGo: () => {
        letGo += 1;
      },
    } as unknown as ProcessLauncher;
    const config = { workerTypes: [{ name: 'fish', orphans: 'adopt' }], grpc: { worker: { listen } } };
    return new RecoveryPart(recovery, launcher, () => config as unknown as ShoalConfig, log);
  };

  test('lets adopted workers go when it cannot settle all', async () => {
    await expect(part(() => Promise.reject(new Error('the disk is full'))).start()).rejects.toThrow('the disk is full');
    expect(letGo).toBe(1);
  });

  test('lets them go when something after it fails to start, and keeps them once it was up', async () => {
    const failed = part(async () => []);
    await failed.start();
    await failed.stop();
    expect(letGo).toBe(1);
    const up = part(async () => []);
    await up.start();
    up.resume();
    await up.stop();
    expect(letGo).toBe(1);
  });

  test('says what became of how many', async () => {
    const as = ['adopted', 'adopted', 'ended', 'waits', 'lost'];
    await part(async () => as.map((each, at) => ({ simulationId: `s-${at}`, as: each }))).start();
    expect(log.lines.at(-1)?.fields).toEqual({ adopted: 2, ended: 1, launchedAgain: 1, lost: 1 });
  });

  test.each([
    ['127.0.0.1:0', 1],
    ['127.0.0.1:50051', 0],
    ['[::1]:10', 0],
  ])('warns where workers could not find the next daemon: %s', async (listen, warnings) => {
    await part(async () => [], listen).start();
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(warnings);
  });
});
