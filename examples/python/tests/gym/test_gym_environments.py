import signal
from collections.abc import Iterator
from contextlib import closing

import gymnasium
import numpy as np
import pytest
from conftest import Shoal
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import SimulationState
from shoal_sim.client import ShoalClient
from shoal_sim.client.states import is_over
from shoal_sim.gym import FISH_ID, FleetError, ShoalEnv, ShoalVectorEnv
from shoal_sim.gym.spaces import Floats

CONFIG = {"fish": 3, "food": 60, "width": 30, "height": 30}
# Nothing to eat, and so long a way each tick that the fish starve, at tick 134 at the earliest.
STARVING = {"fish": 2, "food": 0}
STEPS = 25


@pytest.fixture
def env(shoal: Shoal) -> Iterator[ShoalEnv]:
    with closing(ShoalEnv(address=shoal.address, config=CONFIG)) as made:
        yield made


def actions(env: ShoalEnv, seed: int) -> list[Floats]:
    """Random ones, the same for the same seed."""
    random = np.random.default_rng(seed)
    space = env.action_space
    assert isinstance(space, gymnasium.spaces.Box)
    return [random.uniform(space.low, space.high).astype(np.float32) for _ in range(STEPS)]


def rollout(env: ShoalEnv, seed: int, given: list[Floats]) -> Floats:
    """A row of observation, reward, terminated, truncated for the reset and for each step."""
    rows = [np.append(env.reset(seed=seed)[0], [0, 0, 0])]
    for action in given:
        observation, reward, terminated, truncated, _ = env.step(action)
        rows.append(np.append(observation, [reward, terminated, truncated]))
    return np.stack(rows)


@pytest.mark.filterwarnings("ignore:.*Box observation space m.*value is:UserWarning")
@pytest.mark.filterwarnings("ignore:.*symmetric and normalized space:UserWarning")
def test_gymnasium_finds_nothing_wrong_with_the_environment(shoal: Shoal) -> None:
    with closing(gymnasium.make(FISH_ID, address=shoal.address, config=CONFIG)) as made:
        assert made.spec is not None
        assert made.spec.max_episode_steps == 1_000
        check_env(made.unwrapped, skip_close_check=True)


def test_the_same_seed_and_actions_give_the_same_and_others_do_not(env: ShoalEnv) -> None:
    first = rollout(env, 1, actions(env, 1))
    np.testing.assert_array_equal(rollout(env, 1, actions(env, 1)), first)
    assert not np.array_equal(rollout(env, 2, actions(env, 1)), first)
    others = rollout(env, 1, actions(env, 2))
    np.testing.assert_array_equal(others[0], first[0])
    assert not np.array_equal(others, first)


def test_a_worker_in_another_language_does_as_well(shoal: Shoal) -> None:
    with closing(ShoalEnv(address=shoal.address, worker_type="reef", agent_id="fish-0001")) as env:
        first = rollout(env, 1, actions(env, 1))
        np.testing.assert_array_equal(rollout(env, 1, actions(env, 1)), first)
        assert not np.array_equal(rollout(env, 2, actions(env, 1)), first)


def test_the_action_is_what_moves_the_agent(env: ShoalEnv) -> None:
    before, _ = env.reset(seed=3)
    after, *_ = env.step(np.array([1, 0, 0], np.float32))
    moved = (after[2:4] - before[2:4] + 15) % 30 - 15
    np.testing.assert_allclose(moved, before[4:6], atol=1e-4)
    assert after[1] == before[1] + 1


def test_a_fish_that_dies_ends_the_episode_and_a_reset_begins_another(shoal: Shoal) -> None:
    with closing(ShoalEnv(address=shoal.address, config=STARVING)) as env:
        observation, _ = env.reset(seed=5)
        hasty = np.array([1.2, 0, 0], np.float32)
        step, terminated = 0, False
        while not terminated and step < 200:
            step += 1
            last = observation
            observation, reward, terminated, truncated, info = env.step(hasty)
            assert not truncated, info
        # 60 of energy, 0.15 for living and 0.25 for each of 1.2 metres.
        assert (terminated, step) == (True, 134)
        assert reward == pytest.approx(-0.45)
        np.testing.assert_array_equal(observation, last)
        with pytest.raises(ResetNeeded):
            env.step(hasty)
        simulation_id = env.simulation_id
        assert env.reset(seed=5)[0][0] == pytest.approx(60)
        assert env.simulation_id == simulation_id


def test_a_crashed_simulation_truncates_and_the_reset_brings_another(shoal: Shoal, env: ShoalEnv) -> None:
    expected = rollout(env, 1, actions(env, 1))
    lost_id = env.simulation_id
    assert lost_id is not None
    shoal.signal_worker_of(lost_id, signal.SIGKILL)
    observation, reward, terminated, truncated, info = env.step(actions(env, 1)[0])
    assert (reward, terminated, truncated) == (0, False, True)
    assert info["lost"]
    np.testing.assert_array_equal(observation, expected[-1][:-3])
    np.testing.assert_array_equal(rollout(env, 1, actions(env, 1)), expected)
    assert env.simulation_id not in (None, lost_id)


def test_a_simulation_that_crashed_between_episodes_is_replaced_by_the_reset(shoal: Shoal, env: ShoalEnv) -> None:
    first, _ = env.reset(seed=1)
    lost_id = env.simulation_id
    assert lost_id is not None
    shoal.signal_worker_of(lost_id, signal.SIGKILL)
    np.testing.assert_array_equal(env.reset(seed=1)[0], first)
    assert env.simulation_id != lost_id


def test_a_simulation_that_hangs_is_lost_when_its_time_is_over(shoal: Shoal) -> None:
    with closing(ShoalEnv(address=shoal.address, config=CONFIG, timeout_seconds=5)) as env:
        env.reset(seed=1)
        lost_id = env.simulation_id
        assert lost_id is not None
        shoal.signal_worker_of(lost_id, signal.SIGSTOP)
        *_, truncated, info = env.step(np.zeros(3, np.float32))
        assert truncated
        assert info["lost"]
        assert env.simulation_id is None
        with ShoalClient(shoal.address) as client:
            assert is_over(client.get(lost_id))


def test_many_in_lockstep_give_what_each_gives_alone(shoal: Shoal, env: ShoalEnv) -> None:
    size = 3
    given = [actions(env, slot) for slot in range(size)]
    alone = [rollout(env, 40 + slot, given[slot]) for slot in range(size)]
    with closing(ShoalVectorEnv(size, address=shoal.address, config=CONFIG)) as together:
        observations, _ = together.reset(seed=40)
        for slot in range(size):
            np.testing.assert_array_equal(observations[slot], alone[slot][0][:-3])
        for step in range(STEPS):
            observations, rewards, *ends, _ = together.step(np.stack([given[slot][step] for slot in range(size)]))
            for slot in range(size):
                row = np.append(observations[slot], [rewards[slot], ends[0][slot], ends[1][slot]])
                np.testing.assert_array_equal(row, alone[slot][step + 1])


def test_one_that_crashes_among_many_is_replaced_and_hinders_no_other(shoal: Shoal, env: ShoalEnv) -> None:
    size, victim = 3, 1
    given = [actions(env, slot) for slot in range(size)]
    alone = [rollout(env, 40 + slot, given[slot]) for slot in range(size)]
    with closing(ShoalVectorEnv(size, address=shoal.address, config=CONFIG)) as together:
        together.reset(seed=40)
        ids = together.simulation_ids
        ended_in: list[int] = []
        for step in range(STEPS):
            if step == 10:
                lost_id = ids[victim]
                assert lost_id is not None
                shoal.signal_worker_of(lost_id, signal.SIGKILL)
            batch = np.stack([given[slot][step] for slot in range(size)])
            observations, rewards, terminations, truncations, infos = together.step(batch)
            for slot in set(range(size)) - {victim}:
                np.testing.assert_array_equal(observations[slot], alone[slot][step + 1][:-3])
            assert not terminations.any()
            if truncations.any():
                ended_in.append(step)
                assert truncations.tolist() == [False, True, False]
                assert infos["_lost"].tolist() == [False, True, False]
                assert infos["lost"][victim]
                assert rewards[victim] == 0
            if step == 11:
                assert infos["_simulation_seed"].tolist() == [False, True, False]
                assert rewards[victim] == 0
                # Its age: the episode begins.
                assert observations[victim][1] == 0
            if step == 12:
                assert observations[victim][1] == 1
        assert ended_in == [10]
        assert together.simulation_ids[victim] not in (None, lost_id)
        assert [together.simulation_ids[slot] for slot in (0, 2)] == [ids[0], ids[2]]


def test_an_episode_that_ended_is_reset_in_the_next_step(shoal: Shoal) -> None:
    made = gymnasium.make_vec(FISH_ID, num_envs=2, address=shoal.address, config=CONFIG, max_episode_steps=3)
    assert isinstance(made, ShoalVectorEnv)
    with closing(made) as together:
        assert together.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
        first, infos = together.reset(seed=[7, 9])
        assert infos["simulation_seed"].tolist() == [7, 9]
        still = np.zeros((2, 3), np.float32)
        ages, ends = [], []
        for _ in range(5):
            observations, _, _, truncations, _ = together.step(still)
            ages.append(observations[:, 1].tolist())
            ends.append(truncations.tolist())
        assert ages == [[1, 1], [2, 2], [3, 3], [0, 0], [1, 1]]
        assert ends == [[False, False]] * 2 + [[True, True]] + [[False, False]] * 2
        np.testing.assert_array_equal(together.reset(seed=[7, 9])[0], first)
        np.testing.assert_array_equal(together.reset(seed=[np.int64(7), np.int64(9)])[0], first)
        assert together.reset(seed=np.int64(7))[1]["simulation_seed"].tolist() == [7, 8]


def test_close_stops_the_simulations(shoal: Shoal) -> None:
    made = ShoalVectorEnv(2, address=shoal.address, config=CONFIG)
    made.reset(seed=1)
    ids = made.simulation_ids
    made.close()
    with ShoalClient(shoal.address) as client:
        for simulation_id in ids:
            assert simulation_id is not None
            assert client.get(simulation_id).state == SimulationState.SIMULATION_STATE_STOPPED


def test_what_cannot_be_says_why(shoal: Shoal) -> None:
    nobody = ShoalEnv(address=shoal.address, agent_id="nobody", config=CONFIG, timeout_seconds=2)
    with closing(nobody), pytest.raises(FleetError, match="agent nobody was not told of tick 0"):
        nobody.reset(seed=1)
    wrong = ShoalEnv(address=shoal.address, config={"fish": -1})
    with closing(wrong), pytest.raises(FleetError, match="FAILED"):
        wrong.reset(seed=1)
    unknown = ShoalEnv(address=shoal.address, worker_type="whale")
    with closing(unknown), pytest.raises(FleetError, match="WORKER_TYPE_UNKNOWN"):
        unknown.reset(seed=1)
    absent = ShoalEnv(address="127.0.0.1:1")
    with closing(absent), pytest.raises(FleetError, match="UNAVAILABLE"):
        absent.reset(seed=1)
