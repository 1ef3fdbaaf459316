/**
 * A worker from the contract alone: nothing of the project is imported, neither its library nor its .proto files. The
 * protobuf library is another one than the project's, the field numbers are typed in, gRPC and NATS are spoken by hand.
 */
import { readFileSync } from 'node:fs';
import { GrpcConnection } from './grpc-call.ts';
import {
  heartbeatRequest,
  readCommand,
  readRegisterWorkerResponse,
  receiveCommandsRequest,
  registerWorkerRequest,
} from './messages.ts';
import { NatsCommands } from './nats-commands.ts';
import { Reporter } from './reporter.ts';
import { Simulation } from './simulation.ts';

const COMMANDS = ['pause', 'resume', 'step', 'reset', 'stop', 'custom'];

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: this program is launched by Shoal`);
  return value;
}

interface Ids {
  readonly workerId: string;
  readonly simulationId: string;
}

async function main(): Promise<void> {
  const ids: Ids = { workerId: variable('SHOAL_WORKER_ID'), simulationId: variable('SHOAL_SIMULATION_ID') };
  const { record_file: recordFile, keys } = JSON.parse(readFileSync(variable('SHOAL_CONFIG_FILE'), 'utf8'));
  const connection = new GrpcConnection(variable('SHOAL_GRPC_ADDRESS'), variable('SHOAL_WORKER_TOKEN'));
  const transport = variable('SHOAL_COMMAND_TRANSPORT');
  const commands = transport === 'nats' ? await overNats() : await overGrpc(connection, ids);

  const request = registerWorkerRequest(ids, COMMANDS);
  const registration = readRegisterWorkerResponse(await connection.unary('RegisterWorker', request));
  if (registration.commandTransport !== transport) throw new Error(`commands by ${registration.commandTransport}?`);
  const reporter = new Reporter(connection.open('ReportEventBatches'), registration.maxInFlightBatches, recordFile);
  const simulation = new Simulation({ ...ids, keys, tickMs: 10, state: registration.desiredState }, reporter);

  const broken = Promise.withResolvers<never>();
  const heartbeats = setInterval(() => {
    const beat = heartbeatRequest(ids, simulation.tick, simulation.state);
    connection.unary('Heartbeat', beat).catch(broken.reject);
  }, registration.heartbeatIntervalMs);
  listen(commands, simulation).catch(broken.reject);
  try {
    await Promise.race([simulation.run().then(() => reporter.finish()), broken.promise]);
  } finally {
    clearInterval(heartbeats);
    commands.close();
    connection.close();
  }
}

interface CommandStream {
  messages(): AsyncIterable<Uint8Array>;
  close(): void;
}

/** Live when the response headers are there. */
async function overGrpc(connection: GrpcConnection, ids: Ids): Promise<CommandStream> {
  const call = connection.open('ReceiveCommands');
  await call.send(receiveCommandsRequest(ids));
  call.halfClose();
  await call.headers;
  return call;
}

function overNats(): Promise<CommandStream> {
  const [url = ''] = variable('SHOAL_NATS_URL').split(',');
  return NatsCommands.subscribe(url, variable('SHOAL_COMMAND_SUBJECT'));
}

async function listen(commands: CommandStream, simulation: Simulation): Promise<void> {
  for await (const envelope of commands.messages()) simulation.give(readCommand(envelope));
  throw new Error('no commands come any more');
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
