import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';

/** Colours, moves the cursor, turns the direction of text, rings, and begins a line that looks like another. */
const EVIL = '\x1b[31m\x9b2J\u202eevil\x07\r\nshoal: all is well';

/** Fields that hold numbers as text, which cannot hold anything else on their way. */
const SIMULATION = {
  simulationId: EVIL,
  workerType: EVIL,
  state: 'SIMULATION_STATE_FAILED',
  workerId: EVIL,
  labels: { [EVIL]: EVIL },
  reason: EVIL,
  message: EVIL,
  orchestratorId: EVIL,
  exitSignal: EVIL,
};

const ANSWERS: Readonly<Record<string, object>> = {
  StartSimulation: { simulation: SIMULATION },
  GetSimulationStatus: { simulation: SIMULATION },
  ListSimulations: { simulations: [SIMULATION] },
  ControlSimulation: { state: 'SIMULATION_STATE_PAUSED', completed: true, message: EVIL, code: 9 },
  ListWorkerTypes: {
    workerTypes: [
      { name: EVIL, plugin: EVIL, description: EVIL, commands: [EVIL], available: true },
      { name: EVIL, plugin: EVIL, reason: EVIL, available: false },
    ],
  },
  GetInfo: {
    version: EVIL,
    orchestratorId: EVIL,
    messagingAdapter: EVIL,
    durability: EVIL,
    contractVersion: EVIL,
    natsServerVersion: EVIL,
  },
  SubscribeToEvents: {
    event: {
      eventId: EVIL,
      eventTypeKey: EVIL,
      simulationId: EVIL,
      sourceWorkerId: EVIL,
      attributes: { [EVIL]: EVIL },
    },
    subject: EVIL,
  },
  ReadWorkerOutput: { line: EVIL, workerId: EVIL, stream: 'OUTPUT_STREAM_STDOUT' },
};

/** Something at a client address that answers every call, and means no good with any text. */
export class HostileDaemon implements AsyncDisposable {
  readonly address: string;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.address = `127.0.0.1:${port}`;
  }

  /** @param failing each call fails, with such a text as its message */
  static async start({ failing = false } = {}): Promise<HostileDaemon> {
    const { OrchestratorClientService, OrchestratorAdminService } = loadProtos().tree.fes.orchestration.v1;
    const server = new Server();
    for (const { service } of [OrchestratorClientService, OrchestratorAdminService]) {
      const methods = Object.entries(service).map(([name, { responseStream }]) => {
        return [name, failing ? refuse(responseStream) : answer(ANSWERS[name] ?? {}, responseStream)];
      });
      server.addService(service, Object.fromEntries(methods));
    }
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    return new HostileDaemon(server, port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown();
  }
}

function answer(message: object, streams: boolean) {
  if (!streams) return (_call: ServerUnaryCall<object, object>, reply: sendUnaryData<object>) => reply(null, message);
  return (call: ServerWritableStream<object, object>) => {
    call.write(message);
    call.end();
  };
}

function refuse(streams: boolean) {
  const failure = { code: 13, details: EVIL };
  if (!streams) return (_call: ServerUnaryCall<object, object>, reply: sendUnaryData<object>) => reply(failure);
  return (call: ServerWritableStream<object, object>) => void call.emit('error', failure);
}
