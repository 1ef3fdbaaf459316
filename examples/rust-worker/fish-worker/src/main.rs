//! A school of fish as a Shoal worker; README.md says what it reports and obeys.
mod agent_messages;
mod commands;
mod config;
mod failure;
mod fish;
mod grid;
mod journal;
mod ocean;
mod pace;
mod random;
mod run;
mod sight;
mod snapshot;
mod steering;
mod termination;
mod tick_events;
mod world;
mod world_state;
#[cfg(test)]
mod world_tests;

use config::Config;
use failure::Failure;
use journal::Journal;
use run::{Run, RunEnd};
use shoal_worker::{Environment, Worker, WorkerOptions, read_run_config};
use snapshot::Snapshot;
use std::io::Write;
use std::process::ExitCode;
use termination::{SIGTERM_EXIT, TERMINATION_GRACE, Termination};
use world::World;

fn main() -> ExitCode {
    match work() {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            // Whoever reads it may be gone; that must not change how this ends.
            let _ = writeln!(std::io::stderr(), "fish-worker: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn work() -> Result<u8, Failure> {
    let termination = Termination::listen()?;
    let journal = Journal::from_arguments(std::env::args().skip(1))?;
    let environment = Environment::from_process()?;
    let start = starting_point(&environment)?;
    say(&format!("seed {}, {}", start.seed, start.world.config().to_json()));
    let options = WorkerOptions {
        sdk: concat!("fish-worker/", env!("CARGO_PKG_VERSION")).to_owned(),
        supported_commands: Some(commands::SUPPORTED.to_vec()),
        ..WorkerOptions::default()
    };
    let worker = Worker::connect_in(environment, options)?;
    let mut run = Run::new(&worker, start, journal, termination);
    let end = run.run()?;
    let (tick, fish) = (run.world().tick(), run.world().fish().len());
    if end == RunEnd::Terminated {
        worker.close_within(TERMINATION_GRACE)?;
        // Not 0: an end by a signal is not a run that is complete.
        return Ok(SIGTERM_EXIT);
    }
    worker.close()?;
    say(&format!("{end} at tick {tick} with {fish} fish"));
    Ok(0)
}

/// The snapshot that the run is to go on from, else tick 0 of what it is configured with.
fn starting_point(environment: &Environment) -> Result<Snapshot, Failure> {
    let config = Config::from_json(read_run_config(environment)?.json.as_ref())?;
    if let Some(file) = &environment.restore_file {
        return Ok(Snapshot::read(file)?);
    }
    let seed = match environment.seed {
        Some(seed) => seed,
        None => random::random_seed()?,
    };
    let ticks_per_second = config.ticks_per_second;
    Ok(Snapshot::new(seed, ticks_per_second, World::new(config, seed)))
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
