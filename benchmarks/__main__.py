"""Print how fast the reference and the suite are, as ratios measured in one run: `python -m benchmarks`.

Times are CPU seconds of this process, so that other work on the machine does not count.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from callback_conformance import strategies
from callback_conformance.checks import Bench, search
from callback_conformance.play import play
from callback_conformance.scenarios import Run, Scenario
from callback_conformance.subjects import find
from callback_reference import EarlyStopping
from rich.console import Console
from rich.table import Table

EPOCHS = [{"val_loss": 1.0 / (1 + index % 7)} for index in range(4000)]
SCRIPT = Scenario(arguments={"patience": 3}, runs=[Run(logs=EPOCHS[:10])])


def cpu(action: Callable[[], Any], repeat: int = 3) -> float:
    """Return the least CPU seconds of a few calls."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return min(times)


def epoch_end(make: Callable[..., Any]) -> float:
    """Return CPU seconds for each call of `on_epoch_end`."""
    from types import SimpleNamespace

    callback = make(patience=10**9)
    callback.set_model(SimpleNamespace(stop_training=False))
    callback.on_train_begin()

    def run() -> None:
        for epoch, logs in enumerate(EPOCHS):
            callback.on_epoch_end(epoch, logs)

    return cpu(run) / len(EPOCHS)


def import_seconds(statement: str) -> float:
    """Return the CPU seconds that an import costs a fresh interpreter."""
    code = f"import time; s = time.process_time(); {statement}; print(time.process_time() - s)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    return min(float(run.stdout) for run in runs)


def played(subject: str, host: str, count: int) -> float:
    """Return CPU seconds for each scenario of ten epochs."""
    found = find(subject)
    play(found, SCRIPT, host)
    return cpu(lambda: [play(found, SCRIPT, host) for _ in range(count)]) / count


def searched(subject: str, works: bool) -> float:
    """Return generated scenarios a CPU second, with or without playing them to subject and reference."""
    bench = Bench(find(subject), examples=1000)
    strategy = strategies.early_stopping(bench.supports)

    def test(scenario: Scenario) -> None:
        if works:
            bench.reference(scenario)
            bench.play(scenario)

    return 1000 / cpu(lambda: search(bench, strategy, test))


def main() -> None:
    """Measure, and print a table."""
    import keras

    ours, theirs = epoch_end(EarlyStopping), epoch_end(keras.callbacks.EarlyStopping)
    stub, fit = (played("keras.callbacks:EarlyStopping", host, count) for host, count in (("stub", 100), ("fit", 5)))
    bare, full = (searched("callback_reference:EarlyStopping", works) for works in (False, True))
    keras_full = searched("keras.callbacks:EarlyStopping", True)
    light = import_seconds("import callback_reference")
    one = import_seconds("from callback_reference import EarlyStopping")
    everything = import_seconds("from callback_reference import *")
    table = Table(title=f"Keras {keras.__version__} on {keras.backend.backend()}, Python {sys.version.split()[0]}")
    for column in ("what", "this", "against", "ratio"):
        table.add_column(column, justify="left" if column == "what" else "right")
    rows = [
        ("on_epoch_end, tf.keras against the reference", theirs * 1e6, ours * 1e6, theirs / ours, "µs"),
        ("a 10-epoch script, model.fit against the stub host", fit * 1e3, stub * 1e3, fit / stub, "ms"),
        ("scenarios/s on the reference, against bare generation", full, bare, full / bare, "/s"),
        ("scenarios/s on tf.keras, against bare generation", keras_full, bare, keras_full / bare, "/s"),
    ]
    for what, left, right, ratio, unit in rows:
        table.add_row(what, f"{left:.3g} {unit}", f"{right:.3g} {unit}", f"{ratio:.2f}")
    table.add_row("import callback_reference", f"{light * 1e3:.1f} ms", "", "")
    table.add_row("… and EarlyStopping from it", f"{one * 1e3:.1f} ms", "", "")
    table.add_row("… and all sixteen callbacks", f"{everything * 1e3:.1f} ms", "", "")
    Console().print(table)


if __name__ == "__main__":
    main()
