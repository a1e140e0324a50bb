"""The suite's vectors in MicroPython: the callbacks decide there as they do in CPython."""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import sys
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "conformance_tests" / "selftests")]
sys.path.append(str(ROOT / "docs" / "assets" / "playground" / "python"))  # last: it has a `warnings` of its own

driver = pytest.importorskip("playwright._impl._driver", reason="install the dev group: Playwright brings a Node")

import atomic  # noqa: E402
import floats  # noqa: E402
import vectors_anywhere  # noqa: E402
from callback_conformance import functions, vectors  # noqa: E402
from callback_conformance.kinds import KINDS  # noqa: E402
from callback_conformance.play import play  # noqa: E402
from callback_conformance.scenarios import to_json  # noqa: E402
from callback_conformance.subjects import find  # noqa: E402

from site_tools.playground import KINDS as FIVE  # noqa: E402
from site_tools.playground import MODULES  # noqa: E402

NUMPY = ('"float', '"int', '"array', '"numpy_quarter"', '"scalar_array"')
DISK = ("MC-25",)
FLOOR = {
    "EarlyStopping": 117,
    "ReduceLROnPlateau": 87,
    "LearningRateScheduler": 19,
    "ModelCheckpoint": 100,
    "TerminateOnNaN": 22,
}
"""How many vectors of each callback run in MicroPython, at least."""

LEFT_OUT = {
    "NumPy": "its values are scalars or arrays of NumPy, which MicroPython does not have",
    "disk": "it is about folders and permissions, and a page has no disk",
    "hooks by hand": "it calls single hooks, and the playground trains whole epochs",
    "script": "a scripted callback stops training or raises",
    "loop": "it needs validation or several steps in one execution, which the playground does not have",
}
"""Why a vector is not run in MicroPython."""

OWN = ("printed", "warned", "message", "monitor_op")
"""Columns of a trace that are not compared: texts, and a function."""


def hindrance(case: vectors.Case, scenario: dict[str, Any]) -> str | None:
    """Return why a vector is left out, a key of `LEFT_OUT`, or None."""
    if any(word in json.dumps(scenario) for word in NUMPY):
        return "NumPy"
    if case.clause in DISK:
        return "disk"
    if "steps" in scenario:
        return "hooks by hand"
    runs = scenario.get("runs", [])
    if any("actions" in run for run in runs):
        return "script"
    return "loop" if any({"steps_per_execution", "validation", "kind"} & set(run) for run in runs) else None


@cache
def sorted_out() -> tuple[list[tuple[str, vectors.Case]], dict[tuple[str, str], int]]:
    """Return the vectors that run, and how many do not, by callback and reason."""
    running: list[tuple[str, vectors.Case]] = []
    left: dict[tuple[str, str], int] = {}
    for kind in FIVE:
        for case in vectors.load(KINDS[kind].group):
            why = hindrance(case, to_json(case.script()))
            if why:
                left[kind, why] = left.get((kind, why), 0) + 1
            else:
                running.append((kind, case))
    return running, left


@cache
def traces() -> list[Any]:
    """Play all of them in one MicroPython."""
    jobs = [[kind, json.dumps(to_json(case.script()))] for kind, case in sorted_out()[0]]
    command = [
        driver.compute_driver_executable()[0],
        str(Path(__file__).parent / "vectors_in_micropython.mjs"),
        str(ROOT),
    ]
    done = subprocess.run(
        command, input=json.dumps({"modules": MODULES, "jobs": jobs}), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    played: list[Any] = json.loads(done.stdout)
    return played


def shared(trace: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the columns of a trace that another has too."""
    names = {name for row in trace for name in row} & {name for row in other for name in row} - set(OWN)
    return [{name: row[name] for name in sorted(names & set(row)) if row[name] is not None} for row in trace]


def test_every_vector_that_can_run_in_micropython_gives_what_its_clause_demands() -> None:
    """The expectations of the suite hold in the reader's browser."""
    wrong = []
    for (kind, case), trace in zip(sorted_out()[0], traces(), strict=True):
        seen = trace if isinstance(trace, str) else vectors.mismatch(case.expect, trace)
        if seen is not None:
            wrong.append((kind, case.clause, case.name, seen))
    assert wrong == []


def test_micropython_and_cpython_give_the_same_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only what a clause names: every common column of every row."""
    monkeypatch.setitem(sys.modules, "callback_reference.atomic", atomic)  # as on the page, which has no disk
    different = []
    for (kind, case), trace in zip(sorted_out()[0], traces(), strict=True):
        own = json.loads(vectors_anywhere.play(kind, json.dumps(to_json(case.script())), functions))
        if shared(own, trace) != shared(trace, own):
            different.append((kind, case.clause, case.name))
    assert different == []


def test_the_loop_of_the_playground_gives_the_traces_of_the_suite() -> None:
    """The host of the suite is held to a real `fit`; the playground is held to the host."""
    different = []
    for (kind, case), trace in zip(sorted_out()[0], traces(), strict=True):
        suite = json.loads(json.dumps(play(find(f"callback_reference:{kind}"), case.script())))
        if shared(suite, trace) != shared(trace, suite):
            pair = zip(shared(suite, trace), shared(trace, suite), strict=False)
            different.append((kind, case.clause, case.name, next(((a, b) for a, b in pair if a != b), "rows")))
    assert different == []


@pytest.mark.parametrize("kind", FIVE)
def test_enough_vectors_run(kind: str) -> None:
    """A harness that runs nothing would pass."""
    assert sum(name == kind for name, _ in sorted_out()[0]) >= FLOOR[kind]


def test_what_is_left_out_is_named() -> None:
    """By callback and reason; a change here is to be looked at."""
    assert sorted_out()[1] == {
        ("EarlyStopping", "NumPy"): 12,
        ("EarlyStopping", "hooks by hand"): 1,
        ("EarlyStopping", "script"): 2,
        ("LearningRateScheduler", "NumPy"): 1,
        ("ModelCheckpoint", "NumPy"): 8,
        ("ModelCheckpoint", "disk"): 2,
        ("ModelCheckpoint", "loop"): 3,
        ("ReduceLROnPlateau", "NumPy"): 4,
        ("TerminateOnNaN", "NumPy"): 5,
        ("TerminateOnNaN", "loop"): 1,
        ("TerminateOnNaN", "script"): 1,
    }
    assert {why for _, why in sorted_out()[1]} == set(LEFT_OUT)


def test_the_vendored_files_are_those_that_their_readme_names() -> None:
    """Nobody has changed them."""
    folder = ROOT / "docs" / "assets" / "vendor" / "micropython"
    text = (folder / "README.txt").read_text()
    for name in ("micropython.mjs", "micropython.wasm"):
        assert f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}" in text


def test_floats_are_written_as_cpython_writes_them() -> None:
    """Ties go to even, and the text is the shortest that reads back."""
    random = Random(7)
    drawn = [struct.unpack("d", random.randbytes(8))[0] for _ in range(500)]
    values = [n / 64 for n in range(200)] + [n / 1000 for n in range(1000)] + [v for v in drawn if v - v == 0]
    assert [floats.shortest(value) for value in values] == [repr(value) for value in values]
    for places in (0, 1, 2, 5):
        small = [value for value in values if abs(value) < 1e20]
        assert [floats.exact(value, places) for value in small] == [f"{value:.{places}f}" for value in small]
