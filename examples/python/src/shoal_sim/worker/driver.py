"""Runs a simulation under Shoal: ticks at its pace, reports each tick's events, serves commands between ticks."""

import json
import math
import time
from collections import deque
from dataclasses import replace

from .commands import (
    AgentAction,
    Command,
    InjectAgent,
    Pause,
    RefusalCode,
    Reset,
    Resume,
    SetSpeed,
    Snapshot,
    Step,
    Stop,
)
from .pace import Pace
from .simulation import ActionError, ConfigError, Simulation, UnknownAgentError
from .snapshots import is_snapshot_name, write_snapshot
from .state import WorkerState
from .worker import Worker

# Served between the ticks of a step too; everything else waits for the end of the step.
SERVED_WITHIN_STEP = (Stop, AgentAction, InjectAgent)
OPTIONAL_COMMANDS = {"agent_action": "act", "inject_agent": "inject", "snapshot": "snapshot"}


def supported_commands(kind: type[Simulation]) -> list[str]:
    """What the driver does for every simulation, and what this one has overridden."""
    optional = [
        command
        for command, method in OPTIONAL_COMMANDS.items()
        if getattr(kind, method) is not getattr(Simulation, method)
    ]
    return ["pause", "resume", "step", "reset", "set_speed", "stop", *optional]


class Driver:
    """One simulation on one worker. A command is never served within a tick."""

    def __init__(self, worker: Worker, simulation: Simulation) -> None:
        self._worker = worker
        self._simulation = simulation
        self._pace = Pace(simulation.ticks_per_second, time.monotonic())
        self._later: deque[Command] = deque()
        self._step: Command | None = None
        self._ticks_left = 0
        self._is_stopping = False

    def run(self) -> None:
        """Until the simulation is complete or was told to stop; its last events may still be on their way.

        Raises WorkerLostError.
        """
        self._worker.state = (
            WorkerState.PAUSED if self._worker.desired_state is WorkerState.PAUSED else WorkerState.RUNNING
        )
        # A restored run is at a tick that the run of the snapshot has reported.
        if self._simulation.tick == 0:
            self._report()
        self._worker.tick = self._simulation.tick
        while not self._is_stopping:
            if self._simulation.is_complete:
                self._end(WorkerState.COMPLETED, f"the run was complete at tick {self._simulation.tick}")
                return
            command = self._next_command()
            if command is not None:
                self._obey(command)
            elif self._step is not None:
                self._tick()
                self._stepped()
            elif self._worker.state is WorkerState.RUNNING and self._pace.wait_s(time.monotonic()) == 0:
                self._tick()
                self._pace.ticked(time.monotonic())

    def _next_command(self) -> Command | None:
        """None: it is time for a tick, or to look again."""
        if self._step is not None:
            command = self._worker.next_command()
            if command is None or isinstance(command.content, SERVED_WITHIN_STEP):
                return command
            self._later.append(command)
            return None
        if self._later:
            return self._later.popleft()
        if self._worker.state is WorkerState.PAUSED:
            return self._worker.next_command(timeout_s=None)
        return self._worker.next_command(self._pace.wait_s(time.monotonic()))

    def _tick(self) -> None:
        self._simulation.step()
        self._report()

    def _report(self) -> None:
        for event in self._simulation.events(time.time_ns()):
            self._worker.emit(event)
        self._worker.tick = self._simulation.tick

    def _stepped(self) -> None:
        self._ticks_left -= 1
        if self._step is not None and self._ticks_left == 0:
            self._step.acknowledge()
            self._step = None

    def _end(self, state: WorkerState, why: str) -> None:
        self._is_stopping = True
        self._worker.state = state
        for command in filter(None, [self._step, *self._later]):
            command.refuse(why)
        self._step = None
        self._later.clear()

    def _obey(self, command: Command) -> None:
        match command.content:
            case Pause():
                self._worker.state = WorkerState.PAUSED
                command.acknowledge()
            case Resume():
                self._worker.state = WorkerState.RUNNING
                self._pace.set_speed(self._pace.ticks_per_second, time.monotonic())
                command.acknowledge()
            case Step(ticks):
                self._step, self._ticks_left = command, ticks
            case SetSpeed(ticks_per_second):
                self._set_speed(command, ticks_per_second)
            case Reset():
                self._reset(command, command.content)
            case Stop():
                self._end(WorkerState.STOPPING, f"the run was stopped at tick {self._simulation.tick}")
                command.acknowledge()
            case Snapshot(name):
                self._snapshot(command, name)
            case AgentAction() | InjectAgent():
                self._act(command, command.content)
            case _:
                command.refuse(f"this simulation does not understand {command.name}", RefusalCode.UNIMPLEMENTED)

    def _set_speed(self, command: Command, ticks_per_second: float) -> None:
        if not (math.isfinite(ticks_per_second) and ticks_per_second >= 0):
            command.refuse(f"ticks_per_second is {ticks_per_second}: expected 0 or more", RefusalCode.INVALID_ARGUMENT)
            return
        self._pace.set_speed(ticks_per_second, time.monotonic())
        command.acknowledge()

    def _reset(self, command: Command, reset: Reset) -> None:
        run = self._simulation.run
        if reset.seed is not None:
            run = replace(run, seed=reset.seed)
        if reset.config is not None:
            run = replace(run, config=reset.config)
        try:
            self._simulation = type(self._simulation)(run)
        except ConfigError as error:
            command.refuse(str(error), RefusalCode.INVALID_ARGUMENT)
            return
        self._pace.set_speed(self._simulation.ticks_per_second, time.monotonic())
        self._report()
        command.acknowledge()

    def _snapshot(self, command: Command, name: str) -> None:
        folder = self._worker.environment.snapshot_dir
        name = name or f"tick-{self._simulation.tick}"
        if folder is None:
            command.refuse("SHOAL_SNAPSHOT_DIR is not set: there is no folder for snapshots")
        elif not is_snapshot_name(name):
            command.refuse(f"{name!r} cannot be the name of a snapshot", RefusalCode.INVALID_ARGUMENT)
        else:
            try:
                command.acknowledge(snapshot_ref=write_snapshot(folder, name, self._simulation.snapshot()))
            except OSError as error:
                command.refuse(f"the snapshot could not be written: {error}", RefusalCode.INTERNAL)

    def _act(self, command: Command, content: AgentAction | InjectAgent) -> None:
        try:
            if isinstance(content, AgentAction):
                self._simulation.act(content.agent_id, content.action, content.content_type)
                command.acknowledge()
            else:
                agent_id = self._simulation.inject(content.payload, content.content_type)
                result = json.dumps({"agent_id": agent_id}).encode()
                command.acknowledge(result=result, result_content_type="application/json")
        except UnknownAgentError as error:
            command.refuse(str(error), RefusalCode.NOT_FOUND)
        except ActionError as error:
            command.refuse(str(error), RefusalCode.INVALID_ARGUMENT)
