use std::time::{Duration, Instant};

/// Bursts that come seldom cost less than single events would.
const BURST_EVERY: Duration = Duration::from_millis(200);
const NOTHING_DUE: Duration = Duration::from_secs(60);

/// Tells how many events are due, so that a rate is kept in the mean.
pub struct Pace {
    per_second: u64,
    since: Instant,
    done: u64,
    next: Instant,
}

impl Pace {
    /// `per_second` 0: never any.
    pub fn new(per_second: u64) -> Pace {
        let now = Instant::now();
        Pace { per_second, since: now, done: 0, next: now + BURST_EVERY }
    }

    /// How many to report now; none before the next burst.
    pub fn due(&mut self) -> u64 {
        let now = Instant::now();
        if self.per_second == 0 || now < self.next {
            return 0;
        }
        self.next = now + BURST_EVERY;
        let all = (now.duration_since(self.since).as_secs_f64() * self.per_second as f64) as u64;
        let due = all - self.done;
        self.done = all;
        due
    }

    /// Until the next burst.
    pub fn rest(&self) -> Duration {
        if self.per_second == 0 { NOTHING_DUE } else { self.next.saturating_duration_since(Instant::now()) }
    }
}
