"""Run old snippets in an empty folder and note what a reader would see."""

from __future__ import annotations

import contextlib
import importlib
import io
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from site_tools.old_snippets.entries import Entry, setups

__all__ = ["installed", "normal", "run"]

LENGTH = 280
LINES = 6
FOLDER = "project"
OWN = "Even though the `tf.config"  # a warning that comes from how the snippets are run
NOISE = [
    (re.compile(r'^ *File ".*$\n(?:^ {4,}.*$\n)?|^Detected at node.*$|^Stack trace for.*$', re.MULTILINE), ""),
    (re.compile(r"\((?:\w+|<\w+>), line \d+\)"), ""),
    (re.compile(r"0x[0-9a-f]+"), "0x…"),
    (re.compile(r"events\.out\.tfevents\.[\w.-]+"), "events.out.tfevents.…"),
    (re.compile(r"\s*\[\[\{\{node [^\]]*\}\}\]\]"), ""),  # two nodes fail side by side, and either may be named
    (re.compile(r"_\d+(?=\]|')"), ""),  # names such as adam_7 count what the process has built
    (re.compile(r"\s+"), " "),
]


def installed() -> str:
    """Return the name and version of the Keras that `import keras` finds; Keras 2 if the environment asks for it."""
    if os.environ.get("TF_USE_LEGACY_KERAS") == "1":
        sys.modules.setdefault("keras", importlib.import_module("tf_keras"))
    keras = importlib.import_module("keras")
    return f"{keras.__name__.split('.')[0]}-{keras.__version__}"


def run(entry: Entry) -> dict[str, Any]:
    """Run the old line and the line that works; the verdict on the old one is what its check says."""
    old = _play(entry, entry.old, entry.check)
    works = _play(entry, entry.works, entry.works_check)
    return {"old": old, "works": {key: works[key] for key in ("verdict", "type", "message") if key in works}}


def _play(entry: Entry, code: str, check: str) -> dict[str, Any]:
    """Run one snippet after its setup, in a folder of its own, and return what happened."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with _folder(), _mode(entry):
        seen = _listen(setups()[entry.setup], code, names) | {"files": _files()}
        if "verdict" not in seen:
            kept = eval(check, {**names, **seen, "tags": _tags})
            seen["verdict"] = "works" if kept else "other"
    return seen


def _listen(setup: str, code: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run the code and return what was raised, printed and warned about."""
    raised: dict[str, str] = {}
    with _warnings() as warned, contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(setup, names)
        try:
            exec(code, names)
        except Exception as error:
            raised = {"verdict": "raises", "type": type(error).__name__, "message": normal(str(error))}
    lines = [normal(line) for line in printed.getvalue().splitlines() if line.strip()]
    return raised | {"printed": lines[:LINES], "warned": warned}


@contextlib.contextmanager
def _folder() -> Iterator[None]:
    """Work in an empty folder that stands in an empty folder: some old paths miss it."""
    with tempfile.TemporaryDirectory() as outer:
        inner = Path(outer, FOLDER)
        inner.mkdir()
        before = Path.cwd()
        os.chdir(inner)
        try:
            yield
        finally:
            os.chdir(before)


@contextlib.contextmanager
def _mode(entry: Entry) -> Iterator[None]:
    """Run eagerly, which is quicker for tiny models, unless the entry says otherwise; hide a package if it says so."""
    tensorflow = importlib.import_module("tensorflow")
    hidden = [name for name in sys.modules if name.split(".")[0] == entry.without] if entry.without else []
    gone = dict.fromkeys([*hidden, *([entry.without] if entry.without else [])])
    tensorflow.config.run_functions_eagerly(not entry.graph)
    try:
        with mock.patch.dict(sys.modules, gone):
            yield
    finally:
        tensorflow.config.run_functions_eagerly(False)


class Ear(logging.Handler):
    """Hears what Keras logs instead of warning, and keeps each first line once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take one line of the log."""
        self.hear(f"{record.levelname}: {record.getMessage()}")

    def show(self, message: Warning | str, category: type[Warning], *rest: object, **more: object) -> None:
        """Take one warning, in place of `warnings.showwarning`."""
        if not issubclass(category, (DeprecationWarning, ResourceWarning)):
            self.hear(f"{category.__name__}: {message}")

    def hear(self, text: str) -> None:
        """Keep the first line."""
        first = normal(text.strip().split("\n")[0])
        if first not in self.lines and not re.search(OWN, first):
            self.lines.append(first)


@contextlib.contextmanager
def _warnings() -> Iterator[list[str]]:
    """Yield the list to which every warning adds its first line, once."""
    ear, loggers = Ear(), [logging.getLogger(name) for name in ("absl", "tensorflow")]
    with warnings.catch_warnings(), mock.patch.object(warnings, "showwarning", ear.show):
        warnings.simplefilter("always")
        for logger in loggers:
            logger.addHandler(ear)
        try:
            yield ear.lines
        finally:
            for logger in loggers:
                logger.removeHandler(ear)


def normal(text: str) -> str:
    """Return a message without what differs from run to run: folders, addresses, lines of a traceback."""
    here = Path.cwd()
    for folder in {f"{here}{os.sep}", f"{here.resolve()}{os.sep}"}:
        text = text.replace(folder, "")
    for pattern, instead in NOISE:
        text = pattern.sub(instead, text)
    text = text.strip()
    return text if len(text) <= LENGTH else text[:LENGTH].rsplit(" ", 1)[0] + " …"


def _files() -> list[str]:
    """Return what stands in the folder now, and beside it."""
    inside = [path.name + "/" * path.is_dir() for path in Path().iterdir()]
    beside = [f"../{path.name}" for path in Path("..").iterdir() if path.name != FOLDER]
    return sorted(normal(name) for name in inside) + sorted(beside)


def _tags(folder: str = "logs") -> list[str]:
    """Return the tags in the event files below a folder; a graph has the tag GRAPH."""
    iterator = importlib.import_module("tensorflow.python.summary.summary_iterator").summary_iterator
    events = [event for path in sorted(Path(folder).rglob("*tfevents*")) for event in iterator(str(path))]
    tags = {value.tag for event in events for value in event.summary.value}
    return sorted(tags | {"GRAPH" for event in events if event.graph_def})
