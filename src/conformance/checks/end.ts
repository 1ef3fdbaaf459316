import type { Check } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import type { Examination } from '../examination.ts';
import { expectThat } from '../finding.ts';
import { describeExit } from '../worker-process.ts';

const HELD_MS = 1_000;
const SETTLE_MS = 300;

const section = 'end';

export const END_CHECKS: readonly Check[] = [
  {
    id: 'obeys-stop',
    section,
    title: 'acknowledges a stop and exits with 0 within the grace of its type',
    fix: 'On stop_worker report what there is, acknowledge, half-close the stream, wait for the last acknowledgement, and exit with 0.',
    scene: { setting: {} },
    async run(examination) {
      await examination.running();
      await stop(examination);
    },
  },
  {
    id: 'obeys-stop-while-paused',
    section,
    title: 'acknowledges a stop and exits with 0 when it is paused, too',
    fix: 'Look for commands in PAUSED as well; what waits for a resume must be woken by a stop.',
    needs: { commands: ['pause'] },
    scene: { setting: {} },
    async run(examination) {
      await examination.running();
      await examination.command(COMMANDS.pause());
      await stop(examination);
    },
  },
  {
    id: 'waits-for-the-last-acknowledgement',
    section,
    title: 'does not exit at a stop before its last batch is acknowledged and its stream half-closed',
    fix: 'Before exiting wait until every event is acknowledged, half-close the stream, and wait for its status OK.',
    needs: { commands: ['pause'] },
    scene: { setting: {} },
    async run(examination) {
      const { record, examiner, type } = examination;
      await examination.running();
      await examination.command(COMMANDS.pause());
      await examination.pass(SETTLE_MS);
      examiner.events.hold();
      const sent = examination.send(COMMANDS.stop(type.config.stop.graceMs));
      await examination.acknowledged(sent);
      await examination.pass(HELD_MS);
      const expected = 'no exit before the last batch is acknowledged';
      expectThat(record.exit === undefined, expected, () => record.lately());
      examiner.events.release();
      // Whether it exits at all, others ask.
      if (!(await examination.whether(() => record.exit !== undefined, type.config.stop.graceMs))) return;
      const open = record.eventStreams.find(
        ({ kind, halfClosedAtMs }) => kind !== 'single' && halfClosedAtMs === undefined,
      );
      expectThat(open === undefined, 'a stream that is half-closed before the exit', () => record.lately());
    },
  },
  {
    id: 'ends-on-SIGTERM',
    section,
    title: 'ends on the stop signal of its type (SIGTERM, unless it says otherwise) within its grace',
    fix: 'Exit on the stop signal at once; it comes when a stop was not obeyed, and SIGKILL after it. A program that is process 1, or ignores the signal, has to handle it.',
    scene: { setting: {} },
    async run(examination) {
      await examination.running();
      const { signal, graceMs } = examination.type.config.stop;
      examination.signal(signal);
      await examination.exited(`the end after ${signal}`, graceMs);
    },
  },
];

async function stop(examination: Examination): Promise<void> {
  const { graceMs } = examination.type.config.stop;
  const sent = examination.send(COMMANDS.stop(graceMs));
  const exit = await examination.exited('the end after a stop', graceMs);
  const [seen] = examination.acksOf(sent);
  expectThat(seen?.ack?.ok === true, 'a stop acknowledged with ok', () =>
    seen === undefined ? 'no acknowledgement' : `ok ${seen.ack?.ok}`,
  );
  expectThat(exit.code === 0, 'exit code 0', () => `it ended ${describeExit(exit)}`);
}
