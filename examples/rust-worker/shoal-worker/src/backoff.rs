use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(100);
const MAX: Duration = Duration::from_secs(2);

/// How long to wait before the next attempt, and when to give up. Told by the connection and by heartbeats.
pub struct Backoff {
    orphan_timeout: Duration,
    inner: Mutex<Inner>,
}

struct Inner {
    failures: u32,
    unreachable_since: Option<Instant>,
}

impl Backoff {
    pub fn new(orphan_timeout: Duration) -> Backoff {
        Backoff { orphan_timeout, inner: Mutex::new(Inner { failures: 0, unreachable_since: None }) }
    }

    /// Shoal has answered: it is there, though all of it may not be connected to, as while NATS is away.
    pub fn reached(&self) {
        self.lock().unreachable_since = None;
    }

    /// It also works: the next failure is a first one.
    pub fn worked(&self) {
        self.lock().failures = 0;
    }

    /// After a failure; None: Shoal could not be reached for the orphan timeout.
    pub fn next(&self, now: Instant) -> Option<Duration> {
        let left = self.left(now);
        if left.is_zero() {
            return None;
        }
        let mut inner = self.lock();
        let delay = MAX.min(FIRST * 2_u32.pow(inner.failures.min(10)));
        inner.failures += 1;
        Some(delay.min(left))
    }

    /// How long an attempt that begins now may take: no longer than the orphan timeout allows, which begins with the
    /// first call of this that nothing answers.
    pub fn left(&self, now: Instant) -> Duration {
        let since = *self.lock().unreachable_since.get_or_insert(now);
        self.orphan_timeout.saturating_sub(now.duration_since(since))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_two_seconds_and_end_with_the_orphan_timeout() {
        let backoff = Backoff::new(Duration::from_secs(10));
        let start = Instant::now();
        let waits: Vec<_> = (0..7).map(|_| backoff.next(start).unwrap().as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1_600, 2_000, 2_000]);
        assert_eq!(backoff.next(start + Duration::from_millis(9_500)), Some(Duration::from_millis(500)));
        assert_eq!(backoff.next(start + Duration::from_secs(10)), None);
        backoff.reached();
        assert_eq!(backoff.next(start + Duration::from_secs(10)), Some(Duration::from_secs(2)));
        backoff.worked();
        assert_eq!(backoff.next(start + Duration::from_secs(10)), Some(Duration::from_millis(100)));
    }
}
