use crate::fish::{Action, BREEDING_ENERGY, CRUISE_M, Fish, MAX_MOVE_M, PERSONAL_SPACE_M};
use crate::ocean::{Ocean, Point};

/// How a fish swims when no agent steers it: with its neighbours (Reynolds' boids: together, aligned, not too close), and
/// towards the nearest food it sees, the more so the hungrier it is. Those given may be out of its sight.
pub fn instinct<'a>(
    fish: &Fish,
    school: impl Iterator<Item = &'a Fish>,
    food: impl Iterator<Item = Point>,
    ocean: &Ocean,
    vision: f64,
) -> Action {
    let (mut together, mut apart, mut aligned) = (Point::default(), Point::default(), direction(fish.heading));
    let mut neighbours = 0;
    for other in school.filter(|other| other.id != fish.id) {
        let way = ocean.way(fish.pos, other.pos);
        let distance = way.length();
        if distance > vision {
            continue;
        }
        neighbours += 1;
        together = together.plus(way, 1.0);
        aligned = aligned.plus(direction(other.heading), 1.0);
        if distance < PERSONAL_SPACE_M && distance > 0.0 {
            apart = apart.plus(way, -1.0 / distance);
        }
    }
    let neighbours = f64::from(neighbours);
    let mut wish = Point::default().plus(aligned, 1.0 / (neighbours + 1.0));
    if neighbours > 0.0 {
        wish = wish.plus(together, 0.05 / neighbours);
    }
    wish = wish.plus(apart, 1.5);
    let hunger = (1.0 - fish.energy / BREEDING_ENERGY).max(0.0);
    let mut move_delta = CRUISE_M;
    if let Some(meal) = nearest(fish, food, ocean, vision) {
        wish = wish.plus(meal, (2.0 * hunger + 0.3) / meal.length().max(0.1));
        move_delta += (MAX_MOVE_M - CRUISE_M) * hunger;
    }
    let turn = (wish.y.atan2(wish.x) - fish.heading).to_degrees();
    Action { move_delta, turn_delta_degrees: turn - 360.0 * (turn / 360.0).round(), attempt_eat: true }
}

/// The way to the nearest pellet in sight.
fn nearest(fish: &Fish, food: impl Iterator<Item = Point>, ocean: &Ocean, vision: f64) -> Option<Point> {
    let ways = food.map(|pos| ocean.way(fish.pos, pos)).filter(|way| way.length() <= vision);
    ways.min_by(|a, b| a.length().total_cmp(&b.length()))
}

fn direction(heading: f64) -> Point {
    Point { x: heading.cos(), y: heading.sin() }
}
