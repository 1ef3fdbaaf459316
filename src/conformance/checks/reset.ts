import type { Check, Scene } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import type { Examination } from '../examination.ts';
import { expectThat } from '../finding.ts';
import type { SeenAck, SeenEvent } from '../observations.ts';
import { firstDifference } from '../sameness.ts';
import { ackedTick, eventsBetween, tickOf } from '../ticks.ts';

const STRAY_MS = 900;
const STEPS = 10;
const ANY_SEED = 4_711n;

const startedPaused: Scene = { setting: { terms: { desiredState: 'SIMULATION_STATE_PAUSED' } } };

const section = 'commands';

export const RESET_CHECKS: readonly Check[] = [
  {
    id: 'reset-begins-at-zero',
    section,
    title: 'begins again at tick 0 after a reset, in the same state as before',
    fix: 'On a reset make the world anew, set the tick to 0 before the acknowledgement, and stay PAUSED or RUNNING as you were.',
    needs: { commands: ['pause', 'step', 'reset', 'resume'] },
    scene: { setting: {} },
    async run(examination) {
      const { record } = examination;
      await examination.running();
      await examination.command(COMMANDS.pause());
      await examination.command(COMMANDS.step(1));
      const paused = await resetToZero(examination, 'PAUSED');
      await examination.stays(STRAY_MS);
      const ticked = eventsBetween(record.events, paused.event).find((event) => (tickOf(event) ?? 0) > 0);
      expectThat(
        ticked === undefined,
        'no tick after the reset of a paused worker',
        () => `an event of tick ${ticked && tickOf(ticked)}`,
      );
      const next = await examination.command(COMMANDS.step(1));
      expectThat(ackedTick(next) === 1, 'tick 1 after a step of 1', () => `tick ${ackedTick(next)}`);
      await examination.command(COMMANDS.resume());
      await examination.moreEvents(1);
      await resetToZero(examination, 'RUNNING');
      await examination.moreEvents(2);
    },
  },
  {
    id: 'same-seed-same-events',
    section,
    title: 'reports the same events again when it is reset with the same seed',
    fix: 'Take all chance from one generator that the seed begins, none from the clock or the system; and iterate over nothing whose order can change.',
    needs: { commands: ['step', 'reset'] },
    scene: startedPaused,
    async run(examination) {
      await examination.registered();
      await examination.command(COMMANDS.step(1));
      const first = await seededRun(examination);
      const second = await seededRun(examination);
      expectThat(first.length > 0, `events in ${STEPS} ticks`, () => examination.record.lately());
      const difference = firstDifference(first, second);
      expectThat(
        difference === undefined,
        `the same events in ${STEPS} ticks after a reset with the same seed`,
        () => `${difference}`,
      );
    },
  },
];

async function resetToZero(examination: Examination, state: string): Promise<SeenAck> {
  const reset = await examination.command(COMMANDS.reset());
  expectThat(ackedTick(reset) === 0, 'the reset acknowledged with tick 0', () => `tick ${ackedTick(reset)}`);
  const told = reset.ack?.state ?? '';
  const isSame = told === `SIMULATION_STATE_${state}` || told === 'SIMULATION_STATE_UNSPECIFIED';
  expectThat(isSame, `the reset acknowledged in the state ${state}`, () => told);
  return reset;
}

/** Events between the acknowledgements of the reset and of the step: what is before belongs to the run before. */
async function seededRun(examination: Examination): Promise<SeenEvent[]> {
  const reset = await examination.command(COMMANDS.reset(ANY_SEED));
  const step = await examination.command(COMMANDS.step(STEPS));
  return eventsBetween(examination.record.events, reset.event, step.event);
}
