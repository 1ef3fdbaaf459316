import json
from pathlib import Path

import pytest

from shoal_sim.experiments.merging import merged
from shoal_sim.experiments.plan import EXPERIMENT_LABEL, PlanError
from shoal_sim.experiments.plan_reader import read_plan

EXAMPLE = Path(__file__).resolve().parents[2] / "plans" / "foraging.yaml"


def plan_of(folder: Path, plan: object, base: object = None) -> Path:
    (folder / "base.json").write_text(json.dumps({"fish": 10} if base is None else base))
    file = folder / "plan.yaml"
    file.write_text(json.dumps(plan))
    return file


def test_objects_are_merged_to_any_depth_and_lists_are_replaced() -> None:
    base = {"a": {"b": {"c": 1, "d": 2}}, "list": [1, 2], "gone": {"x": 1}}
    override = {"a": {"b": {"d": 3}}, "list": [9], "gone": None, "new": {"y": 1}}
    assert merged(base, override) == {"a": {"b": {"c": 1, "d": 3}}, "list": [9], "gone": None, "new": {"y": 1}}
    assert base == {"a": {"b": {"c": 1, "d": 2}}, "list": [1, 2], "gone": {"x": 1}}


def test_the_example_plan_is_right() -> None:
    plan = read_plan(EXAMPLE)
    plenty, scarce, crowded = plan.runs
    assert plenty.simulation_id == "foraging-plenty"
    assert (plenty.config["food"], scarce.config["food"]) == (40, 10)
    assert (plenty.config["ticks"], scarce.config["ticks"]) == (200, 200)
    assert plenty.labels == {EXPERIMENT_LABEL: "foraging", "food": "plenty"}
    assert (plenty.seed, plenty.max_run_seconds, crowded.max_run_seconds) == (7, None, 120)


def test_a_run_is_told_from_another_one_under_its_id(tmp_path: Path) -> None:
    plan = {"experiment_name": "e", "worker_type": "fish", "base_config_path": "base.json"}
    variants: list[dict[str, object]] = [
        {},
        {"seed": 1},
        {"seed": 2},
        {"params_override": {"fish": 11}},
        {"labels": {"a": "b"}},
        {"max_run_time": "1m"},
    ]
    read = [read_plan(plan_of(tmp_path, {**plan, "runs": [{"run_id_suffix": "r", **it}]})) for it in variants]
    assert len({it.runs[0].fingerprint for it in read}) == len(variants)
    again = read_plan(plan_of(tmp_path, {**plan, "runs": [{"run_id_suffix": "r"}, {"run_id_suffix": "other"}]}))
    assert again.runs[0].fingerprint == read[0].runs[0].fingerprint


def test_all_mistakes_are_told_at_once_each_with_its_field(tmp_path: Path) -> None:
    plan = {
        "experiment_name": "bad name",
        "base_config_path": "missing.yaml",
        "wroker_type": "fish",
        "runs": [
            {"run_id_suffix": "a", "seed": -1, "labels": {"x": "not ok!", EXPERIMENT_LABEL: "mine"}},
            {"run_id_suffix": "a", "max_run_time": "soon", "params_override": [1]},
            {"run_id_suffix": "a/b", "params_override": {"deep": {"n": 2**60}}},
            "no run",
            {"sede": 1},
        ],
    }
    with pytest.raises(PlanError) as wrong:
        read_plan(plan_of(tmp_path, plan))
    places = [mistake.split(": ")[0] for mistake in wrong.value.mistakes]
    assert sorted(places) == sorted(
        [
            "wroker_type",
            "experiment_name",
            "worker_type",
            "base_config_path",
            "runs[0].seed",
            "runs[0].labels.x",
            f"runs[0].labels.{EXPERIMENT_LABEL}",
            "runs[1].max_run_time",
            "runs[1].params_override",
            "runs[1].run_id_suffix",
            "runs[2].run_id_suffix",
            "runs[2].params_override over base_config_path",
            "runs[3]",
            "runs[4].sede",
            "runs[4].run_id_suffix",
        ]
    )
    assert any("deep.n" in mistake for mistake in wrong.value.mistakes)


@pytest.mark.parametrize("text", ["- a list", "a: [unclosed", "1: number", ""])
def test_a_plan_that_is_no_object_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(text)
    with pytest.raises(PlanError, match="the plan"):
        read_plan(file)
