import type { Scene } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import type { Examination } from '../examination.ts';
import type { SeenAck, SeenHeartbeat } from '../observations.ts';

const PAUSE_AT_LEAST_MS = 1_000;
const PAUSE_AT_MOST_MS = 4_000;
const RUN_AT_LEAST_MS = 700;
const RUN_AT_MOST_MS = 4_000;
const GO_ON_MS = 10_000;
const HEARTBEATS = 3;

/** Runs, is paused for a while, and goes on. */
export const pausedAndResumed: Scene = {
  setting: {},
  async play(examination) {
    const { record } = examination;
    await examination.running();
    const { atMs: pausedMs } = await examination.command(COMMANDS.pause());
    await examination.pass(PAUSE_AT_LEAST_MS);
    await examination.whether(() => heartbeatsBetween(examination, pausedMs).length >= HEARTBEATS, PAUSE_AT_MOST_MS);
    const { atMs: resumedMs } = await examination.command(COMMANDS.resume());
    const events = record.events.length;
    await examination.whether(() => record.events.length > events, GO_ON_MS);
    await examination.pass(RUN_AT_LEAST_MS);
    await examination.whether(() => heartbeatsBetween(examination, resumedMs).length >= HEARTBEATS, RUN_AT_MOST_MS);
  },
};

/** What the scene did, and when. */
export function pauseAndResume(examination: Examination): { pause: SeenAck; resume: SeenAck; resumeSentMs: number } {
  const [pause, resume] = examination.sent.map((sent) => examination.acksOf(sent)[0]);
  if (pause === undefined || resume === undefined) throw new Error('the scene has not been played');
  return { pause, resume, resumeSentMs: examination.sent[1]?.atMs ?? 0 };
}

/**
 * Heartbeats between two moments, less the first: it may have been on its way before.
 *
 * @param toMs default: until now
 */
export function heartbeatsBetween(
  { record }: Examination,
  fromMs: number,
  toMs = Number.POSITIVE_INFINITY,
): SeenHeartbeat[] {
  return record.heartbeats.filter(({ atMs }) => atMs > fromMs && atMs < toMs).slice(1);
}
