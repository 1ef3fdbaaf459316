"""What the tests of several folders share: a real Shoal daemon, started from this checkout."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
MAX_WORKERS = 6
_READY_SECONDS = 50
_EXIT_SECONDS = 30


@dataclass(frozen=True)
class Shoal:
    """A daemon with the worker types `fish` and `reef`, of each of which MAX_WORKERS run at once."""

    address: str

    def signal_worker_of(self, simulation_id: str, number: signal.Signals) -> None:
        """To the simulation's worker, which must be there."""
        mark = f"SHOAL_SIMULATION_ID={simulation_id}".encode()
        pids = [int(it.name) for it in Path("/proc").iterdir() if it.name.isdigit() and mark in _environment(it)]
        assert pids, f"no process of {simulation_id}"
        for pid in pids:
            os.kill(pid, number)


@pytest.fixture(scope="session")
def shoal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shoal]:
    """`shoal serve`, with a configuration and data of its own, on free ports."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("these tests start a Shoal daemon: install Node 22.13 or later and put `node` on the PATH")
    folder = tmp_path_factory.mktemp("shoal")
    config, log = folder / "shoal.json", folder / "shoal.log"
    config.write_text(json.dumps(_configuration(folder)))
    command = [node, "-C", "source", "src/main.ts", "serve", "--config", str(config)]
    with log.open("wb") as errors:
        daemon = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, cwd=CHECKOUT)
    try:
        yield Shoal(_ready(daemon, log)["clients"])
    finally:
        daemon.terminate()
        daemon.wait(_EXIT_SECONDS)


def _configuration(folder: Path) -> dict[str, Any]:
    school = str(CHECKOUT / "examples" / "fish-school" / "run.mjs")
    return {
        "data_dir": str(folder / "data"),
        "grpc": {"worker": {"listen": "127.0.0.1:0"}, "client": {"listen": "127.0.0.1:0"}},
        "http": {"listen": "127.0.0.1:0"},
        "messaging": {"adapter": "memory"},
        "logging": {"format": "json"},
        "worker_types": [
            _worker_type("fish", "node", school),
            _worker_type("reef", sys.executable, "-m", "shoal_sim.reef"),
        ],
    }


def _worker_type(name: str, executable: str, *args: str) -> dict[str, Any]:
    keys = ("sim.world_state.v1", "sim.agent_observation.v1", "sim.agent_reward.v1")
    events = [{"key": key, "log": key == "sim.world_state.v1"} for key in keys]
    return {
        "name": name,
        "plugin": "executable",
        "options": {"executable": executable, "args": args, "events": events},
        "limits": {"max_workers": MAX_WORKERS, "register_timeout": "30s"},
    }


def _ready(daemon: "subprocess.Popen[bytes]", log: Path) -> dict[str, str]:
    """The line that says its addresses."""
    deadline = monotonic() + _READY_SECONDS
    while monotonic() < deadline and daemon.poll() is None:
        for line in log.read_text().splitlines():
            if '"msg":"ready"' in line:
                told: dict[str, str] = json.loads(line)
                return told
        sleep(0.05)
    pytest.fail(f"shoal serve was not ready; its log:\n{log.read_text()[-4_000:]}")


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""
