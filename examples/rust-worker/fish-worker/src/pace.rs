use std::time::{Duration, Instant};

/// Says when the next tick is due; a loop that fell behind by more than a second does not try to catch up.
pub struct Pace {
    /// None: as fast as it can.
    interval: Option<Duration>,
    due: Instant,
}

const MAX_BEHIND: Duration = Duration::from_secs(1);
/// Slower than one tick a day is as slow.
const MAX_INTERVAL_S: f64 = 86_400.0;

impl Pace {
    /// The next tick is due at once. `ticks_per_second` 0: as fast as it can.
    pub fn new(ticks_per_second: f64, now: Instant) -> Pace {
        let interval_s = (1.0 / ticks_per_second).min(MAX_INTERVAL_S);
        Pace { interval: (ticks_per_second > 0.0).then(|| Duration::from_secs_f64(interval_s)), due: now }
    }

    /// How long until the next tick.
    pub fn wait(&self, now: Instant) -> Duration {
        self.interval.map_or(Duration::ZERO, |_| self.due.saturating_duration_since(now))
    }

    pub fn ticked(&mut self, now: Instant) {
        let Some(interval) = self.interval else { return };
        self.due += interval;
        if now.saturating_duration_since(self.due) > MAX_BEHIND {
            self.due = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_that_is_late_is_made_up_for_unless_it_is_very_late() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut pace = Pace::new(10.0, start);
        assert_eq!(pace.wait(start), Duration::ZERO);
        pace.ticked(at(50));
        assert_eq!(pace.wait(at(50)), Duration::from_millis(50));
        pace.ticked(at(5_000));
        assert_eq!(pace.wait(at(5_000)), Duration::ZERO);
        pace.ticked(at(5_000));
        assert_eq!(pace.wait(at(5_000)), Duration::from_millis(100));
        assert_eq!(Pace::new(0.0, at(100)).wait(start), Duration::ZERO);
    }
}
