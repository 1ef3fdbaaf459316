"""Reads a plan and checks all of it before anything is started."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from shoal_sim.client.structs import to_struct
from shoal_sim.experiments.merging import merged
from shoal_sim.experiments.plan import EXPERIMENT_LABEL, RUN_LABEL, Plan, PlanError, PlannedRun

_PLAN_FIELDS = ("experiment_name", "worker_type", "base_config_path", "runs")
_RUN_FIELDS = ("run_id_suffix", "params_override", "seed", "labels", "max_run_time")
# It is a label too, which is the narrower of the two.
_EXPERIMENT_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")
_SIMULATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_LABEL_NAME = re.compile(r"([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNIT_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_MAX_SEED = 2**64 - 1


def read_plan(file: Path) -> Plan:
    """Raises PlanError with everything that is wrong, each mistake with its field."""
    reader = _PlanReader(file)
    plan = reader.read()
    if reader.mistakes or plan is None:
        raise PlanError(reader.mistakes)
    return plan


class _PlanReader:
    def __init__(self, file: Path) -> None:
        self._file = file
        self.mistakes: list[str] = []

    def read(self) -> Plan | None:
        plan = self._document(self._file, "the plan")
        if plan is None:
            return None
        self._known(plan, _PLAN_FIELDS, "")
        name = self._text(plan, "experiment_name", "")
        if name is not None and not _EXPERIMENT_NAME.fullmatch(name):
            self._wrong("experiment_name", f"{name!r}: 1 to 63 letters, digits, `_` and `-`, none of these at the ends")
            name = None
        worker_type = self._text(plan, "worker_type", "")
        base_file = self._base_file(plan)
        base = None if base_file is None else self._document(base_file, "base_config_path")
        given = plan.get("runs")
        if not isinstance(given, list) or not given:
            self._wrong("runs", "expected a list of at least one run")
            given = []
        read = (
            self._run(run, f"runs[{at}]", name or "x", worker_type or "", base or {}) for at, run in enumerate(given)
        )
        runs = [run for run in read if run is not None]
        self._differ(runs)
        if name is None or worker_type is None or base_file is None or base is None:
            return None
        return Plan(
            file=self._file,
            sha256=_sha256(self._file),
            base_config_sha256=_sha256(base_file),
            experiment_name=name,
            worker_type=worker_type,
            runs=runs,
        )

    def _run(
        self, run: object, place: str, experiment: str, worker_type: str, base: Mapping[str, object]
    ) -> PlannedRun | None:
        if not isinstance(run, dict):
            self._wrong(place, "expected an object")
            return None
        self._known(run, _RUN_FIELDS, f"{place}.")
        suffix = self._text(run, "run_id_suffix", f"{place}.")
        simulation_id = f"{experiment}-{suffix}"
        if suffix is not None and not _SIMULATION_ID.fullmatch(simulation_id):
            self._wrong(f"{place}.run_id_suffix", f"{suffix!r} makes {simulation_id!r}, which is no simulation id")
        return PlannedRun(
            simulation_id=simulation_id,
            run_id_suffix=suffix or "",
            worker_type=worker_type,
            config=self._config(run, place, base),
            seed=self._seed(run, place),
            labels={EXPERIMENT_LABEL: experiment, **self._labels(run, place)},
            max_run_seconds=self._duration(run, place),
        )

    def _config(self, run: dict[str, object], place: str, base: Mapping[str, object]) -> dict[str, object]:
        override = run.get("params_override", {})
        if not isinstance(override, dict):
            self._wrong(f"{place}.params_override", "expected an object")
            override = {}
        config = merged(base, override)
        try:
            to_struct(config)
        except ValueError as error:
            self._wrong(f"{place}.params_override over base_config_path", str(error))
        return config

    def _seed(self, run: dict[str, object], place: str) -> int | None:
        seed = run.get("seed")
        if seed is None:
            return None
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= _MAX_SEED:
            self._wrong(f"{place}.seed", f"{seed!r}: expected a whole number from 0 to {_MAX_SEED}")
            return None
        return seed

    def _labels(self, run: dict[str, object], place: str) -> dict[str, str]:
        labels = run.get("labels", {})
        if not isinstance(labels, dict):
            self._wrong(f"{place}.labels", "expected an object")
            return {}
        for name, value in labels.items():
            if name in (EXPERIMENT_LABEL, RUN_LABEL):
                self._wrong(f"{place}.labels.{name}", "is set by this program")
            elif not isinstance(name, str) or not _LABEL_NAME.fullmatch(name):
                self._wrong(f"{place}.labels", f"{name!r} is no label name")
            elif not isinstance(value, str) or not _LABEL_VALUE.fullmatch(value):
                self._wrong(f"{place}.labels.{name}", f"{value!r}: expected at most 63 letters, digits, `_`, `.`, `-`")
        return {str(name): str(value) for name, value in labels.items()}

    def _duration(self, run: dict[str, object], place: str) -> float | None:
        text = run.get("max_run_time")
        if text is None:
            return None
        match = _DURATION.fullmatch(text) if isinstance(text, str) else None
        if match is None or float(match[1]) == 0:
            self._wrong(f"{place}.max_run_time", f"{text!r}: expected a duration such as 500ms, 30s, 10m, 2h, 1d")
            return None
        return float(match[1]) * _UNIT_SECONDS[match[2]]

    def _base_file(self, plan: dict[str, object]) -> Path | None:
        path = self._text(plan, "base_config_path", "")
        return None if path is None else self._file.parent / path

    def _document(self, file: Path, what: str) -> dict[str, object] | None:
        """YAML, of which JSON is a part."""
        try:
            document = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            self._wrong(what, f"{file} cannot be read: {error}")
            return None
        if not isinstance(document, dict) or not all(isinstance(name, str) for name in document):
            self._wrong(what, f"{file} must hold an object whose names are texts")
            return None
        return document

    def _text(self, document: dict[str, object], name: str, place: str) -> str | None:
        text = document.get(name)
        if isinstance(text, str) and text:
            return text
        self._wrong(f"{place}{name}", "is missing" if text is None else f"{text!r}: expected a text")
        return None

    def _known(self, document: dict[str, object], known: tuple[str, ...], place: str) -> None:
        for name in document:
            if name not in known:
                self._wrong(f"{place}{name}", f"not known; known are {', '.join(known)}")

    def _differ(self, runs: list[PlannedRun]) -> None:
        seen: set[str] = set()
        for at, run in enumerate(runs):
            if run.run_id_suffix and run.run_id_suffix in seen:
                self._wrong(f"runs[{at}].run_id_suffix", f"{run.run_id_suffix!r} is there twice")
            seen.add(run.run_id_suffix)

    def _wrong(self, place: str, what: str) -> None:
        self.mistakes.append(f"{place}: {what}")


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
