import json

import pytest

from counter import Counter
from shoal_sim.worker import ConfigError, Run


def test_it_counts_from_where_its_configuration_says() -> None:
    counter = Counter(Run(config={"start": 5, "ticks_per_second": 2.5}))
    counter.step()
    [event] = counter.events(1)
    assert (json.loads(event.payload), event.attributes["tick"]) == ({"count": 6}, "1")
    assert (Counter(Run()).count, Counter(Run()).ticks_per_second) == (0, 10)


@pytest.mark.parametrize(
    "config", [{"start": "x"}, {"ticks_per_second": -1}, {"ticks_per_second": "fast"}, {"stop": 1}]
)
def test_what_is_wrong_with_its_configuration_is_named(config: dict[str, object]) -> None:
    [name] = config
    with pytest.raises(ConfigError, match=name):
        Counter(Run(config=config))
