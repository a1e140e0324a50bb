"""Play a scenario of the suite in MicroPython or CPython, with the model and the loop of the playground.

`play` takes a scenario as JSON and returns the trace as JSON: the columns of `callback_conformance.play` that need no
library. Printed text is seen through `print`, warnings through `warnings.warn`, files in the memory of the model.
"""

import builtins
import json
import warnings

import callback_reference
from bridge import Metric, Model, Training, decoded, plain
from callback_reference import Callback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["play"]

LOGS = {"loss": 0.5, "mae": 0.25}
"""What the model reports where a scenario says nothing."""

ATTRIBUTES = ("wait", "best", "best_epoch", "stopped_epoch", "min_delta", "mode", "cooldown_counter", "raise_error")


class Watch:
    """Writes the rows."""

    def __init__(self, kind: str, scenario: "dict[str, Any]") -> None:
        self.kind, self.scenario = kind, scenario
        self.rows: list[Any] = []
        self.warned: list[str] = []
        self.numbers: list[int] = []
        self.callback: Any = None
        self.model: Any = None
        self.files: dict[str, str] = dict(scenario.get("files", {}))

    def printed(self, *words: "Any") -> None:
        """Note the whole numbers in what is printed."""
        digits = ""
        for sign in " ".join(str(word) for word in words) + " ":
            if sign.isdigit():
                digits += sign
            elif digits:
                self.numbers.append(int(digits))
                digits = ""

    def warn(self, message: str, category: "Any" = None, stacklevel: int = 1) -> None:
        """Note a warning."""
        self.warned.append(message)

    def look(self, hook: str, logs: "Any" = None, error: "Any" = None, epoch: "int | None" = None) -> None:
        """Write a row."""
        row: dict[str, Any] = {"hook": hook, "epoch": epoch, "raise": type(error).__name__ if error else None}
        row["message"] = str(error) if error else ""
        row["warns"], row["numbers"] = bool(self.warned), self.numbers
        self.warned, self.numbers = [], []
        for name in ATTRIBUTES:
            if hasattr(self.callback, name):
                row[name] = plain(getattr(self.callback, name))
        if self.model is not None:
            row["stop"], row["weights"] = bool(self.model.stop_training), plain(self.model.trained)
            row["lr"] = plain(self.model.optimizer.learning_rate)
        if hasattr(self.callback, "best_weights"):
            best = self.callback.best_weights
            row["best_weights"] = None if best is None else plain(best[0])
        row["files"] = dict(self.files)
        if hook == "on_epoch_end" and logs is not None:
            row["logged"] = plain(logs.get("learning_rate"))
        self.rows.append(row)


class Recorder(Callback):
    """Stands last, and has the watch look."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch, self.epoch = watch, None  # type: ignore[assignment]
        self.now = "on_train_begin"

    def on_train_begin(self, logs: "Any" = None) -> None:
        self.watch.look("on_train_begin")

    def on_train_batch_end(self, batch: int, logs: "Any" = None) -> None:
        if self.watch.kind in ("ModelCheckpoint", "TerminateOnNaN"):
            self.watch.look("on_train_batch_end", epoch=self.epoch)

    def on_epoch_end(self, epoch: int, logs: "Any" = None) -> None:
        self.watch.look("on_epoch_end", logs, epoch=epoch)
        self.epoch = epoch  # type: ignore[assignment]

    def on_train_end(self, logs: "Any" = None) -> None:
        self.watch.look("on_train_end")


class First(Callback):
    """Stands first, knows which hook runs, and puts scripted logs in the place of the model's own."""

    def __init__(self, recorder: Recorder, run: "dict[str, Any]") -> None:
        super().__init__()
        self.recorder, self.logs, self.batch_logs = recorder, run.get("logs", []), run.get("batch_logs", [])
        self.first, self.running = run.get("initial_epoch", 0), 0

    def on_train_begin(self, logs: "Any" = None) -> None:
        self.recorder.now, self.recorder.epoch = "on_train_begin", None

    def on_epoch_begin(self, epoch: int, logs: "Any" = None) -> None:
        self.recorder.now, self.running = "on_epoch_begin", epoch - self.first

    def on_train_batch_end(self, batch: int, logs: "Any" = None) -> None:
        self.recorder.now = "on_train_batch_end"
        if self.batch_logs:
            _replace(logs, self.batch_logs[self.running][batch])

    def on_epoch_end(self, epoch: int, logs: "Any" = None) -> None:
        self.recorder.now, self.recorder.epoch = "on_epoch_end", epoch  # type: ignore[assignment]
        if self.logs:
            _replace(logs, self.logs[self.running])

    def on_train_end(self, logs: "Any" = None) -> None:
        self.recorder.now, self.recorder.epoch = "on_train_end", None


def play(kind: str, text: str, functions: "Any" = None) -> str:
    """Return the trace of a scenario."""
    scenario = json.loads(text)
    watch = Watch(kind, scenario)
    before = warnings.warn, builtins.print
    warnings.warn, builtins.print = watch.warn, watch.printed  # type: ignore[assignment]
    try:
        _play(watch, scenario, functions)
    finally:
        warnings.warn, builtins.print = before  # type: ignore[assignment]
    return json.dumps(watch.rows)


def _play(watch: Watch, scenario: "dict[str, Any]", functions: "Any") -> None:
    arguments = {name: _decoded(value, functions) for name, value in scenario.get("arguments", {}).items()}
    try:
        watch.callback = getattr(callback_reference, watch.kind)(**arguments)
    except Exception as error:
        watch.look("construct", error=error)
        return
    watch.look("construct")
    for number, run in enumerate(scenario.get("runs", [])):
        if number == 0 or run.get("fresh_model"):
            metrics = run.get("metrics", scenario.get("metrics", {}))
            watch.model = Model(1.0, [Metric(name, way) for name, way in metrics.items()])
            watch.model.files = watch.files
        recorder = Recorder(watch)
        listed: list[Any] = [First(recorder, run)] + [watch.callback] * scenario.get("copies", 1) + [recorder]
        try:
            _fit(watch, run, listed)
        except Exception as error:
            watch.look(recorder.now, error=error, epoch=recorder.epoch)


def _fit(watch: Watch, run: "dict[str, Any]", callbacks: "list[Any]") -> None:
    first = run.get("initial_epoch", 0)
    last = run.get("epochs", 0) or first + max(len(run.get("logs", [])), len(run.get("batch_logs", [])))
    training = Training(watch.model, callbacks, last, run.get("batches", 1))
    training.begin()
    for epoch in range(first, last):
        training.epoch(epoch, dict(LOGS), lambda batch: dict(LOGS))
        if watch.model.stop_training:
            break
    training.end()


def _replace(logs: "dict[str, Any]", scripted: "dict[str, Any]") -> None:
    logs.clear()
    for name, value in scripted.items():
        logs[name] = decoded(value)


def _decoded(value: "Any", functions: "Any") -> "Any":
    if isinstance(value, dict) and "function" in value:
        return functions.FUNCTIONS[value["function"]]
    return decoded(value)
