import type { Interrupts } from './interrupts.ts';

/** What the command has of the process it runs in. */
export interface CliHost {
  readonly stdin: NodeJS.ReadStream;
  /** Results. */
  readonly stdout: NodeJS.WriteStream;
  /** Everything else. */
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly interrupts: Interrupts;
}

/** How people here call the command: from a checkout by npm, installed by its name. */
export const COMMAND = import.meta.filename.endsWith('.ts') ? 'npm run -s shoal --' : 'shoal';
