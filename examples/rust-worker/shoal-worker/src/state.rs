use crate::proto::orchestration::SimulationState;

/// Where a worker says it is: the states that a worker can be in or be asked to be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum WorkerState {
    Running = SimulationState::Running as i32,
    Paused = SimulationState::Paused as i32,
    Stopping = SimulationState::Stopping as i32,
    Completed = SimulationState::Completed as i32,
    Failed = SimulationState::Failed as i32,
    Stopped = SimulationState::Stopped as i32,
}

impl WorkerState {
    const ALL: [WorkerState; 6] =
        [Self::Running, Self::Paused, Self::Stopping, Self::Completed, Self::Failed, Self::Stopped];

    /// None for states that are Shoal's own, such as STARTING.
    pub(crate) fn of_proto(number: i32) -> Option<WorkerState> {
        Self::ALL.into_iter().find(|state| *state as i32 == number)
    }
}
