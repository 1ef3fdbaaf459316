/** A school of fish as a Shoal worker; README.md says what it reports and obeys. */
import { randomBytes } from 'node:crypto';
import { connectWorker, readRunConfig, WorkerEnvironmentError, WorkerLostError, workerEnvironment } from 'shoal/worker';
import { supportedCommands } from './commands.ts';
import { SchoolConfigError, schoolConfig } from './school-config.ts';
import { SchoolRun } from './school-run.ts';

/** sysexits: the configuration is wrong, and starting again will not help. */
const configError = 78;
/** sysexits: Shoal is not there, or does not want this worker any more. */
const unavailable = 69;

/** A shell's way to say: ended by SIGTERM. */
const sigtermExit = 128 + 15;
/** After SIGTERM comes SIGKILL; the events of the last moment are worth this much waiting. */
const terminationGraceMs = 2_000;

async function main(): Promise<void> {
  const environment = workerEnvironment(process.env);
  const config = schoolConfig(readRunConfig(environment).json);
  const seed = environment.seed ?? randomBytes(8).readBigUInt64LE();
  const worker = await connectWorker({ environment, sdk: 'fish-school/1.0', supportedCommands });
  console.log(`seed ${seed}, ${JSON.stringify(config)}`);
  const run = new SchoolRun(worker, config, seed);
  let terminated = false;
  process.once('SIGTERM', () => {
    terminated = true;
    run.stop();
  });
  const end = await run.run();
  await worker.close(terminated ? { timeoutMs: terminationGraceMs } : {});
  // Not 0: an end by a signal is not a run that is complete.
  if (terminated) process.exitCode = sigtermExit;
  console.log(`${end} at tick ${worker.tick} with ${run.world.fish.length} fish`);
}

try {
  await main();
} catch (error) {
  if (error instanceof WorkerEnvironmentError || error instanceof SchoolConfigError) {
    console.error(`fish-school: ${error.message}`);
    process.exitCode = configError;
  } else if (error instanceof WorkerLostError) {
    console.error(`fish-school: ${error.message}`);
    process.exitCode = unavailable;
  } else throw error;
}
