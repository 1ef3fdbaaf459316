import json
import threading

import pytest
from fake_shoal import FakeShoal
from until import until

from shoal_sim._proto.fes.orchestration.v1.command_pb2 import (
    AgentActionCommand,
    InjectAgentCommand,
    ResetCommand,
    SetSpeedCommand,
    SnapshotCommand,
    StepCommand,
    StopCommand,
)
from shoal_sim.worker import (
    AgentAction,
    CommandContent,
    Custom,
    InjectAgent,
    Pause,
    RefusalCode,
    Reset,
    Resume,
    RunConfig,
    SetSpeed,
    Snapshot,
    Step,
    Stop,
    Worker,
    WorkerOptions,
    WorkerState,
)

CONTROL = "orchestrator.control."


def connected(shoal: FakeShoal, supported: list[str] | None = None) -> Worker:
    options = WorkerOptions(supported_commands=supported or [], log=lambda _: None)
    return Worker(shoal.environment(), RunConfig({}, b""), options).connect()


def test_each_command_says_what_it_carries() -> None:
    reset = ResetCommand(seed=0)
    reset.config.update({"fish": 3, "speed": 0.5, "names": ["a"], "deep": {"at": 2}})
    stop = StopCommand(force=True)
    stop.grace.FromMilliseconds(1_500)
    commands: list[tuple[str, bytes, CommandContent]] = [
        (CONTROL + "pause", b"", Pause()),
        (CONTROL + "resume", b"", Resume()),
        (CONTROL + "step", StepCommand(ticks=5).SerializeToString(), Step(5)),
        (CONTROL + "step", b"", Step(1)),
        (CONTROL + "reset", b"", Reset(None, None)),
        (
            CONTROL + "reset",
            reset.SerializeToString(),
            Reset(0, {"fish": 3, "speed": 0.5, "names": ["a"], "deep": {"at": 2}}),
        ),
        (CONTROL + "stop_worker", stop.SerializeToString(), Stop(True, 1.5)),
        (CONTROL + "set_speed", SetSpeedCommand(ticks_per_second=20).SerializeToString(), SetSpeed(20.0)),
        (CONTROL + "snapshot", SnapshotCommand(name="n").SerializeToString(), Snapshot("n")),
        (
            CONTROL + "inject_agent",
            InjectAgentCommand(payload=b"p", content_type="a/b").SerializeToString(),
            InjectAgent(b"p", "a/b"),
        ),
        (
            "orchestrator.ai.action",
            AgentActionCommand(agent_id="a-1", action=b"x", content_type="a/b").SerializeToString(),
            AgentAction("a-1", b"x", "a/b"),
        ),
        ("light.switch.v1", b"on", Custom("light.switch.v1", b"on", "")),
    ]
    with FakeShoal() as shoal, connected(shoal) as worker:
        for number, (key, payload, content) in enumerate(commands):
            shoal.command(f"c-{number}", key, payload)
            command = worker.next_command(timeout_s=10)
            assert command is not None
            assert (command.id, command.content) == (f"c-{number}", content)
            command.acknowledge()


def test_whole_numbers_of_a_configuration_are_whole_after_a_reset_too() -> None:
    reset = ResetCommand()
    reset.config.update({"fish": 3, "speed": 0.5, "deep": [{"at": -2}], "huge": 1e300})
    with FakeShoal() as shoal, connected(shoal) as worker:
        shoal.command("c-1", CONTROL + "reset", reset.SerializeToString())
        command = worker.next_command(timeout_s=10)
        assert command is not None
        assert isinstance(command.content, Reset)
        # 3 and 3.0 are equal, but for their text.
        config = json.dumps(command.content.config, sort_keys=True)
        assert config == '{"deep": [{"at": -2}], "fish": 3, "huge": 1e+300, "speed": 0.5}'
        command.acknowledge()


def test_an_acknowledgement_tells_tick_and_state_and_comes_after_the_events_before_it() -> None:
    with FakeShoal() as shoal:
        with connected(shoal) as worker:
            shoal.command("c-1", CONTROL + "snapshot")
            command = worker.next_command(timeout_s=10)
            assert command is not None
            worker.tick, worker.state = 12, WorkerState.PAUSED
            command.acknowledge("done", result=b"r", result_content_type="a/b", snapshot_ref="s")
        [ack] = shoal.acks("c-1")
        assert (ack.ok, ack.code, ack.message, ack.tick, int(ack.state)) == (True, 0, "done", 12, WorkerState.PAUSED)
        assert (ack.result, ack.result_content_type, ack.snapshot_ref) == (b"r", "a/b", "s")
        assert [(event.event_type_key, event.ordinal) for event in shoal.events] == [("worker.command_ack.v1", 1)]


def test_a_command_that_comes_again_is_answered_again_and_not_given_out_again() -> None:
    with FakeShoal() as shoal, connected(shoal) as worker:
        shoal.command("c-1", CONTROL + "pause")
        shoal.command("c-1", CONTROL + "pause")
        shoal.command("c-2", CONTROL + "pause")
        command = worker.next_command(timeout_s=10)
        assert command is not None
        other = worker.next_command(timeout_s=10)
        assert other is not None
        assert (command.id, other.id) == ("c-1", "c-2")
        command.acknowledge("once")
        until("it is answered", lambda: len(shoal.acks("c-1")) == 1)
        shoal.command("c-1", CONTROL + "pause")
        until("it is answered again", lambda: len(shoal.acks("c-1")) == 2)
        assert shoal.acks("c-1")[0] == shoal.acks("c-1")[1]
        assert worker.next_command() is None
        ids = [event.event_id for event in shoal.events]
        assert len(ids) == len(set(ids))


def test_what_it_cannot_do_anyway_is_refused_by_the_library() -> None:
    with FakeShoal() as shoal, connected(shoal, ["pause", "step"]) as worker:
        shoal.command("c-1", CONTROL + "resume")
        shoal.command("c-2", "light.switch.v1")
        shoal.command("c-3", CONTROL + "something_newer")
        shoal.command("c-4", CONTROL + "step", b"\xff\xff")
        shoal.command("c-5", CONTROL + "pause")
        command = worker.next_command(timeout_s=10)
        assert command is not None
        assert command.name == "pause"
        command.acknowledge()
        until("all are answered", lambda: len(shoal.events) == 5)
        codes = [shoal.acks(f"c-{number}")[0].code for number in (1, 2, 3, 4, 5)]
        unimplemented = RefusalCode.UNIMPLEMENTED
        assert codes == [unimplemented, unimplemented, unimplemented, RefusalCode.INVALID_ARGUMENT, 0]
        assert "resume" in shoal.acks("c-1")[0].message


def test_a_command_is_answered_exactly_once() -> None:
    with FakeShoal() as shoal, connected(shoal) as worker:
        shoal.command("c-1", CONTROL + "pause")
        command = worker.next_command(timeout_s=10)
        assert command is not None
        command.refuse("not now")
        with pytest.raises(RuntimeError, match="c-1 has been answered already"):
            command.acknowledge()
        [ack] = until("it is answered", lambda: shoal.acks("c-1"))
        assert (ack.ok, ack.code, ack.message) == (False, RefusalCode.FAILED_PRECONDITION, "not now")


def test_a_result_that_is_too_large_can_still_be_refused() -> None:
    with FakeShoal(max_event_bytes=1_000) as shoal, connected(shoal) as worker:
        shoal.command("c-1", CONTROL + "pause")
        command = worker.next_command(timeout_s=10)
        assert command is not None
        with pytest.raises(ValueError, match="Shoal takes 1000"):
            command.acknowledge(result=b"x" * 2_000)
        command.refuse("the result is too large", RefusalCode.RESOURCE_EXHAUSTED)
        [ack] = until("it is answered", lambda: shoal.acks("c-1"))
        assert ack.code == RefusalCode.RESOURCE_EXHAUSTED


def test_waiting_for_a_command_ends_when_one_comes_and_after_its_timeout() -> None:
    with FakeShoal() as shoal, connected(shoal) as worker:
        assert worker.next_command() is None
        assert worker.next_command(timeout_s=0.05) is None
        threading.Timer(0.1, shoal.command, ("c-1", CONTROL + "pause")).start()
        command = worker.next_command(timeout_s=None)
        assert command is not None
        assert command.id == "c-1"
