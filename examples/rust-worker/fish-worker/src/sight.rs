use crate::fish::{BITE_M, Fish, Pellet};
use crate::grid::Grid;
use crate::ocean::{Ocean, Point};

/// A fish cannot attend to more than this at once.
const MAX_PERCEPTS: usize = 8;

/// The fish and the food as of now, for whoever looks around.
pub struct Sight<'a> {
    pub ocean: Ocean,
    pub vision: f64,
    fish: &'a [Fish],
    food: &'a [Pellet],
    fish_grid: Grid,
    food_grid: Grid,
}

/// Something that a fish sees.
#[derive(Debug, PartialEq)]
pub struct Percept<'a> {
    pub is_food: bool,
    pub id: &'a str,
    pub way: Point,
}

impl<'a> Sight<'a> {
    pub fn new(ocean: Ocean, vision: f64, fish: &'a [Fish], food: &'a [Pellet]) -> Sight<'a> {
        let reach = vision.max(BITE_M);
        let fish_grid = Grid::new(&ocean, reach, fish.iter().map(|it| it.pos));
        let food_grid = Grid::new(&ocean, reach, food.iter().map(|it| it.pos));
        Sight { ocean, vision, fish, food, fish_grid, food_grid }
    }

    /// Those within its sight, and some further away; itself too.
    pub fn fish_near(&self, pos: Point) -> impl Iterator<Item = &'a Fish> {
        self.fish_grid.near(pos).map(|at| &self.fish[at])
    }

    /// The places in `food` of the pellets within its sight, and of some further away.
    pub fn food_near(&self, pos: Point) -> impl Iterator<Item = usize> {
        self.food_grid.near(pos)
    }

    pub fn food_at(&self, index: usize) -> Point {
        self.food[index].pos
    }

    /// What a fish sees, nearest first.
    pub fn percepts(&self, fish: &Fish) -> Vec<Percept<'a>> {
        let food = self.food_near(fish.pos).map(|at| (true, self.food[at].id.as_str(), self.food[at].pos));
        let others = self.fish_near(fish.pos).filter(|other| other.id != fish.id);
        let mut seen: Vec<(f64, Percept)> = food
            .chain(others.map(|other| (false, other.id.as_str(), other.pos)))
            .map(|(is_food, id, pos)| Percept { is_food, id, way: self.ocean.way(fish.pos, pos) })
            .map(|percept| (percept.way.length(), percept))
            .filter(|(distance, _)| *distance <= self.vision)
            .collect();
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        seen.into_iter().take(MAX_PERCEPTS).map(|(_, percept)| percept).collect()
    }
}
