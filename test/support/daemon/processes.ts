import { readdirSync, readFileSync } from 'node:fs';

/** The processes with `text` in their environment, zombies left out: workers by their files, and whatever they started. */
export function processesMentioning(text: string): number[] {
  return pids().filter((pid) => environmentOf(pid).includes(text));
}

/** The process that was launched as the worker of a simulation: the leader of its group. */
export function workerProcess(simulationId: string, folder: string): number | undefined {
  return processesMentioning(folder).find((pid) => {
    const isOfRun = environmentOf(pid).split('\0').includes(`SHOAL_SIMULATION_ID=${simulationId}`);
    return isOfRun && groupOf(pid) === pid;
  });
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty for a process that has ended, a zombie included. */
function environmentOf(pid: number): string {
  return read(`/proc/${pid}/environ`);
}

function groupOf(pid: number): number {
  // The name in parentheses may hold anything; behind it come state, parent and group.
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
