import type { WorkerCommand } from 'shoal/worker';
import { decodeAction } from './agent-messages.ts';
import type { Point } from './ocean.ts';
import { type SchoolConfig, SchoolConfigError, schoolConfig } from './school-config.ts';
import type { Spawned, World } from './world.ts';

/** What commands can do to a run. */
export interface Commanded {
  readonly world: World;
  pause(): void;
  resume(): void;
  step(command: WorkerCommand, ticks: number): void;
  reset(seed: bigint | undefined, config: SchoolConfig | undefined): Promise<void>;
  setSpeed(ticksPerSecond: number): void;
  spawned(spawned: Spawned): Promise<void>;
  stop(): void;
}

export const supportedCommands = [
  'pause',
  'resume',
  'step',
  'reset',
  'stop',
  'agent_action',
  'inject_agent',
  'set_speed',
] as const;

/** Does one command and answers it. */
export async function obey(command: WorkerCommand, run: Commanded): Promise<void> {
  switch (command.name) {
    case 'pause':
      run.pause();
      return command.acknowledge();
    case 'resume':
      run.resume();
      return command.acknowledge();
    case 'step':
      return run.step(command, command.ticks);
    case 'reset': {
      const config = attempt(() => (command.config === undefined ? undefined : schoolConfig(command.config)));
      if (config instanceof Error) return command.refuse(config.message, 'INVALID_ARGUMENT');
      await run.reset(command.seed, config);
      return command.acknowledge();
    }
    case 'stop':
      run.stop();
      return command.acknowledge();
    case 'agent_action': {
      const action = attempt(() => decodeAction(command.action));
      if (action instanceof Error) return command.refuse(`not an AgentAction: ${action.message}`, 'INVALID_ARGUMENT');
      if (run.world.direct(command.agentId, action)) return command.acknowledge();
      return command.refuse(`there is no fish ${command.agentId}`, 'NOT_FOUND');
    }
    case 'inject_agent': {
      const place = attempt(() => placeOf(command.payload));
      if (place instanceof Error) return command.refuse(place.message, 'INVALID_ARGUMENT');
      const fish = run.world.inject(place);
      await run.spawned({ fish });
      const result = Buffer.from(JSON.stringify({ agent_id: fish.id }));
      return command.acknowledge({ result, resultContentType: 'application/json' });
    }
    case 'set_speed':
      if (!(command.ticksPerSecond >= 0))
        return command.refuse('ticks_per_second must not be negative', 'INVALID_ARGUMENT');
      run.setSpeed(command.ticksPerSecond);
      return command.acknowledge();
    default:
      return command.refuse(`a school of fish cannot ${command.name}`, 'UNIMPLEMENTED');
  }
}

/** Where to put a fish: nothing (anywhere), or JSON `{"pos_x": 1, "pos_y": 2}`. */
function placeOf(payload: Uint8Array): Point | undefined {
  if (payload.length === 0) return undefined;
  const json: unknown = JSON.parse(Buffer.from(payload).toString());
  const { pos_x: x, pos_y: y } = (json ?? {}) as { pos_x?: unknown; pos_y?: unknown };
  if (x === undefined && y === undefined) return undefined;
  if (Number.isFinite(x) && Number.isFinite(y)) return { x: Number(x), y: Number(y) };
  throw new SchoolConfigError('expected nothing, or JSON with the numbers pos_x and pos_y');
}

function attempt<T>(what: () => T): T | Error {
  try {
    return what();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
