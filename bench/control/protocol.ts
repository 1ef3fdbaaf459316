import type { MethodDefinition } from '@grpc/grpc-js';
import { loadProtos } from '../../src/adapters/grpc/proto-loading.ts';
import { encodeEnvelope } from '../../src/worker/envelope-encoder.ts';

/** What the two programs of the comparison say to each other: the messages of Shoal, as bytes. */

const WORKER_ID = 'obeys-xxxxxxxxxxxx';
const SIMULATION_ID = 'sim-xxxxxxxxxx';
export const COMMAND_SUBJECT = `commands.worker.${WORKER_ID}.control`;
/** The same, for a worker that answers to the reply subject. */
export const REQUEST_SUBJECT = `commands.worker.${WORKER_ID}.request`;
export const EVENT_SUBJECT = `events.simulation.${SIMULATION_ID}.event.bench.unlogged.v1`;
const ACK_KEY = 'worker.command_ack.v1';

export const METHODS = {
  report: raw('ReportEventBatches', { requestStream: true, responseStream: true }),
  receiveCommands: raw('ReceiveCommands', { requestStream: false, responseStream: true }),
  /** What a worker that is a server would serve. */
  execute: raw('ExecuteCommand', { requestStream: false, responseStream: false }),
};

function raw(name: string, streams: { requestStream: boolean; responseStream: boolean }) {
  const asItIs = (bytes: Buffer): Buffer => bytes;
  return {
    path: `/fes.orchestration.v1.Bench/${name}`,
    ...streams,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  } satisfies MethodDefinition<Buffer, Buffer>;
}

export function commandEnvelope(commandId: string): Buffer {
  return envelope({
    eventId: commandId,
    key: 'orchestrator.control.pause',
    payload: Buffer.alloc(0),
    workerId: 'shoal',
  });
}

export function ackEnvelope(commandId: string): Buffer {
  const { CommandAck } = loadProtos().tree.fes.orchestration.v1;
  const payload = CommandAck.serialize({ ok: true, tick: 1_000, state: 'SIMULATION_STATE_PAUSED' });
  return envelope({ eventId: `ack-${commandId}`, key: ACK_KEY, payload, correlationId: commandId });
}

export function eventEnvelope(payloadBytes: number): Buffer {
  return envelope({ eventId: 'xxxxxxxxxxxx-1', key: 'bench.unlogged.v1', payload: Buffer.alloc(payloadBytes) });
}

export function isAck(eventTypeKey: string): boolean {
  return eventTypeKey === ACK_KEY;
}

interface Parts {
  readonly eventId: string;
  readonly key: string;
  readonly payload: Buffer;
  readonly workerId?: string;
  readonly correlationId?: string;
}

function envelope({ workerId = WORKER_ID, correlationId = '', ...parts }: Parts): Buffer {
  const timestampNs = BigInt(Date.now()) * 1_000_000n;
  const contentType = 'application/protobuf';
  const shared = { timestampNs, contentType, simulationId: SIMULATION_ID, attributes: {}, ordinal: 0 };
  return encodeEnvelope({ ...shared, ...parts, workerId, correlationId });
}
