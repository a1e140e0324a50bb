"""Kill training processes at seeded moments, resume them, and compare with a run that nobody killed, bit for bit.

    python -m benchmarks.crash_and_resume --crashes 20 --seed 0 --json docs/data/crash_and_resume.json

Each victim is a process of its own that SIGKILL ends: when an epoch begins, within an epoch, while a backup is being
written, or after an epoch's end. A second process resumes, and its weights, the optimizer's variables, the seed
generators and the history are compared with those of the uninterrupted run. The same is done with the
`BackupAndRestore` of Keras, on the same model and on one without Dropout, whose seed generator it does not save; its
history is not compared, as it carries that of no epoch before the resumption.
A parent that has imported Keras, but run nothing on it, forks the processes: that is what makes them cheap.
"""

import argparse
import json
import os
import random
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

EPOCHS, BATCHES = 6, 4
PLACES = ("epoch begin", "mid-epoch", "within the save", "epoch end")


def child(task: Any, *arguments: Any) -> int:
    """Run a task in a forked process, and return what `waitpid` says of its end."""
    pid = os.fork()
    if not pid:
        status = 1
        try:
            task(*arguments)
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1]


def train(which: str, dropout: float, folder: str, result: str | None, crash: tuple[str, int, float] | None) -> None:
    """Train with a callback in the middle of the list that may kill the process, and write what came out."""
    import keras
    import numpy as np

    keras.utils.set_random_seed(7)
    inputs = np.random.default_rng(0).normal(size=(BATCHES * 8, 16)).astype("float32")
    targets = inputs[:, :1] * 2
    layers = keras.layers
    model = keras.Sequential([keras.Input((16,)), layers.Dense(256), layers.Dropout(dropout), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), "mse")
    carried, backup = callbacks_of(which, folder)
    killer = killer_of(model, crash)
    model.fit(
        inputs, targets, batch_size=8, epochs=EPOCHS, shuffle=False, verbose=0, callbacks=[*carried, backup, killer]
    )
    if result is None:
        return
    seeds = [variable.numpy().tolist() for variable in model.non_trainable_variables]
    shown: dict[str, Any] = {
        "weights": [weight.tobytes().hex() for weight in model.get_weights()],
        "optimizer": [np.asarray(variable).tobytes().hex() for variable in model.optimizer.variables],
        "seeds": seeds,
    }
    if carried:
        history = carried[0]
        shown["epochs"] = list(history.epoch)
        shown["history"] = {name: [value.hex() for value in values] for name, values in history.history.items()}
    Path(result).write_text(json.dumps(shown))


def callbacks_of(which: str, folder: str) -> tuple[list[Any], Any]:
    """Return the callbacks that a backup carries, and the BackupAndRestore of the reference or of Keras."""
    import callback_reference
    import keras

    if which == "tf.keras":
        return [], keras.callbacks.BackupAndRestore(folder)
    history = callback_reference.History()
    return [history], callback_reference.BackupAndRestore(folder, callbacks=[history])


def killer_of(model: Any, crash: tuple[str, int, float] | None) -> Any:
    """Return a callback that kills this process at a place in an epoch; `part` says where in the place."""
    import keras

    place, at, part = crash or ("", -1, 0.0)

    class Killer(keras.callbacks.Callback):  # type: ignore[misc]
        now = -1

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.now = epoch
            if (place, at) == ("epoch begin", epoch):
                die()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if (place, at, int(part * BATCHES)) == ("mid-epoch", self.now, batch):
                die()
            if (place, at, BATCHES - 1) == ("within the save", self.now, batch):
                die_within(part)

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            if (place, at) == ("epoch end", epoch):
                die()

    return Killer()


def die() -> None:
    """End this process as no handler can prevent."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_within(part: float) -> None:
    """Have this process killed at one of the steps in which files are written from now on.

    The steps are the calls that write, move or remove something: a dataset of HDF5, `os.replace`, `os.remove`, `open`.
    """
    import builtins

    import h5py

    left = [int(part * 20)]

    def counted(function: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            if not left[0]:
                die()
            left[0] -= 1
            return function(*arguments, **named)

        return call

    h5py.Group.create_dataset = counted(h5py.Group.create_dataset)
    h5py.File.close = counted(h5py.File.close)
    os.replace, os.remove = counted(os.replace), counted(os.remove)
    builtins.open = counted(builtins.open)


def moments(count: int, seed: int) -> list[tuple[str, int, float]]:
    """Return seeded crash points: every place in turn, in a random epoch, at a random part."""
    chance = random.Random(seed)
    return [(PLACES[index % len(PLACES)], chance.randrange(EPOCHS), chance.random()) for index in range(count)]


def judge(
    which: str, dropout: float, crash: tuple[str, int, float], expected: dict[str, Any], folder: Path
) -> dict[str, Any]:
    """Kill one process, resume it, and return what differs from the uninterrupted run."""
    backup, result = folder / "backup", folder / "result.json"
    status = child(train, which, dropout, str(backup), None, crash)
    died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    with open(os.devnull, "w") as nowhere:
        saved = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        resumed = child(train, which, dropout, str(backup), str(result), None)
        os.dup2(saved, 2)
        os.close(saved)
    shown = json.loads(result.read_text()) if resumed == 0 else None
    shutil.rmtree(backup, ignore_errors=True)
    result.unlink(missing_ok=True)
    place, epoch, part = crash
    point = {"place": place, "epoch": epoch, "part": round(part, 3), "killed": died}
    if shown is None:
        return {**point, "resumed": False, "differs": sorted(expected)}
    return {**point, "resumed": True, "differs": sorted(name for name in expected if expected[name] != shown[name])}


def experiment(which: str, dropout: float, crashes: list[tuple[str, int, float]]) -> dict[str, Any]:
    """Run all crash points with one implementation."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        child(train, which, dropout, str(folder / "whole"), str(folder / "whole.json"), None)
        expected = json.loads((folder / "whole.json").read_text())
        points = [judge(which, dropout, crash, expected, folder) for crash in crashes]
    return {
        "killed": sum(point["killed"] for point in points),
        "not_resumed": sum(not point["resumed"] for point in points),
        "different": sum(bool(point["differs"]) for point in points),
        "points": points,
    }


def main() -> None:
    """Run the experiment, print a line for each implementation, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crashes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    import callback_reference
    import keras

    crashes = moments(options.crashes, options.seed)
    result: dict[str, Any] = {
        "command": f"python -m benchmarks.crash_and_resume --crashes {options.crashes} --seed {options.seed}",
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "callback_reference": callback_reference.__version__,
    }
    start = time.perf_counter()
    for name, which, dropout in (
        ("reference", "reference", 0.25),
        ("tf.keras", "tf.keras", 0.25),
        ("tf.keras without Dropout", "tf.keras", 0.0),
    ):
        result[name] = found = experiment(which, dropout, crashes)
        print(
            f"{name}: {found['killed']} of {len(crashes)} killed, {found['not_resumed']} could not be resumed, "
            f"{found['different']} ended different"
        )
    print(f"{time.perf_counter() - start:.0f} s")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
