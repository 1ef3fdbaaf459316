/** A worker that does what its run's configuration says, wrong things too: README.md. */
import { readFileSync, writeSync } from 'node:fs';
import { listen } from './command-listener.ts';
import { goWrong, ignoreSignals, startChildren } from './misbehaviour.ts';
import { Obedience } from './obedience.ts';
import { reportAll } from './reporting.ts';
import type { FakeWorkerScript } from './script.ts';
import { Service } from './service.ts';
import { restoredTick } from './snapshot.ts';

async function run(script: FakeWorkerScript): Promise<void> {
  ignoreSignals(script);
  startChildren(script);
  for (const line of script.stdout ?? []) console.log(line);
  for (const line of script.stderr ?? []) console.error(line);
  if (script.says_start) console.log(startLine(process.env));
  await goWrong(script, 'launch');

  const service = new Service(script, process.env);
  const obedience = new Obedience(service, script);
  const restored = restoredTick(process.env);
  obedience.tick = restored;
  if (script.listens ?? true) await listen(service, process.env, (command) => obedience.hear(command));
  const register = script.register ?? 'once';
  if (register !== 'never') {
    const { desiredState } = await service.register();
    if (register === 'twice') await service.register();
    if (desiredState === 'SIMULATION_STATE_PAUSED') obedience.gate.hold();
  }
  await goWrong(script, 'registered');
  if (script.heartbeat_ms !== undefined) setInterval(() => service.heartbeat(obedience.tick), script.heartbeat_ms);
  const reported = reportAll(script, service, obedience.gate, (events) => {
    obedience.tick = restored + events;
  });
  // Events that nobody takes any more are no reason to stay.
  await Promise.race([script.at_end === 'exit' ? reported : reported.then(() => obedience.stopped), obedience.stopped]);
}

function startLine({ SHOAL_INCARNATION, SHOAL_SEED, SHOAL_RESTORE_FILE }: NodeJS.ProcessEnv): string {
  return `incarnation ${SHOAL_INCARNATION}, seed ${SHOAL_SEED}, restored ${SHOAL_RESTORE_FILE}`;
}

/** In one line: it is quoted in the simulation's status. */
function die(error: unknown): never {
  writeSync(2, `fake-worker: ${error instanceof Error ? error.message : String(error)}\n`);
  // biome-ignore lint/nursery/noProcessExit: a program of its own
  process.exit(1);
}

process.on('uncaughtException', die);
await run(JSON.parse(readFileSync(String(process.env['SHOAL_CONFIG_FILE']), 'utf8'))).catch(die);
// biome-ignore lint/nursery/noProcessExit: open connections would keep it alive
process.exit(0);
