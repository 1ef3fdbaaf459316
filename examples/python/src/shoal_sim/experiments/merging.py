"""One configuration over another."""

from collections.abc import Mapping


def merged(base: Mapping[str, object], override: Mapping[str, object]) -> dict[str, object]:
    """Objects are merged to any depth; everything else, lists too, is replaced. Neither argument is changed."""
    result = dict(base)
    for name, value in override.items():
        below = result.get(name)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            result[name] = merged(below, value)
        else:
            result[name] = value
    return result
