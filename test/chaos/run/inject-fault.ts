import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, faultText } from '../plan/fault.ts';
import type { ChaosSetting } from '../setting/chaos-setting.ts';
import { type WorkerProcess, workerProcesses } from '../setting/worker-processes.ts';
import type { Diary } from './diary.ts';

/** Brings a fault about; resolves when its cause is over: the daemon or server is there again, the connections pass. */
export async function injectFault(fault: Fault, setting: ChaosSetting, diary: Diary): Promise<void> {
  const { daemon, workersProxy, nats } = setting;
  diary.note(faultText(fault));
  switch (fault.kind) {
    case 'kill-daemon':
      return daemon.killAndStart(fault.againAfterMs);
    case 'pause-daemon':
      return daemon.pause(fault.forMs);
    case 'kill-worker':
      return onWorker(fault, setting, diary, (worker) => {
        diary.killed(worker);
        process.kill(worker.pid, 'SIGKILL');
      });
    case 'stop-worker':
      return onWorker(fault, setting, diary, async (worker) => {
        diary.stopped(worker);
        process.kill(worker.pid, 'SIGSTOP');
        if (fault.forMs === undefined) return;
        await delay(fault.forMs);
        process.kill(worker.pid, 'SIGCONT');
      });
    case 'cut-workers':
      return workersProxy.cut();
    case 'hold-workers':
      workersProxy.hold();
      await delay(fault.forMs);
      return workersProxy.release();
    case 'slow-workers':
      workersProxy.latencyMs = fault.latencyMs;
      await delay(fault.forMs);
      workersProxy.latencyMs = 0;
      return;
    case 'kill-nats':
      await nats?.server.kill();
      await delay(fault.forMs);
      return nats?.server.restart();
    case 'restart-nats':
      return nats?.server.restart();
    case 'pause-nats':
      await nats?.server.pause();
      await delay(fault.forMs);
      return nats?.server.resume();
    case 'cut-nats':
      return nats?.proxy.cut();
    case 'hold-nats':
      nats?.proxy.hold();
      await delay(fault.forMs);
      return nats?.proxy.release();
  }
}

async function onWorker(
  { pick }: { readonly pick: number },
  { files }: ChaosSetting,
  diary: Diary,
  deed: (worker: WorkerProcess) => void | Promise<void>,
): Promise<void> {
  const workers = workerProcesses(files.folder).sort((a, b) => a.pid - b.pid);
  const worker = workers[Math.floor(pick * workers.length)];
  if (worker === undefined) return diary.note('  no worker runs');
  diary.note(`  of ${worker.simulationId}, pid ${worker.pid}`);
  try {
    await deed(worker);
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
