import { status } from '@grpc/grpc-js';
import type { Check } from '../check.ts';
import { expectThat } from '../finding.ts';
import { ordinalGap, tickGap, withoutRepeats } from '../order.ts';
import { describeExit } from '../worker-process.ts';
import { events, holdSome } from './cut-off.ts';

const REPLACED_MS = 10_000;
const ORPHAN_TIMEOUT_MS = 2_000;
const NOT_BEFORE_MS = 1_000;
const WITHIN_MS = 12_000;
const OUTAGE_MS = 1_000;
const BACK_MS = 25_000;
const SOME_MS = 700;

const section = 'connection';

export const LOST_CHECKS: readonly Check[] = [
  {
    id: 'ends-when-replaced',
    section,
    title: 'exits, not with 0, when ReceiveCommands ends with ABORTED: another process has taken its place',
    fix: 'Exit with a code other than 0 on ABORTED from ReceiveCommands, and do not open it again.',
    needs: { transport: 'grpc' },
    scene: { setting: {} },
    async run(examination) {
      await examination.running();
      examination.examiner.endCommands(status.ABORTED, 'a newer ReceiveCommands of the same worker took over');
      const exit = await examination.exited('the end of a worker that was replaced', REPLACED_MS);
      expectThat(exit.code !== 0, 'an exit code other than 0', () => `it ended ${describeExit(exit)}`);
    },
  },
  {
    id: 'ends-when-orphaned',
    section,
    title: 'exits, not with 0, when nobody answers for SHOAL_ORPHAN_TIMEOUT_MS',
    fix: 'Keep trying to connect for SHOAL_ORPHAN_TIMEOUT_MS after the connection was lost, no shorter and not much longer; then exit with a code other than 0.',
    scene: { setting: { orphanTimeoutMs: ORPHAN_TIMEOUT_MS } },
    async run(examination) {
      const { record, examiner } = examination;
      await examination.running();
      await examiner.goAway();
      const goneMs = record.nowMs();
      const exit = await examination.exited('the end of a worker whose server has gone', WITHIN_MS);
      const afterMs = Math.round(exit.atMs - goneMs);
      const expected = `no end before ${NOT_BEFORE_MS} ms, with SHOAL_ORPHAN_TIMEOUT_MS=${ORPHAN_TIMEOUT_MS}`;
      expectThat(afterMs >= NOT_BEFORE_MS, expected, () => `it ended after ${afterMs} ms`);
      expectThat(exit.code !== 0, 'an exit code other than 0', () => `it ended ${describeExit(exit)}`);
    },
  },
  {
    id: 'outlives-a-short-outage',
    section,
    title: 'comes back when the server was away for a second, with no event missing and none twice',
    fix: 'Keep trying with pauses from 100 ms to 2 s; keep the events that are not acknowledged meanwhile, and send only them again.',
    scene: {
      setting: {},
      async play(examination) {
        await examination.running();
        await holdSome(examination);
      },
    },
    async run(examination) {
      const { record, examiner } = examination;
      await examiner.goAway();
      await examination.stays(OUTAGE_MS);
      examiner.events.release();
      await examiner.comeBack();
      await examination.registered(2);
      const later = () => events(examination).later;
      await examination.until('events after the outage', () => later().length > 0, BACK_MS);
      await examination.stays(SOME_MS);
      const known = new Set(events(examination).acknowledged.map(({ envelope }) => envelope.eventId));
      const twice = later().find(({ envelope: { eventId } }) => eventId !== '' && known.has(eventId));
      expectThat(
        twice === undefined,
        'no event again that was acknowledged before',
        () => `${twice?.envelope.eventId}`,
      );
      const all = withoutRepeats(record.allEvents);
      const gap = ordinalGap(all) ?? tickGap(all);
      expectThat(gap === undefined, 'every event, in order', () => `${gap}`);
      const again = new Set(later().map(({ envelope }) => envelope.eventId));
      const missing = events(examination).unacknowledged.filter(
        ({ envelope: { eventId } }) => eventId !== '' && !again.has(eventId),
      );
      expectThat(
        missing.length === 0,
        'all events again that were not acknowledged',
        () => `${missing.length} did not come`,
      );
    },
  },
];
