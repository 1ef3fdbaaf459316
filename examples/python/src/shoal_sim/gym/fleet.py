"""Simulations of one worker type, each with one agent, that are reset and stepped together."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from time import monotonic

import grpc
import gymnasium

from shoal_sim._proto.fes.orchestration.v1 import client_service_pb2 as pb
from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import SimulationState
from shoal_sim.client import ShoalClient, ShoalError, commands, wait_until
from shoal_sim.client.errors import REFUSED
from shoal_sim.gym.errors import FleetError, fleet_errors
from shoal_sim.gym.lost import Lost, why_not_at, why_over
from shoal_sim.gym.settings import FleetSettings
from shoal_sim.gym.tick_inbox import OBSERVATION_KEY, REWARD_KEY, Tick
from shoal_sim.gym.tick_stream import TickStream

LABEL = "shoal-sim.fleet"

# How long nothing may come before the simulations that are waited for are looked after.
_LOOK_SECONDS = 0.5
# Shoal has a limit of its own for it, which is lower.
_START_SECONDS = 600.0
# The codes of a call that failed for the caller's own reasons: the simulation is well.
_CALLERS_FAULT = (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.UNIMPLEMENTED)


class Fleet:
    """
    `size` slots, each with a simulation that stands at a tick, or empty.

    Made with nothing running; `reset` fills the slots that it is asked for. A simulation that crashes leaves its slot
    empty, which the call says; the next `reset` of the slot starts a new one under a new id. Not for several threads.
    """

    def __init__(self, settings: FleetSettings, size: int) -> None:
        self._settings = settings
        self._name = uuid.uuid4().hex
        self._ids: list[str | None] = [None] * size
        self._ticks = [0] * size
        self._client = ShoalClient(settings.address, timeout_seconds=settings.timeout_seconds)
        try:
            self._events = TickStream(self._client, self._selector, settings.agent_id)
        except ShoalError as error:
            self._client.close()
            raise FleetError(f"no events from Shoal at {settings.address}: {error}") from error

    @property
    def simulation_ids(self) -> list[str | None]:
        """By slot; None where it is empty."""
        return [*self._ids]

    @fleet_errors()
    def reset(self, seeds: Mapping[int, int]) -> dict[int, Tick]:
        """
        Brings each slot to tick 0 of a run with its seed, starting a simulation where there is none.

        Raises FleetError where that cannot be.
        """
        filled = [slot for slot in seeds if self._ids[slot] is not None]
        results = self._try_reset(seeds)
        # One that had crashed since the last step is found out only now.
        results.update(self._try_reset({slot: seeds[slot] for slot in filled if isinstance(results[slot], Lost)}))
        for slot, result in results.items():
            if isinstance(result, Lost):
                raise FleetError(f"environment {slot}: {result.reason}")
        return {slot: result for slot, result in results.items() if isinstance(result, Tick)}

    @fleet_errors()
    def step(self, actions: Mapping[int, bytes]) -> dict[int, Tick | Lost]:
        """Gives all actions, then one tick for all of those slots at once. Raises FleetError when Shoal is gone."""
        results: dict[int, Tick | Lost] = {}
        results.update(self._each(actions, lambda slot: commands.agent_action(self._settings.agent_id, actions[slot])))
        acted = {self._id(slot): slot for slot in actions if slot not in results}
        if acted:
            for result in self._client.control_many(commands.step(), simulation_ids=acted):
                slot = acted[result.simulation_id]
                self._ticks[slot] += 1
                if reason := why_not_at(self._ticks[slot], result):
                    results[slot] = self._lose(slot, reason)
        stepped = {slot: self._ticks[slot] for slot in actions if slot not in results}
        return {**results, **self._collect(stepped)}

    def close(self) -> None:
        """Stops all simulations, where Shoal is still there."""
        try:
            self._client.control_many(commands.stop(), label_selector=self._selector)
        except ShoalError as error:
            gymnasium.logger.warn(f"the simulations were not stopped: {error}")
        self._events.close()
        self._client.close()

    @property
    def _selector(self) -> str:
        return f"{LABEL}={self._name}"

    def _id(self, slot: int) -> str:
        simulation_id = self._ids[slot]
        if simulation_id is None:
            raise FleetError(f"environment {slot} has no simulation: reset it first")
        return simulation_id

    def _try_reset(self, seeds: Mapping[int, int]) -> dict[int, Tick | Lost]:
        results: dict[int, Tick | Lost] = {}
        fresh = [slot for slot in seeds if self._ids[slot] is None]
        for slot in fresh:
            self._start(slot, seeds[slot])
        results.update(self._until_registered(fresh))
        # Its first picture of the world, which must not be taken for the one after the reset.
        opened = self._collect({slot: 0 for slot in fresh if slot not in results})
        results.update({slot: result for slot, result in opened.items() if isinstance(result, Lost)})
        slots = [slot for slot in seeds if slot not in results]
        results.update(self._each(slots, lambda slot: commands.reset(seeds[slot])))
        for slot in slots:
            self._ticks[slot] = 0
        return {**results, **self._collect({slot: 0 for slot in slots if slot not in results})}

    def _start(self, slot: int, seed: int) -> None:
        try:
            simulation = self._client.start(
                self._settings.worker_type,
                config=self._settings.config,
                seed=seed,
                labels={LABEL: self._name},
                paused=True,
                max_run_seconds=self._settings.max_run_seconds,
            )
        except ShoalError as error:
            raise FleetError(f"environment {slot}: no simulation could be started: {error}") from error
        self._ids[slot] = simulation.simulation_id
        self._events.expect(simulation.simulation_id)

    def _until_registered(self, slots: Iterable[int]) -> dict[int, Lost]:
        """Returns those whose workers did not come up."""
        paused = SimulationState.SIMULATION_STATE_PAUSED
        lost: dict[int, Lost] = {}
        for slot in slots:
            try:
                wait_until(self._client, self._id(slot), paused, timeout_seconds=_START_SECONDS)
            except ShoalError as error:
                if error.code != grpc.StatusCode.FAILED_PRECONDITION:
                    raise
                lost[slot] = self._lose(slot, error.message)
        return lost

    def _each(self, slots: Iterable[int], command: Callable[[int], pb.ControlSimulationRequest]) -> dict[int, Lost]:
        """One command to each, all at once; returns those that were lost by it."""
        answers = {slot: self._client.control_later(self._id(slot), command(slot)) for slot in slots}
        lost: dict[int, Lost] = {}
        for slot, answer in answers.items():
            try:
                answer.result()
            except ShoalError as error:
                if error.reason == REFUSED or error.code in _CALLERS_FAULT:
                    raise FleetError(f"environment {slot}: {error}") from error
                lost[slot] = self._lose(slot, str(error))
        return lost

    def _collect(self, wanted: Mapping[int, int]) -> dict[int, Tick | Lost]:
        """Waits for a tick of each slot, as far as their simulations live."""
        results: dict[int, Tick | Lost] = {}
        deadline = monotonic() + self._settings.timeout_seconds
        while missing := [slot for slot in wanted if slot not in results]:
            for slot in missing:
                tick = self._events.take(self._id(slot), wanted[slot])
                if tick is not None:
                    results[slot] = tick
            if all(slot in results for slot in missing):
                continue
            try:
                self._events.receive(_LOOK_SECONDS)
            except TimeoutError:
                for slot in missing:
                    if slot not in results and (reason := self._missing(slot, wanted[slot], deadline)):
                        results[slot] = self._lose(slot, reason)
        return results

    def _missing(self, slot: int, tick: int, deadline: float) -> str:
        """Why the events of the slot will not come any more; empty when they may."""
        try:
            simulation = self._client.get(self._id(slot))
        except ShoalError as error:
            if error.code != grpc.StatusCode.NOT_FOUND:
                raise
            return str(error)
        if reason := why_over(simulation):
            return reason
        if monotonic() < deadline:
            return ""
        return (
            f"agent {self._settings.agent_id} was not told of tick {tick} in {self._settings.timeout_seconds} s: "
            f"is it there, and does the simulation report {OBSERVATION_KEY} and {REWARD_KEY} in each tick?"
        )

    def _lose(self, slot: int, reason: str) -> Lost:
        """Empties the slot; what runs under its id, if anything does, is stopped."""
        simulation_id = self._id(slot)
        self._ids[slot] = None
        self._events.forget(simulation_id)
        self._client.control_many(commands.stop(force=True), simulation_ids=[simulation_id])
        return Lost(reason)
