"""What a simulation worker in Python needs to run under Shoal.

A simulation as a class, run by the library:

    class Counter(Simulation):
        def advance(self) -> None: ...
        def events(self, timestamp_ns: int) -> Iterable[Event]: ...

    sys.exit(run_simulation(Counter, "counter/1.0"))

Or a loop of your own:

    with connect_worker(WorkerOptions(supported_commands=["stop"])) as worker:
        worker.emit(Event("counter.tick.v1", b"1"))
        command = worker.next_command()
"""

from .commands import (
    AgentAction,
    Command,
    CommandContent,
    Custom,
    InjectAgent,
    Pause,
    RefusalCode,
    Reset,
    Resume,
    SetSpeed,
    Snapshot,
    Step,
    Stop,
)
from .environment import NatsTransport, WorkerEnvironment, read_environment
from .errors import WorkerEnvironmentError, WorkerLostError
from .events import Event, Receipt
from .launching import EXIT_CONFIG, EXIT_UNAVAILABLE, connect_worker, run_simulation
from .options import WorkerOptions
from .run_config import RunConfig, read_run_config
from .simulation import ActionError, ConfigError, Run, Simulation, UnknownAgentError
from .state import WorkerState
from .worker import Worker

__all__ = [
    "EXIT_CONFIG",
    "EXIT_UNAVAILABLE",
    "ActionError",
    "AgentAction",
    "Command",
    "CommandContent",
    "ConfigError",
    "Custom",
    "Event",
    "InjectAgent",
    "NatsTransport",
    "Pause",
    "Receipt",
    "RefusalCode",
    "Reset",
    "Resume",
    "Run",
    "RunConfig",
    "SetSpeed",
    "Simulation",
    "Snapshot",
    "Step",
    "Stop",
    "UnknownAgentError",
    "Worker",
    "WorkerEnvironment",
    "WorkerEnvironmentError",
    "WorkerLostError",
    "WorkerOptions",
    "WorkerState",
    "connect_worker",
    "read_environment",
    "read_run_config",
    "run_simulation",
]
