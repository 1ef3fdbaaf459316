//! The messages of fes.simulation.agent, as this worker reads and writes them.
use crate::fish::{Action, Fish};
use crate::sight::Sight;
use prost::{DecodeError, Message};

mod proto {
    #![allow(clippy::all, dead_code)]
    include!(concat!(env!("OUT_DIR"), "/fes.simulation.agent.rs"));
}
use proto::{AgentAction, AgentObservation, AgentReward, EntityType, Percept};

pub const OBSERVATION_CONTENT_TYPE: &str = "application/protobuf; message=fes.simulation.agent.AgentObservation";
pub const REWARD_CONTENT_TYPE: &str = "application/protobuf; message=fes.simulation.agent.AgentReward";

/// What a fish feels and sees, as of now.
pub fn encode_observation(fish: &Fish, sight: &Sight) -> Vec<u8> {
    let percepts = sight.percepts(fish).into_iter().map(|percept| Percept {
        entity_type: if percept.is_food { EntityType::Food } else { EntityType::Agent } as i32,
        entity_id: percept.id.to_owned(),
        relative_pos_x: percept.way.x as f32,
        relative_pos_y: percept.way.y as f32,
    });
    let observation = AgentObservation {
        current_energy: fish.energy as f32,
        current_age_ticks: fish.age_ticks as i64,
        pos_x: fish.pos.x as f32,
        pos_y: fish.pos.y as f32,
        orientation_degrees: fish.heading.to_degrees() as f32,
        percepts: percepts.collect(),
        last_reward: fish.last_reward as f32,
    };
    observation.encode_to_vec()
}

/// `done`: the fish has died, and this is its last.
pub fn encode_reward(fish: &Fish, tick: u64, done: bool) -> Vec<u8> {
    AgentReward { reward: fish.last_reward as f32, done, tick }.encode_to_vec()
}

pub fn decode_action(bytes: &[u8]) -> Result<Action, DecodeError> {
    let AgentAction { move_delta, turn_delta_degrees, attempt_eat } = AgentAction::decode(bytes)?;
    Ok(Action { move_delta: move_delta.into(), turn_delta_degrees: turn_delta_degrees.into(), attempt_eat })
}
