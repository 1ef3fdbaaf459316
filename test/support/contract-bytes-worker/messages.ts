import { PbfReader, PbfWriter } from 'pbf';

/** The messages of the contract that this worker sends and reads, field numbers typed in from its tables. */

/** Of the table of SimulationState. */
export const STATE = { PAUSED: 4, RUNNING: 3, STOPPING: 5 } as const;

export type State = keyof typeof STATE;

export interface Registration {
  /** `nats` or `grpc`. */
  readonly commandTransport: string;
  readonly heartbeatIntervalMs: number;
  readonly desiredState: State;
  readonly maxInFlightBatches: number;
}

/** A command's envelope, as far as it matters here. */
export interface Command {
  readonly id: string;
  readonly key: string;
  readonly payload: Uint8Array;
}

export interface Answer {
  readonly ok: boolean;
  readonly message: string;
  readonly tick: number;
  readonly state: State;
  /** Of google.rpc.Code; 0 where `ok`. */
  readonly code: number;
}

interface Ids {
  readonly workerId: string;
  readonly simulationId: string;
}

function message(write: (pbf: PbfWriter) => void): Uint8Array {
  const pbf = new PbfWriter();
  write(pbf);
  return pbf.finish();
}

/** What `read` makes of each field of a message, by its number. Fields that it does not read are skipped. */
function fields(bytes: Uint8Array, read: (field: number, pbf: PbfReader) => void): void {
  const pbf = new PbfReader(bytes);
  for (let field = pbf.nextField(); field !== 0; field = pbf.nextField()) read(field, pbf);
}

export function registerWorkerRequest({ workerId, simulationId }: Ids, commands: readonly string[]): Uint8Array {
  return message((pbf) => {
    pbf.writeStringField(1, workerId);
    pbf.writeStringField(2, simulationId);
    pbf.writeStringField(3, 'contract-bytes/1');
    for (const command of commands) pbf.writeStringField(4, command);
    pbf.writeVarintField(6, process.pid);
  });
}

export function readRegisterWorkerResponse(bytes: Uint8Array): Registration {
  let registration: Registration = {
    commandTransport: '',
    heartbeatIntervalMs: 0,
    desiredState: 'RUNNING',
    maxInFlightBatches: 0,
  };
  fields(bytes, (field, pbf) => {
    if (field === 1) registration = { ...registration, commandTransport: pbf.readString() };
    if (field === 4) registration = { ...registration, heartbeatIntervalMs: pbf.readVarint() };
    if (field === 7 && pbf.readVarint() === STATE.PAUSED) registration = { ...registration, desiredState: 'PAUSED' };
    if (field === 10) registration = { ...registration, maxInFlightBatches: pbf.readVarint() };
  });
  return registration;
}

export function receiveCommandsRequest({ workerId, simulationId }: Ids): Uint8Array {
  return message((pbf) => {
    pbf.writeStringField(1, workerId);
    pbf.writeStringField(2, simulationId);
  });
}

export function heartbeatRequest({ workerId, simulationId }: Ids, tick: number, state: State): Uint8Array {
  return message((pbf) => {
    pbf.writeStringField(1, workerId);
    pbf.writeStringField(2, simulationId);
    pbf.writeVarintField(3, tick);
    pbf.writeVarintField(4, STATE[state]);
  });
}

export function reportEventBatchesRequest(sequence: number, envelopes: readonly Uint8Array[]): Uint8Array {
  return message((pbf) => {
    pbf.writeVarintField(1, sequence);
    for (const envelope of envelopes) pbf.writeBytesField(2, envelope);
  });
}

/** @throws Error that quotes what was rejected */
export function readReportEventBatchesResponse(bytes: Uint8Array): number {
  let sequence = 0;
  fields(bytes, (field, pbf) => {
    if (field === 1) sequence = pbf.readVarint();
    if (field === 2) throw new Error(`an event was rejected: ${Buffer.from(pbf.readBytes()).toString('latin1')}`);
  });
  return sequence;
}

export function readCommand(envelope: Uint8Array): Command {
  let command: Command = { id: '', key: '', payload: new Uint8Array() };
  fields(envelope, (field, pbf) => {
    if (field === 1) command = { ...command, id: pbf.readString() };
    if (field === 2) command = { ...command, key: pbf.readString() };
    if (field === 3) command = { ...command, payload: pbf.readBytes() };
  });
  return command;
}

/** Of a StepCommand or a ResetCommand: their one number. */
export function readFirstNumber(payload: Uint8Array): number | undefined {
  let first: number | undefined;
  fields(payload, (field, pbf) => {
    if (field === 1) first = pbf.readVarint();
  });
  return first;
}

/** The envelope of an acknowledgement, around its CommandAck. */
export function acknowledgement(command: Command, eventId: string, answer: Answer): Uint8Array {
  const ack = message((pbf) => {
    pbf.writeBooleanField(1, answer.ok);
    pbf.writeStringField(2, answer.message);
    pbf.writeVarintField(3, answer.tick);
    pbf.writeVarintField(4, STATE[answer.state]);
    pbf.writeVarintField(5, answer.code);
  });
  return message((pbf) => {
    pbf.writeStringField(1, eventId);
    pbf.writeStringField(2, 'worker.command_ack.v1');
    pbf.writeBytesField(3, ack);
    pbf.writeStringField(7, 'application/protobuf; message=fes.orchestration.v1.CommandAck');
    pbf.writeStringField(8, command.id);
  });
}
