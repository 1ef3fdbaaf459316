import type { GenericEventRequest } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';

/** What is sent to a worker, before it has an id. */
export interface CommandContent {
  readonly key: string;
  readonly payload: Buffer;
  readonly contentType: string;
  readonly attributes?: { [name: string]: string };
}

/** The commands of contract section 5. */
export const COMMANDS = {
  pause: () => control('pause', 'PauseCommand', messages().PauseCommand.serialize({})),
  resume: () => control('resume', 'ResumeCommand', messages().ResumeCommand.serialize({})),
  step: (ticks: number) => control('step', 'StepCommand', messages().StepCommand.serialize({ ticks })),
  reset: (seed?: bigint) =>
    control(
      'reset',
      'ResetCommand',
      messages().ResetCommand.serialize(seed === undefined ? {} : { seed: seed.toString() }),
    ),
  stop: (graceMs: number) => {
    const grace = { seconds: Math.floor(graceMs / 1000), nanos: (graceMs % 1000) * 1_000_000 };
    return control('stop_worker', 'StopCommand', messages().StopCommand.serialize({ force: false, grace }));
  },
  setSpeed: (ticksPerSecond: number) =>
    control('set_speed', 'SetSpeedCommand', messages().SetSpeedCommand.serialize({ ticksPerSecond })),
  snapshot: (name: string) => control('snapshot', 'SnapshotCommand', messages().SnapshotCommand.serialize({ name })),
  injectAgent: (payload: Buffer, contentType: string) =>
    control('inject_agent', 'InjectAgentCommand', messages().InjectAgentCommand.serialize({ payload, contentType })),
  agentAction: (agentId: string): CommandContent => ({
    key: 'orchestrator.ai.action',
    payload: messages().AgentActionCommand.serialize({ agentId, action: Buffer.alloc(0), contentType: '' }),
    contentType: protobufType('AgentActionCommand'),
    attributes: { agent_id: agentId },
  }),
} as const;

/** As a daemon sends it. */
export function commandEnvelope(id: string, simulationId: string, content: CommandContent): GenericEventRequest {
  return {
    eventId: id,
    eventTypeKey: content.key,
    eventPayload: content.payload,
    timestampNs: (BigInt(Date.now()) * 1_000_000n).toString(),
    sourceWorkerId: 'conformance',
    simulationId,
    payloadContentType: content.contentType,
    attributes: content.attributes ?? {},
  };
}

function control(name: string, message: string, payload: Buffer): CommandContent {
  return { key: `orchestrator.control.${name}`, payload, contentType: protobufType(message) };
}

function protobufType(message: string): string {
  return `application/protobuf; message=fes.orchestration.v1.${message}`;
}

function messages() {
  return loadProtos().tree.fes.orchestration.v1;
}
