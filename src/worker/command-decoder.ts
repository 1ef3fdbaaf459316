import type { GenericEventRequestOutput } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { DurationOutput } from '../adapters/grpc/generated/google/protobuf/Duration.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import type { CommandContent } from './commands.ts';
import { structToJson } from './struct-json.ts';

/**
 * The keys of contract section 5; any key that is not Shoal's own is a custom command.
 * @returns undefined for a command that only newer versions know
 * @throws Error when the payload is not what the key says
 */
export function decodeCommand(envelope: GenericEventRequestOutput): CommandContent | undefined {
  const payload = envelope.eventPayload;
  const { tree } = loadProtos();
  const messages = tree.fes.orchestration.v1;
  switch (envelope.eventTypeKey) {
    case 'orchestrator.control.pause':
      return { name: 'pause' };
    case 'orchestrator.control.resume':
      return { name: 'resume' };
    case 'orchestrator.control.step':
      return { name: 'step', ticks: Math.max(1, Number(messages.StepCommand.deserialize(payload).ticks)) };
    case 'orchestrator.control.reset': {
      const { seed, config } = messages.ResetCommand.deserialize(payload);
      return {
        name: 'reset',
        ...(seed === undefined ? {} : { seed: BigInt(seed) }),
        ...(config === null ? {} : { config: structToJson(config) }),
      };
    }
    case 'orchestrator.control.stop_worker': {
      const { force, grace } = messages.StopCommand.deserialize(payload);
      return { name: 'stop', force, ...(grace === null ? {} : { graceMs: durationMs(grace) }) };
    }
    case 'orchestrator.control.inject_agent': {
      const { payload: agent, contentType } = messages.InjectAgentCommand.deserialize(payload);
      return { name: 'inject_agent', payload: agent, contentType };
    }
    case 'orchestrator.control.set_speed':
      return { name: 'set_speed', ticksPerSecond: messages.SetSpeedCommand.deserialize(payload).ticksPerSecond };
    case 'orchestrator.control.snapshot':
      return { name: 'snapshot', snapshotName: messages.SnapshotCommand.deserialize(payload).name };
    case 'orchestrator.ai.action':
      return { name: 'agent_action', ...messages.AgentActionCommand.deserialize(payload) };
    default:
      if (envelope.eventTypeKey.startsWith('orchestrator.')) return undefined;
      return { name: 'custom', key: envelope.eventTypeKey, payload, contentType: envelope.payloadContentType };
  }
}

function durationMs(duration: DurationOutput): number {
  return Number(duration.seconds) * 1_000 + duration.nanos / 1_000_000;
}
