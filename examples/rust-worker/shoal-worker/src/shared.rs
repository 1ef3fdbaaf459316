use crate::command::{Acknowledgement, Answer, Code, Command, Standing};
use crate::command_decoder::decode_command;
use crate::command_inbox::{CommandInbox, MAX_WAITING};
use crate::command_memory::Seen;
use crate::environment::Environment;
use crate::error::Error;
use crate::event::{Event, EventMaker};
use crate::options::{RejectedEvent, WorkerOptions};
use crate::outbox::Bounds;
use crate::proto::events::GenericEventRequest;
use crate::proto::orchestration::{
    CommandAck, HeartbeatRequest, RegisterWorkerRequest, RegisterWorkerResponse, ReportEventBatchesResponse,
};
use crate::reporter::Reporter;
use crate::state::WorkerState;
use bytes::Bytes;
use prost::Message;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the simulation's thread and the thread that talks to Shoal have in common.
pub struct Shared {
    pub environment: Environment,
    pub reporter: Reporter,
    pub inbox: CommandInbox,
    options: WorkerOptions,
    standing: Mutex<Standing>,
    desired: AtomicI32,
}

impl Shared {
    pub fn new(environment: Environment, options: WorkerOptions, id_prefix: &str) -> Shared {
        let maker = EventMaker::new(&environment.worker_id, &environment.simulation_id, id_prefix);
        let bounds = Bounds { max_events: options.max_buffered_events, max_bytes: options.max_buffered_bytes };
        Shared {
            reporter: Reporter::new(maker, bounds, options.linger),
            inbox: CommandInbox::new(options.supported_commands.clone()),
            environment,
            options,
            standing: Mutex::new(Standing { tick: 0, state: WorkerState::Running }),
            desired: AtomicI32::new(WorkerState::Running as i32),
        }
    }

    pub fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn desired_state(&self) -> WorkerState {
        WorkerState::of_proto(self.desired.load(Ordering::Relaxed)).unwrap_or(WorkerState::Running)
    }

    /// States that are Shoal's own, such as STARTING, say nothing to a worker.
    pub fn desire(&self, number: i32) {
        if WorkerState::of_proto(number).is_some() {
            self.desired.store(number, Ordering::Relaxed);
        }
    }

    pub fn registration(&self) -> RegisterWorkerRequest {
        let commands = self.options.supported_commands.iter().flatten();
        RegisterWorkerRequest {
            worker_id: self.environment.worker_id.clone(),
            simulation_id: self.environment.simulation_id.clone(),
            sdk: self.options.sdk.clone(),
            supported_commands: commands.map(ToString::to_string).collect(),
            labels: self.options.labels.clone(),
            pid: std::process::id(),
        }
    }

    pub fn registered(&self, registered: &RegisterWorkerResponse) {
        self.desire(registered.desired_state);
        let max_event_bytes = match registered.max_event_bytes {
            0 => usize::MAX,
            bytes => bytes as usize,
        };
        self.reporter.registered(max_event_bytes, registered.resume_after_ordinal);
    }

    pub fn heartbeat(&self) -> HeartbeatRequest {
        let Standing { tick, state } = *self.standing();
        HeartbeatRequest {
            worker_id: self.environment.worker_id.clone(),
            simulation_id: self.environment.simulation_id.clone(),
            tick,
            state: state as i32,
            gauges: (self.options.gauges)(),
        }
    }

    /// Gives a command out once: one seen before is answered with the answer it had, or waits for the one that is
    /// coming. What the worker cannot do anyway (not decodable, not in its list) is refused here.
    pub fn receive(self: &Arc<Self>, envelope: GenericEventRequest) {
        let id = &envelope.event_id;
        match self.inbox.see(id) {
            Seen::New => {}
            Seen::Unanswered => return,
            Seen::Answered(ack) => {
                return self.report_ack(id, &ack).unwrap_or_else(|error| self.log(&error.to_string()));
            }
        }
        let key = &envelope.event_type_key;
        match decode_command(&envelope) {
            Err(error) => {
                self.refuse(id, Code::InvalidArgument, format!("{key}: the payload cannot be decoded ({error})"))
            }
            Ok(None) => self.refuse(id, Code::Unimplemented, format!("this worker does not understand {key}")),
            Ok(Some(request)) if !self.inbox.supports(request.name()) => {
                self.refuse(id, Code::Unimplemented, format!("this worker does not understand {}", request.name()))
            }
            Ok(Some(request)) => {
                let (id, worker) = (id.clone(), self.clone());
                let command =
                    Command { id, attributes: envelope.attributes, request, worker, answered: AtomicBool::new(false) };
                let command = match &self.options.on_command {
                    Some(on_command) => on_command(command),
                    None => Some(command),
                };
                if let Some(command) = command.and_then(|it| self.inbox.push(it)) {
                    command.refuse(Code::ResourceExhausted, &format!("{MAX_WAITING} commands wait already"));
                }
            }
        }
    }

    pub(crate) fn answer(&self, id: &str, answer: Answer) {
        let Standing { tick, state } = *self.standing();
        let Acknowledgement { message, result, result_content_type, snapshot_ref } = answer.more;
        let ack = CommandAck {
            ok: answer.code.is_none(),
            code: answer.code.map_or(0, |code| code as i32),
            message,
            tick,
            state: state as i32,
            result: result.into(),
            result_content_type,
            snapshot_ref,
        };
        let bytes = Bytes::from(ack.encode_to_vec());
        match self.report_ack(id, &bytes) {
            Ok(()) => self.inbox.answered(id, bytes),
            // Whoever waits for it must hear something.
            Err(error) if answer.code.is_none() => self.refuse(id, Code::ResourceExhausted, error.to_string()),
            Err(error) => self.log(&format!("command {id} could not be answered: {error}")),
        }
    }

    pub fn acknowledged(&self, response: ReportEventBatchesResponse) {
        for rejected in response.rejected {
            let (event_id, code, message) = (rejected.event_id, rejected.code, rejected.message);
            match &self.options.on_rejected {
                Some(on_rejected) => on_rejected(&RejectedEvent { event_id, code, message }),
                None => self.log(&format!("event {event_id} was rejected ({code}): {message}")),
            }
        }
        self.reporter.acknowledge(response.sequence);
    }

    /// The worker can no longer work for Shoal: whoever waits, now or later, is told so.
    pub fn lose(&self, reason: String) {
        let error = Error::Lost(reason);
        self.reporter.lose(&error);
        self.inbox.lose(&error);
    }

    pub fn log(&self, message: &str) {
        (self.options.log)(message);
    }

    fn refuse(&self, id: &str, code: Code, message: String) {
        let more = Acknowledgement { message, ..Acknowledgement::default() };
        self.answer(id, Answer { code: Some(code), more });
    }

    fn report_ack(&self, id: &str, ack: &[u8]) -> Result<(), Error> {
        let content_type = "application/protobuf; message=fes.orchestration.v1.CommandAck";
        let event = Event { content_type, correlation_id: id, ..Event::new("worker.command_ack.v1", ack) };
        match self.reporter.report_urgent(&event) {
            // A worker that is gone for Shoal has nobody to answer.
            Ok(_) | Err(Error::Lost(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
