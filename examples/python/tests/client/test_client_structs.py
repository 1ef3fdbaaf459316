import pytest

from shoal_sim.client.structs import to_struct


def test_whole_numbers_stay_whole_and_nested_values_keep_their_kinds() -> None:
    struct = to_struct({"fish": 3, "on": True, "none": None, "list": [1, 2.5, "x", {"deep": 2**53}]})
    assert struct["fish"] == 3
    assert struct.fields["on"].WhichOneof("kind") == "bool_value"
    assert struct.fields["none"].WhichOneof("kind") == "null_value"
    values = struct.fields["list"].list_value.values
    assert [value.WhichOneof("kind") for value in values] == ["number_value"] * 2 + ["string_value", "struct_value"]
    assert values[3].struct_value["deep"] == 2**53


@pytest.mark.parametrize(
    ("json", "place"),
    [
        ({"a": {"b": [0, 2**53 + 1]}}, r"a\.b\[1\]"),
        ({"rate": float("nan")}, "rate"),
        ({"far": float("inf")}, "far"),
        ({"raw": b"bytes"}, "raw"),
        ({"set": {1, 2}}, "set"),
    ],
)
def test_what_json_cannot_say_is_refused_with_its_place(json: dict[str, object], place: str) -> None:
    with pytest.raises(ValueError, match=place):
        to_struct(json)
