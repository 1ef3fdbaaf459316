import type { WorkerId } from '../../../src/domain/ids.ts';
import type { RunConfiguration, RunFiles, WorkerFiles } from '../../../src/ports/run-files.ts';
import type { Life } from '../harness/life.ts';
import { demand } from '../harness/violation.ts';
import { type Backend, Line } from './backend.ts';

/** How one life of the daemon makes and removes the private folders of workers, which lie on the disk. */
export class SimulatedRunFiles implements RunFiles {
  readonly #line: Line;
  readonly #folders: Set<WorkerId>;
  readonly #isAlive: (workerId: WorkerId) => boolean;

  constructor(life: Life, disk: Backend, folders: Set<WorkerId>, isAlive: (workerId: WorkerId) => boolean) {
    this.#isAlive = isAlive;
    this.#line = new Line(life, disk);
    this.#folders = folders;
  }

  prepare(workerId: WorkerId, _configuration: RunConfiguration): Promise<WorkerFiles> {
    return this.#line.call({
      effect: () => {
        this.#folders.add(workerId);
        return { configFile: `/run/${workerId}/config`, snapshotDir: `/run/${workerId}/snapshots` };
      },
    });
  }

  remove(workerId: WorkerId): Promise<void> {
    return this.#line.call({
      effect: () => {
        demand(!this.#isAlive(workerId), () => `the folder of ${workerId} is removed, and it lives`);
        this.#folders.delete(workerId);
      },
    });
  }

  leftovers(): Promise<readonly WorkerId[]> {
    return this.#line.call({ effect: () => [...this.#folders] });
  }
}
