import re
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_shoal import FakeShoal
from until import until

import shoal_sim.worker
from shoal_sim.worker import WorkerState

PACKAGE = Path(__file__).parents[2]
README = (PACKAGE / "README.md").read_text()


def test_the_worker_in_the_readme_is_the_one_that_is_tested() -> None:
    [code] = re.findall(r"```python counter\.py\n(.*?)```", README, re.DOTALL)
    assert code == (PACKAGE / "counter.py").read_text()


def test_the_loop_in_the_readme_obeys(monkeypatch: pytest.MonkeyPatch) -> None:
    [code] = re.findall(r"```python\n(with connect_worker.*?)```", README, re.DOTALL)
    names = {**vars(shoal_sim.worker), "engine": SimpleNamespace(frame=lambda: b"frame")}
    with FakeShoal(desired_state="SIMULATION_STATE_PAUSED") as shoal:
        for name, value in shoal.variables().items():
            monkeypatch.setenv(name, value)
        thread = threading.Thread(target=exec, args=(code, names), daemon=True)
        thread.start()
        until("it is registered", lambda: shoal.registrations)
        assert shoal.control("c-1", "resume").ok
        until("it runs", lambda: len(shoal.payloads()) > 3)
        ack = shoal.control("c-2", "pause")
        assert (ack.tick, int(ack.state)) == (len(shoal.payloads()), WorkerState.PAUSED)
        assert shoal.control("c-3", "stop_worker").ok
        thread.join(10)
        assert not thread.is_alive()
        assert shoal.streams[0].is_half_closed
