"""The reference on other backends: the same fits as Keras's own callbacks, in a process of its own for each backend."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
RESULTS = HERE.parents[1] / "docs" / "data" / "backends"
KNOWN: dict[tuple[str, str], str] = {
    ("tensorflow", "SwapEMAWeights"): "different",  # SE-12: there, Keras swaps by adding and subtracting, which rounds
    ("torch", "TensorBoard"): "keras raises",  # Keras's needs TensorFlow, whatever the backend (TB-02)
}
"""Backend and callback to another status than "equal", each with its reason in a comment."""


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {name: result["status"] for name, result in report["callbacks"].items() if result["status"] != "absent"}


def wanted(backend: str, names: dict[str, str]) -> dict[str, str]:
    return {name: KNOWN.get((backend, name), "equal") for name in names}


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_each_callback_does_in_a_real_fit_what_that_of_keras_does(backend: str) -> None:
    done = subprocess.run(
        [sys.executable, HERE / "backends_fit.py"],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["backend"] == backend
    assert statuses(report) == wanted(backend, statuses(report))
    assert "EarlyStopping" in statuses(report)


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_the_published_results_hold_no_surprise(backend: str) -> None:
    report = json.loads((RESULTS / f"{backend}.json").read_text())
    assert report["backend"] == backend
    assert statuses(report) == wanted(backend, statuses(report))
