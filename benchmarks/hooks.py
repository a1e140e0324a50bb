"""Print what the hooks of every callback cost, reference against tf.keras, in one run: `python -m benchmarks.hooks`.

Each callback is driven by hand through the hooks that it acts on, with the same real model and the same logs for both.
Seconds are CPU seconds of this process, or seconds on the clock where it waits for a server: best of several turns that
alternate between the two.
Bytes are what a callback that writes files leaves behind.
"""

import argparse
import contextlib
import http.server
import io
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import callback_reference
from rich.console import Console
from rich.table import Table

LOGS = {"loss": 0.5, "accuracy": 0.75, "val_loss": 0.625, "val_accuracy": 0.7}
Drive = Callable[[Any, int], None]


class Case(NamedTuple):
    """How a callback is driven: one round of hooks, arguments, how many rounds, the ratio aimed at, model and clock."""

    name: str
    drive: Drive
    arguments: Callable[[], dict[str, Any]] = dict
    rounds: int = 2000
    aim: float = 1.0
    hooks: int = 1
    model: str = "stub"
    clock: Callable[[], float] = time.process_time


def epoch_end(callback: Any, index: int) -> None:
    """One epoch's end, with a value that improves now and then."""
    callback.on_epoch_end(index, {**LOGS, "val_loss": 1.0 / (1 + index % 7)})


def epoch(callback: Any, index: int) -> None:
    """An epoch's begin and end."""
    callback.on_epoch_begin(index, {})
    callback.on_epoch_end(index, dict(LOGS))


def batch(callback: Any, index: int) -> None:
    """A batch's begin and end."""
    callback.on_train_batch_begin(index, {})
    callback.on_train_batch_end(index, LOGS)


def whole(callback: Any, index: int) -> None:
    """An epoch with ten batches."""
    callback.on_epoch_begin(index, {})
    for number in range(10):
        batch(callback, number)
    callback.on_epoch_end(index, dict(LOGS))


def swap(callback: Any, index: int) -> None:
    """An evaluation: the weights are swapped in and out again."""
    callback.on_test_begin({})
    callback.on_test_end({})


def keep(_: int, lr: float) -> float:
    """Stand for a schedule."""
    return lr


def nothing(*_: Any) -> None:
    """Stand for a user's function."""


CASES = (
    Case("Callback", whole, rounds=3000, hooks=22),
    Case("CallbackList", whole, rounds=1000, hooks=22),
    Case("History", epoch_end, rounds=20000),
    Case("LambdaCallback", epoch_end, lambda: {"on_epoch_end": nothing}, rounds=20000),
    Case("ProgbarLogger", whole, rounds=30, hooks=22),
    Case("EarlyStopping", epoch_end, lambda: {"patience": 10**9}, aim=0.1),
    Case("ReduceLROnPlateau, the decision", epoch_end, lambda: {"patience": 10**9}, aim=0.1),
    Case("ReduceLROnPlateau, a TensorFlow rate", epoch_end, lambda: {"patience": 10**9}, model="real"),
    Case("LearningRateScheduler, the decision", epoch, lambda: {"schedule": keep}, aim=0.1, hooks=2),
    Case("LearningRateScheduler, a TensorFlow rate", epoch, lambda: {"schedule": keep}, hooks=2, model="real"),
    Case("TerminateOnNaN", batch, aim=0.1, hooks=2),
    Case("ModelCheckpoint", epoch_end, lambda: {"filepath": "model.keras"}, rounds=30, aim=1.05, model="real"),
    Case(
        "ModelCheckpoint, best only, nothing to save",
        epoch_end,
        lambda: {"filepath": "model.keras", "save_best_only": True, "initial_value_threshold": 0.0, "mode": "min"},
        aim=0.1,
    ),
    Case("BackupAndRestore", whole, lambda: {"backup_dir": "backup"}, rounds=10, aim=1.05, hooks=22, model="real"),
    Case("CSVLogger", epoch_end, lambda: {"filename": "log.csv"}),
    Case(
        "RemoteMonitor",
        epoch_end,
        lambda: {"root": f"http://127.0.0.1:{Server.port}"},
        rounds=100,
        aim=1.05,
        clock=time.perf_counter,
    ),
    Case("TensorBoard", whole, lambda: {"log_dir": "logs", "update_freq": "batch"}, rounds=20, hooks=22, model="real"),
    Case(
        "TensorBoard, histograms",
        whole,
        lambda: {"log_dir": "logs", "histogram_freq": 1},
        rounds=20,
        hooks=22,
        model="real",
    ),
    Case("SwapEMAWeights", swap, rounds=30, hooks=2, aim=1.05, model="ema"),
    Case(
        "OrbaxCheckpoint",
        epoch_end,
        lambda: {"directory": os.path.abspath("orbax"), "save_on_background": False},
        rounds=5,
        aim=1.05,
        model="real",
    ),
)


class Server:
    """An HTTP server on loopback, in a process of its own, so that its time is nobody's here."""

    port = 0

    @staticmethod
    @contextlib.contextmanager
    def running() -> Iterator[None]:
        """Answer every request with 200 while the block runs."""
        line = [sys.executable, "-c", f"import benchmarks.hooks as hooks; hooks.{answer.__name__}()"]
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout
            Server.port = int(process.stdout.readline())
            try:
                yield
            finally:
                process.kill()


def answer() -> None:
    """Serve for ever, and print the port first."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


def model_of(kind: str) -> Any:
    """Return what the callback watches: a namespace with a float as its learning rate, or a trained Keras model."""
    if kind == "stub":
        optimizer = SimpleNamespace(learning_rate=0.5)
        return SimpleNamespace(stop_training=False, metrics=[], optimizer=optimizer, history=None)
    import keras
    import numpy as np

    keras.utils.set_random_seed(0)
    inputs = np.zeros((4, 64), "float32")
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(256, "relu"), keras.layers.Dense(64)])
    model.compile(keras.optimizers.Adam(use_ema=kind == "ema"), "mse")
    model.fit(inputs, inputs, verbose=0)
    return model


def make(package: ModuleType, case: Case, model: Any) -> Any:
    """Build the callback, and begin training."""
    kind = getattr(package, case.name.partition(",")[0])
    if case.name == "CallbackList":
        members = [package.Callback(), package.History(), package.LambdaCallback(on_epoch_end=nothing)]
        callback = kind(members, model=model, epochs=1, steps=10, verbose=0)
    else:
        callback = kind(**case.arguments())
        callback.set_params({"epochs": case.rounds, "steps": 10, "verbose": 1})
        callback.set_model(model)
    callback.on_train_begin({})
    return callback


class Cost(NamedTuple):
    """CPU seconds a hook, and bytes left on the disk."""

    seconds: float
    bytes: int


def measure(package: ModuleType, case: Case, model: Any) -> Cost:
    """Drive a new callback in an empty folder."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(io.StringIO()):
            callback = make(package, case, model)
            case.drive(callback, 0)  # whatever is done once
            start = case.clock()
            for index in range(case.rounds):
                case.drive(callback, index + 1)
            seconds = case.clock() - start
            if hasattr(callback, "wait_until_finished"):
                callback.wait_until_finished()
            size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
            with contextlib.suppress(Exception):
                callback.on_train_end({})
    return Cost(seconds / case.rounds / case.hooks, size)


def compare(case: Case, turns: int) -> dict[str, Any]:
    """Return what a case costs the reference and tf.keras, best of several turns in alternation."""
    import keras

    packages = (callback_reference, keras.callbacks)
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    model = model_of(case.model)
    for _ in range(turns):
        for package, found in zip(packages, costs, strict=True):
            found.append(measure(package, case, model))
    ours, theirs = (min(found) for found in costs)
    return {
        "callback": case.name, "reference_us": ours.seconds * 1e6, "keras_us": theirs.seconds * 1e6,
        "ratio": ours.seconds / theirs.seconds, "aim": case.aim, "reference_bytes": ours.bytes,
        "keras_bytes": theirs.bytes,
    }  # fmt: skip


def main() -> None:
    """Measure, and print a table."""
    import keras

    parser = argparse.ArgumentParser(prog="python -m benchmarks.hooks", description=__doc__)
    parser.add_argument("--only", help="the callbacks whose names begin so")
    parser.add_argument("--turns", type=int, default=5, help="of which the best counts (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    options = parser.parse_args()
    logging.getLogger("absl").setLevel(logging.ERROR)  # Orbax remarks on every save
    table = Table(title=f"Keras {keras.__version__} on {keras.backend.backend()}, Python {sys.version.split()[0]}")
    for column in ("callback", "reference µs", "tf.keras µs", "ratio", "at most", "reference bytes", "tf.keras bytes"):
        table.add_column(column, justify="left" if column == "callback" else "right")
    found = []
    with Server.running():
        for case in CASES:
            if case.name.startswith(options.only or ""):
                row = compare(case, options.turns)
                found.append(row)
                sizes = [f"{row[name]:,}" if row["keras_bytes"] else "·" for name in ("reference_bytes", "keras_bytes")]
                table.add_row(
                    case.name, f"{row['reference_us']:.3g}", f"{row['keras_us']:.3g}", f"{row['ratio']:.3f}",
                    f"{case.aim}", *sizes
                )  # fmt: skip
    Console(width=120).print(table)
    if options.json:
        options.json.write_text(json.dumps({"keras": keras.__version__, "hooks": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
