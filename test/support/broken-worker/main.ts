/** A worker that does all that docs/workers.md asks, but for one fault where `--fault` names one: README.md. */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Behaviour } from './behaviour/behaviour.ts';
import { type Configuration, defaultConfiguration, readConfiguration } from './configuration.ts';
import { readEnvironment } from './environment.ts';
import { behaviourWith } from './faults/faults.ts';
import { runWorker } from './worker.ts';

function exit(code: number, reason?: unknown): never {
  // Synchronously, and last: it is quoted in the simulation's status. Its reader may be gone.
  if (reason !== undefined) {
    try {
      writeSync(2, `broken-worker: ${reason instanceof Error ? reason.message : String(reason)}\n`);
    } catch {}
  }
  // biome-ignore lint/nursery/noProcessExit: open connections would keep it alive
  process.exit(code);
}

function configurationOr(exitCode: number | undefined, file: string | undefined): Configuration {
  try {
    return readConfiguration(file);
  } catch (error) {
    return exitCode === undefined ? defaultConfiguration() : exit(exitCode, error);
  }
}

async function main(behaviour: Behaviour): Promise<void> {
  const environment = readEnvironment(process.env);
  const configuration = configurationOr(behaviour.exitWithBadConfiguration, environment.configFile);
  exit(await runWorker(environment, configuration, behaviour));
}

const { values } = parseArgs({ options: { fault: { type: 'string' } } });
const behaviour = behaviourWith(values.fault);
// When Shoal is gone, so is the reader of what is printed.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.on('SIGTERM', () => (behaviour.endsOnSigterm ? exit(0) : undefined));
process.on('uncaughtException', (error) => exit(1, error));
process.on('unhandledRejection', (error) => exit(1, error));
await main(behaviour);
