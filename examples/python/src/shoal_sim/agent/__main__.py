"""`python -m shoal_sim.agent`: acts for the agents of running simulations until SIGTERM, then prints its counts."""

import argparse
import asyncio
import json
import re
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict

from .policies import GreedyPolicy, Policy, RandomPolicy, TabularPolicy
from .process import AgentProcess

POLICIES: Mapping[str, Callable[[int | None], Policy]] = {
    "greedy": GreedyPolicy,
    "random": RandomPolicy,
    "tabular": TabularPolicy,
}


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    simulation_id = "*" if options.simulation == "all" else options.simulation
    policy = POLICIES[options.policy](options.seed)
    asyncio.run(_run(options.nats.split(","), simulation_id, policy))
    return 0


async def _run(urls: list[str], simulation_id: str, policy: Policy) -> None:
    process = AgentProcess(urls, simulation_id, policy)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, process.stop)
    await process.run()
    print(json.dumps(asdict(process.counts)), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shoal_sim.agent",
        description="Acts for the agents of running simulations until SIGTERM or Ctrl-C, then prints counts as JSON.",
    )
    parser.add_argument("--nats", default="nats://127.0.0.1:4222", metavar="URL[,URL]", help="default: %(default)s")
    parser.add_argument("--simulation", default="all", metavar="ID", type=_simulation, help="default: %(default)s")
    parser.add_argument("--policy", default="greedy", choices=sorted(POLICIES), help="default: %(default)s")
    parser.add_argument(
        "--seed", type=int, default=None, help="of what the policy leaves to chance; default: by chance"
    )
    return parser


def _simulation(value: str) -> str:
    """What is put into a subject must not change it."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}", value):
        raise argparse.ArgumentTypeError(f"{value!r} is not a simulation id: letters, digits, _ and -, at most 128")
    return value


if __name__ == "__main__":
    sys.exit(main())
