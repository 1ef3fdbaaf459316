import type { Check } from '../check.ts';
import { expectThat } from '../finding.ts';
import { tickOf } from '../ticks.ts';

const HOLD_MS = 1_500;
/** Time for the first picture of the world to come. */
const SETTLE_MS = 700;

export const PAUSED_START_CHECKS: readonly Check[] = [
  {
    id: 'holds-when-started-paused',
    section: 'registration',
    title: 'does not go beyond tick 0 when it is told PAUSED as it registers',
    fix: 'Look at desired_state in the answer to RegisterWorker; in PAUSED hold at tick 0 until a step or a resume.',
    scene: { setting: { terms: { desiredState: 'SIMULATION_STATE_PAUSED' } } },
    async run(examination) {
      const { record } = examination;
      await examination.registered();
      await examination.stays(SETTLE_MS);
      const settled = record.events.length;
      await examination.stays(HOLD_MS);
      const expected = 'tick 0 until a command comes';
      const beyond = record.heartbeats.find(({ tick }) => tick > 0);
      expectThat(beyond === undefined, expected, () => `a heartbeat with tick ${beyond?.tick}`);
      const later = record.events.find((event) => (tickOf(event) ?? 0) > 0);
      expectThat(
        later === undefined,
        expected,
        () => `${later?.envelope.eventTypeKey} of tick ${later && tickOf(later)}`,
      );
      // The first picture of the world may be late.
      const isLate = settled === 0;
      const untold = record.events.slice(settled).filter((event) => tickOf(event) === undefined);
      const count = isLate ? 0 : untold.length;
      expectThat(
        count === 0,
        expected,
        () => `${count} events that tell no tick between ${SETTLE_MS} and ${SETTLE_MS + HOLD_MS} ms after registering`,
      );
    },
  },
];
