/**
 * `shoal/worker`: what a simulation worker in TypeScript or JavaScript needs to run under Shoal.
 *
 *   const worker = await connectWorker({ sdk: 'my-simulation/1.0' });
 *   await worker.emit({ key: 'sim.world_state.v1', payload, contentType: 'application/json' });
 *   for await (const command of worker.commands()) command.acknowledge();
 *   await worker.close();
 */
import { ConnectedWorker } from './connected-worker.ts';
import { workerEnvironment } from './environment.ts';
import { readRunConfig } from './run-config.ts';
import type { Worker, WorkerOptions } from './worker-api.ts';

export type { Acknowledgement, CommandName, RefusalCode, WorkerCommand } from './commands.ts';
export { type CommandTransport, type WorkerEnvironment, workerEnvironment } from './environment.ts';
export { type RunConfig, readRunConfig } from './run-config.ts';
export type { CloseOptions, EmittedEvent, EventReceipt, RejectedEvent, Worker, WorkerOptions } from './worker-api.ts';
export { WorkerEnvironmentError, WorkerLostError } from './worker-error.ts';
export type { WorkerState } from './worker-state.ts';

/**
 * Subscribes to commands, registers, and resolves with a worker that may emit.
 * @throws WorkerEnvironmentError when the process was not launched by Shoal; WorkerLostError when Shoal refuses the
 *   worker or is not there for the orphan timeout
 */
export async function connectWorker(options: WorkerOptions = {}): Promise<Worker> {
  const environment = options.environment ?? workerEnvironment(process.env);
  const worker = new ConnectedWorker(environment, readRunConfig(environment), options);
  await worker.connect();
  return worker;
}
