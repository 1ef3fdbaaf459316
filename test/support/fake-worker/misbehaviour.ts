import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { FakeWorkerScript, Moment } from './script.ts';

/** What the script has go wrong, at its moment. Resolves at once when nothing does; never when the worker hangs. */
export async function goWrong({ crash, hang }: FakeWorkerScript, moment: Moment): Promise<void> {
  if (crash?.at === moment && isNow(crash.incarnations)) {
    // Synchronously: nothing is written any more by a process that ends.
    if (crash.last_words !== undefined) writeSync(2, `${crash.last_words}\n`);
    if (crash.signal !== undefined) process.kill(process.pid, crash.signal);
    // biome-ignore lint/nursery/noProcessExit: that is what it is for
    else process.exit(crash.code ?? 1);
  }
  if (hang?.at !== moment || !isNow(hang.incarnations)) return;
  if (hang.how === 'stopped') process.kill(process.pid, 'SIGSTOP');
  if (hang.how === 'loop') for (;;);
  if (hang.how === 'spin') new Worker('for (;;);', { eval: true });
  await new Promise<never>(() => setInterval(() => {}, 60_000));
}

function isNow(incarnations = Number.POSITIVE_INFINITY): boolean {
  return Number(process.env['SHOAL_INCARNATION']) <= incarnations;
}

export function startChildren({ children = [] }: FakeWorkerScript): void {
  for (const where of children) spawn('sleep', ['600'], { stdio: 'inherit', detached: where === 'session' });
}

export function ignoreSignals({ ignore = [] }: FakeWorkerScript): void {
  if (ignore.includes('SIGTERM')) process.on('SIGTERM', () => {});
}
