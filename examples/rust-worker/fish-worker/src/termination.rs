use signal_hook::consts::SIGTERM;
use signal_hook::iterator::Signals;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A shell's way to say: ended by SIGTERM.
pub const SIGTERM_EXIT: u8 = 128 + 15;
/// After SIGTERM comes SIGKILL; the events of the last moment are worth this much waiting.
pub const TERMINATION_GRACE: Duration = Duration::from_secs(2);

/// Tells that SIGTERM came. The process ends soon after it in any case: a worker whose events nobody takes would else
/// wait for room, and not look.
#[derive(Clone)]
pub struct Termination(Arc<AtomicBool>);

impl Termination {
    pub fn listen() -> Result<Termination, String> {
        let told = Termination(Arc::new(AtomicBool::new(false)));
        let mut signals = Signals::new([SIGTERM]).map_err(|error| format!("signals cannot be handled: {error}"))?;
        let teller = told.clone();
        std::thread::spawn(move || {
            if signals.forever().next().is_some() {
                teller.0.store(true, Ordering::Relaxed);
                std::thread::sleep(TERMINATION_GRACE);
                std::process::exit(SIGTERM_EXIT.into());
            }
        });
        Ok(told)
    }

    pub fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
