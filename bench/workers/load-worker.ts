/**
 * A worker that reports events as fast as Shoal takes them, when it is told to, and nothing otherwise. It speaks the
 * worker protocol by itself, because the worker library would be the limit.
 *
 * Custom commands: `bench.load` with a {@link LoadOrder} answers with a LoadOutcome, `bench.pid` with the process id.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { GenericEventRequestOutput } from '../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../../src/adapters/grpc/proto-loading.ts';
import { decodeCommand } from '../../src/worker/command-decoder.ts';
import { encodeEnvelope } from '../../src/worker/envelope-encoder.ts';
import { workerEnvironment } from '../../src/worker/environment.ts';
import { ServiceClient, streamEnd } from '../../src/worker/service-client.ts';
import { framed, GrpcWire, untilStatus } from '../load/grpc-wire.ts';
import { runLoad } from '../load/load-plan.ts';
import type { LoadOrder } from './load-order.ts';

const environment = workerEnvironment(process.env);
const { workerId, simulationId, grpcAddress: address, token = '' } = environment;
const { ReportEvent, ReportEventStream, ReportEventBatches } =
  loadProtos().tree.fes.orchestration.v1.OrchestratorWorkerService.service;
const paths = { unary: ReportEvent.path, stream: ReportEventStream.path, batch: ReportEventBatches.path };

const service = new ServiceClient(environment);
const seen = new Set<string>();
const commands = service.receiveCommands();
commands.on('data', (envelope: GenericEventRequestOutput) => {
  // A command comes again until it is acknowledged, and a load takes its time.
  if (seen.has(envelope.eventId)) return;
  seen.add(envelope.eventId);
  obey(envelope).catch(fail);
});
await new Promise((resolve) => commands.once('metadata', resolve));
await service.register({ sdk: 'shoal-bench/1', pid: process.pid });
await streamEnd(commands);
service.close();

async function obey(envelope: GenericEventRequestOutput): Promise<void> {
  const command = decodeCommand(envelope);
  if (command?.name === 'stop') {
    await acknowledge(envelope.eventId, {});
    commands.cancel();
  } else if (command?.name === 'custom' && command.key === 'bench.load') {
    const { mode, key, seconds } = JSON.parse(command.payload.toString()) as LoadOrder;
    const target = { address, path: paths[mode], token };
    await acknowledge(envelope.eventId, await runLoad(target, { key, workerId, simulationId }, { mode, seconds }));
  } else {
    await acknowledge(envelope.eventId, { pid: process.pid });
  }
}

async function acknowledge(commandId: string, result: object): Promise<void> {
  const payload = loadProtos().tree.fes.orchestration.v1.CommandAck.serialize({
    ok: true,
    result: Buffer.from(JSON.stringify(result)),
    resultContentType: 'application/json',
  });
  const event = encodeEnvelope({
    eventId: `ack-${commandId}`,
    key: 'worker.command_ack.v1',
    payload,
    timestampNs: BigInt(Date.now()) * 1_000_000n,
    workerId,
    simulationId,
    contentType: 'application/protobuf; message=fes.orchestration.v1.CommandAck',
    correlationId: commandId,
    attributes: {},
    ordinal: 0,
  });
  const wire = new GrpcWire({ address, path: paths.unary, token });
  const call = wire.open();
  call.resume();
  call.end(framed(event));
  const status = await untilStatus(call);
  wire.close();
  if (status !== 0) throw new Error(`the acknowledgement was refused with status ${status}`);
}

/** The reason is in the worker's output, which Shoal quotes when the worker fails. */
async function fail(error: unknown): Promise<void> {
  console.error(error);
  await delay(100);
  process.exitCode = 1;
  commands.cancel();
}
