import type { Command } from '../../domain/command/command.ts';
import type { CommandOutcome } from '../../domain/command/command-outcome.ts';
import { MANIFEST_KEY } from '../../domain/ledger/manifest.ts';
import { invalidArgument } from '../../domain/shoal-error.ts';
import type { SimulationView } from '../../domain/simulation/simulation-view.ts';
import type { EnvelopeHeader, MessageCodec } from '../../ports/message-codec.ts';
import { BOUNDS, demandShort } from './bounds.ts';
import { loadProtos } from './proto-loading.ts';
import { parseState, simulationMessage } from './simulation-message.ts';
import { plainToStruct } from './struct-message.ts';

const AGENT_ACTION_KEY = 'ai.agent_action.v1';

/** What a worker says of a command that it has done is for people: the rest is cut. */
const MAX_ACK_MESSAGE = 4_096;
/** As paths may be. */
const MAX_SNAPSHOT_REF_BYTES = 4_096;

/** Contract sections 1, 4 and 5 in protobuf. */
export class ProtobufMessageCodec implements MessageCodec {
  command(header: EnvelopeHeader, command: Command): Uint8Array {
    const attributes = command.name === 'agent_action' ? { agent_id: command.agentId } : {};
    return envelope(header, attributes, commandPayload(command));
  }

  simulationState(header: EnvelopeHeader, view: SimulationView): Uint8Array {
    const { Simulation } = loadProtos().tree.fes.orchestration.v1;
    return envelope(
      header,
      {},
      {
        key: 'orchestrator.simulation_state.v1',
        payload: Simulation.serialize(simulationMessage(view)),
        contentType: protobufType('fes.orchestration.v1.Simulation'),
      },
    );
  }

  workerCrash(header: EnvelopeHeader, crash: Readonly<Record<string, unknown>>): Uint8Array {
    return jsonEnvelope(header, 'orchestrator.worker_crash.v1', crash);
  }

  simulationManifest(header: EnvelopeHeader, manifest: Readonly<Record<string, unknown>>): Uint8Array {
    return jsonEnvelope(header, MANIFEST_KEY, manifest);
  }

  commandAck(payload: Uint8Array): CommandOutcome {
    const ack = decode('CommandAck', () =>
      loadProtos().tree.fes.orchestration.v1.CommandAck.deserialize(buffer(payload)),
    );
    const state = parseState(ack.state);
    demandShort('result_content_type', ack.resultContentType, BOUNDS.contentTypeBytes);
    demandShort('snapshot_ref', ack.snapshotRef, MAX_SNAPSHOT_REF_BYTES);
    return {
      ok: ack.ok,
      message: clipped(ack.message),
      tick: BigInt(ack.tick),
      code: ack.ok ? 0 : ack.code || REFUSED_WITHOUT_CODE,
      // Copied, for answers are remembered: a view would keep the whole network buffer alive that it is cut from.
      result: new Uint8Array(ack.result),
      resultContentType: ack.resultContentType,
      snapshotRef: ack.snapshotRef,
      ...(state === undefined ? {} : { state }),
    };
  }

  agentAction(bytes: Uint8Array): { eventId: string; action: Uint8Array; contentType: string } {
    const { GenericEventRequest } = loadProtos().tree.fes.common.events;
    const event = decode('GenericEventRequest', () => GenericEventRequest.deserialize(buffer(bytes)));
    if (event.eventTypeKey !== AGENT_ACTION_KEY)
      throw invalidArgument('event_type_key', `must be ${AGENT_ACTION_KEY} on an action subject`);
    return { eventId: event.eventId, action: event.eventPayload, contentType: event.payloadContentType };
  }
}

function clipped(message: string): string {
  return message.length > MAX_ACK_MESSAGE ? `${message.slice(0, MAX_ACK_MESSAGE - 1)}…` : message;
}

function isoTime(timestampNs: bigint): string {
  return new Date(Number(timestampNs / 1_000_000n)).toISOString();
}

/** google.rpc.Code UNKNOWN: a worker that refuses without saying why is still refused. */
const REFUSED_WITHOUT_CODE = 2;

interface Payload {
  readonly key: string;
  readonly payload: Uint8Array;
  readonly contentType: string;
}

function envelope(
  header: EnvelopeHeader,
  attributes: Record<string, string>,
  { key, payload, contentType }: Payload,
): Uint8Array {
  return loadProtos().tree.fes.common.events.GenericEventRequest.serialize({
    eventId: header.eventId,
    eventTypeKey: key,
    eventPayload: buffer(payload),
    timestampNs: header.timestampNs.toString(),
    sourceWorkerId: header.sourceId,
    simulationId: header.simulationId,
    payloadContentType: contentType,
    attributes,
  });
}

function commandPayload(command: Command): Payload {
  const messages = loadProtos().tree.fes.orchestration.v1;
  const control = (name: string, message: string, payload: Uint8Array): Payload => ({
    key: `orchestrator.control.${name}`,
    payload,
    contentType: protobufType(`fes.orchestration.v1.${message}`),
  });
  switch (command.name) {
    case 'pause':
      return control('pause', 'PauseCommand', messages.PauseCommand.serialize({}));
    case 'resume':
      return control('resume', 'ResumeCommand', messages.ResumeCommand.serialize({}));
    case 'step':
      return control('step', 'StepCommand', messages.StepCommand.serialize({ ticks: command.ticks.toString() }));
    case 'reset': {
      const config = command.config === undefined ? null : plainToStruct(command.config);
      return control(
        'reset',
        'ResetCommand',
        messages.ResetCommand.serialize({ seed: command.seed?.toString(), config }),
      );
    }
    case 'stop': {
      const { graceMs } = command;
      const grace =
        graceMs === undefined ? null : { seconds: Math.floor(graceMs / 1000), nanos: (graceMs % 1000) * 1_000_000 };
      return control('stop_worker', 'StopCommand', messages.StopCommand.serialize({ force: command.force, grace }));
    }
    case 'inject_agent': {
      const { payload, contentType } = command;
      return control(
        'inject_agent',
        'InjectAgentCommand',
        messages.InjectAgentCommand.serialize({ payload: buffer(payload), contentType }),
      );
    }
    case 'set_speed':
      return control(
        'set_speed',
        'SetSpeedCommand',
        messages.SetSpeedCommand.serialize({ ticksPerSecond: command.ticksPerSecond }),
      );
    case 'snapshot':
      return control('snapshot', 'SnapshotCommand', messages.SnapshotCommand.serialize({ name: command.snapshotName }));
    case 'agent_action': {
      const { agentId, action, contentType } = command;
      return {
        key: 'orchestrator.ai.action',
        payload: messages.AgentActionCommand.serialize({ agentId, action: buffer(action), contentType }),
        contentType: protobufType('fes.orchestration.v1.AgentActionCommand'),
      };
    }
    case 'custom':
      return { key: command.key, payload: command.payload, contentType: command.contentType };
  }
}

function protobufType(message: string): string {
  return `application/protobuf; message=${message}`;
}

function decode<T>(message: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw invalidArgument('event_payload', `is not a ${message}: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/** A view of the same memory as a Buffer, which is what protobufjs takes. */
function buffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function jsonEnvelope(header: EnvelopeHeader, key: string, content: Readonly<Record<string, unknown>>): Uint8Array {
  const payload = Buffer.from(JSON.stringify({ ...content, time: isoTime(header.timestampNs) }));
  return envelope(header, {}, { key, payload, contentType: 'application/json' });
}
