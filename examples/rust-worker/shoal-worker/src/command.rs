use crate::shared::Shared;
use crate::state::WorkerState;
use bytes::Bytes;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What a command asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    Pause,
    Resume,
    /// Run exactly this many ticks (at least 1), then be paused again; acknowledge after the last one.
    Step {
        ticks: u64,
    },
    /// Back to tick 0, in the same state; without a seed or configuration, with the ones it has.
    Reset {
        seed: Option<u64>,
        config: Option<Map<String, Value>>,
    },
    /// End by yourself with exit code 0, within the grace.
    Stop {
        force: bool,
        grace: Option<Duration>,
    },
    AgentAction {
        agent_id: String,
        action: Bytes,
        content_type: String,
    },
    InjectAgent {
        payload: Bytes,
        content_type: String,
    },
    /// 0: as fast as it can.
    SetSpeed {
        ticks_per_second: f64,
    },
    /// Write a snapshot to the snapshot folder, renamed into place, and answer with its `snapshot_ref`.
    Snapshot {
        name: String,
    },
    Custom {
        key: String,
        payload: Bytes,
        content_type: String,
    },
}

impl Request {
    pub fn name(&self) -> CommandName {
        match self {
            Request::Pause => CommandName::Pause,
            Request::Resume => CommandName::Resume,
            Request::Step { .. } => CommandName::Step,
            Request::Reset { .. } => CommandName::Reset,
            Request::Stop { .. } => CommandName::Stop,
            Request::AgentAction { .. } => CommandName::AgentAction,
            Request::InjectAgent { .. } => CommandName::InjectAgent,
            Request::SetSpeed { .. } => CommandName::SetSpeed,
            Request::Snapshot { .. } => CommandName::Snapshot,
            Request::Custom { .. } => CommandName::Custom,
        }
    }
}

/// The commands of the contract, by the names that registration and worker types use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandName {
    Pause,
    Resume,
    Step,
    Reset,
    Stop,
    AgentAction,
    InjectAgent,
    SetSpeed,
    Snapshot,
    Custom,
}

impl fmt::Display for CommandName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            CommandName::Pause => "pause",
            CommandName::Resume => "resume",
            CommandName::Step => "step",
            CommandName::Reset => "reset",
            CommandName::Stop => "stop",
            CommandName::AgentAction => "agent_action",
            CommandName::InjectAgent => "inject_agent",
            CommandName::SetSpeed => "set_speed",
            CommandName::Snapshot => "snapshot",
            CommandName::Custom => "custom",
        })
    }
}

/// A command to this worker. Answer each one, by [`Command::acknowledge`] or [`Command::refuse`]: the first answer counts.
#[must_use = "a command that is not answered is sent again and again, until it times out"]
pub struct Command {
    pub(crate) id: String,
    pub(crate) attributes: HashMap<String, String>,
    pub(crate) request: Request,
    pub(crate) worker: Arc<Shared>,
    pub(crate) answered: AtomicBool,
}

/// What an answer may say beside "it is done".
#[derive(Clone, Debug, Default)]
pub struct Acknowledgement {
    pub message: String,
    /// What the command brought back, opaque to Shoal.
    pub result: Vec<u8>,
    pub result_content_type: String,
    pub snapshot_ref: String,
}

/// Why a command is refused: numbers of google.rpc.Code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Code {
    InvalidArgument = 3,
    NotFound = 5,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Unimplemented = 12,
    Internal = 13,
}

/// As it is told: the worker's tick and state, as of then, are added.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub code: Option<Code>,
    pub more: Acknowledgement,
}

impl Command {
    /// The same when Shoal sends the command again.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn attributes(&self) -> &HashMap<String, String> {
        &self.attributes
    }

    pub fn name(&self) -> CommandName {
        self.request.name()
    }

    pub fn request(&self) -> &Request {
        &self.request
    }

    /// As [`crate::Worker::tick`] and [`crate::Worker::state`], for [`crate::OnCommand`].
    pub fn standing(&self) -> (u64, WorkerState) {
        let Standing { tick, state } = *self.worker.standing();
        (tick, state)
    }

    /// As [`crate::Worker::stand`], for [`crate::OnCommand`].
    pub fn stand(&self, tick: u64, state: WorkerState) {
        *self.worker.standing() = Standing { tick, state };
    }

    /// It is done. Tells the worker's tick and state as of now: set them first.
    pub fn acknowledge(&self) {
        self.acknowledge_with(Acknowledgement::default());
    }

    pub fn acknowledge_with(&self, more: Acknowledgement) {
        self.answer(Answer { code: None, more });
    }

    /// It is not done and nothing changed; `message` tells people why.
    pub fn refuse(&self, code: Code, message: &str) {
        let more = Acknowledgement { message: message.to_owned(), ..Acknowledgement::default() };
        self.answer(Answer { code: Some(code), more });
    }

    fn answer(&self, answer: Answer) {
        if !self.answered.swap(true, Ordering::Relaxed) {
            self.worker.answer(&self.id, answer);
        }
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Command({} {:?})", self.id, self.request)
    }
}

/// Where the worker stands, as acknowledgements and heartbeats tell it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub tick: u64,
    pub state: WorkerState,
}
