use shoal_worker::Error;
use std::fmt;

/// What ends the worker before its run is complete.
#[derive(Debug)]
pub enum Failure {
    /// Between it and Shoal.
    Worker(Error),
    /// Of its configuration, arguments or files; starting again would not help.
    Setup(String),
}

/// sysexits: the configuration is wrong.
const CONFIG_ERROR: u8 = 78;

impl Failure {
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Worker(error) => error.exit_code(),
            Failure::Setup(_) => CONFIG_ERROR,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Worker(error) => error.fmt(out),
            Failure::Setup(problem) => problem.fmt(out),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Worker(error)
    }
}

impl From<String> for Failure {
    fn from(problem: String) -> Failure {
        Failure::Setup(problem)
    }
}
