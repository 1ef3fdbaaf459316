import { join } from 'node:path';
import { Program } from '../../support/program.ts';
import { mustRun } from '../../support/run-program.ts';

export interface LoggedRow {
  readonly sequence: number;
  readonly event_id: string;
  readonly simulation_id: string;
  readonly attributes: readonly (readonly [string, string])[];
  /** Hexadecimal. */
  readonly payload: string;
  readonly file: string;
}

export interface RejectedRow {
  readonly sequence: number;
  readonly subject: string;
  /** Hexadecimal. */
  readonly data: string;
}

/** The logging service. */
export class EventLogService extends Program {
  constructor(python: string, args: readonly string[]) {
    super(python, ['-m', 'shoal_sim.event_log', ...args]);
  }

  /** Until it has its consumer and knows what is kept. */
  reading(): Promise<void> {
    return this.said(' reading ');
  }

  /** What it says at its end that it did. */
  get totals(): unknown {
    return JSON.parse(this.stdout);
  }
}

/** All that is in its files. */
export async function rowsIn(
  python: string,
  folder: string,
): Promise<{ readonly events: readonly LoggedRow[]; readonly rejected: readonly RejectedRow[] }> {
  return JSON.parse(await mustRun(python, [join(import.meta.dirname, 'parquet-rows.py'), folder], { cwd: folder }));
}
