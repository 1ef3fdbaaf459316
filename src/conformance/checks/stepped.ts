import type { Scene } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import type { Examination } from '../examination.ts';
import type { SeenAck } from '../observations.ts';

/** Time for events that should not come. */
const STRAY_MS = 900;

/** Started paused, makes steps: of 1, 5, 1 and 0 ticks. */
export const stepped: Scene = {
  setting: { terms: { desiredState: 'SIMULATION_STATE_PAUSED' } },
  async play(examination) {
    await examination.registered();
    await examination.command(COMMANDS.step(1));
    await examination.command(COMMANDS.step(5));
    await examination.pass(STRAY_MS);
    await examination.command(COMMANDS.step(1));
    await examination.command(COMMANDS.step(0));
  },
};

interface Steps {
  readonly before: SeenAck;
  readonly five: SeenAck;
  /** When the step after that of 5 was sent. */
  readonly nextSentMs: number;
  readonly afterFive: SeenAck;
  readonly zero: SeenAck;
}

/** The acknowledgements of the scene's steps. */
export function steps(examination: Examination): Steps {
  const [before, five, afterFive, zero] = examination.sent.map((sent) => examination.acksOf(sent)[0]);
  if (before === undefined || five === undefined || afterFive === undefined || zero === undefined)
    throw new Error('the scene has not been played');
  return { before, five, afterFive, zero, nextSentMs: examination.sent[2]?.atMs ?? 0 };
}
