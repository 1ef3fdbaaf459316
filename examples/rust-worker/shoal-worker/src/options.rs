use crate::command::{Command, CommandName};
use std::collections::HashMap;
use std::io::Write;
use std::time::Duration;

/// How a worker presents itself, and how much it keeps.
pub struct WorkerOptions {
    /// Shown to people, as `name/version`.
    pub sdk: String,
    /// Commands not in the list are refused by the library; None: all are given out.
    pub supported_commands: Option<Vec<CommandName>>,
    pub labels: HashMap<String, String>,
    /// How long an event waits for company before its batch goes; default 5 ms.
    pub linger: Duration,
    /// Events that may be unacknowledged before `emit` holds; default 16,384.
    pub max_buffered_events: usize,
    /// Bytes that may be unacknowledged before `emit` holds; default 32 MiB.
    pub max_buffered_bytes: usize,
    /// Figures sent along with each heartbeat; called on the thread that talks to Shoal, so it must not block.
    pub gauges: Box<dyn Fn() -> HashMap<String, f64> + Send + Sync>,
    /// An event that Shoal did not take; the rest goes on. Default: logged.
    pub on_rejected: Option<OnRejected>,
    /// Answers commands where they arrive, before the simulation's thread hears of them; gives back what is not for it.
    /// Default: all are for [`crate::Worker::next_command`].
    pub on_command: Option<OnCommand>,
    /// What happens to the connection, for people; default: a line on stderr.
    pub log: Box<dyn Fn(&str) + Send + Sync>,
}

/// Called on the thread that talks to Shoal, so it must not block.
pub type OnRejected = Box<dyn Fn(&RejectedEvent) + Send + Sync>;

/// Called on the thread that talks to Shoal, so it must not block: heartbeats and events wait for it. It saves two changes
/// of threads a command, which is most of what a short one costs.
pub type OnCommand = Box<dyn Fn(Command) -> Option<Command> + Send + Sync>;

#[derive(Clone, Debug, PartialEq)]
pub struct RejectedEvent {
    pub event_id: String,
    /// google.rpc.Code
    pub code: i32,
    pub message: String,
}

impl Default for WorkerOptions {
    fn default() -> WorkerOptions {
        WorkerOptions {
            sdk: concat!("shoal-worker-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            supported_commands: None,
            labels: HashMap::new(),
            linger: Duration::from_millis(5),
            max_buffered_events: 16_384,
            max_buffered_bytes: 32 * 1024 * 1024,
            gauges: Box::new(HashMap::new),
            on_rejected: None,
            on_command: None,
            log: Box::new(log_to_stderr),
        }
    }
}

/// Whoever reads stderr may be gone with Shoal, and the worker is to outlast that: a write that fails is no panic.
fn log_to_stderr(message: &str) {
    let _ = writeln!(std::io::stderr(), "shoal-worker: {message}");
}
