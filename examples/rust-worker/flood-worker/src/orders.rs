use crate::pace::Pace;
use crate::{KEY, LOOK_EVERY, event};
use shoal_worker::{Acknowledgement, Code, Command, CommandName, Error, Request, Value, Worker, WorkerState};
use std::time::{Duration, Instant};

pub const OBEYED: [CommandName; 5] =
    [CommandName::Pause, CommandName::Resume, CommandName::Step, CommandName::Stop, CommandName::Custom];

/// Pauses, resumes and steps, which costs it nothing, where the command arrives.
pub fn obey_at_once(command: Command) -> Option<Command> {
    let (tick, state) = command.standing();
    let (tick, state) = match command.request() {
        Request::Pause => (tick, WorkerState::Paused),
        Request::Resume => (tick, WorkerState::Running),
        Request::Step { ticks } => (tick + ticks, state),
        _ => return Some(command),
    };
    command.stand(tick, state);
    command.acknowledge();
    None
}

/// Floods when it is told to, until it is stopped. Custom commands, as of Shoal's own benchmark, answered in JSON:
/// `bench.load` with `{"key": KEY, "seconds": S}` by `{"sent": N}`, behind its last event; `bench.pid` by `{"pid": P}`.
/// Meanwhile it reports at its pace, paused or not.
pub fn obey_orders(worker: &Worker, payload: &[u8], mut pace: Pace) -> Result<(), Error> {
    worker.set_state(worker.desired_state());
    loop {
        for _ in 0..pace.due() {
            worker.emit(event(KEY, payload))?;
        }
        let Some(command) = worker.next_command(pace.rest())? else { continue };
        match command.request() {
            Request::Custom { key, .. } if key == "bench.pid" => {
                command.acknowledge_with(json(&format!(r#"{{"pid":{}}}"#, std::process::id())));
            }
            Request::Custom { key, payload: order, .. } if key == "bench.load" => match order_of(order) {
                Some((key, time)) => {
                    let sent = flood_for(worker, &key, payload, time)?;
                    command.acknowledge_with(json(&format!(r#"{{"sent":{sent}}}"#)));
                }
                None => command.refuse(Code::InvalidArgument, "expected JSON with key and seconds"),
            },
            other => command.refuse(Code::Unimplemented, &format!("a flood cannot {}", other.name())),
        }
    }
}

fn order_of(order: &[u8]) -> Option<(String, Duration)> {
    let order: Value = std::str::from_utf8(order).ok()?.parse().ok()?;
    let seconds = order.get("seconds")?.as_f64()?;
    Some((order.get("key")?.as_str()?.to_owned(), Duration::try_from_secs_f64(seconds).ok()?))
}

fn flood_for(worker: &Worker, key: &str, payload: &[u8], time: Duration) -> Result<u64, Error> {
    let begin = Instant::now();
    let mut sent = 0_u64;
    while !sent.is_multiple_of(LOOK_EVERY) || begin.elapsed() < time {
        worker.emit(event(key, payload))?;
        sent += 1;
    }
    Ok(sent)
}

fn json(text: &str) -> Acknowledgement {
    let result = text.as_bytes().to_vec();
    Acknowledgement { result, result_content_type: "application/json".to_owned(), ..Acknowledgement::default() }
}
