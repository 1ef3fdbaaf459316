import { readFile } from 'node:fs/promises';

/** What Linux counts process times in, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** User and system time of a process in seconds, to 10 ms; undefined where /proc does not tell. */
export async function processCpuSeconds(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; utime and stime are the 12th and 13th fields behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}
