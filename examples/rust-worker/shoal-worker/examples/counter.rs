//! The smallest worker that does all that a good one does: it counts, and obeys.
use shoal_worker::{
    Code, Command, CommandName, Environment, Error, Event, Request, RunConfig, Value, Worker, WorkerOptions,
    WorkerState, read_run_config,
};
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("counter: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run() -> Result<(), Error> {
    use CommandName::{Pause, Reset, Resume, SetSpeed, Step, Stop};
    let environment = Environment::from_process()?;
    let mut speed = configured_speed(&read_run_config(&environment)?)?;
    let supported_commands = Some(vec![Pause, Resume, Step, Reset, Stop, SetSpeed]);
    let worker = Worker::connect_in(environment, WorkerOptions { supported_commands, ..WorkerOptions::default() })?;
    worker.set_state(worker.desired_state());
    let mut due = Instant::now();
    while worker.state() != WorkerState::Stopping {
        let wait = match worker.state() {
            WorkerState::Running => due.saturating_duration_since(Instant::now()),
            _ => Duration::from_secs(60),
        };
        if let Some(command) = worker.next_command(wait)? {
            obey(&worker, command, &mut speed)?;
            due = Instant::now();
        } else if worker.state() == WorkerState::Running {
            tick(&worker)?;
            // 0 is: as fast as it can. One that fell behind does not catch up.
            let pace =
                if speed == 0.0 { Duration::ZERO } else { Duration::from_secs_f64((1.0 / speed).min(MAX_INTERVAL_S)) };
            due = (due + pace).max(Instant::now());
        }
    }
    worker.close()
}

fn tick(worker: &Worker) -> Result<(), Error> {
    let count = worker.tick() + 1;
    let payload = format!(r#"{{"count":{count}}}"#);
    worker.emit(Event::new("counter.tick.v1", payload.as_bytes()).content_type("application/json"))?;
    worker.set_tick(count);
    Ok(())
}

fn obey(worker: &Worker, command: Command, speed: &mut f64) -> Result<(), Error> {
    let mut told_speed = Some(*speed);
    match command.request() {
        Request::Pause => worker.set_state(WorkerState::Paused),
        Request::Resume => worker.set_state(WorkerState::Running),
        Request::Step { ticks } => (0..*ticks).try_for_each(|_| tick(worker))?,
        Request::Stop { .. } => worker.set_state(WorkerState::Stopping),
        Request::SetSpeed { ticks_per_second } => told_speed = speed_of(Some(*ticks_per_second)),
        Request::Reset { config: Some(config), .. } => told_speed = speed_in(config.get(SPEED)),
        Request::Reset { .. } => {}
        other => {
            command.refuse(Code::Unimplemented, &format!("a counter cannot {}", other.name()));
            return Ok(());
        }
    }
    let Some(told_speed) = told_speed else {
        command.refuse(Code::InvalidArgument, EXPECTED_SPEED);
        return Ok(());
    };
    if matches!(command.request(), Request::Reset { .. }) {
        worker.set_tick(0);
    }
    *speed = told_speed;
    command.acknowledge();
    Ok(())
}

/// Slower than one tick a day is as slow.
const MAX_INTERVAL_S: f64 = 86_400.0;
const SPEED: &str = "ticks_per_second";
const EXPECTED_SPEED: &str = "ticks_per_second must be a number from 0 to 10000";

/// None: not one that can be.
fn speed_in(given: Option<&Value>) -> Option<f64> {
    speed_of(given.map_or(Some(10.0), Value::as_f64))
}

fn speed_of(given: Option<f64>) -> Option<f64> {
    given.filter(|it| (0.0..=10_000.0).contains(it))
}

fn configured_speed(config: &RunConfig) -> Result<f64, Error> {
    let given = config.json.as_ref().and_then(|json| json.get(SPEED));
    speed_in(given).ok_or_else(|| Error::Environment(vec![EXPECTED_SPEED.to_owned()]))
}
