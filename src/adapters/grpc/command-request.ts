import type { Command } from '../../domain/command/command.ts';
import { parseAgentId, parseEventTypeKey } from '../../domain/ids.ts';
import { invalidArgument } from '../../domain/shoal-error.ts';
import { BOUNDS, demandShort, demandWait } from './bounds.ts';
import type { ControlSimulationRequestOutput } from './generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import { structToPlain } from './struct-message.ts';
import { durationMs } from './well-known-types.ts';

/** Keys of custom commands that would be taken for Shoal's own. */
const RESERVED_PREFIXES = ['orchestrator.', 'worker.', 'ai.'];

/** The command in a ControlSimulationRequest. @throws ShoalError INVALID_ARGUMENT that names the field */
export function parseCommand(request: ControlSimulationRequestOutput): Command {
  switch (request.command) {
    case 'pause':
      return { name: 'pause' };
    case 'resume':
      return { name: 'resume' };
    case 'step': {
      const ticks = BigInt(request.step?.ticks ?? 0);
      return { name: 'step', ticks: ticks === 0n ? 1n : ticks };
    }
    case 'reset': {
      const { seed, config } = request.reset ?? {};
      return {
        name: 'reset',
        ...(seed === undefined ? {} : { seed: BigInt(seed) }),
        ...(config ? { config: structToPlain(config, 'reset.config') } : {}),
      };
    }
    case 'stop': {
      const { force = false, grace } = request.stop ?? {};
      return {
        name: 'stop',
        force,
        ...(grace ? { graceMs: demandWait('stop.grace', durationMs(grace, 'stop.grace')) } : {}),
      };
    }
    case 'agentAction': {
      const { agentId = '', action = Buffer.alloc(0), contentType = '' } = request.agentAction ?? {};
      demandShort('agent_action.content_type', contentType, BOUNDS.contentTypeBytes);
      return { name: 'agent_action', agentId: parseAgentId(agentId, 'agent_action.agent_id'), action, contentType };
    }
    case 'injectAgent': {
      const { payload = Buffer.alloc(0), contentType = '' } = request.injectAgent ?? {};
      demandShort('inject_agent.content_type', contentType, BOUNDS.contentTypeBytes);
      return { name: 'inject_agent', payload, contentType };
    }
    case 'custom': {
      const { commandKey = '', payload = Buffer.alloc(0), contentType = '' } = request.custom ?? {};
      demandShort('custom.content_type', contentType, BOUNDS.contentTypeBytes);
      return { name: 'custom', key: customKey(commandKey), payload, contentType };
    }
    case 'setSpeed': {
      const ticksPerSecond = request.setSpeed?.ticksPerSecond ?? 0;
      if (!Number.isFinite(ticksPerSecond) || ticksPerSecond < 0) {
        throw invalidArgument('set_speed.ticks_per_second', 'must be a finite number, 0 (as fast as it can) or more');
      }
      return { name: 'set_speed', ticksPerSecond };
    }
    case 'snapshot':
      return { name: 'snapshot', snapshotName: snapshotName(request.snapshot?.name ?? '') };
    default:
      throw invalidArgument(
        'command',
        'is not set; set one of pause, resume, step, reset, stop, agent_action, inject_agent, custom, set_speed, snapshot',
      );
  }
}

/** It may become a file name; empty: the worker chooses. */
function snapshotName(name: string): string {
  if (name === '' || /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(name)) return name;
  throw invalidArgument(
    'snapshot.name',
    'must be empty or at most 128 of A-Z a-z 0-9 _ . -, beginning with a letter or digit',
  );
}

function customKey(key: string): string {
  const reserved = RESERVED_PREFIXES.find((prefix) => key.startsWith(prefix));
  if (reserved !== undefined) throw invalidArgument('custom.command_key', `must not begin with "${reserved}"`);
  return parseEventTypeKey(key, 'custom.command_key');
}
