import type { Scene } from '../check.ts';

/** From the registration on, so that four heartbeats of 300 ms have their time twice over. */
const RUN_MS = 2_600;

/** An ordinary run, that nobody disturbs. Its registration fails in the checks that ask for it, not here. */
export const firstRun: Scene = {
  // A worker that does not wait for the headers of ReceiveCommands registers before they come.
  setting: { headersDelayMs: 300 },
  async play(examination) {
    const { record } = examination;
    const hasRegistered = () => record.registrations.length > 0;
    if (!(await examination.whether(hasRegistered, examination.registerWithinMs))) return;
    await examination.whether(() => record.events.length > 0, 15_000);
    await examination.pass(Math.max(0, (record.registrations[0]?.atMs ?? 0) + RUN_MS - record.nowMs()));
  },
};
