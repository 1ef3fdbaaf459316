//! A small worker: it counts, and obeys.
use shoal_worker::{CommandName, Error, Event, Request, Worker, WorkerOptions, WorkerState};
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let Err(error) = run() else { return ExitCode::SUCCESS };
    eprintln!("minimal: {error}");
    ExitCode::from(error.exit_code())
}

fn run() -> Result<(), Error> {
    use CommandName::{Pause, Reset, Resume, Step, Stop};
    let supported_commands = Some(vec![Pause, Resume, Step, Reset, Stop]);
    let worker = Worker::connect(WorkerOptions { supported_commands, ..WorkerOptions::default() })?;
    worker.set_state(worker.desired_state());
    while worker.state() != WorkerState::Stopping {
        if worker.state() == WorkerState::Running {
            tick(&worker)?;
        }
        let Some(command) = worker.next_command(Duration::from_millis(100))? else { continue };
        match command.request() {
            Request::Pause => worker.set_state(WorkerState::Paused),
            Request::Resume => worker.set_state(WorkerState::Running),
            Request::Step { ticks } => (0..*ticks).try_for_each(|_| tick(&worker))?,
            Request::Reset { .. } => worker.set_tick(0),
            Request::Stop { .. } => worker.set_state(WorkerState::Stopping),
            // The library refuses what is not in the list.
            _ => {}
        }
        command.acknowledge();
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
