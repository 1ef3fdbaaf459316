import type { EmittedEvent } from 'shoal/worker';
import { encodeObservation, encodeReward, observationContentType, rewardContentType } from './agent-messages.ts';
import type { Died, Spawned, TickOutcome, World } from './world.ts';
import { encodeWorldState, worldStateContentType } from './world-state.ts';

export interface TickReport {
  readonly world: World;
  readonly outcome: TickOutcome;
  readonly simulationId: string;
  readonly timestampNs: bigint;
  /** Whether this tick's observations and rewards are reported. */
  readonly withObservations: boolean;
}

/** The events of one tick, in the order they are reported. */
export function* tickEvents(report: TickReport): Generator<EmittedEvent> {
  const { world, outcome, simulationId, timestampNs, withObservations } = report;
  const tick = String(world.tick);
  for (const died of outcome.died) yield { ...diedEvent(died, world.tick), timestampNs };
  for (const spawned of outcome.spawned) yield { ...spawnedEvent(spawned, world.tick), timestampNs };
  yield {
    key: 'sim.world_state.v1',
    payload: encodeWorldState(world, simulationId, timestampNs),
    contentType: worldStateContentType,
    attributes: { tick },
    timestampNs,
  };
  if (!withObservations) return;
  for (const fish of world.fish) {
    const attributes = { agent_id: fish.id, tick };
    yield {
      key: 'sim.agent_observation.v1',
      payload: encodeObservation(fish, world),
      contentType: observationContentType,
      attributes,
      timestampNs,
    };
    // Nothing has been done before tick 0 that could be rewarded.
    if (world.tick === 0) continue;
    const payload = encodeReward(fish, world.tick, false);
    yield { key: 'sim.agent_reward.v1', payload, contentType: rewardContentType, attributes, timestampNs };
  }
  // Those that died are not in the world any more, but whoever learns from them must hear that it is over.
  for (const { fish } of outcome.died) {
    const attributes = { agent_id: fish.id, tick };
    const payload = encodeReward(fish, world.tick, true);
    yield { key: 'sim.agent_reward.v1', payload, contentType: rewardContentType, attributes, timestampNs };
  }
}

export function spawnedEvent({ fish, parentId }: Spawned, tick: number): EmittedEvent {
  return jsonEvent('sim.agent_spawned.v1', fish.id, tick, {
    agent_id: fish.id,
    ...(parentId === undefined ? {} : { parent_id: parentId }),
    tick,
    pos_x: fish.pos.x,
    pos_y: fish.pos.y,
    energy: fish.energy,
  });
}

function diedEvent({ fish, cause }: Died, tick: number): EmittedEvent {
  return jsonEvent('sim.agent_died.v1', fish.id, tick, { agent_id: fish.id, tick, cause, age_ticks: fish.ageTicks });
}

function jsonEvent(key: string, agentId: string, tick: number, body: object): EmittedEvent {
  return {
    key,
    payload: Buffer.from(JSON.stringify(body)),
    contentType: 'application/json',
    attributes: { agent_id: agentId, tick: String(tick) },
  };
}
