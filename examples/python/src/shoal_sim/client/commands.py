"""The commands, for `ShoalClient.control` and `control_many`: each makes a request without an id."""

from google.protobuf.duration_pb2 import Duration

from shoal_sim._proto.fes.orchestration.v1.client_service_pb2 import ControlSimulationRequest
from shoal_sim._proto.fes.orchestration.v1.command_pb2 import (
    AgentActionCommand,
    CustomCommand,
    InjectAgentCommand,
    PauseCommand,
    ResetCommand,
    ResumeCommand,
    SetSpeedCommand,
    SnapshotCommand,
    StepCommand,
    StopCommand,
)
from shoal_sim.client.structs import Json, to_struct

ACTION_CONTENT_TYPE = "application/protobuf; message=fes.simulation.agent.AgentAction"


def pause() -> ControlSimulationRequest:
    """Hold between two ticks."""
    return ControlSimulationRequest(pause=PauseCommand())


def resume() -> ControlSimulationRequest:
    """Go on."""
    return ControlSimulationRequest(resume=ResumeCommand())


def step(ticks: int = 1) -> ControlSimulationRequest:
    """Exactly so many ticks of a paused simulation."""
    return ControlSimulationRequest(step=StepCommand(ticks=ticks))


def reset(seed: int | None = None, config: Json | None = None) -> ControlSimulationRequest:
    """Tick 0 again; what is absent stays as it was."""
    struct = None if config is None else to_struct(config)
    return ControlSimulationRequest(reset=ResetCommand(seed=seed, config=struct))


def stop(force: bool = False, grace_seconds: float | None = None) -> ControlSimulationRequest:
    """End the run; with `force` at once."""
    return ControlSimulationRequest(stop=StopCommand(force=force, grace=duration(grace_seconds)))


def agent_action(agent_id: str, action: bytes, content_type: str = ACTION_CONTENT_TYPE) -> ControlSimulationRequest:
    """What one agent does in the next tick."""
    return ControlSimulationRequest(
        agent_action=AgentActionCommand(agent_id=agent_id, action=action, content_type=content_type)
    )


def inject_agent(payload: bytes = b"", content_type: str = "") -> ControlSimulationRequest:
    """Another agent, as the worker type understands the payload."""
    return ControlSimulationRequest(inject_agent=InjectAgentCommand(payload=payload, content_type=content_type))


def custom(command_key: str, payload: bytes = b"", content_type: str = "") -> ControlSimulationRequest:
    """A command of the worker type's own."""
    return ControlSimulationRequest(
        custom=CustomCommand(command_key=command_key, payload=payload, content_type=content_type)
    )


def set_speed(ticks_per_second: float) -> ControlSimulationRequest:
    """Ticks a second; 0: as fast as it can."""
    return ControlSimulationRequest(set_speed=SetSpeedCommand(ticks_per_second=ticks_per_second))


def snapshot(name: str) -> ControlSimulationRequest:
    """Write the state to a file."""
    return ControlSimulationRequest(snapshot=SnapshotCommand(name=name))


def duration(seconds: float | None) -> Duration | None:
    """None stays None: the default of the daemon's configuration."""
    if seconds is None:
        return None
    result = Duration()
    result.FromNanoseconds(round(seconds * 1e9))
    return result
