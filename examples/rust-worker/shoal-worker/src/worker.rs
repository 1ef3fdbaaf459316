use crate::command::{Command, Standing};
use crate::environment::Environment;
use crate::error::Error;
use crate::event::{Event, Receipt};
use crate::link::Link;
use crate::options::WorkerOptions;
use crate::shared::Shared;
use crate::state::WorkerState;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A worker that is registered with Shoal, for the plain thread (or threads) of a simulation.
///
/// It reconnects, registers again, sends again what was not acknowledged, tells heartbeats, and answers a command that
/// comes twice as it did the first time. Dropped without [`Worker::close`], the last events may be lost.
pub struct Worker {
    shared: Arc<Shared>,
    runtime: Runtime,
    link: JoinHandle<()>,
}

impl Worker {
    /// Subscribes to commands, registers, and returns a worker that may emit.
    ///
    /// # Errors
    /// [`Error::Environment`] when the process was not launched by Shoal; [`Error::Lost`] when Shoal refuses the worker
    /// or is not there for the orphan timeout.
    pub fn connect(options: WorkerOptions) -> Result<Worker, Error> {
        Worker::connect_in(Environment::from_process()?, options)
    }

    /// As [`Worker::connect`], in an environment that was read before.
    pub fn connect_in(environment: Environment, options: WorkerOptions) -> Result<Worker, Error> {
        let machine = |error: &dyn std::fmt::Display| Error::Lost(format!("this machine fails: {error}"));
        let id_prefix = getrandom::u64().map_err(|error| machine(&error))?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("shoal-worker")
            .enable_all()
            .build()
            .map_err(|error| machine(&error))?;
        let shared = Arc::new(Shared::new(environment, options, &format!("{id_prefix:016x}")));
        let (first, connected) = oneshot::channel();
        let link = runtime.spawn(supervised(shared.clone(), Link::new(shared.clone(), first)));
        let mut worker = Worker { shared, runtime, link };
        if connected.blocking_recv().is_err() {
            let _ = worker.runtime.block_on(&mut worker.link);
            return Err(worker.shared.reporter.lost().unwrap_or_else(link_failed));
        }
        Ok(worker)
    }

    pub fn environment(&self) -> &Environment {
        &self.shared.environment
    }

    /// Reports an event. Order is kept; it is kept and sent again until Shoal has acknowledged it. Blocks while the buffer
    /// is full, so that a Shoal or network slower than the simulation holds it.
    ///
    /// # Errors
    /// [`Error::Lost`]; [`Error::EventTooLarge`] when Shoal would refuse it, which uses nothing up.
    pub fn emit(&self, event: Event) -> Result<Receipt, Error> {
        self.shared.reporter.emit(&event)
    }

    /// The next command, if one has come. Each comes once, in order of arrival.
    ///
    /// # Errors
    /// [`Error::Lost`], after the commands that came before.
    pub fn try_command(&self) -> Result<Option<Command>, Error> {
        self.shared.inbox.next(Duration::ZERO)
    }

    /// As [`Worker::try_command`], waiting for one for at most `timeout`.
    pub fn next_command(&self, timeout: Duration) -> Result<Option<Command>, Error> {
        self.shared.inbox.next(timeout)
    }

    pub fn tick(&self) -> u64 {
        self.shared.standing().tick
    }

    /// The tick the worker stands at; heartbeats and acknowledgements tell it.
    pub fn set_tick(&self, tick: u64) {
        self.shared.standing().tick = tick;
    }

    pub fn state(&self) -> WorkerState {
        self.shared.standing().state
    }

    /// The state the worker is in; heartbeats and acknowledgements tell it.
    pub fn set_state(&self, state: WorkerState) {
        self.shared.standing().state = state;
    }

    /// Both at once, so that no heartbeat tells the one without the other.
    pub fn stand(&self, tick: u64, state: WorkerState) {
        *self.shared.standing() = Standing { tick, state };
    }

    /// What Shoal wants it to be, as of registration and each heartbeat; PAUSED at the start means: hold at tick 0.
    pub fn desired_state(&self) -> WorkerState {
        self.shared.desired_state()
    }

    /// Waits until every event is acknowledged, for at most the orphan timeout, and closes everything.
    ///
    /// # Errors
    /// [`Error::Lost`], [`Error::NotAcknowledged`].
    pub fn close(self) -> Result<(), Error> {
        let within = self.shared.environment.orphan_timeout;
        self.close_within(within)
    }

    /// As [`Worker::close`], waiting for at most `within`.
    pub fn close_within(self, within: Duration) -> Result<(), Error> {
        let Worker { shared, runtime, link } = self;
        shared.reporter.close();
        let ended = runtime.block_on(async { tokio::time::timeout(within, link).await });
        runtime.shutdown_background();
        match (ended, shared.reporter.lost()) {
            (Err(_), _) => Err(Error::NotAcknowledged { events: shared.reporter.not_acknowledged(), within }),
            (Ok(_), Some(lost)) => Err(lost),
            (Ok(Err(_)), None) => Err(link_failed()),
            (Ok(Ok(())), None) => Ok(()),
        }
    }
}

/// A callback of the worker's may panic on the link's task: whoever waits must be told.
async fn supervised(shared: Arc<Shared>, link: Link) {
    if let Err(error) = tokio::spawn(link.run()).await {
        shared.lose(format!("the connection's task failed: {error}"));
    }
}

fn link_failed() -> Error {
    Error::Lost("the connection's task failed".to_owned())
}
