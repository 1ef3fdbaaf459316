use std::fmt;
use std::time::Duration;

/// What can go wrong between a worker and Shoal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The process was not launched by Shoal, or asks for what this library cannot; names all that is wrong.
    Environment(Vec<String>),
    /// The worker was refused or replaced, or could not reach Shoal for the orphan timeout. Nothing that it does counts
    /// any more; it should exit.
    Lost(String),
    /// Shoal would refuse the event for its size; nothing was reported.
    EventTooLarge { key: String, bytes: usize, max_bytes: usize },
    /// The last events were not acknowledged in time.
    NotAcknowledged { events: usize, within: Duration },
}

impl Error {
    /// What a worker exits with (sysexits): 78 where starting it again would not help, else 69.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Environment(_) => 78,
            _ => 69,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Environment(problems) => {
                write!(out, "what this worker was launched with is wrong: {}", problems.join("; "))
            }
            Error::Lost(reason) => out.write_str(reason),
            Error::EventTooLarge { key, bytes, max_bytes } => {
                write!(out, "an event {key} has {bytes} bytes; Shoal takes {max_bytes}")
            }
            Error::NotAcknowledged { events, within } => {
                write!(out, "{events} events were not acknowledged within {} ms", within.as_millis())
            }
        }
    }
}

impl std::error::Error for Error {}
