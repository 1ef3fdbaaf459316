/** The worker: Shoal launches it once for each run. It reads its configuration, connects, runs, and ends. */
import { randomBytes } from 'node:crypto';
import { connectWorker, readRunConfig, WorkerEnvironmentError, WorkerLostError, workerEnvironment } from 'shoal/worker';
import { COMMANDS, Run } from './run.mts';
import { WalkConfigError, walkConfig } from './walk.mts';

/** Shoal never starts again what ends with it: the configuration is wrong. */
const CONFIG_ERROR = 78;
/** Shoal is not there, or does not want this worker any more. */
const UNAVAILABLE = 69;

async function main(): Promise<void> {
  const environment = workerEnvironment(process.env);
  // Checked before anything else: a run with a wrong configuration never begins.
  const config = walkConfig(readRunConfig(environment).json);
  const seed = environment.seed ?? randomBytes(8).readBigUInt64LE();
  console.log(`seed ${seed}, ${JSON.stringify(config)}`);
  const worker = await connectWorker({ environment, sdk: 'typescript-worker/0.1.0', supportedCommands: COMMANDS });
  await new Run(worker, config, seed).run();
  // Waits until Shoal has every event.
  await worker.close();
}

try {
  await main();
} catch (error) {
  const isConfigWrong = error instanceof WorkerEnvironmentError || error instanceof WalkConfigError;
  if (!isConfigWrong && !(error instanceof WorkerLostError)) throw error;
  console.error(error.message);
  process.exitCode = isConfigWrong ? CONFIG_ERROR : UNAVAILABLE;
}
