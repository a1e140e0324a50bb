"""What is on disk, and in memory, after a training that ended in the middle.

The fits run in processes of their own, which a parent forks that has imported Keras but run nothing on it:
one of them is killed, and HDF5 may take down a process whose disk is full. A limit on the size of files stands in
for the full disk. The model counts, as in `which_weights`: its weight is the number of batches that it has seen.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from site_tools.recordings.which_weights import BATCHES, counting, data, weight_of

__all__ = ["CASES", "EPOCHS", "FATAL", "RECORDINGS"]

EPOCHS, FATAL = 6, 3
ALIVE = ("exception", "interrupt")
"""The endings after which a process can go on."""
EVERY = ("checkpoint", "backup", "rows", "events")
Case = tuple[str, str, tuple[str, ...]]
CASES: tuple[Case, ...] = (
    ("kill", "keras", EVERY),
    ("exception", "keras", EVERY),
    ("interrupt", "keras", EVERY),
    ("disk", "keras", ("checkpoint",)),
    ("disk", "keras", ("backup",)),
    ("disk", "keras", ("rows",)),
    ("disk", "keras", ("events",)),
    ("disk", "reference", ("checkpoint",)),
    ("disk", "reference", ("backup",)),
)
"""How the training ends, whose callbacks they are, and which of them are in the list."""


def callbacks_of(owner: str, members: tuple[str, ...]) -> list[Any]:
    """Return callbacks that write into the current folder."""
    import callback_reference
    import keras

    source: Any = keras.callbacks if owner == "keras" else callback_reference
    made = {
        "checkpoint": lambda: source.ModelCheckpoint("last.keras"),
        "backup": lambda: source.BackupAndRestore("backup"),
        "rows": lambda: source.CSVLogger("log.csv"),
        "events": lambda: source.TensorBoard("events"),
    }
    return [made[name]() for name in members]


def accident(ending: str) -> Any:
    """Return the callback that ends the training after the first batch of the fatal epoch, or fills the disk."""
    import keras

    class Accident(keras.callbacks.Callback):  # type: ignore[misc]
        epoch = 0

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.epoch = epoch

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if self.epoch == FATAL:
                HAPPENS[ending]()

    return Accident()


def fail() -> None:
    """Raise an error."""
    raise ValueError


def interrupt() -> None:
    """Do what Ctrl+C does."""
    raise KeyboardInterrupt


def limit() -> None:
    """Let no file grow: each of the files here is larger than this already."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (40, -1))


HAPPENS: dict[str, Callable[[], None]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exception": fail,
    "interrupt": interrupt,
    "disk": limit,
}


def train(ending: str, owner: str, members: tuple[str, ...], folder: Path) -> None:
    """Train in a folder until the accident, and note what is in memory after it."""
    import keras

    os.chdir(folder)
    model = counting()
    stopper = keras.callbacks.EarlyStopping(monitor="loss", patience=EPOCHS, restore_best_weights=True)
    with contextlib.suppress(Exception, KeyboardInterrupt):
        own = [*callbacks_of(owner, members), stopper, accident(ending)]
        model.fit(*data(), batch_size=1, epochs=EPOCHS, verbose=0, callbacks=own)
    if ending == "disk":
        return
    best = float(stopper.best_weights[0].item())
    Path("memory.json").write_text(json.dumps({"best": ended(best), "history": model.history.epoch}))


def ended(weight: float) -> int:
    """Return the epoch at whose end the model had this weight."""
    return round(weight) // BATCHES - 1


def look(ending: str, owner: str, members: tuple[str, ...], folder: Path) -> dict[str, Any]:
    """Return what a folder holds: of each file the last epoch in it, "unreadable", or None where there is none."""
    os.chdir(folder)
    found: dict[str, Any] = {"ending": ending, "by": owner, "members": list(members)}
    looks: dict[str, Callable[[], Any]] = {
        "checkpoint": checkpoint,
        "backup": backup,
        "rows": rows,
        "events": events,
    }
    for name, see in looks.items():
        try:
            found[name] = see() if name in members else None
        except Exception:
            found[name] = "unreadable"
    memory = Path("memory.json")
    return {**found, "memory": json.loads(memory.read_text()) if memory.exists() else None}


def checkpoint() -> int:
    """Return the epoch whose end the checkpoint holds."""
    import keras

    return ended(weight_of(keras.models.load_model("last.keras")))


def backup() -> int:
    """Return the epoch whose end the backup holds."""
    model = counting()
    model.load_weights("backup/latest.weights.h5")
    return ended(weight_of(model))


def rows() -> int:
    """Return the epoch of the last whole row."""
    whole, _, _ = Path("log.csv").read_text().rpartition("\n")
    return int(whole.splitlines()[-1].split(",")[0])


def events() -> int:
    """Return the last step whose loss can be read."""
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

    loaded = [event for path in Path("events", "train").iterdir() for event in EventFileLoader(str(path)).Load()]
    return max(int(event.step) for event in loaded for value in event.summary.value if value.tag == "epoch_loss")


def child(work: Callable[[], object]) -> None:
    """Run something in a forked process, however it ends."""
    process = os.fork()
    if not process:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(process, 0)


def main() -> None:
    """Run the cases, those that may end their process each in one of its own, and print what they left."""
    import callback_reference  # noqa: F401
    import keras  # noqa: F401

    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place, str(number)) for number in range(len(CASES))]
        for folder in folders:
            folder.mkdir()
        cases = list(zip(CASES, folders, strict=True))
        child(partial(train_all, [one for one in cases if one[0][0] in ALIVE]))
        for one in cases:
            if one[0][0] not in ALIVE:
                child(partial(train_all, [one]))
        child(lambda: print(json.dumps([look(*case, folder) for case, folder in cases]), flush=True))


def train_all(cases: list[tuple[Case, Path]]) -> None:
    """Train each case in its folder."""
    for case, folder in cases:
        train(*case, folder)


def crash() -> list[dict[str, Any]]:
    """Run the cases in a fresh process."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        raise RuntimeError(f"the processes of the recording ended without a result:\n{done.stderr}")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


RECORDINGS = {"crash": crash}

if __name__ == "__main__":
    main()
