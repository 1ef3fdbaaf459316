import { status } from '@grpc/grpc-js';
import type { Check } from '../check.ts';
import { expectThat } from '../finding.ts';
import { describeExit } from '../worker-process.ts';

const AGAIN_MS = 1_500;
const MOST_IN_A_SECOND = 20;
const TRY_AGAIN_MS = 20_000;
const EXIT_MS = 15_000;

const section = 'registration';

export const REGISTRATION_ANSWER_CHECKS: readonly Check[] = [
  {
    id: 'refuses-a-broken-configuration',
    section,
    title: 'ends with an exit code other than 0, without registering, when its configuration is not JSON',
    fix: 'Read and check SHOAL_CONFIG_FILE before anything else; exit with 78 and one line on stderr when it is wrong.',
    scene: { setting: { configText: '{ this is not JSON' } },
    async run(examination) {
      const { record } = examination;
      const expected = 'an exit code other than 0, without RegisterWorker';
      const told = () => record.exit ?? record.registrations[0];
      await examination.until(
        'the end of a worker whose configuration is not JSON',
        told,
        examination.registerWithinMs,
      );
      expectThat(record.registrations.length === 0, expected, () => `it registered: ${record.lately()}`);
      const { exit } = record;
      const hasRefused = exit?.code !== undefined && exit.code !== 0;
      expectThat(hasRefused, expected, () => `it ended ${describeExit(exit ?? {})}`);
    },
  },
  {
    id: 'tries-again-to-register',
    section,
    title: 'calls RegisterWorker again when the answer is UNAVAILABLE, with pauses, and then runs',
    fix: 'On UNAVAILABLE wait 100 ms, doubling up to 2 s, and begin again: subscribe, register, report.',
    scene: {
      setting: {},
      async play({ examiner }) {
        examiner.refusal = status.UNAVAILABLE;
      },
    },
    async run(examination) {
      const { record, examiner } = examination;
      const first = await examination.until(
        'RegisterWorker',
        () => record.registrations[0],
        examination.registerWithinMs,
      );
      const again = () => record.registrations.length >= 3 && record.nowMs() > first.atMs + AGAIN_MS;
      const beats = setInterval(() => record.changed(), 50);
      try {
        await examination.until('RegisterWorker a third time, after UNAVAILABLE', again, TRY_AGAIN_MS);
      } finally {
        clearInterval(beats);
      }
      const most = mostWithinASecond(record.registrations.map(({ atMs }) => atMs));
      expectThat(
        most <= MOST_IN_A_SECOND,
        `at most ${MOST_IN_A_SECOND} calls a second`,
        () => `${most} within one second`,
      );
      examiner.refusal = undefined;
      await examination.running();
    },
  },
  {
    id: 'ends-when-refused',
    section,
    title: 'exits, not with 0, when RegisterWorker is answered PERMISSION_DENIED',
    fix: 'Exit with a code other than 0 on UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND, ALREADY_EXISTS, INVALID_ARGUMENT and UNIMPLEMENTED: it will be the same next time.',
    scene: {
      setting: {},
      async play({ examiner }) {
        examiner.refusal = status.PERMISSION_DENIED;
      },
    },
    async run(examination) {
      const { record } = examination;
      await examination.until('RegisterWorker', () => record.registrations[0], examination.registerWithinMs);
      const exit = await examination.exited('the end of a worker that was refused', EXIT_MS);
      expectThat(exit.code !== 0, 'an exit code other than 0', () => `it ended ${describeExit(exit)}`);
    },
  },
];

function mostWithinASecond(timesMs: readonly number[]): number {
  return Math.max(0, ...timesMs.map((from) => timesMs.filter((at) => at >= from && at < from + 1_000).length));
}
