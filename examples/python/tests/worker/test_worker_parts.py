from pathlib import Path

import pytest

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest
from shoal_sim._proto.fes.orchestration.v1.worker_service_pb2 import ReportEventBatchesRequest
from shoal_sim.worker import RunConfig, WorkerEnvironment, WorkerEnvironmentError, read_environment, read_run_config
from shoal_sim.worker.command_memory import CommandMemory, Seen
from shoal_sim.worker.framing import BATCH_OVERHEAD_BYTES, batched_size, encode_batch
from shoal_sim.worker.outbox import BatchLimits, Outbox
from shoal_sim.worker.pace import Pace

COMPLETE = {
    "SHOAL_WORKER_ID": "w-1",
    "SHOAL_SIMULATION_ID": "sim-1",
    "SHOAL_GRPC_ADDRESS": "127.0.0.1:50051",
    "SHOAL_COMMAND_TRANSPORT": "grpc",
}


def test_the_environment_of_a_worker_is_read() -> None:
    nats = {
        "SHOAL_COMMAND_TRANSPORT": "nats",
        "SHOAL_NATS_URL": "nats://a:1, nats://b:2",
        "SHOAL_COMMAND_SUBJECT": "commands.worker.w-1.control",
        "SHOAL_SEED": str(2**64 - 1),
        "SHOAL_ORPHAN_TIMEOUT_MS": "1500",
        "SHOAL_CONFIG_FILE": "",
    }
    environment = read_environment({**COMPLETE, **nats})
    assert environment.nats is not None
    assert environment.nats.urls == ("nats://a:1", "nats://b:2")
    assert (environment.seed, environment.orphan_timeout_s, environment.config_file) == (2**64 - 1, 1.5, None)


def test_everything_that_is_wrong_is_named_at_once_and_the_token_is_not_shown() -> None:
    wrong = {
        "SHOAL_WORKER_ID": "a b",
        "SHOAL_GRPC_ADDRESS": "nowhere",
        "SHOAL_SEED": str(2**64),
        "SHOAL_WORKER_TOKEN": "secret\n",
    }
    with pytest.raises(WorkerEnvironmentError) as error:
        read_environment(wrong)
    named = [problem.split()[0].rstrip(":") for problem in error.value.problems]
    assert sorted(named) == sorted([*wrong, "SHOAL_SIMULATION_ID", "SHOAL_COMMAND_TRANSPORT"])
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "content_type", "expected"),
    [
        (b'{"a": 1}', "application/json", RunConfig({"a": 1}, b'{"a": 1}')),
        (b'{"a": 1}', "application/x+json; charset=utf-8", RunConfig({"a": 1}, b'{"a": 1}')),
        (b"", "application/json", RunConfig({}, b"")),
        (b"\x00", "application/octet-stream", RunConfig(None, b"\x00")),
    ],
)
def test_the_configuration_is_read_as_what_it_is(
    tmp_path: Path, content: bytes, content_type: str, expected: RunConfig
) -> None:
    file = tmp_path / "config"
    file.write_bytes(content)
    environment = WorkerEnvironment("w", "s", "a:1", config_file=file, config_content_type=content_type)
    assert read_run_config(environment) == expected


def test_a_configuration_that_is_not_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("{")
    with pytest.raises(WorkerEnvironmentError, match="not JSON"):
        read_run_config(WorkerEnvironment("w", "s", "a:1", config_file=file))
    with pytest.raises(WorkerEnvironmentError, match="cannot be read"):
        read_run_config(WorkerEnvironment("w", "s", "a:1", config_file=file / "none"))


@pytest.mark.parametrize("size", [0, 1, 127, 128, 16_384, 300_000])
def test_a_batch_put_together_by_hand_is_what_protobuf_would_write(size: int) -> None:
    events = [GenericEventRequest(event_id=f"e-{number}", event_payload=b"x" * size) for number in range(3)]
    envelopes = [event.SerializeToString() for event in events]
    batch = encode_batch(size + 1, envelopes)
    assert batch == ReportEventBatchesRequest(sequence=size + 1, events=events).SerializeToString()
    assert len(batch) <= BATCH_OVERHEAD_BYTES + sum(batched_size(envelope) for envelope in envelopes)


def test_the_outbox_counts_right_over_any_order_of_breaks() -> None:
    limits = BatchLimits(max_batch_events=3, max_batch_bytes=10_000, max_in_flight_batches=2)
    outbox = Outbox(max_events=8, max_bytes=10_000)
    for ordinal in range(1, 9):
        assert outbox.has_room
        outbox.add(bytes([ordinal]), ordinal)
    assert not outbox.has_room
    first, second = outbox.next_batch(limits), outbox.next_batch(limits)
    assert first is not None
    assert second is not None
    assert outbox.next_batch(limits) is None
    assert [first.envelopes, second.envelopes] == [[b"\x01", b"\x02", b"\x03"], [b"\x04", b"\x05", b"\x06"]]
    outbox.acknowledge(first.sequence)
    assert (outbox.size, outbox.waiting, outbox.has_room) == (5, 2, True)
    outbox.restart()
    assert (outbox.size, outbox.waiting) == (5, 5)
    # Never sent: 7 and 8. What an earlier process did under these ordinals is not theirs.
    outbox.skip_through(100)
    again = outbox.next_batch(limits)
    assert again is not None
    assert (again.sequence, again.envelopes) == (1, [b"\x07", b"\x08"])
    outbox.acknowledge(1)
    assert (outbox.size, outbox.waiting, outbox.fills_batch(limits)) == (0, 0, False)


def test_the_memory_of_commands_is_bounded_and_forgets_the_oldest_answer() -> None:
    memory = CommandMemory(capacity=2)
    assert memory.see("a") is Seen.NEW
    assert memory.see("a") is Seen.UNANSWERED
    memory.answer("a", b"done")
    assert memory.see("a") == b"done"
    for command_id in "bc":
        memory.see(command_id)
        memory.answer(command_id, b"done")
    assert memory.see("c") == b"done"
    assert memory.see("a") is Seen.NEW


def test_a_command_without_an_answer_is_remembered_however_many_others_come_and_go() -> None:
    memory = CommandMemory(capacity=2)
    memory.see("a long step")
    for number in range(10):
        memory.see(f"action {number}")
        memory.answer(f"action {number}", b"done")
    assert memory.see("a long step") is Seen.UNANSWERED


def test_a_pace_is_kept_and_what_was_missed_long_ago_is_not_made_up_for() -> None:
    pace = Pace(10, now_s=100)
    assert pace.wait_s(100) == pytest.approx(0.1)
    pace.ticked(100.1)
    assert pace.wait_s(100.15) == pytest.approx(0.05)
    pace.ticked(200)
    assert pace.wait_s(200) == 0
    pace.ticked(200)
    pace.ticked(200)
    pace.ticked(200)
    assert pace.wait_s(200) > 0
    pace.set_speed(0, 200)
    assert pace.wait_s(200) == 0


@pytest.mark.parametrize("ticks_per_second", [1e-20, 5e-324])
def test_the_wait_for_a_tick_is_a_day_at_most(ticks_per_second: float) -> None:
    pace = Pace(ticks_per_second, now_s=100)
    assert pace.wait_s(100) == 86_400
    pace.ticked(86_500)
    assert pace.wait_s(86_500) == 86_400
