"""The run's configuration."""

import json
import re
from dataclasses import dataclass
from typing import Any

from .environment import WorkerEnvironment
from .errors import WorkerEnvironmentError

JSON_TYPE = re.compile(r"application/([\w.+-]+\+)?json\b")


@dataclass(frozen=True)
class RunConfig:
    """`json`: parsed, where its content type is JSON; `{}` where there is none; else None. `data`: as it came."""

    json: Any
    data: bytes


def read_run_config(environment: WorkerEnvironment) -> RunConfig:
    """May be called before connecting. Raises WorkerEnvironmentError when it cannot be read or is not JSON."""
    file = environment.config_file
    if file is None:
        return RunConfig({}, b"")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise WorkerEnvironmentError([f"SHOAL_CONFIG_FILE cannot be read: {error}"]) from error
    if data == b"":
        return RunConfig({}, data)
    if not JSON_TYPE.match(environment.config_content_type):
        return RunConfig(None, data)
    try:
        return RunConfig(json.loads(data), data)
    except ValueError as error:
        raise WorkerEnvironmentError([f"SHOAL_CONFIG_FILE {file}: not JSON, {error}"]) from error
