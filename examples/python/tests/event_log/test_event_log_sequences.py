import random

from shoal_sim.event_log.sequence_set import SequenceSet


def test_it_has_what_a_set_would_have() -> None:
    chance = random.Random(1)
    plain: set[int] = set()
    runs = SequenceSet()
    for _ in range(200):
        more = [chance.randrange(1, 400) for _ in range(chance.randrange(12))]
        plain.update(more)
        runs.add(more)
        if chance.random() < 0.1:
            floor = chance.randrange(400)
            plain = {it for it in plain if it > floor}
            runs.discard_up_to(floor)
        assert [it for it in range(401) if it in runs] == sorted(plain)
        assert len(runs) == len(plain)


def test_neighbours_cost_no_more_than_one() -> None:
    runs = SequenceSet(range(1, 10_001))
    runs.add([10_001, 20_000])
    assert runs.runs() == [(1, 10_001), (20_000, 20_000)]
    runs.discard_up_to(5_000)
    assert runs.runs() == [(5_001, 10_001), (20_000, 20_000)]
