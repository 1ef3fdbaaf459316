import { readdirSync, readFileSync } from 'node:fs';
import { processesMentioning } from '../../support/daemon/processes.ts';

export interface WorkerProcess {
  readonly pid: number;
  readonly simulationId: string;
}

/** The chaos workers that run now, whoever launched them; not what they started, nor a shell around them. */
export function workerProcesses(folder: string): WorkerProcess[] {
  return processesMentioning(folder).flatMap((pid) => {
    const program = read(`/proc/${pid}/cmdline`).split('\0');
    const isWorker = program.some((argument) => argument.endsWith('test/chaos/worker/main.ts')) && program[0] !== 'sh';
    const simulationId = /(?:^|\0)SHOAL_SIMULATION_ID=([^\0]*)/.exec(read(`/proc/${pid}/environ`))?.[1];
    return isWorker && simulationId !== undefined ? [{ pid, simulationId }] : [];
  });
}

/** The daemon that runs by a configuration, ready or not yet. */
export function daemonProcess(configFile: string): number | undefined {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    const program = read(`/proc/${pid}/cmdline`).split('\0');
    return program.includes('serve') && program.includes(configFile);
  });
  return found === undefined ? undefined : Number(found);
}

/** In bytes, of memory that is not on disk as well; 0 for a process that is gone. */
export function residentBytes(pid: number): number {
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
