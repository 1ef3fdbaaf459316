use crate::config::Config;
use crate::failure::Failure;
use crate::journal::Journal;
use crate::pace::Pace;
use crate::snapshot::Snapshot;
use crate::termination::Termination;
use crate::tick_events::{Reporting, TickEvent, first_events, tick_events};
use crate::world::World;
use shoal_worker::{Code, Command, Event, Worker, WorkerState};
use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How a run ended: its ticks are done, it was told to stop, or by SIGTERM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    Completed,
    Stopped,
    Terminated,
}

/// One school under Shoal: ticks at its pace, reports each tick's events, and serves commands between ticks and never
/// within one.
pub struct Run<'a> {
    worker: &'a Worker,
    journal: Journal,
    termination: Termination,
    seed: u64,
    ticks_per_second: f64,
    pace: Pace,
    world: World,
    steps: VecDeque<Step>,
    is_stopped: bool,
}

/// A step that is being done.
struct Step {
    command: Command,
    ticks_left: u64,
}

/// How long a signal may go unnoticed while nothing else happens.
const IDLE: Duration = Duration::from_millis(100);

impl<'a> Run<'a> {
    pub fn new(worker: &'a Worker, start: Snapshot, journal: Journal, termination: Termination) -> Run<'a> {
        let Snapshot { seed, ticks_per_second, world, .. } = start;
        let pace = Pace::new(ticks_per_second, Instant::now());
        let (steps, is_stopped) = (VecDeque::new(), false);
        Run { worker, journal, termination, seed, ticks_per_second, pace, world, steps, is_stopped }
    }

    /// Until the ticks are done or it is stopped; events may still be on their way.
    pub fn run(&mut self) -> Result<RunEnd, Failure> {
        let is_held = self.worker.desired_state() == WorkerState::Paused;
        self.worker.stand(self.world.tick(), if is_held { WorkerState::Paused } else { WorkerState::Running });
        if self.world.tick() == 0 {
            self.report_first()?;
        }
        let end = loop {
            while let Some(command) = self.worker.try_command()? {
                self.obey(command)?;
            }
            if let Some(end) = self.end() {
                break end;
            }
            self.next()?;
        };
        for Step { command, .. } in self.steps.drain(..) {
            command.refuse(Code::FailedPrecondition, &format!("the run ended at tick {}", self.world.tick()));
        }
        let state = if end == RunEnd::Completed { WorkerState::Completed } else { WorkerState::Stopping };
        self.worker.set_state(state);
        self.journal.flush()?;
        Ok(end)
    }

    pub fn worker(&self) -> &Worker {
        self.worker
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(self.seed, self.ticks_per_second, self.world.clone())
    }

    pub fn resume(&mut self) {
        self.worker.set_state(WorkerState::Running);
        self.set_speed(self.ticks_per_second);
    }

    /// Acknowledged after the last tick.
    pub fn begin_step(&mut self, command: Command, ticks: u64) {
        self.steps.push_back(Step { command, ticks_left: ticks });
    }

    pub fn reset(&mut self, seed: Option<u64>, config: Option<Config>) -> Result<(), Failure> {
        for Step { command, .. } in self.steps.drain(..) {
            command.refuse(Code::FailedPrecondition, "the simulation was reset");
        }
        let config =
            config.unwrap_or_else(|| Config { ticks_per_second: self.ticks_per_second, ..self.world.config().clone() });
        self.seed = seed.unwrap_or(self.seed);
        self.set_speed(config.ticks_per_second);
        self.world = World::new(config, self.seed);
        self.worker.set_tick(0);
        self.report_first()
    }

    pub fn set_speed(&mut self, ticks_per_second: f64) {
        self.ticks_per_second = ticks_per_second;
        self.pace = Pace::new(ticks_per_second, Instant::now());
    }

    pub fn stop(&mut self) {
        self.is_stopped = true;
        self.worker.set_state(WorkerState::Stopping);
    }

    pub fn report(&mut self, events: Vec<TickEvent>) -> Result<(), Failure> {
        self.report_as_of(events, now_ns())
    }

    fn report_first(&mut self) -> Result<(), Failure> {
        let timestamp_ns = now_ns();
        let events = first_events(&self.world, self.reporting(timestamp_ns));
        self.report_as_of(events, timestamp_ns)
    }

    fn report_as_of(&mut self, events: Vec<TickEvent>, timestamp_ns: i64) -> Result<(), Failure> {
        let tick = self.world.tick().to_string();
        for TickEvent { key, payload, content_type, agent_id } in events {
            let with_agent = [("tick", tick.as_str()), ("agent_id", agent_id.as_deref().unwrap_or_default())];
            let attributes = if agent_id.is_some() { &with_agent[..] } else { &with_agent[..1] };
            let event = Event::new(key, &payload).content_type(content_type).attributes(attributes);
            let receipt = self.worker.emit(event.timestamp_ns(timestamp_ns))?;
            self.journal.note(&receipt, key)?;
        }
        Ok(())
    }

    fn end(&self) -> Option<RunEnd> {
        let ticks = self.world.config().ticks;
        if self.termination.is_told() {
            Some(RunEnd::Terminated)
        } else if self.is_stopped {
            Some(RunEnd::Stopped)
        } else {
            (ticks > 0 && self.world.tick() >= ticks).then_some(RunEnd::Completed)
        }
    }

    /// One tick if it is time for one; else waits for that time, or obeys a command.
    fn next(&mut self) -> Result<(), Failure> {
        let is_stepping = !self.steps.is_empty();
        let wait = if is_stepping {
            Duration::ZERO
        } else if self.worker.state() == WorkerState::Paused {
            IDLE
        } else {
            self.pace.wait(Instant::now()).min(IDLE)
        };
        if !wait.is_zero() {
            return match self.worker.next_command(wait)? {
                Some(command) => self.obey(command),
                None => Ok(()),
            };
        }
        self.tick()?;
        if is_stepping {
            self.stepped();
        } else {
            self.pace.ticked(Instant::now());
        }
        Ok(())
    }

    fn tick(&mut self) -> Result<(), Failure> {
        let outcome = self.world.step();
        let timestamp_ns = now_ns();
        let events = tick_events(&self.world, &outcome, self.reporting(timestamp_ns));
        self.report_as_of(events, timestamp_ns)?;
        self.worker.set_tick(self.world.tick());
        Ok(())
    }

    fn stepped(&mut self) {
        let Some(mut step) = self.steps.pop_front() else { return };
        step.ticks_left -= 1;
        if step.ticks_left == 0 {
            step.command.acknowledge();
        } else {
            self.steps.push_front(step);
        }
    }

    fn reporting(&self, timestamp_ns: i64) -> Reporting<'_> {
        Reporting { simulation_id: &self.worker.environment().simulation_id, timestamp_ns }
    }
}

impl fmt::Display for RunEnd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            RunEnd::Completed => "completed",
            RunEnd::Stopped => "stopped",
            RunEnd::Terminated => "terminated",
        })
    }
}

fn now_ns() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64)
}
