"""Observations in, actions out, over NATS."""

import asyncio
import contextlib
import secrets
import sys
import time
from dataclasses import dataclass
from itertools import count

import nats
from google.protobuf.message import DecodeError
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest
from shoal_sim._proto.fes.simulation.agent.agent_pb2 import AgentAction, AgentObservation, AgentReward

from .mailbox import AgentKey, Mailbox, Observed
from .policies import Policy

ACTION_TYPE = "application/protobuf; message=fes.simulation.agent.AgentAction"
MAX_AGENTS_WAITING = 4_096
# Of one subscription; beyond it the client drops what comes, and says so.
MAX_PENDING_MESSAGES = 16_384
MAX_PENDING_BYTES = 16 * 1024 * 1024
RECONNECT_WAIT_S = 0.25
PING_INTERVAL_S = 10
CLOSE_TIMEOUT_S = 2.0


@dataclass
class Counts:
    """Of the life of the process."""

    observations: int = 0
    rewards: int = 0
    actions: int = 0
    # Observations that newer ones overtook, or for which there was no room.
    stale: int = 0
    # Messages that NATS brought faster than they were taken.
    dropped: int = 0
    # Messages that were not what their subject says.
    unreadable: int = 0
    # Actions that were not sent, because NATS was away.
    unsent: int = 0
    reconnects: int = 0
    reward_sum: float = 0.0


class AgentProcess:
    """Acts for the agents of one simulation or, with `*`, of all. Never waits for an answer: an action that was lost is
    overtaken by the next one.
    """

    def __init__(self, urls: list[str], simulation_id: str, policy: Policy) -> None:
        self.counts = Counts()
        self._urls = urls
        self._simulation_id = simulation_id
        self._policy = policy
        self._mailbox = Mailbox(MAX_AGENTS_WAITING)
        self._filled = asyncio.Event()
        self._stopped = asyncio.Event()
        self._id_prefix = secrets.token_urlsafe(9)
        self._ids = count(1)

    def stop(self) -> None:
        """`run` returns soon."""
        self._stopped.set()
        self._filled.set()

    async def run(self) -> None:
        """Until stopped, whatever NATS does meanwhile; also waits for a server that is not there yet."""
        connecting = asyncio.create_task(self._connected())
        stopped = asyncio.create_task(self._stopped.wait())
        await asyncio.wait({connecting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if self._stopped.is_set():
            connecting.cancel()
            return
        stopped.cancel()
        client = await connecting
        try:
            await self._act(client)
        finally:
            with contextlib.suppress(NatsError, OSError, TimeoutError):
                await asyncio.wait_for(client.close(), CLOSE_TIMEOUT_S)

    async def _connected(self) -> Client:
        client = await nats.connect(
            servers=self._urls,
            name="shoal_sim.agent",
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_WAIT_S,
            ping_interval=PING_INTERVAL_S,
            error_cb=self._failed,
            reconnected_cb=self._reconnected,
        )
        subject = f"events.simulation.{self._simulation_id}.agent.*"
        for what, callback in (("observation", self._observe), ("reward", self._reward)):
            await client.subscribe(
                f"{subject}.{what}",
                cb=callback,
                pending_msgs_limit=MAX_PENDING_MESSAGES,
                pending_bytes_limit=MAX_PENDING_BYTES,
            )
        await client.flush()
        _say(f"listening to {subject}.observation and .reward")
        return client

    async def _act(self, client: Client) -> None:
        while not self._stopped.is_set():
            await self._filled.wait()
            self._filled.clear()
            while (observed := self._mailbox.take()) is not None and not self._stopped.is_set():
                action = self._policy.act(observed.agent, observed.observation)
                await self._publish(client, observed, action)
                # What came meanwhile gets its turn, and overtakes what waits.
                await asyncio.sleep(0)

    async def _publish(self, client: Client, observed: Observed, action: AgentAction) -> None:
        simulation_id, agent_id = observed.agent
        envelope = GenericEventRequest(
            event_id=f"{self._id_prefix}-{next(self._ids)}",
            event_type_key="ai.agent_action.v1",
            event_payload=action.SerializeToString(),
            timestamp_ns=time.time_ns(),
            simulation_id=simulation_id,
            payload_content_type=ACTION_TYPE,
            attributes={"agent_id": agent_id, "tick": observed.tick},
        )
        # The client would keep it and send it late: by then the world has gone on.
        if not client.is_connected:
            self.counts.unsent += 1
            return
        try:
            subject = f"commands.simulation.{simulation_id}.agent.{agent_id}.action"
            await client.publish(subject, envelope.SerializeToString())
            self.counts.actions += 1
        except (NatsError, OSError):
            self.counts.unsent += 1

    async def _observe(self, message: Msg) -> None:
        try:
            envelope = GenericEventRequest.FromString(message.data)
            observation = AgentObservation.FromString(envelope.event_payload)
        except DecodeError:
            self.counts.unreadable += 1
            return
        self.counts.observations += 1
        if not self._mailbox.put(
            Observed(_agent_of(message.subject), observation, envelope.attributes.get("tick", ""))
        ):
            self.counts.stale += 1
        self._filled.set()

    async def _reward(self, message: Msg) -> None:
        try:
            reward = AgentReward.FromString(GenericEventRequest.FromString(message.data).event_payload)
        except DecodeError:
            self.counts.unreadable += 1
            return
        self.counts.rewards += 1
        self.counts.reward_sum += reward.reward
        if reward.done:
            self._policy.forget(_agent_of(message.subject))

    async def _failed(self, error: Exception) -> None:
        if isinstance(error, nats.errors.SlowConsumerError):
            self.counts.dropped += 1
        else:
            _say(f"NATS: {error or type(error).__name__}")

    async def _reconnected(self) -> None:
        self.counts.reconnects += 1
        _say("NATS: connected again")


def _agent_of(subject: str) -> AgentKey:
    """Of `events.simulation.{simulation_id}.agent.{agent_id}.observation`, or `.reward`."""
    _, _, simulation_id, _, agent_id, _ = subject.split(".")
    return AgentKey(simulation_id, agent_id)


def _say(message: str) -> None:
    print(f"agent: {message}", file=sys.stderr, flush=True)
