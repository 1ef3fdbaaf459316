//! What a simulation worker in Rust needs to run under Shoal.
//!
//! ```no_run
//! use shoal_worker::{Event, Request, Worker, WorkerOptions};
//!
//! let worker = Worker::connect(WorkerOptions::default())?;
//! worker.emit(Event::new("counter.tick.v1", br#"{"count":1}"#).content_type("application/json"))?;
//! while let Some(command) = worker.try_command()? {
//!     match command.request() {
//!         Request::Pause => command.acknowledge(),
//!         other => command.refuse(shoal_worker::Code::Unimplemented, &format!("no {}", other.name())),
//!     }
//! }
//! worker.close()?;
//! # Ok::<(), shoal_worker::Error>(())
//! ```
//!
//! [`Worker`] is for plain threads: the simulation ticks on one, and everything that talks to Shoal (gRPC or NATS,
//! heartbeats, reconnecting, sending again) runs on a thread behind it. A complete worker is `examples/counter.rs`;
//! the protocol is told in Shoal's `docs/workers.md`.

mod backoff;
mod batch_codec;
mod command;
mod command_decoder;
mod command_inbox;
mod command_memory;
mod command_source;
mod end;
mod environment;
mod error;
mod event;
mod heartbeat;
mod link;
mod nats_commands;
mod options;
mod outbox;
mod reporter;
mod run_config;
mod service_client;
mod shared;
mod state;
mod struct_json;
#[cfg(test)]
mod testing;
mod worker;
#[cfg(test)]
mod worker_tests;

pub use command::{Acknowledgement, Code, Command, CommandName, Request};
pub use environment::{CommandTransport, Environment, NatsTransport};
pub use error::Error;
pub use event::{Event, Receipt};
pub use options::{OnCommand, OnRejected, RejectedEvent, WorkerOptions};
pub use run_config::{RunConfig, read_run_config};
/// What configurations are made of.
pub use serde_json::{Map, Value};
pub use state::WorkerState;
pub use worker::Worker;

/// The messages and the client of the worker service, generated from Shoal's `proto/`.
mod proto {
    #![allow(clippy::all, dead_code)]
    include!(concat!(env!("OUT_DIR"), "/proto.rs"));
    pub use fes::common::events;
    pub use fes::orchestration::v1 as orchestration;
}
