"""The callbacks' pages: every argument of the installed Keras in every language, a picture, backends, mistakes."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import callback_reference  # noqa: E402

from site_tools import backends  # noqa: E402
from site_tools.pictures import PICTURES  # noqa: E402
from site_tools.places import DOCS, LANGUAGES  # noqa: E402

keras = pytest.importorskip("keras")

PAGES = {
    "backup-and-restore": "BackupAndRestore",
    "callback": "Callback",
    "callback-list": "CallbackList",
    "csv-logger": "CSVLogger",
    "early-stopping": "EarlyStopping",
    "history": "History",
    "lambda-callback": "LambdaCallback",
    "learning-rate-scheduler": "LearningRateScheduler",
    "model-checkpoint": "ModelCheckpoint",
    "orbax-checkpoint": "OrbaxCheckpoint",
    "progbar-logger": "ProgbarLogger",
    "reduce-lr-on-plateau": "ReduceLROnPlateau",
    "remote-monitor": "RemoteMonitor",
    "swap-ema-weights": "SwapEMAWeights",
    "tensorboard": "TensorBoard",
    "terminate-on-nan": "TerminateOnNaN",
}
ONLY_IN_THE_REFERENCE = {("BackupAndRestore", "callbacks"), ("RemoteMonitor", "timeout")}
WITHOUT_ARGUMENTS = ("Callback", "History", "ProgbarLogger")
"""Their tables show attributes, or the parameters of the run."""
ROW = re.compile(r"^\| `(?P<name>[*\w]+)` \|.*\|$", re.MULTILINE)
REQUIRED = inspect.Parameter.empty
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
on_every_page = pytest.mark.parametrize("page", PAGES)


def text(page: str, language: str) -> str:
    return (DOCS / language / "callbacks" / f"{page}.md").read_text(encoding="utf-8")


def section(page: str, language: str, name: str) -> str:
    """Return the part of a page below the heading of this id."""
    return re.split(r"^## ", text(page, language).partition(f"{{ #{name} }}\n")[2], flags=re.MULTILINE)[0]


def table(page: str, language: str) -> dict[str, object]:
    """Return the arguments in the page's table with their defaults; a default that is no code means required."""
    found: dict[str, object] = {}
    for row in ROW.finditer(section(page, language, "arguments")):
        default = row[0].replace("\\|", "").split("|")[3].strip()
        found[row["name"]] = ast.literal_eval(default.strip("`")) if default.startswith("`") else REQUIRED
    return found


def signature(made: type) -> dict[str, object]:
    """Return the arguments of a constructor with their defaults; those that may have any name are left out."""
    parameters = inspect.signature(made).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is not p.VAR_KEYWORD and p.kind is not p.VAR_POSITIONAL}


@in_every_language
@pytest.mark.parametrize("page", [page for page, name in PAGES.items() if name not in WITHOUT_ARGUMENTS])
def test_the_table_holds_every_argument_of_the_installed_keras_with_its_default(page: str, language: str) -> None:
    name = PAGES[page]
    shown = {key: value for key, value in table(page, language).items() if not key.startswith("*")}
    ours = {key: value for key, value in shown.items() if (name, key) in ONLY_IN_THE_REFERENCE}
    wanted = signature(getattr(callback_reference, name))
    assert ours == {key: wanted[key] for key in ours}
    assert [(key, value) for key, value in shown.items() if key not in ours] == list(
        signature(getattr(keras.callbacks, name)).items()
    )


@pytest.mark.parametrize("name", WITHOUT_ARGUMENTS)
def test_what_a_page_says_takes_no_arguments_takes_none(name: str) -> None:
    assert signature(getattr(keras.callbacks, name)) == {}


def test_the_pages_are_all_there_are() -> None:
    assert {path.stem for path in (DOCS / "en" / "callbacks").glob("*.md")} == {*PAGES, "combinations"}


@on_every_page
def test_a_page_has_its_picture_its_backends_and_three_mistakes_that_run(page: str) -> None:
    found = text(page, "en")
    assert page in PICTURES
    assert f'{{{{ picture("{page}") }}}}' in found
    assert f'{{{{ backends("{PAGES[page]}") }}}}' in section(page, "en", "backends")
    mistakes = section(page, "en", "mistakes").split("\n### ")[1:]
    assert sum('```text title="Output"' in mistake for mistake in mistakes) >= 3


@in_every_language
def test_a_callback_that_differs_on_a_backend_gets_a_table_and_another_a_sentence(language: str) -> None:
    assert backends.one("TensorBoard", language).count("\n|") == 5
    assert "ModuleNotFoundError" in backends.one("TensorBoard", language)
    assert "|" not in backends.one("History", language)
    assert "torch 2" in backends.one("History", language)


def test_a_callback_that_was_not_fitted_is_refused_with_those_that_were() -> None:
    with pytest.raises(LookupError, match=r"no callback 'Historie' .*; known are .*History"):
        backends.one("Historie", "en")


ON_JAX = """
import importlib
import keras, numpy as np

def read(batch, logs):
    try:
        model.get_weights()
        print("reads", end=" ")
    except TypeError:
        print("raises", end=" ")

x = np.ones((2, 1), "float32")
for package in ("keras.callbacks", "callback_reference"):
    class Read(importlib.import_module(package).Callback):
        def on_train_batch_end(self, batch, logs=None):
            try:
                self.model.get_weights()
                print(package, "reads", end=" ")
            except TypeError:
                print(package, "raises", end=" ")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x, x, callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=read), Read()], verbose=0)
"""


def test_on_jax_a_batch_hook_reads_the_model_of_its_callback_and_no_other_variable() -> None:
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    done = subprocess.run([sys.executable, "-c", ON_JAX], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["raises", "keras.callbacks", "reads", "raises", "callback_reference", "reads"]
