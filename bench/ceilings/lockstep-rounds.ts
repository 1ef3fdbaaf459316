import { type CeilingRun, perEvent } from './ceiling-run.ts';

export const LOCKSTEP_SIZE = 100;
/** A round that takes longer has lost something. */
const ROUND_TIMEOUT_MS = 5_000;
const WARM_UP_SECONDS = 0.5;

export interface LockstepRounds {
  /** Sends a command to each; `onReply` is called for each answer. */
  readonly begin: (onReply: () => void) => void;
  /** Of what stands between this process and those who answer, where there is something. */
  readonly serverCpuSeconds?: () => Promise<number>;
}

/** Rounds for so long, one after the other. */
export async function measureRounds(seconds: number, rounds: LockstepRounds): Promise<CeilingRun> {
  await roundsFor(WARM_UP_SECONDS, rounds);
  const cpuBefore = process.cpuUsage();
  const serverBefore = await rounds.serverCpuSeconds?.();
  const startedMs = performance.now();
  const { count, lost } = await roundsFor(seconds, rounds);
  const elapsedSeconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const serverAfter = await rounds.serverCpuSeconds?.();
  const commands = count * LOCKSTEP_SIZE;
  const ownMicros = (user + system) / commands;
  return {
    perSecond: count / elapsedSeconds,
    events: commands,
    lost,
    senderCpuMicros: ownMicros,
    serverCpuMicros:
      serverAfter === undefined || serverBefore === undefined ? null : perEvent(serverAfter - serverBefore, commands),
  };
}

async function roundsFor(seconds: number, rounds: LockstepRounds): Promise<{ count: number; lost: number }> {
  const untilMs = performance.now() + seconds * 1_000;
  let count = 0;
  let lost = 0;
  do {
    lost += await round(rounds);
    count += 1;
  } while (performance.now() < untilMs);
  return { count, lost };
}

/** @returns how many did not answer */
function round({ begin }: LockstepRounds): Promise<number> {
  return new Promise((resolve) => {
    let missing = LOCKSTEP_SIZE;
    const timer = setTimeout(() => resolve(missing), ROUND_TIMEOUT_MS);
    begin(() => {
      missing -= 1;
      if (missing > 0) return;
      clearTimeout(timer);
      resolve(0);
    });
  });
}
