import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import type { Action, Fish } from './fish.ts';
import { percepts } from './percepts.ts';
import type { World } from './world.ts';

/** The messages of fes.simulation.agent, as this example reads and writes them. */

export const observationContentType = 'application/protobuf; message=fes.simulation.agent.AgentObservation';
export const rewardContentType = 'application/protobuf; message=fes.simulation.agent.AgentReward';

const protoFile = fileURLToPath(import.meta.resolve('shoal/proto/fes/simulation/agent/agent.proto'));
const definition = loadSync(protoFile, {
  includeDirs: [join(dirname(protoFile), '../../..')],
  defaults: true,
  longs: String,
});
const observation = message('AgentObservation');
const reward = message('AgentReward');
const action = message('AgentAction');

/** What a fish feels and sees, as of now. */
export function encodeObservation(fish: Fish, world: World): Uint8Array {
  return observation.serialize({
    currentEnergy: fish.energy,
    currentAgeTicks: fish.ageTicks,
    posX: fish.pos.x,
    posY: fish.pos.y,
    orientationDegrees: (fish.heading * 180) / Math.PI,
    percepts: percepts(fish, world),
    lastReward: fish.lastReward,
  });
}

/** @param done the fish has died, and this is its last */
export function encodeReward(fish: Fish, tick: number, done: boolean): Uint8Array {
  return reward.serialize({ reward: fish.lastReward, done, tick });
}

/** @throws Error when the bytes are not an AgentAction */
export function decodeAction(bytes: Uint8Array): Action {
  return action.deserialize(Buffer.from(bytes)) as Action;
}

function message(name: string): MessageTypeDefinition<object, object> {
  return definition[`fes.simulation.agent.${name}`] as MessageTypeDefinition<object, object>;
}
