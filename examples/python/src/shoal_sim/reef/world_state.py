"""`WorldStateUpdate`, a FlatBuffer: what a UI draws. The schema is `examples/fish-school/schema/world_state.fbs`.

By hand instead of generated code: a root table with two lists of the same shape, an id and a place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import flatbuffers
from flatbuffers import number_types as numbers
from flatbuffers.table import Table

CONTENT_TYPE = "application/vnd.google.flatbuffers; type=WorldStateUpdate"

# Where a table keeps a field: the slot when writing, the offset in its vtable when reading.
TIMESTAMP, SIMULATION_ID, TICK, AGENTS, FOOD = range(5)
ID, POS = range(2)
VEC2F_BYTES = 8


@dataclass(frozen=True)
class Placed:
    """An agent or a pellet, in world units."""

    id: str
    x: float
    y: float


@dataclass(frozen=True)
class WorldState:
    """Both lists are sorted by id, as their key demands."""

    timestamp_ns: int
    simulation_id: str
    tick: int
    agents: Sequence[Placed]
    food: Sequence[Placed]


def encode(state: WorldState) -> bytes:
    builder = flatbuffers.Builder(64 * (len(state.agents) + len(state.food)) + 256)
    agents = _write_list(builder, state.agents)
    food = _write_list(builder, state.food)
    simulation_id = builder.CreateString(state.simulation_id)
    builder.StartObject(5)
    builder.PrependInt64Slot(TIMESTAMP, state.timestamp_ns, 0)
    builder.PrependUOffsetTRelativeSlot(SIMULATION_ID, simulation_id, 0)
    builder.PrependUint64Slot(TICK, state.tick, 0)
    builder.PrependUOffsetTRelativeSlot(AGENTS, agents, 0)
    builder.PrependUOffsetTRelativeSlot(FOOD, food, 0)
    builder.Finish(builder.EndObject())
    return bytes(builder.Output())


def decode(data: bytes) -> WorldState:
    """Of bytes that are one: a FlatBuffer that is damaged raises whatever its reader stumbles over."""
    buffer = bytearray(data)
    root = Table(buffer, int.from_bytes(buffer[:4], "little"))
    return WorldState(
        timestamp_ns=root.GetSlot(_vtable(TIMESTAMP), 0, numbers.Int64Flags),
        simulation_id=_text(root, SIMULATION_ID),
        tick=root.GetSlot(_vtable(TICK), 0, numbers.Uint64Flags),
        agents=_read_list(root, AGENTS),
        food=_read_list(root, FOOD),
    )


def _write_list(builder: Any, things: Iterable[Placed]) -> int:
    offsets = []
    # By their bytes, which for ids is by their characters.
    for thing in sorted(things, key=lambda it: it.id):
        text = builder.CreateString(thing.id)
        builder.StartObject(2)
        builder.PrependUOffsetTRelativeSlot(ID, text, 0)
        builder.Prep(4, VEC2F_BYTES)
        builder.PrependFloat32(thing.y)
        builder.PrependFloat32(thing.x)
        builder.PrependStructSlot(POS, builder.Offset(), 0)
        offsets.append(builder.EndObject())
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def _read_list(root: Table, slot: int) -> list[Placed]:
    at = root.Offset(_vtable(slot))
    if at == 0:
        return []
    things = []
    for index in range(root.VectorLen(at)):
        table = Table(root.Bytes, root.Indirect(root.Vector(at) + index * 4))
        place = table.Pos + table.Offset(_vtable(POS))
        x, y = (table.Get(numbers.Float32Flags, place + shift) for shift in (0, 4))
        things.append(Placed(_text(table, ID), x, y))
    return things


def _text(table: Table, slot: int) -> str:
    return bytes(table.String(table.Pos + table.Offset(_vtable(slot)))).decode()


def _vtable(slot: int) -> int:
    return 4 + 2 * slot
