//! Reports events as fast as Shoal takes them, and says how fast that was: for measuring.
use shoal_worker::{CommandName, Environment, Error, Event, Request, Worker, WorkerOptions, read_run_config};
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

const KEY: &str = "flood.event.v1";
const DEFAULT_EVENTS: u64 = 100_000;
const DEFAULT_PAYLOAD_BYTES: u64 = 256;
/// How many events go by between two looks for commands.
const LOOK_EVERY: u64 = 1_024;

fn main() -> ExitCode {
    match flood() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "flood-worker: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

/// Of the run's configuration: `events`, how many, and `payload_bytes`, how long each.
struct Flood {
    events: u64,
    payload_bytes: usize,
}

fn flood() -> Result<(), Error> {
    let environment = Environment::from_process()?;
    let Flood { events, payload_bytes } = configured(&environment)?;
    let supported_commands = Some(vec![CommandName::Stop]);
    let worker = Worker::connect_in(environment, WorkerOptions { supported_commands, ..WorkerOptions::default() })?;
    let payload = vec![b'x'; payload_bytes];
    let event = Event::new(KEY, &payload).content_type("application/octet-stream");
    let begin = Instant::now();
    let mut reported = 0;
    while reported < events {
        if reported.is_multiple_of(LOOK_EVERY) && is_stopped(&worker)? {
            break;
        }
        worker.emit(event)?;
        reported += 1;
        worker.set_tick(reported);
    }
    worker.close()?;
    let seconds = begin.elapsed().as_secs_f64();
    let rate = reported as f64 / seconds;
    let _ = writeln!(std::io::stdout(), "{reported} events of {payload_bytes} B in {seconds:.3} s: {rate:.0} events/s");
    Ok(())
}

fn is_stopped(worker: &Worker) -> Result<bool, Error> {
    let Some(command) = worker.try_command()? else { return Ok(false) };
    command.acknowledge();
    Ok(matches!(command.request(), Request::Stop { .. }))
}

fn configured(environment: &Environment) -> Result<Flood, Error> {
    let config = read_run_config(environment)?.json.unwrap_or_default();
    let mut problems = Vec::new();
    let known = ["events", "payload_bytes"];
    let unknown = config.as_object().into_iter().flat_map(|it| it.keys()).filter(|key| !known.contains(&key.as_str()));
    problems.extend(unknown.map(|key| format!("{key}: not known; known are {}", known.join(", "))));
    let mut number = |name: &str, otherwise: u64| match config.get(name) {
        None => otherwise,
        Some(value) => value.as_u64().unwrap_or_else(|| {
            problems.push(format!("{name} is {value}: expected a whole number"));
            otherwise
        }),
    };
    let events = number("events", DEFAULT_EVENTS);
    let payload_bytes = number("payload_bytes", DEFAULT_PAYLOAD_BYTES) as usize;
    if problems.is_empty() { Ok(Flood { events, payload_bytes }) } else { Err(Error::Environment(problems)) }
}
