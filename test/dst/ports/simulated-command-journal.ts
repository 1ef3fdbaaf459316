import type { CommandJournal, CommandKey, JournalledCommand } from '../../../src/ports/command-journal.ts';
import type { Life } from '../harness/life.ts';
import { type Backend, Line } from './backend.ts';

/** How one life of the daemon writes down commands that have a request id; they lie on the disk. */
export class SimulatedCommandJournal implements CommandJournal {
  readonly #line: Line;
  readonly #written: Map<string, JournalledCommand>;

  constructor(life: Life, disk: Backend, written: Map<string, JournalledCommand>) {
    this.#line = new Line(life, disk);
    this.#written = written;
  }

  write(commands: readonly JournalledCommand[]): Promise<void> {
    return this.#line.call({
      effect: () => {
        for (const command of commands) this.#written.set(nameOf(command), command);
      },
    });
  }

  forget(key: CommandKey): Promise<void> {
    return this.#line.call({ effect: () => void this.#written.delete(nameOf(key)) });
  }

  list(): Promise<readonly JournalledCommand[]> {
    return this.#line.call({ effect: () => [...this.#written.values()] });
  }
}

function nameOf({ scope, requestId, simulationId }: CommandKey): string {
  return `${scope} ${requestId} ${simulationId}`;
}
