"""Configurations as google.protobuf.Struct."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from google.protobuf.struct_pb2 import ListValue, Struct, Value

# Not recursive in its element types, so that a dict[str, int] is one too.
Json: TypeAlias = Mapping[str, object]

# A Struct has doubles only: Shoal hands whole numbers up to this one to the worker as whole numbers.
_MAX_WHOLE = 2**53


def to_struct(json: Json) -> Struct:
    """Raises ValueError, which names the place, for what a Struct cannot say exactly."""
    return Struct(fields={str(name): _value(value, str(name)) for name, value in json.items()})


def _value(value: object, place: str) -> Value:
    match value:
        case None:
            return Value(null_value=0)  # type: ignore[arg-type]
        case bool():
            return Value(bool_value=value)
        case int() if abs(value) > _MAX_WHOLE:
            raise ValueError(f"{place}: {value} is beyond 2^53; write it as a string")
        case float() if not math.isfinite(value):
            raise ValueError(f"{place}: {value} is no number of JSON")
        case int() | float():
            return Value(number_value=value)
        case str():
            return Value(string_value=value)
        case Mapping():
            fields = {str(name): _value(inner, f"{place}.{name}") for name, inner in value.items()}
            return Value(struct_value=Struct(fields=fields))
        case Sequence() if not isinstance(value, bytes | bytearray):
            values = [_value(inner, f"{place}[{at}]") for at, inner in enumerate(value)]
            return Value(list_value=ListValue(values=values))
        case _:
            raise ValueError(f"{place}: {type(value).__name__} is nothing that JSON can say")
