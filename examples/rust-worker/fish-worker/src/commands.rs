use crate::agent_messages::decode_action;
use crate::config::{Config, MAX_TICKS_PER_SECOND};
use crate::failure::Failure;
use crate::ocean::Point;
use crate::run::Run;
use crate::snapshot::is_snapshot_name;
use crate::tick_events::spawned_event;
use shoal_worker::{Acknowledgement, Code, Command, CommandName, Request, Value, WorkerState};
use std::path::Path;

pub const SUPPORTED: [CommandName; 9] = [
    CommandName::Pause,
    CommandName::Resume,
    CommandName::Step,
    CommandName::Reset,
    CommandName::Stop,
    CommandName::AgentAction,
    CommandName::InjectAgent,
    CommandName::SetSpeed,
    CommandName::Snapshot,
];

/// Why a command is not done.
struct Refusal(Code, String);

type Obeyed = Result<Acknowledgement, Refusal>;

impl Run<'_> {
    /// Does one command and answers it; a step is answered after its last tick.
    pub fn obey(&mut self, command: Command) -> Result<(), Failure> {
        if let Request::Step { ticks } = *command.request() {
            self.begin_step(command, ticks);
            return Ok(());
        }
        match self.done(command.request())? {
            Ok(acknowledgement) => command.acknowledge_with(acknowledgement),
            Err(Refusal(code, message)) => command.refuse(code, &message),
        }
        Ok(())
    }

    fn done(&mut self, request: &Request) -> Result<Obeyed, Failure> {
        match request {
            Request::Pause => self.worker().set_state(WorkerState::Paused),
            Request::Resume => self.resume(),
            Request::Stop { .. } => self.stop(),
            Request::Reset { seed, config } => match config.as_ref().map(Config::from_object).transpose() {
                Ok(config) => self.reset(*seed, config)?,
                Err(problem) => return Ok(Err(Refusal(Code::InvalidArgument, problem))),
            },
            Request::SetSpeed { ticks_per_second } if (0.0..=MAX_TICKS_PER_SECOND).contains(ticks_per_second) => {
                self.set_speed(*ticks_per_second);
            }
            Request::SetSpeed { .. } => {
                let expected = format!("ticks_per_second must be a number from 0 to {MAX_TICKS_PER_SECOND}");
                return Ok(Err(Refusal(Code::InvalidArgument, expected)));
            }
            Request::AgentAction { agent_id, action, .. } => return Ok(self.obey_agent_action(agent_id, action)),
            Request::InjectAgent { payload, .. } => return self.obey_inject_agent(payload),
            Request::Snapshot { name } => return Ok(self.obey_snapshot(name)),
            Request::Step { .. } | Request::Custom { .. } => {
                let problem = format!("a school of fish cannot {}", request.name());
                return Ok(Err(Refusal(Code::Unimplemented, problem)));
            }
        }
        Ok(Ok(Acknowledgement::default()))
    }

    fn obey_agent_action(&mut self, agent_id: &str, action: &[u8]) -> Obeyed {
        let action = decode_action(action)
            .map_err(|error| Refusal(Code::InvalidArgument, format!("not an AgentAction: {error}")))?;
        if self.world_mut().direct(agent_id, action) {
            Ok(Acknowledgement::default())
        } else {
            Err(Refusal(Code::NotFound, format!("there is no fish {agent_id}")))
        }
    }

    fn obey_inject_agent(&mut self, payload: &[u8]) -> Result<Obeyed, Failure> {
        let place = match place_in(payload) {
            Ok(place) => place,
            Err(problem) => return Ok(Err(Refusal(Code::InvalidArgument, problem))),
        };
        let spawned = self.world_mut().inject(place);
        let tick = self.world().tick();
        self.report(vec![spawned_event(&spawned, tick)])?;
        Ok(Ok(Acknowledgement {
            result: format!(r#"{{"agent_id":"{}"}}"#, spawned.fish.id).into_bytes(),
            result_content_type: "application/json".to_owned(),
            ..Acknowledgement::default()
        }))
    }

    fn obey_snapshot(&self, name: &str) -> Obeyed {
        let name = if name.is_empty() { format!("tick-{}", self.world().tick()) } else { name.to_owned() };
        if !is_snapshot_name(&name) {
            let expected = format!("{name:?}: a name of a snapshot has letters, digits, -, _ and .");
            return Err(Refusal(Code::InvalidArgument, expected));
        }
        let Some(folder) = &self.worker().environment().snapshot_dir else {
            return Err(Refusal(
                Code::FailedPrecondition,
                "this worker was launched without SHOAL_SNAPSHOT_DIR".into(),
            ));
        };
        match self.snapshot().write(Path::new(folder), &name) {
            Ok(snapshot_ref) => Ok(Acknowledgement { snapshot_ref, ..Acknowledgement::default() }),
            Err(error) => Err(Refusal(Code::Internal, format!("no snapshot could be written to {folder}: {error}"))),
        }
    }
}

/// Where to put a fish: nothing (anywhere), or JSON `{"pos_x": 1, "pos_y": 2}`.
fn place_in(payload: &[u8]) -> Result<Option<Point>, String> {
    if payload.is_empty() {
        return Ok(None);
    }
    let json: Value = serde_json::from_slice(payload).map_err(|error| format!("not JSON: {error}"))?;
    let number = |name: &str| json.get(name).map(Value::as_f64);
    match (number("pos_x"), number("pos_y")) {
        (None, None) => Ok(None),
        (Some(Some(x)), Some(Some(y))) => Ok(Some(Point { x, y })),
        _ => Err("expected nothing, or JSON with the numbers pos_x and pos_y".to_owned()),
    }
}
