"""Print what a million scripted epochs leave in memory: `python -m benchmarks.memory`.

Bytes are what `tracemalloc` counts as held when half and when all of the epochs are over: twice as much is linear, the
same is constant.
`History` keeps every value, so it must be linear; the others keep no past, so they must be constant.
"""

import argparse
import contextlib
import gc
import json
import os
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import callback_reference
from rich.console import Console
from rich.table import Table

CASES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("History", {}, "linear"),
    ("CSVLogger", {"filename": "log.csv"}, "constant"),
    ("EarlyStopping", {"patience": 10**9, "monitor": "loss"}, "constant"),
)
SMALL = 64 * 1024
"""Bytes that a callback may hold whatever happens: buffers and the like."""


def held(make: Callable[..., Any], arguments: dict[str, Any], epochs: int) -> tuple[int, int]:
    """Return the bytes held after half of the epochs, and after all."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        callback = make(**arguments)
        callback.set_model(SimpleNamespace(stop_training=False, history=None, optimizer=None))
        callback.on_train_begin({})
        callback.on_epoch_end(0, {"loss": 1.0, "val_loss": 1.0})
        found = []
        gc.collect()
        tracemalloc.start()
        for epoch in range(1, epochs + 1):
            callback.on_epoch_end(epoch, {"loss": 1.0 / epoch, "val_loss": 0.5 + 1.0 / epoch})
            if epoch in (epochs // 2, epochs):
                gc.collect()
                found.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        callback.on_train_end({})
    return found[0], found[1]


def growth(half: int, full: int) -> str:
    """Say how memory grows, from what is held after half and after all of the epochs."""
    if full - half < SMALL and full < SMALL:
        return "constant"
    return "linear" if 1.7 < full / half < 2.3 else "neither"


def main() -> None:
    """Measure, and print a table."""
    import keras

    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--epochs", type=int, default=10**6, help="scripted epochs (default 1000000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file too")
    options = parser.parse_args()
    table = Table(title=f"bytes held after {options.epochs // 2:,} and {options.epochs:,} epochs")
    for column in ("callback", "of", "half", "all", "grows", "as it should"):
        table.add_column(column, justify="right" if column in ("half", "all") else "left")
    found = []
    for name, arguments, wanted in CASES:
        for who, package in (("reference", callback_reference), ("tf.keras", keras.callbacks)):
            epochs = options.epochs if who == "reference" or name == "History" else options.epochs // 10
            half, full = held(getattr(package, name), arguments, epochs)
            grows = growth(half, full)
            found.append({"callback": name, "of": who, "epochs": epochs, "half": half, "all": full, "grows": grows})
            table.add_row(name, who, f"{half:,}", f"{full:,}", grows, "yes" if grows == wanted else "NO")
    Console(width=100).print(table)
    print("tf.keras but for History: a tenth of the epochs, because its hooks are slower")
    if options.json:
        options.json.write_text(json.dumps({"keras": keras.__version__, "memory": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
