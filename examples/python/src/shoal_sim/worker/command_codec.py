"""Commands and their answers as messages: section 5 of the contract."""

from typing import Any

from google.protobuf.json_format import MessageToDict

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest
from shoal_sim._proto.fes.orchestration.v1.command_pb2 import (
    AgentActionCommand,
    CommandAck,
    InjectAgentCommand,
    ResetCommand,
    SetSpeedCommand,
    SnapshotCommand,
    StepCommand,
    StopCommand,
)

from .commands import (
    AgentAction,
    Answer,
    CommandContent,
    Custom,
    InjectAgent,
    Pause,
    Reset,
    Resume,
    SetSpeed,
    Snapshot,
    Step,
    Stop,
)
from .state import WorkerState

MAX_WHOLE = 2**53


def decode_command(envelope: GenericEventRequest) -> CommandContent | None:
    """None for a command that only newer versions know. Raises DecodeError when the payload is not what the key says.

    Any key that is not Shoal's own is a custom command.
    """
    payload = envelope.event_payload
    match envelope.event_type_key:
        case "orchestrator.control.pause":
            return Pause()
        case "orchestrator.control.resume":
            return Resume()
        case "orchestrator.control.step":
            return Step(max(1, StepCommand.FromString(payload).ticks))
        case "orchestrator.control.reset":
            return _reset(ResetCommand.FromString(payload))
        case "orchestrator.control.stop_worker":
            stop = StopCommand.FromString(payload)
            return Stop(stop.force, stop.grace.ToNanoseconds() / 1e9 if stop.HasField("grace") else None)
        case "orchestrator.control.set_speed":
            return SetSpeed(SetSpeedCommand.FromString(payload).ticks_per_second)
        case "orchestrator.control.snapshot":
            return Snapshot(SnapshotCommand.FromString(payload).name)
        case "orchestrator.control.inject_agent":
            inject = InjectAgentCommand.FromString(payload)
            return InjectAgent(inject.payload, inject.content_type)
        case "orchestrator.ai.action":
            action = AgentActionCommand.FromString(payload)
            return AgentAction(action.agent_id, action.action, action.content_type)
        case key if key.startswith("orchestrator."):
            return None
        case key:
            return Custom(key, payload, envelope.payload_content_type)


def encode_answer(answer: Answer, tick: int, state: WorkerState) -> bytes:
    """A CommandAck; `tick` and `state` are for an answer that does not say."""
    return CommandAck(
        ok=answer.ok,
        message=answer.message,
        tick=tick if answer.tick is None else answer.tick,
        state=int(state if answer.state is None else answer.state),  # type: ignore[arg-type]
        code=answer.code,
        result=answer.result,
        result_content_type=answer.result_content_type,
        snapshot_ref=answer.snapshot_ref,
    ).SerializeToString()


def _reset(reset: ResetCommand) -> Reset:
    config = MessageToDict(reset.config) if reset.HasField("config") else None
    return Reset(reset.seed if reset.HasField("seed") else None, None if config is None else _as_json(config))


def _as_json(value: Any) -> Any:
    """A Struct knows no whole numbers: gives back 3 where the run's configuration file would say 3 and not 3.0."""
    if isinstance(value, dict):
        return {name: _as_json(it) for name, it in value.items()}
    if isinstance(value, list):
        return [_as_json(it) for it in value]
    if isinstance(value, float) and value.is_integer() and abs(value) <= MAX_WHOLE:
        return int(value)
    return value
