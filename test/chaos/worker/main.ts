/** The worker of the chaos suite: journal.ts says what it writes down, character.ts how it may behave. */
import { spawn } from 'node:child_process';
import { connectWorker, readRunConfig, WorkerLostError, workerEnvironment } from 'shoal/worker';
import { ChaosSimulation } from './chaos-simulation.ts';
import type { Character } from './character.ts';
import { Journal, journalName } from './journal.ts';

const environment = workerEnvironment(process.env);
const character = readRunConfig(environment).json as unknown as Character;
const { simulationId, incarnation, workerId } = environment;
const journal = new Journal(character.journals, journalName(simulationId, incarnation, workerId));
journal.begun();

/** They are in no group and no session of the worker, and nobody waits for them. */
function leaveStrays(): void {
  for (let left = character.strays ?? 0; left > 0; left -= 1)
    spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref();
}

function goWrongLater(simulation: ChaosSimulation): void {
  if (incarnation > (character.faulty_incarnations ?? Number.POSITIVE_INFINITY)) return;
  if (character.crash_ms !== undefined) setTimeout(crash, character.crash_ms);
  if (character.hang_ms !== undefined) setTimeout(() => hang(simulation), character.hang_ms);
}

function crash(): never {
  journal.ending('crash');
  // biome-ignore lint/nursery/noProcessExit: that is what it is for
  process.exit(3);
}

function hang(simulation: ChaosSimulation): void {
  journal.hanging();
  if (character.hang === 'stalled') simulation.stall();
  else if (character.hang === 'spinning') for (;;);
  else process.kill(process.pid, 'SIGSTOP');
}

try {
  leaveStrays();
  const worker = await connectWorker({
    sdk: 'chaos-worker',
    supportedCommands: ['pause', 'resume', 'step', 'reset', 'stop', 'custom'],
    maxBufferedEvents: character.window,
  });
  worker.state = worker.desiredState === 'PAUSED' ? 'PAUSED' : 'RUNNING';
  const simulation = new ChaosSimulation(worker, character, journal);
  goWrongLater(simulation);
  const how = await simulation.run();
  journal.ending(how);
  // biome-ignore lint/nursery/noProcessExit: a crash that was planned for later must not keep it alive
  process.exit(0);
} catch (error) {
  if (!(error instanceof WorkerLostError)) throw error;
  journal.ending('lost');
  console.error(error.message);
  // biome-ignore lint/nursery/noProcessExit: as above
  process.exit(69);
}
