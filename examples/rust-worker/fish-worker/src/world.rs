use crate::config::Config;
use crate::fish::{
    Action, BITE_M, BREEDING_ENERGY, COST_PER_METRE, FOOD_GROWTH, Fish, LIVING_COST, MAX_LIFESPAN_TICKS, MAX_MOVE_M,
    MAX_TURN_DEGREES, MIN_LIFESPAN_TICKS, NEWBORN_ENERGY, PELLET_ENERGY, Pellet,
};
use crate::ocean::{Ocean, Point};
use crate::random::Random;
use crate::sight::Sight;
use crate::steering::instinct;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::f64::consts::{PI, TAU};

/// A school of fish in an ocean with food: the pure simulation.
///
/// The same configuration, seed and calls give the same fish, to the last bit of one build. It knows no clock, no events
/// and no Shoal, and what is serialised is all of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct World {
    config: Config,
    random: Random,
    tick: u64,
    fish: Vec<Fish>,
    food: Vec<Pellet>,
    fish_born: u64,
    pellets_grown: u64,
    /// By the id of the fish: what it does in the next tick.
    actions: BTreeMap<String, Action>,
    /// Controlled fish that have died, and come back in the next tick.
    returning: Vec<String>,
}

/// What happened in one tick beside everybody's moving on.
#[derive(Debug, Default)]
pub struct Outcome {
    pub spawned: Vec<Spawned>,
    pub died: Vec<Died>,
}

#[derive(Debug)]
pub struct Spawned {
    pub fish: Fish,
    /// None: it swam in, came back, or was put there.
    pub parent_id: Option<String>,
}

#[derive(Debug)]
pub struct Died {
    pub fish: Fish,
    pub cause: Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Starvation,
    OldAge,
}

impl World {
    pub fn new(config: Config, seed: u64) -> World {
        let mut world = World {
            random: Random::new(seed),
            tick: 0,
            fish: Vec::new(),
            food: Vec::new(),
            fish_born: 0,
            pellets_grown: 0,
            actions: BTreeMap::new(),
            returning: Vec::new(),
            config,
        };
        for index in 0..world.config.fish {
            let pos = world.anywhere();
            let fish = if index < world.config.controlled {
                world.new_fish(format!("agent-{index}"), pos, NEWBORN_ENERGY, true)
            } else {
                world.newborn(pos, NEWBORN_ENERGY)
            };
            world.fish.push(fish);
        }
        while world.food.len() < world.config.food {
            world.grow_pellet();
        }
        world
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    pub fn tick(&self) -> u64 {
        self.tick
    }

    /// In the order they were born.
    pub fn fish(&self) -> &[Fish] {
        &self.fish
    }

    pub fn food(&self) -> &[Pellet] {
        &self.food
    }

    pub fn sight(&self) -> Sight<'_> {
        Sight::new(self.ocean(), self.config.vision, &self.fish, &self.food)
    }

    /// In the next tick this fish does that instead of what it would; the last one given counts. An action for one that
    /// is about to come back is for nothing. False: no such fish.
    pub fn direct(&mut self, fish_id: &str, action: Action) -> bool {
        if self.fish.iter().any(|fish| fish.id == fish_id) {
            self.actions.insert(fish_id.to_owned(), action);
            return true;
        }
        self.returning.iter().any(|id| id == fish_id)
    }

    /// Puts a fish there at once; without a place, anywhere.
    pub fn inject(&mut self, pos: Option<Point>) -> Spawned {
        let pos = match pos {
            Some(pos) => self.ocean().wrap(pos),
            None => self.anywhere(),
        };
        let fish = self.newborn(pos, NEWBORN_ENERGY);
        self.spawn(fish, None)
    }

    /// One tick: everybody swims and eats, some die, some breed, some come back, some food grows.
    pub fn step(&mut self) -> Outcome {
        self.tick += 1;
        let mut outcome = Outcome::default();
        let returning = std::mem::take(&mut self.returning);
        self.act();
        self.bury(&mut outcome);
        self.breed(&mut outcome);
        for id in returning {
            let pos = self.anywhere();
            let fish = self.new_fish(id, pos, NEWBORN_ENERGY, true);
            outcome.spawned.push(self.spawn(fish, None));
        }
        if self.fish.is_empty() && self.returning.is_empty() && self.config.fish > 0 {
            outcome.spawned.push(self.inject(None));
        }
        self.grow_food();
        outcome
    }

    /// All decide on the same picture, so that the order of the fish gives no advantage; food goes to the first that bites.
    fn act(&mut self) {
        let ocean = self.ocean();
        let mut actions = std::mem::take(&mut self.actions);
        let sight = self.sight();
        let decided: Vec<Action> = self
            .fish
            .iter()
            .map(|fish| match actions.remove(&fish.id) {
                Some(action) => action,
                None if fish.is_controlled => Action::default(),
                None => {
                    let food = sight.food_near(fish.pos).map(|at| sight.food_at(at));
                    instinct(fish, sight.fish_near(fish.pos), food, &ocean, sight.vision)
                }
            })
            .collect();
        let mut is_eaten = vec![false; self.food.len()];
        let mut bite = |pos: Point| {
            let within = |at: &usize| !is_eaten[*at] && ocean.way(pos, sight.food_at(*at)).length() <= BITE_M;
            let at = sight.food_near(pos).filter(within).min();
            if let Some(at) = at {
                is_eaten[at] = true;
            }
            at.is_some()
        };
        let swum = self.fish.iter().zip(decided).map(|(fish, action)| swim(fish, action, &ocean, &mut bite)).collect();
        self.fish = swum;
        let mut eaten = is_eaten.into_iter();
        self.food.retain(|_| eaten.next() != Some(true));
    }

    fn bury(&mut self, outcome: &mut Outcome) {
        for fish in std::mem::take(&mut self.fish) {
            let cause = match &fish {
                fish if fish.energy <= 0.0 => Cause::Starvation,
                fish if fish.age_ticks >= fish.lifespan_ticks => Cause::OldAge,
                _ => {
                    self.fish.push(fish);
                    continue;
                }
            };
            if fish.is_controlled {
                self.returning.push(fish.id.clone());
            }
            outcome.died.push(Died { fish, cause });
        }
    }

    /// A controlled fish keeps its energy: that is what its agent is paid with.
    fn breed(&mut self, outcome: &mut Outcome) {
        for at in 0..self.fish.len() {
            let Fish { energy, is_controlled, pos, .. } = self.fish[at];
            if is_controlled || energy < BREEDING_ENERGY || self.fish.len() >= self.config.max_fish {
                continue;
            }
            self.fish[at].energy = energy / 2.0;
            let child = self.newborn(pos, energy / 2.0);
            let parent_id = self.fish[at].id.clone();
            outcome.spawned.push(self.spawn(child, Some(parent_id)));
        }
    }

    fn grow_food(&mut self) {
        let expected = self.config.food as f64 * FOOD_GROWTH;
        let grown = (expected + self.random.next()) as usize;
        for _ in 0..grown.min(self.config.food - self.food.len()) {
            self.grow_pellet();
        }
    }

    fn grow_pellet(&mut self) {
        self.pellets_grown += 1;
        let pos = self.anywhere();
        self.food.push(Pellet { id: format!("food-{:06}", self.pellets_grown), pos });
    }

    fn spawn(&mut self, fish: Fish, parent_id: Option<String>) -> Spawned {
        self.fish.push(fish.clone());
        Spawned { fish, parent_id }
    }

    fn newborn(&mut self, pos: Point, energy: f64) -> Fish {
        self.fish_born += 1;
        self.new_fish(format!("fish-{:06}", self.fish_born), pos, energy, false)
    }

    fn new_fish(&mut self, id: String, pos: Point, energy: f64, is_controlled: bool) -> Fish {
        let heading = self.random.between(-PI, PI);
        let lifespan_ticks = self.random.between(MIN_LIFESPAN_TICKS, MAX_LIFESPAN_TICKS) as u64;
        Fish { id, pos, heading, energy, age_ticks: 0, lifespan_ticks, last_reward: 0.0, is_controlled }
    }

    fn anywhere(&mut self) -> Point {
        let x = self.random.between(0.0, self.config.width);
        Point { x, y: self.random.between(0.0, self.config.height) }
    }

    fn ocean(&self) -> Ocean {
        Ocean { width: self.config.width, height: self.config.height }
    }
}

/// `bite` takes a pellet from around a place, if there is one.
fn swim(fish: &Fish, action: Action, ocean: &Ocean, bite: &mut impl FnMut(Point) -> bool) -> Fish {
    let turn = within(action.turn_delta_degrees, -MAX_TURN_DEGREES, MAX_TURN_DEGREES);
    let metres = within(action.move_delta, 0.0, MAX_MOVE_M);
    let heading = (fish.heading + turn.to_radians()) % TAU;
    let pos = ocean.wrap(fish.pos.plus(Point { x: heading.cos(), y: heading.sin() }, metres));
    let eaten = if action.attempt_eat && bite(pos) { PELLET_ENERGY } else { 0.0 };
    let last_reward = eaten - LIVING_COST - COST_PER_METRE * metres;
    let (energy, age_ticks) = (fish.energy + last_reward, fish.age_ticks + 1);
    Fish { pos, heading, energy, age_ticks, last_reward, ..fish.clone() }
}

/// What is not a number becomes the lower bound: an agent may send anything.
fn within(value: f64, low: f64, high: f64) -> f64 {
    if value >= low { value.min(high) } else { low }
}
