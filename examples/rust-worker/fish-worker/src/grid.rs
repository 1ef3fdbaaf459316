use crate::ocean::{Ocean, Point};

/// The ocean cut into cells, so that whoever looks around need not look at everything.
pub struct Grid {
    cols: usize,
    rows: usize,
    width: f64,
    height: f64,
    /// The places of a cell, in the order they were given.
    cells: Vec<Vec<usize>>,
}

/// More cells than this cost more to clear than they spare.
const MAX_CELLS_A_SIDE: usize = 256;

impl Grid {
    /// Of places in the ocean, for looks not further than `reach`.
    pub fn new(ocean: &Ocean, reach: f64, places: impl Iterator<Item = Point>) -> Grid {
        let count = |size: f64| ((size / reach) as usize).clamp(1, MAX_CELLS_A_SIDE);
        let (cols, rows) = (count(ocean.width), count(ocean.height));
        let cells = vec![Vec::new(); cols * rows];
        let mut grid = Grid { cols, rows, width: ocean.width, height: ocean.height, cells };
        for (index, place) in places.enumerate() {
            let (col, row) = grid.cell_of(place);
            grid.cells[row * cols + col].push(index);
        }
        grid
    }

    /// The indices of all places within reach, and of others near; always in the same order.
    pub fn near(&self, place: Point) -> impl Iterator<Item = usize> {
        let (col, row) = self.cell_of(place);
        let cols = around(col, self.cols);
        around(row, self.rows)
            .flat_map(move |row| cols.clone().map(move |col| (row % self.rows) * self.cols + col % self.cols))
            .flat_map(|cell| self.cells[cell].iter().copied())
    }

    fn cell_of(&self, place: Point) -> (usize, usize) {
        let at = |value: f64, size: f64, count: usize| ((value / size * count as f64) as usize).min(count - 1);
        (at(place.x, self.width, self.cols), at(place.y, self.height, self.rows))
    }
}

/// The cells beside one, over the edge too; each once, also where there are not three.
fn around(at: usize, count: usize) -> std::ops::Range<usize> {
    if count < 3 { 0..count } else { at + count - 1..at + count + 2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn whoever_is_within_reach_is_near_once_in_oceans_of_all_sizes() {
        let mut random = Random::new(1);
        for (width, height, reach) in [(100.0, 60.0, 12.0), (10.0, 30.0, 12.0), (25.0, 25.0, 12.0), (9.0, 9.0, 0.5)] {
            let ocean = Ocean { width, height };
            let places: Vec<Point> =
                (0..200).map(|_| Point { x: random.between(0.0, width), y: random.between(0.0, height) }).collect();
            let grid = Grid::new(&ocean, reach, places.iter().copied());
            for place in &places {
                let mut near: Vec<usize> = grid.near(*place).collect();
                near.sort_unstable();
                assert!(near.windows(2).all(|pair| pair[0] != pair[1]));
                for (index, other) in places.iter().enumerate() {
                    let is_within = ocean.way(*place, *other).length() <= reach;
                    assert!(!is_within || near.binary_search(&index).is_ok(), "{place:?} does not see {other:?}");
                }
            }
        }
    }
}
