import time
from pathlib import Path

from abacus import PAUSED, Abacus, driven, step
from fake_shoal import FakeShoal
from until import until

from shoal_sim._proto.fes.orchestration.v1.command_pb2 import (
    AgentActionCommand,
    CommandAck,
    InjectAgentCommand,
    ResetCommand,
    SetSpeedCommand,
    SnapshotCommand,
    StepCommand,
)
from shoal_sim.worker import (
    RefusalCode,
    Simulation,
    WorkerState,
)
from shoal_sim.worker.driver import supported_commands


def test_it_holds_at_tick_0_when_it_is_started_paused_and_steps_exactly() -> None:
    with FakeShoal(**PAUSED) as shoal, driven(shoal):
        ack = step(shoal, "c-1", 3)
        assert (ack.ok, ack.tick, int(ack.state)) == (True, 3, WorkerState.PAUSED)
        assert shoal.payloads() == [b"0:0", b"1:1", b"2:2", b"3:3"]
        # The acknowledgement comes after the events of the last tick.
        assert shoal.events[-1].correlation_id == "c-1"
        assert step(shoal, "c-2", 0).tick == 4
        assert shoal.payloads()[-1] == b"4:4"


def test_a_pause_stops_the_tick_and_a_resume_goes_on() -> None:
    with FakeShoal() as shoal, driven(shoal):
        until("it runs", lambda: len(shoal.payloads()) > 10)
        ack = shoal.control("c-1", "pause")
        assert (ack.ok, int(ack.state)) == (True, WorkerState.PAUSED)
        last = shoal.payloads()[-1]
        assert last.startswith(f"{ack.tick}:".encode())
        assert step(shoal, "c-2", 1).tick == ack.tick + 1
        assert shoal.control("c-3", "resume").tick == ack.tick + 1
        until("it goes on", lambda: shoal.payloads()[-1] > last)


def test_a_reset_begins_again_at_tick_0_with_what_it_is_given_and_else_with_what_it_had() -> None:
    with FakeShoal(**PAUSED) as shoal, driven(shoal, seed=5, by=10):
        step(shoal, "c-1", 2)
        ack = shoal.control("c-2", "reset")
        assert (ack.ok, ack.tick, int(ack.state)) == (True, 0, WorkerState.PAUSED)
        assert shoal.payloads() == [b"0:5", b"1:15", b"2:25", b"0:5"]
        reset = ResetCommand(seed=100)
        reset.config.update({"by": 2})
        shoal.control("c-3", "reset", reset.SerializeToString())
        step(shoal, "c-4", 1)
        assert shoal.payloads()[-2:] == [b"0:100", b"1:102"]


def test_a_reset_with_a_wrong_configuration_is_refused_and_changes_nothing() -> None:
    with FakeShoal(**PAUSED) as shoal, driven(shoal):
        step(shoal, "c-1", 2)
        reset = ResetCommand()
        reset.config.update({"wrong": True})
        ack = shoal.control("c-2", "reset", reset.SerializeToString())
        assert (ack.ok, ack.code, ack.message) == (False, RefusalCode.INVALID_ARGUMENT, "wrong must not be given")
        assert ack.tick == 2
        step(shoal, "c-3", 1)
        assert shoal.payloads()[-1] == b"3:3"


def test_a_speed_is_kept_and_nonsense_is_refused() -> None:
    with FakeShoal() as shoal, driven(shoal):
        ack = shoal.control("c-1", "set_speed", SetSpeedCommand(ticks_per_second=50).SerializeToString())
        before, began_s = ack.tick, time.monotonic()
        until("some ticks", lambda: len(shoal.payloads()) > before + 25)
        took_s = time.monotonic() - began_s
        assert took_s > 0.4
        for value in (-1.0, float("nan"), float("inf")):
            refused = shoal.control(
                f"c{value}", "set_speed", SetSpeedCommand(ticks_per_second=value).SerializeToString()
            )
            assert refused.code == RefusalCode.INVALID_ARGUMENT


def test_a_stop_is_acknowledged_and_ends_the_run_also_within_a_long_step() -> None:
    with FakeShoal(**PAUSED) as shoal, driven(shoal, slow_s=0.01) as thread:
        shoal.command("c-1", "orchestrator.control.step", StepCommand(ticks=1_000_000).SerializeToString())
        until("it steps", lambda: len(shoal.payloads()) > 3)
        shoal.command("c-2", "orchestrator.control.pause")
        ack = shoal.control("c-3", "stop_worker")
        assert (ack.ok, int(ack.state)) == (True, WorkerState.STOPPING)
        thread.join(10)
        assert not thread.is_alive()
        assert shoal.streams[0].is_half_closed
        for command_id in ("c-1", "c-2"):
            [refused] = shoal.acks(command_id)
            assert not refused.ok
            assert "was stopped at tick" in refused.message


def test_a_run_that_is_complete_ends_by_itself() -> None:
    with FakeShoal() as shoal, driven(shoal, ticks=5) as thread:
        thread.join(10)
        assert not thread.is_alive()
        assert shoal.payloads()[-1] == b"5:5"
        assert shoal.streams[0].is_half_closed


def test_agents_act_between_the_ticks_of_a_step_too() -> None:
    with FakeShoal(**PAUSED) as shoal, driven(shoal, slow_s=0.01):
        shoal.command("c-1", "orchestrator.control.step", StepCommand(ticks=200).SerializeToString())
        until("it steps", lambda: len(shoal.payloads()) > 3)
        action = AgentActionCommand(agent_id="bead", action=b"1000").SerializeToString()
        shoal.command("c-2", "orchestrator.ai.action", action)
        [ack] = until("the step is done", lambda: shoal.acks("c-1"))
        assert ack.tick == 200
        assert shoal.acks("c-2")[0].tick < 200
        assert shoal.payloads()[-1] == b"200:1200"


def test_what_an_agent_cannot_do_is_refused() -> None:
    def act(command_id: str, agent_id: str, action: bytes) -> CommandAck:
        payload = AgentActionCommand(agent_id=agent_id, action=action).SerializeToString()
        shoal.command(command_id, "orchestrator.ai.action", payload)
        return until("it is answered", lambda: shoal.acks(command_id))[0]  # type: ignore[no-any-return]

    with FakeShoal(**PAUSED) as shoal, driven(shoal):
        assert act("c-1", "nobody", b"1").code == RefusalCode.NOT_FOUND
        assert act("c-2", "bead", b"one").code == RefusalCode.INVALID_ARGUMENT
        assert act("c-3", "bead", b"1").ok
        injected = shoal.control("c-4", "inject_agent", InjectAgentCommand().SerializeToString())
        assert (injected.result, injected.result_content_type) == (b'{"agent_id": "bead-2"}', "application/json")


def test_a_snapshot_is_complete_when_it_is_acknowledged(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    with FakeShoal(**PAUSED) as shoal, driven(shoal, snapshot_dir=folder):
        step(shoal, "c-1", 2)
        ack = shoal.control("c-2", "snapshot", SnapshotCommand(name="named").SerializeToString())
        assert (ack.ok, ack.snapshot_ref) == (True, "named")
        assert shoal.control("c-3", "snapshot").snapshot_ref == "tick-2"
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == {"named": b"2:2", "tick-2": b"2:2"}
        refused = shoal.control("c-4", "snapshot", SnapshotCommand(name="../up").SerializeToString())
        assert refused.code == RefusalCode.INVALID_ARGUMENT


def test_a_restored_run_reports_from_the_tick_after_its_snapshot_on() -> None:
    with FakeShoal(**PAUSED) as shoal, driven(shoal, restored=b"7:70"):
        assert shoal.control("c-1", "pause").tick == 7
        assert step(shoal, "c-2", 1).tick == 8
        assert shoal.payloads() == [b"8:71"]
        assert shoal.control("c-3", "reset").ok
        assert shoal.payloads() == [b"8:71", b"0:0"]


def test_a_snapshot_without_a_folder_is_refused() -> None:
    with FakeShoal(**PAUSED) as shoal, driven(shoal):
        ack = shoal.control("c-1", "snapshot")
        assert (ack.ok, ack.code) == (False, RefusalCode.FAILED_PRECONDITION)


def test_only_what_a_simulation_overrides_is_supported() -> None:
    class Bare(Simulation):
        pass

    always = ["pause", "resume", "step", "reset", "set_speed", "stop"]
    assert supported_commands(Bare) == always
    assert supported_commands(Abacus) == [*always, "agent_action", "inject_agent", "snapshot"]
