import { fileURLToPath } from 'node:url';
import { Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import type { LaunchContext } from 'shoal/plugin';
import type { CommandAck } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/CommandAck.ts';
import type { HeartbeatRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { ReceiveCommandsRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReceiveCommandsRequest.ts';
import type { RegisterWorkerRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { StartSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/StartSimulationRequest.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { type CallOptions, type MethodOf, metadataOf, unaryCall } from './calls.ts';
import { envelope } from './envelopes.ts';
import type { InProcessDaemon } from './in-process-daemon.ts';
import { puppetLaunches } from './puppet-plugin.ts';
import { StreamProbe } from './stream-probe.ts';
import { until } from './until.ts';

export const workerMethods = loadProtos().tree.fes.orchestration.v1.OrchestratorWorkerService.service;

/** An entry of `worker_types`; `more` may have `options`, which are the plugin's descriptor, and any other key. */
export function puppetType(more: { readonly name?: string; readonly options?: object; readonly limits?: object } = {}) {
  const plugin = fileURLToPath(new URL('puppet-plugin.ts', import.meta.url));
  return { name: 'puppet', plugin, stop: { grace: '200ms' }, ...more };
}

/** A call whose two directions a test holds apart. */
export interface ReportStream<Answer> {
  readonly answers: StreamProbe<Answer>;
  /** @returns false when the transport asks for patience */
  send(message: Buffer): boolean;
  /** Half-closes. */
  end(): void;
}

/** Makes the calls of one launched worker, rightly or, by the options, wrongly. */
export class Puppet {
  readonly launch: LaunchContext;
  readonly grpc: Client;

  constructor(launch: LaunchContext) {
    this.launch = launch;
    this.grpc = new Client(launch.grpcAddress, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  }

  get ids(): { readonly workerId: string; readonly simulationId: string } {
    return { workerId: this.launch.workerId, simulationId: this.launch.simulationId };
  }

  call<Request, Response>(method: MethodOf<Request, Response>, request: Request, options: CallOptions = {}) {
    return unaryCall(this.grpc, method, request, { token: this.launch.token, ...options });
  }

  register(request: RegisterWorkerRequest = {}, options?: CallOptions) {
    return this.call(workerMethods.RegisterWorker, { ...this.ids, ...request }, options);
  }

  heartbeat(request: HeartbeatRequest = {}, options?: CallOptions) {
    return this.call(workerMethods.Heartbeat, { ...this.ids, ...request }, options);
  }

  reportEvent(bytes: Buffer, options?: CallOptions) {
    return this.call({ ...workerMethods.ReportEvent, requestSerialize: asItIs }, bytes, options);
  }

  reportEventStream(options?: CallOptions) {
    return this.#report(workerMethods.ReportEventStream, options);
  }

  reportEventBatches(options?: CallOptions) {
    return this.#report(workerMethods.ReportEventBatches, options);
  }

  receiveCommands(request: ReceiveCommandsRequest = {}, options: CallOptions = {}) {
    const { path, requestSerialize, responseDeserialize } = workerMethods.ReceiveCommands;
    const metadata = metadataOf({ token: this.launch.token, ...options });
    const ids = { ...this.ids, ...request };
    return new StreamProbe(
      this.grpc.makeServerStreamRequest(path, requestSerialize, responseDeserialize, ids, metadata),
    );
  }

  acknowledge(commandId: string, ack: CommandAck = { ok: true }) {
    const { CommandAck: Ack } = loadProtos().tree.fes.orchestration.v1;
    const eventPayload = Ack.serialize(ack);
    return this.reportEvent(
      envelope({ eventTypeKey: 'worker.command_ack.v1', correlationId: commandId, eventPayload }),
    );
  }

  close(): void {
    this.grpc.close();
  }

  #report<Answer>(
    { path, responseDeserialize }: { readonly path: string; readonly responseDeserialize: (bytes: Buffer) => Answer },
    options: CallOptions = {},
  ): ReportStream<Answer> {
    const metadata = metadataOf({ token: this.launch.token, ...options });
    const call: ClientDuplexStream<Buffer, Answer> = this.grpc.makeBidiStreamRequest(
      path,
      asItIs,
      responseDeserialize,
      metadata,
      {},
    );
    return { answers: new StreamProbe(call), send: (message) => call.write(message), end: () => call.end() };
  }
}

/** Starts a simulation of a puppet type and takes its worker's place; not registered yet. */
export async function startPuppet(daemon: InProcessDaemon, request: StartSimulationRequest = {}): Promise<Puppet> {
  const { simulationId } = await daemon.client.start({ workerType: 'puppet', ...request });
  return nextPuppet(simulationId, 1);
}

/** The worker of a given launch of the simulation. */
export async function nextPuppet(simulationId: string, incarnation: number): Promise<Puppet> {
  const launch = await until(`${simulationId} is launched`, () =>
    puppetLaunches()
      .get(simulationId)
      ?.find((each) => each.incarnation === incarnation),
  );
  return new Puppet(launch);
}

/** A registered one, whose simulation is RUNNING (or PAUSED). */
export async function startRegistered(daemon: InProcessDaemon, request?: StartSimulationRequest): Promise<Puppet> {
  const puppet = await startPuppet(daemon, request);
  await puppet.register();
  return puppet;
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}
