import { expect } from 'vitest';
import type { ConfigFolder } from '../../support/daemon/daemon-config.ts';
import { type Ended, shoal } from './shoal-process.ts';

interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly cure: string;
}

/** What `shoal doctor` says by the name of each check, and the exit code. */
export async function examine(
  { configFile }: ConfigFolder,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: Ended['exitCode']; ok: boolean; checks: Record<string, Check> }> {
  const { exitCode, stdout, stderr } = await shoal(['doctor', '--config', configFile, '-o', 'json'], { environment });
  expect(stderr).toBe('');
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  return { exitCode, ok, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
}
