use crate::agent_messages::{OBSERVATION_CONTENT_TYPE, REWARD_CONTENT_TYPE, encode_observation, encode_reward};
use crate::fish::Fish;
use crate::world::{Cause, Died, Outcome, Spawned, World};
use crate::world_state::{WORLD_STATE_CONTENT_TYPE, encode_world_state};
use serde::Serialize;

/// An event of a tick, before it becomes one of a worker.
#[derive(Debug, PartialEq)]
pub struct TickEvent {
    pub key: &'static str,
    pub payload: Vec<u8>,
    pub content_type: &'static str,
    pub agent_id: Option<String>,
}

/// Who reports, and when.
#[derive(Clone, Copy)]
pub struct Reporting<'a> {
    pub simulation_id: &'a str,
    pub timestamp_ns: i64,
}

/// The events of one tick, in the order they are reported.
pub fn tick_events(world: &World, outcome: &Outcome, reporting: Reporting) -> Vec<TickEvent> {
    let tick = world.tick();
    let died = outcome.died.iter().map(|died| died_event(died, tick));
    let mut events: Vec<TickEvent> = died.chain(outcome.spawned.iter().map(|it| spawned_event(it, tick))).collect();
    events.push(world_state_event(world, reporting));
    if !observes(world) {
        return events;
    }
    let sight = world.sight();
    for fish in world.fish() {
        events.push(observation_event(fish, encode_observation(fish, &sight)));
        events.push(reward_event(fish, tick, false));
    }
    // Those that died are not in the world any more, but whoever learns from them must hear that it is over.
    events.extend(outcome.died.iter().map(|died| reward_event(&died.fish, tick, true)));
    events
}

/// The world as it begins: an agent needs something to choose its first action by.
pub fn first_events(world: &World, reporting: Reporting) -> Vec<TickEvent> {
    let mut events = vec![world_state_event(world, reporting)];
    if observes(world) {
        let sight = world.sight();
        events.extend(world.fish().iter().map(|fish| observation_event(fish, encode_observation(fish, &sight))));
    }
    events
}

fn observes(world: &World) -> bool {
    let every = world.config().observations_every;
    every > 0 && world.tick().is_multiple_of(every)
}

fn world_state_event(world: &World, Reporting { simulation_id, timestamp_ns }: Reporting) -> TickEvent {
    let payload = encode_world_state(world, simulation_id, timestamp_ns);
    TickEvent { key: "sim.world_state.v1", payload, content_type: WORLD_STATE_CONTENT_TYPE, agent_id: None }
}

fn observation_event(fish: &Fish, payload: Vec<u8>) -> TickEvent {
    let agent_id = Some(fish.id.clone());
    TickEvent { key: "sim.agent_observation.v1", payload, content_type: OBSERVATION_CONTENT_TYPE, agent_id }
}

fn reward_event(fish: &Fish, tick: u64, done: bool) -> TickEvent {
    let (payload, agent_id) = (encode_reward(fish, tick, done), Some(fish.id.clone()));
    TickEvent { key: "sim.agent_reward.v1", payload, content_type: REWARD_CONTENT_TYPE, agent_id }
}

#[derive(Serialize)]
struct SpawnedBody<'a> {
    agent_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<&'a str>,
    tick: u64,
    pos_x: f64,
    pos_y: f64,
    energy: f64,
}

#[derive(Serialize)]
struct DiedBody<'a> {
    agent_id: &'a str,
    tick: u64,
    cause: Cause,
    age_ticks: u64,
}

pub fn spawned_event(Spawned { fish, parent_id }: &Spawned, tick: u64) -> TickEvent {
    let parent_id = parent_id.as_deref();
    let (pos_x, pos_y, energy) = (fish.pos.x, fish.pos.y, fish.energy);
    json_event("sim.agent_spawned.v1", fish, &SpawnedBody { agent_id: &fish.id, parent_id, tick, pos_x, pos_y, energy })
}

fn died_event(Died { fish, cause }: &Died, tick: u64) -> TickEvent {
    let (cause, age_ticks) = (*cause, fish.age_ticks);
    json_event("sim.agent_died.v1", fish, &DiedBody { agent_id: &fish.id, tick, cause, age_ticks })
}

fn json_event(key: &'static str, fish: &Fish, body: &impl Serialize) -> TickEvent {
    // Only maps with keys that are no texts cannot be written.
    let payload = serde_json::to_vec(body).unwrap_or_default();
    TickEvent { key, payload, content_type: "application/json", agent_id: Some(fish.id.clone()) }
}
