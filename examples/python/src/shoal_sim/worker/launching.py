"""From a process's start to its exit code."""

import os
import sys

from .driver import Driver, supported_commands
from .environment import WorkerEnvironment, read_environment
from .errors import WorkerEnvironmentError, WorkerLostError
from .options import WorkerOptions
from .run_config import read_run_config
from .simulation import ConfigError, Run, Simulation
from .worker import Worker

# sysexits: the configuration is wrong, and starting again will not help.
EXIT_CONFIG = 78
# sysexits: Shoal is not there, or does not want this worker any more.
EXIT_UNAVAILABLE = 69


def connect_worker(options: WorkerOptions | None = None, environment: WorkerEnvironment | None = None) -> Worker:
    """Subscribes to commands, registers, and returns a worker that may emit.

    Raises WorkerEnvironmentError when the process was not launched by Shoal, WorkerLostError when Shoal refuses it or
    is not there for the orphan timeout.
    """
    environment = environment or read_environment()
    return Worker(environment, read_run_config(environment), options or WorkerOptions()).connect()


def run_simulation(kind: type[Simulation], name: str) -> int:
    """Runs a simulation as the worker that this process was launched as, and returns the process's exit code.

    The configuration is checked before anything else; what is wrong is the last line on stderr. A run without a seed
    takes one by chance and says which.
    """
    try:
        environment = read_environment()
        simulation = _beginning(kind, environment)
        if environment.seed is None:
            _say(f"{name}: seed {simulation.run.seed}")
        options = WorkerOptions(sdk=name, supported_commands=supported_commands(kind))
        with connect_worker(options, environment) as worker:
            Driver(worker, simulation).run()
    except (WorkerEnvironmentError, ConfigError) as error:
        _say(f"{name}: {error}")
        return EXIT_CONFIG
    except WorkerLostError as error:
        _say(f"{name}: {error}")
        return EXIT_UNAVAILABLE
    return 0


def _beginning(kind: type[Simulation], environment: WorkerEnvironment) -> Simulation:
    config = read_run_config(environment).json
    if not isinstance(config, dict):
        raise ConfigError("the configuration must be a JSON object")
    seed = int.from_bytes(os.urandom(8)) if environment.seed is None else environment.seed
    run = Run(environment.simulation_id, seed, config)
    if environment.restore_file is None:
        return kind(run)
    try:
        return kind.restore(run, environment.restore_file.read_bytes())
    except OSError as error:
        raise ConfigError(f"SHOAL_RESTORE_FILE cannot be read: {error}") from error
    except NotImplementedError as error:
        raise ConfigError("SHOAL_RESTORE_FILE is set, and this simulation cannot begin from a snapshot") from error


def _say(message: str) -> None:
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        # When Shoal is gone, so is the reader of stderr; the exit code still counts.
        return
