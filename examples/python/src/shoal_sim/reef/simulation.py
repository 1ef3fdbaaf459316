"""The reef as Shoal sees it: what a tick reports, what commands do, what a snapshot holds."""

import json
import random
from collections.abc import Iterable
from dataclasses import asdict
from typing import Self

from google.protobuf.message import DecodeError

from shoal_sim._proto.fes.simulation.agent.agent_pb2 import AgentAction
from shoal_sim.worker import ActionError, ConfigError, Event, Run, Simulation, UnknownAgentError

from . import senses, world_state
from .config import reef_config
from .world import Action, Fish, Pellet, World
from .world_state import Placed, WorldState

OBSERVATION_TYPE = "application/protobuf; message=fes.simulation.agent.AgentObservation"
REWARD_TYPE = "application/protobuf; message=fes.simulation.agent.AgentReward"


class Reef(Simulation):
    """Each tick: the world, and for each fish what it observes and, from tick 1 on, what it earned."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        config = reef_config(run.config)
        self.ticks_per_second = config.ticks_per_second
        self.world = World(config, random.Random(run.seed))
        self.world.populate()

    @property
    def is_complete(self) -> bool:
        return 0 < self.world.config.ticks <= self.tick

    def advance(self) -> None:
        self.world.advance()

    def events(self, timestamp_ns: int) -> Iterable[Event]:
        yield self._picture(timestamp_ns)
        for fish in self.world.fish:
            attributes = self._attributes(fish)
            observed = senses.observation(fish, self.world)
            yield Event("sim.agent_observation.v1", observed, OBSERVATION_TYPE, attributes, timestamp_ns)
        if self.tick == 0:
            return
        for fish in [*self.world.fish, *self.world.died]:
            earned = senses.reward(fish, self.tick, done=fish in self.world.died)
            yield Event("sim.agent_reward.v1", earned, REWARD_TYPE, self._attributes(fish), timestamp_ns)

    def act(self, agent_id: str, action: bytes, content_type: str) -> None:
        if not self.world.has(agent_id):
            raise UnknownAgentError(f"there is no fish {agent_id}")
        try:
            wish = AgentAction.FromString(action)
        except DecodeError as error:
            raise ActionError(f"not a fes.simulation.agent.AgentAction: {error}") from error
        self.world.actions[agent_id] = Action(wish.move_delta, wish.turn_delta_degrees, wish.attempt_eat)

    def inject(self, payload: bytes, content_type: str) -> str:
        """Nothing: anywhere. JSON `{"pos_x": 1, "pos_y": 2}`: there."""
        return self.world.add_fish(_place_of(payload)).id

    def snapshot(self) -> bytes:
        world = self.world
        state = {
            "tick": self.tick,
            "seed": self.run.seed,
            "config": dict(self.run.config),
            "dice": world.dice.getstate(),
            "fish_born": world.fish_born,
            "pellets_grown": world.pellets_grown,
            "fish": [asdict(fish) for fish in world.fish],
            "died": [asdict(fish) for fish in world.died],
            "food": [asdict(pellet) for pellet in world.food],
            "actions": {agent_id: asdict(action) for agent_id, action in world.actions.items()},
        }
        return json.dumps(state).encode()

    @classmethod
    def restore(cls, run: Run, snapshot: bytes) -> Self:
        """Seed and configuration are those of the snapshot."""
        try:
            state = json.loads(snapshot)
            reef = cls(Run(run.simulation_id, state["seed"], state["config"]))
            version, numbers, gauss = state["dice"]
            reef.world.dice.setstate((version, tuple(numbers), gauss))
            reef.world.fish_born = state["fish_born"]
            reef.world.pellets_grown = state["pellets_grown"]
            reef.world.fish = [Fish(**fish) for fish in state["fish"]]
            reef.world.died = [Fish(**fish) for fish in state["died"]]
            reef.world.food = [Pellet(**pellet) for pellet in state["food"]]
            reef.world.actions = {agent_id: Action(**action) for agent_id, action in state["actions"].items()}
            reef.tick = state["tick"]
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"not a snapshot of a reef: {error!r}") from error
        return reef

    def _picture(self, timestamp_ns: int) -> Event:
        state = WorldState(
            timestamp_ns=timestamp_ns,
            simulation_id=self.run.simulation_id,
            tick=self.tick,
            agents=[Placed(fish.id, fish.x, fish.y) for fish in self.world.fish],
            food=[Placed(pellet.id, pellet.x, pellet.y) for pellet in self.world.food],
        )
        payload = world_state.encode(state)
        return Event("sim.world_state.v1", payload, world_state.CONTENT_TYPE, {"tick": str(self.tick)}, timestamp_ns)

    def _attributes(self, fish: Fish) -> dict[str, str]:
        return {"agent_id": fish.id, "tick": str(self.tick)}


def _place_of(payload: bytes) -> tuple[float, float] | None:
    if payload == b"":
        return None
    try:
        place = json.loads(payload)
        return float(place["pos_x"]), float(place["pos_y"])
    except (ValueError, KeyError, TypeError) as error:
        raise ActionError("expected nothing, or JSON with the numbers pos_x and pos_y") from error
