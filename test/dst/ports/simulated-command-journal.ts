import type { SimulationId } from '../../../src/domain/ids.ts';
import type {
  CommandJournal,
  CommandProgress,
  JournalledRequest,
  JournalRecord,
  RequestKey,
} from '../../../src/ports/command-journal.ts';
import type { Life } from '../harness/life.ts';
import { type Backend, Line } from './backend.ts';

export interface WrittenRequest {
  readonly request: JournalledRequest;
  readonly progress: Map<SimulationId, CommandProgress>;
}

/** How one life of the daemon writes down commands that have a request id; they lie on the disk. */
export class SimulatedCommandJournal implements CommandJournal {
  readonly #line: Line;
  readonly #written: Map<string, WrittenRequest>;

  constructor(life: Life, disk: Backend, written: Map<string, WrittenRequest>) {
    this.#line = new Line(life, disk);
    this.#written = written;
  }

  write(request: JournalledRequest, progress?: CommandProgress): Promise<void> {
    return this.#line.call({
      effect: () => {
        const written = this.#written.get(nameOf(request)) ?? { request, progress: new Map() };
        this.#written.set(nameOf(request), written);
        if (progress !== undefined) written.progress.set(progress.simulationId, progress);
      },
    });
  }

  forget(key: RequestKey): Promise<void> {
    return this.#line.call({ effect: () => void this.#written.delete(nameOf(key)) });
  }

  list(): Promise<readonly JournalRecord[]> {
    const recordOf = ({ request, progress }: WrittenRequest) => ({ request, progress: [...progress.values()] });
    return this.#line.call({ effect: () => [...this.#written.values()].map(recordOf) });
  }
}

function nameOf({ scope, requestId }: RequestKey): string {
  return `${scope} ${requestId}`;
}
