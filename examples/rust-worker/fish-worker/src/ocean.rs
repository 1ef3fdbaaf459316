use serde::{Deserialize, Serialize};

/// Metres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// This and `times` as much of the other.
    pub fn plus(self, other: Point, times: f64) -> Point {
        Point { x: self.x + other.x * times, y: self.y + other.y * times }
    }
}

/// A rectangle of water without shores: what leaves on one side comes in on the other.
#[derive(Clone, Copy, Debug)]
pub struct Ocean {
    pub width: f64,
    pub height: f64,
}

impl Ocean {
    /// The same place with 0 ≤ x < width and 0 ≤ y < height.
    pub fn wrap(&self, point: Point) -> Point {
        Point { x: wrap_into(point.x, self.width), y: wrap_into(point.y, self.height) }
    }

    /// The shortest way from one place to another.
    pub fn way(&self, from: Point, to: Point) -> Point {
        Point { x: shortest(to.x - from.x, self.width), y: shortest(to.y - from.y, self.height) }
    }
}

fn wrap_into(value: f64, size: f64) -> f64 {
    let wrapped = value.rem_euclid(size);
    // Rounding can make a tiny negative number come out as size itself.
    if wrapped < size { wrapped } else { 0.0 }
}

/// Of a difference of two places, each within the size.
fn shortest(difference: f64, size: f64) -> f64 {
    if difference >= size / 2.0 {
        difference - size
    } else if difference < -size / 2.0 {
        difference + size
    } else {
        difference
    }
}
