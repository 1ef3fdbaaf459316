//! Reports events as fast as Shoal takes them, and says how fast that was: for measuring.
mod config;
mod orders;
mod pace;

use crate::config::Config;
use crate::orders::{obey_at_once, obey_orders};
use crate::pace::Pace;
use shoal_worker::{
    CommandName, Environment, Error, Event, OnCommand, Request, Worker, WorkerOptions, read_run_config,
};
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

const KEY: &str = "flood.event.v1";
/// How many events go by between two looks for commands, or at the clock.
const LOOK_EVERY: u64 = 1_024;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "flood-worker: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run() -> Result<(), Error> {
    let environment = Environment::from_process()?;
    let config = Config::of(&read_run_config(&environment)?)?;
    let supported_commands = Some(if config.events > 0 { vec![CommandName::Stop] } else { orders::OBEYED.to_vec() });
    let on_command = (config.events == 0).then(|| Box::new(obey_at_once) as OnCommand);
    let options = WorkerOptions { supported_commands, on_command, ..WorkerOptions::default() };
    let worker = Worker::connect_in(environment, options)?;
    let payload = vec![b'x'; config.payload_bytes];
    if config.events > 0 {
        return flood(worker, config.events, &payload);
    }
    obey_orders(&worker, &payload, Pace::new(config.events_per_second))?;
    worker.close()
}

fn flood(worker: Worker, events: u64, payload: &[u8]) -> Result<(), Error> {
    let begin = Instant::now();
    let mut reported = 0;
    while reported < events {
        if reported.is_multiple_of(LOOK_EVERY) && is_stopped(&worker)? {
            break;
        }
        worker.emit(event(KEY, payload))?;
        reported += 1;
        worker.set_tick(reported);
    }
    worker.close()?;
    let seconds = begin.elapsed().as_secs_f64();
    let (rate, bytes) = (reported as f64 / seconds, payload.len());
    let _ = writeln!(std::io::stdout(), "{reported} events of {bytes} B in {seconds:.3} s: {rate:.0} events/s");
    Ok(())
}

fn event<'a>(key: &'a str, payload: &'a [u8]) -> Event<'a> {
    Event::new(key, payload).content_type("application/octet-stream")
}

fn is_stopped(worker: &Worker) -> Result<bool, Error> {
    let Some(command) = worker.try_command()? else { return Ok(false) };
    command.acknowledge();
    Ok(matches!(command.request(), Request::Stop { .. }))
}
