import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Check } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import type { Examination } from '../examination.ts';
import { expectThat, NotPrepared } from '../finding.ts';
import type { SeenAck, SeenEvent } from '../observations.ts';
import { firstDifference } from '../sameness.ts';
import { ackedTick, eventsBetween } from '../ticks.ts';

const LATER_MS = 500;
const LOOKS = 10;
const STEPS = 9;
const PAUSED = { terms: { desiredState: 'SIMULATION_STATE_PAUSED' } } as const;

const section = 'snapshots';
const needs = { commands: ['snapshot', 'step'] } as const;

export const SNAPSHOT_CHECKS: readonly Check[] = [
  {
    id: 'writes-a-snapshot',
    section,
    title: 'writes a snapshot into SHOAL_SNAPSHOT_DIR that is complete when it is acknowledged',
    fix: 'Write the file under another name, rename it into place, and then acknowledge with its name in snapshot_ref.',
    needs,
    scene: { setting: PAUSED },
    async run(examination) {
      await examination.registered();
      await examination.command(COMMANDS.step(3));
      const seen = await examination.command(COMMANDS.snapshot('conformance'));
      const file = snapshotFile(examination, seen);
      expectThat(file !== undefined, 'a file of SHOAL_SNAPSHOT_DIR in snapshot_ref', () =>
        JSON.stringify(seen.ack?.snapshotRef),
      );
      const atOnce = await contentOf(file);
      expectThat(atOnce !== undefined, 'the file that snapshot_ref names', () => `${file} is not there`);
      await examination.stays(LATER_MS);
      const later = await contentOf(file);
      const isSame = later !== undefined && atOnce.length > 0 && atOnce.equals(later);
      expectThat(isSame, 'a file that is complete when the snapshot is acknowledged', () => {
        return `${atOnce.length} bytes at the acknowledgement, ${later?.length ?? 'none'} ${LATER_MS} ms later`;
      });
    },
  },
  {
    id: 'restores-a-snapshot',
    section,
    title: 'begins where SHOAL_RESTORE_FILE says, and goes on as the first run did',
    fix: 'Put all that the next ticks depend on into a snapshot, the tick and the generator of chance too; read SHOAL_RESTORE_FILE before registering.',
    needs,
    scene: { setting: PAUSED },
    async run(examination) {
      await examination.registered();
      await examination.command(COMMANDS.step(10));
      const snapshot = await examination.answer(COMMANDS.snapshot('conformance'));
      const file = snapshotFile(examination, snapshot);
      if (file === undefined || !(await isThereAtLast(examination, file)))
        throw new NotPrepared('there is no snapshot to restore; see writes-a-snapshot');
      // Of the same simulation, whose id may be in the payloads.
      const { simulationId } = examination;
      const other = await examination.another({ ...PAUSED, restoreFile: file, simulationId, incarnation: 2 });
      await other.registered();
      const first = await fewSteps(examination);
      const second = await fewSteps(other);
      const tick = ackedTick(snapshot) + 1;
      expectThat(
        ackedTick(second.step) === tick,
        `tick ${tick} after one step from the snapshot`,
        () => `tick ${ackedTick(second.step)}`,
      );
      const difference = firstDifference(first.events, second.events);
      expectThat(
        difference === undefined,
        'the events that the first run had after the snapshot',
        () => `${difference}`,
      );
    },
  },
];

/** A step, behind which the first picture of the world is over, and some more whose events are compared. */
async function fewSteps(examination: Examination): Promise<{ step: SeenAck; events: SeenEvent[] }> {
  const step = await examination.command(COMMANDS.step(1));
  const last = await examination.command(COMMANDS.step(STEPS));
  return { step, events: eventsBetween(examination.record.events, step.event, last.event) };
}

/** A name in SHOAL_SNAPSHOT_DIR, or a path into it. */
function snapshotFile({ snapshotDir }: Examination, { ack }: SeenAck): string | undefined {
  if (ack === undefined || ack.snapshotRef === '') return undefined;
  const file = resolve(snapshotDir, ack.snapshotRef);
  const inside = relative(snapshotDir, file);
  return inside === '' || inside.startsWith('..') ? undefined : file;
}

/** However late a worker writes its snapshot: that is the finding of the other check. */
async function isThereAtLast(examination: Examination, file: string): Promise<boolean> {
  let before: Buffer | undefined;
  for (let looks = 0; looks < LOOKS; looks += 1) {
    await examination.pass(LATER_MS);
    const now = await contentOf(file);
    if (now !== undefined && now.length > 0 && before?.equals(now)) return true;
    before = now;
  }
  return false;
}

function contentOf(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch(() => undefined);
}
