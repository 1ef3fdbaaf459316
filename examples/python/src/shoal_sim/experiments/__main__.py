"""The experiment manager as a command."""

import argparse
import os
import sys
from pathlib import Path

import grpc

from shoal_sim.client import ShoalClient, ShoalError
from shoal_sim.experiments.experiment import Experiment
from shoal_sim.experiments.plan import PlanError
from shoal_sim.experiments.plan_reader import read_plan
from shoal_sim.experiments.progress import Progress

_DONE, _NOT_AS_PLANNED, _WRONG_PLAN, _UNREACHABLE, _INTERRUPTED = 0, 1, 2, 69, 130


def main() -> int:
    """
    Exit code 0: all runs completed, or were stopped by their `max_run_time`; 1: some did not; 2: the plan is wrong and
    nothing was started; 69: Shoal is not there; 130: interrupted.
    """
    arguments = _arguments()
    try:
        plan = read_plan(arguments.plan)
    except PlanError as error:
        return _refused(error)
    manifest = arguments.manifest or Path(f"{plan.experiment_name}.manifest.json")
    with ShoalClient(arguments.address) as client:
        experiment = Experiment(plan, client, arguments.address, arguments.parallel, manifest)
        try:
            experiment.prepare()
            try:
                with Progress(experiment.records) as progress:
                    progress.update()
                    code = _followed(experiment, progress)
                experiment.finish()
            finally:
                experiment.save()
        except PlanError as error:
            return _refused(error)
        except ShoalError as error:
            print(f"experiments: {error}", file=sys.stderr)
            return _UNREACHABLE if error.code == grpc.StatusCode.UNAVAILABLE else _NOT_AS_PLANNED
    print(manifest)
    return code


def _followed(experiment: Experiment, progress: Progress) -> int:
    try:
        experiment.run(progress)
    except KeyboardInterrupt:
        _interrupted(experiment, progress)
        return _INTERRUPTED
    return _DONE if all(record.went_as_planned for record in experiment.records) else _NOT_AS_PLANNED


def _interrupted(experiment: Experiment, progress: Progress) -> None:
    """Stops the runs; a second interrupt, or a no on a terminal, leaves them."""
    active = sum(record.is_active for record in experiment.records)
    try:
        if active > 0 and sys.stdin.isatty():
            progress.say(f"Stop the {active} runs that are going? Enter or Ctrl-D: yes; n or Ctrl-C: leave them")
            if sys.stdin.readline().strip().lower().startswith("n"):
                return
        progress.say(f"stopping {active} runs; interrupt again to leave them")
        experiment.stop_runs()
    except KeyboardInterrupt:
        progress.say("left as they are: the same command attaches to them again")


def _refused(error: PlanError) -> int:
    print("\n".join(f"plan: {mistake}" for mistake in error.mistakes), file=sys.stderr)
    return _WRONG_PLAN


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m shoal_sim.experiments", description=main.__doc__)
    parser.add_argument("plan", type=Path, help="the plan, YAML or JSON")
    parser.add_argument("--address", default=os.environ.get("SHOAL_ADDRESS", "127.0.0.1:50050"), metavar="HOST:PORT")
    parser.add_argument("--parallel", type=_positive, metavar="N", help="runs at once; default: as many as Shoal takes")
    parser.add_argument("--manifest", type=Path, metavar="FILE", help="default: EXPERIMENT_NAME.manifest.json here")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
