use crate::ocean::Point;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fish {
    pub id: String,
    pub pos: Point,
    /// Radians; 0 looks along x, growing counter-clockwise.
    pub heading: f64,
    /// Joules, of a sort: food gives it, swimming and living take it.
    pub energy: f64,
    pub age_ticks: u64,
    /// The age at which it dies of old age.
    pub lifespan_ticks: u64,
    /// The change of its energy in the last tick.
    pub last_reward: f64,
    /// It only ever does what actions say, and comes back after its death.
    pub is_controlled: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pellet {
    pub id: String,
    pub pos: Point,
}

/// What a fish does in one tick, by itself or because an agent said so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// Metres forward; bounded by [`MAX_MOVE_M`].
    pub move_delta: f64,
    /// Counter-clockwise; bounded by [`MAX_TURN_DEGREES`].
    pub turn_delta_degrees: f64,
    pub attempt_eat: bool,
}

pub const PERSONAL_SPACE_M: f64 = 2.0;
pub const BITE_M: f64 = 1.5;
pub const MAX_MOVE_M: f64 = 1.2;
pub const CRUISE_M: f64 = 0.6;
pub const MAX_TURN_DEGREES: f64 = 40.0;
pub const PELLET_ENERGY: f64 = 30.0;
pub const NEWBORN_ENERGY: f64 = 60.0;
/// Above it a fish gives half of its energy to an offspring.
pub const BREEDING_ENERGY: f64 = 140.0;
pub const LIVING_COST: f64 = 0.15;
pub const COST_PER_METRE: f64 = 0.25;
pub const MIN_LIFESPAN_TICKS: f64 = 1_200.0;
pub const MAX_LIFESPAN_TICKS: f64 = 4_000.0;
/// How many pellets grow back each tick, for each that there can be.
pub const FOOD_GROWTH: f64 = 0.0125;
