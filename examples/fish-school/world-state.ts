import { Builder } from 'flatbuffers';
import { AgentState } from './generated/agent-state.ts';
import { FoodPelletState } from './generated/food-pellet-state.ts';
import { Vec2f } from './generated/vec2f.ts';
import { WorldStateUpdate } from './generated/world-state-update.ts';
import type { Point } from './ocean.ts';
import type { World } from './world.ts';

export const worldStateContentType = 'application/vnd.google.flatbuffers; type=WorldStateUpdate';

/** The world as of now as a FlatBuffer `WorldStateUpdate`; both lists are sorted by id, as their key demands. */
export function encodeWorldState(world: World, simulationId: string, timestampNs: bigint): Uint8Array {
  const builder = new Builder(64 * (world.fish.length + world.food.length) + 256);
  const fish = byId(world.fish).map(({ id, pos }) => {
    const idOffset = builder.createString(id);
    AgentState.startAgentState(builder);
    AgentState.addId(builder, idOffset);
    AgentState.addPos(builder, vec2f(builder, pos));
    return AgentState.endAgentState(builder);
  });
  const food = byId(world.food).map(({ id, pos }) => {
    const idOffset = builder.createString(id);
    FoodPelletState.startFoodPelletState(builder);
    FoodPelletState.addId(builder, idOffset);
    FoodPelletState.addPos(builder, vec2f(builder, pos));
    return FoodPelletState.endFoodPelletState(builder);
  });
  const fishOffset = WorldStateUpdate.createAgentsVector(builder, fish);
  const foodOffset = WorldStateUpdate.createFoodPelletsVector(builder, food);
  const idOffset = builder.createString(simulationId);
  builder.finish(
    WorldStateUpdate.createWorldStateUpdate(builder, timestampNs, idOffset, BigInt(world.tick), fishOffset, foodOffset),
  );
  return builder.asUint8Array();
}

function vec2f(builder: Builder, { x, y }: Point): number {
  return Vec2f.createVec2f(builder, x, y);
}

/** By their bytes, which for these ids is by their characters. */
function byId<T extends { readonly id: string }>(things: readonly T[]): T[] {
  return things.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
