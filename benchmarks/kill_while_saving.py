"""Kill processes that train and save, and count the files that cannot be read afterwards.

    python -m benchmarks.kill_while_saving --kills 50 --seed 0

One process imports Keras and forks the others: one that loads files, and for each kill one that trains a model so large
that most of its time goes into saving it after each epoch. When that process has saved once, it is killed with SIGKILL
at a moment drawn at random. The same moments are used for the reference and for tf.keras.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
from callback_reference import Callback, ModelCheckpoint
from rich.console import Console
from rich.table import Table

SUBJECTS: dict[str, Callable[[str], Any]] = {
    "reference": ModelCheckpoint,
    f"keras {keras.__version__}": keras.callbacks.ModelCheckpoint,
}
WIDTH = 1500
"""Units in each of two layers: 4.5 million weights, 18 megabytes."""
LONGEST = 0.4
"""Seconds after the first save within which a process is killed: a few saves."""


class Tell(Callback):
    """Write a byte when the first epoch has been saved."""

    def __init__(self, pipe: int) -> None:
        super().__init__()
        self.pipe = pipe

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Stand after the callback that saves, so that its file is there."""
        if epoch == 0:
            os.write(self.pipe, b"1")


def train(make: Callable[[str], Any], path: str, pipe: int) -> None:
    """Train and save after each epoch, until killed."""
    import numpy as np

    layers = [keras.layers.Dense(WIDTH), keras.layers.Dense(WIDTH)]
    model = keras.Sequential([keras.Input((WIDTH,)), *layers])
    model.compile("sgd", "mse")
    ones = np.ones((1, WIDTH), "float32")
    model.fit(ones, ones, epochs=10**6, verbose=0, callbacks=[make(path), Tell(pipe)])


def answer(questions: int, answers: int) -> None:
    """Load each file whose path is asked about, and say whether that went well."""
    with os.fdopen(questions) as lines, os.fdopen(answers, "w", buffering=1) as out:
        for line in lines:
            try:
                keras.models.load_model(line.rstrip("\n"))
                print("readable", file=out)
            except Exception as error:
                print(f"{type(error).__name__}: {' '.join(str(error).split())[:160]}", file=out)


def fork(work: Callable[[], None]) -> int:
    """Run something in a process of its own, which ends with it."""
    process = os.fork()
    if process:
        return process
    try:
        work()
    finally:
        os._exit(0)


class Reader:
    """The process that loads files."""

    def __init__(self) -> None:
        asked, self._ask = os.pipe()
        self._answered, answers = os.pipe()
        self.process = fork(lambda: answer(asked, answers))
        self._lines = os.fdopen(self._answered)

    def read(self, path: Path) -> str:
        """Return "readable", or what was raised."""
        os.write(self._ask, f"{path}\n".encode())
        return self._lines.readline().strip()


def kill_once(make: Callable[[str], Any], path: Path, after: float) -> None:
    """Train until the first save and a while longer, and kill.

    Raises:
        RuntimeError: the process ended before its first save.
    """
    told, tell = os.pipe()
    process = fork(lambda: train(make, str(path), tell))
    os.close(tell)
    begun = os.read(told, 1)
    time.sleep(after if begun else 0)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(told)
    if not begun:
        raise RuntimeError("a training process ended before its first save")


def others(folder: Path, path: Path) -> int:
    """Return how many files there are beside the target."""
    return sum(1 for other in folder.rglob("*") if other != path and other.is_file())


def experiment(kills: int, seed: int) -> dict[str, dict[str, Any]]:
    """Kill each subject's process as often as asked, and return what was found."""
    reader = Reader()
    moments = random.Random(seed)
    waits = [moments.uniform(0, LONGEST) for _ in range(kills)]
    found: dict[str, dict[str, Any]] = {}
    for name, make in SUBJECTS.items():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = _kill_often(reader, make, Path(folder), waits)
    os.kill(reader.process, signal.SIGKILL)
    os.waitpid(reader.process, 0)
    return found


def _kill_often(reader: Reader, make: Callable[[str], Any], folder: Path, waits: list[float]) -> dict[str, Any]:
    path = folder / "model.keras"
    unreadable: list[str] = []
    leaving, most = 0, 0
    for wait in waits:
        kill_once(make, path, wait)
        said = reader.read(path)
        unreadable += [said.replace(f"{folder}/", "")] if said != "readable" else []
        now = others(folder, path)
        leaving += now > 0
        most = max(most, now)
    return {
        "kills": len(waits),
        "unreadable": len(unreadable),
        "errors": {error: unreadable.count(error) for error in sorted(set(unreadable))},
        "kills_that_left_another_file": leaving,
        "most_other_files_at_once": most,
    }


def main() -> None:
    """Run the experiment, print a table, and write JSON if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write what was found there")
    arguments = parser.parse_args()
    begun = time.monotonic()
    found = experiment(arguments.kills, arguments.seed)
    table = Table("", *found, title=f"Killed while saving, seed {arguments.seed}")
    for row in ("kills", "unreadable", "kills_that_left_another_file", "most_other_files_at_once"):
        table.add_row(row.replace("_", " "), *(str(member[row]) for member in found.values()))
    Console().print(table)
    if arguments.json:
        command = f"python -m benchmarks.kill_while_saving --kills {arguments.kills} --seed {arguments.seed}"
        written = {"command": command, "python": sys.version.split()[0], "megabytes": 4 * 2 * WIDTH**2 / 1e6}
        written |= {"seconds": round(time.monotonic() - begun), "found": found}
        arguments.json.write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
