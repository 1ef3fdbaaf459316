import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the tick into a file and renames it into place. @returns its name, from the folder of snapshots */
export function writeSnapshot(env: NodeJS.ProcessEnv, name: string, tick: number, leavesHalf: boolean): string {
  const folder = String(env['SHOAL_SNAPSHOT_DIR']);
  const unfinished = join(folder, `${name}.tmp`);
  writeFileSync(unfinished, String(tick));
  renameSync(unfinished, join(folder, name));
  if (leavesHalf) writeFileSync(join(folder, `${name}-next.tmp`), 'half');
  return name;
}

/** The tick to go on from; 0 for a run that begins. */
export function restoredTick({ SHOAL_RESTORE_FILE: file }: NodeJS.ProcessEnv): number {
  return file === undefined ? 0 : Number(readFileSync(file, 'utf8'));
}
