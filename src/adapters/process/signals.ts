import type { WorkerSignal } from '../../ports/worker-launcher.ts';

/** Signals the whole process group. Answers false when there is nobody to signal. @throws what the system says otherwise (EPERM) */
export function signalGroup(processGroup: number, signal: WorkerSignal): boolean {
  return send(-processGroup, signal);
}

/** As {@link signalGroup}, for one process. */
export function signalProcess(pid: number, signal: WorkerSignal): boolean {
  return send(pid, signal);
}

function send(target: number, signal: WorkerSignal): boolean {
  try {
    return process.kill(target, signal);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw err;
  }
}
