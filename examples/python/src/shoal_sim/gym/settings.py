"""What both environments are made with."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FleetSettings:
    """The defaults are the fish of Shoal's default configuration."""

    address: str = "127.0.0.1:50050"
    """Of Shoal's client service."""
    worker_type: str = "fish"
    agent_id: str = "fish-000001"
    """Whom the actions are for; it must be there at tick 0 of every simulation."""
    config: Mapping[str, object] = field(default_factory=dict)
    """The configuration of every simulation; it must report observations and rewards in each tick."""
    percepts: int = 8
    """How many of the nearest things an observation has room for."""
    max_move_delta: float = 1.2
    """The most that an action can ask for, in world units; the simulation may allow less."""
    max_turn_delta_degrees: float = 40.0
    timeout_seconds: float = 30.0
    """How long a simulation may take for a command or an observation before it counts as lost."""
    max_run_seconds: float | None = None
    """After it Shoal stops a simulation, also when this process was killed and cannot; None: never."""
