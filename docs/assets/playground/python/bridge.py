"""Play callbacks of the reference over a curve: what the playground asks of Python, in MicroPython and in CPython.

`begin` takes the arguments, `go` the next values of the curve, `end` ends training; all take and return JSON.
A number that JSON lacks is written "nan", "inf" or "-inf".
"""

import json
import math
import struct
import sys
import warnings

import callback_reference
import callback_reference.model_checkpoint
from callback_reference import Callback, CallbackList
from floats import exactly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["Metric", "Model", "Training", "begin", "decoded", "end", "go", "plain"]

if sys.implementation.name == "micropython":
    import inspect

    def _bind(signature: "Any", *arguments: "Any") -> None:
        """Tell how many arguments a function takes, as the method does that MicroPython lacks."""
        if not signature.parameters:  # or any number: it does not say
            raise ValueError("no signature")
        if len(signature.parameters) != len(arguments):
            raise TypeError("another number of arguments")

    inspect.Signature.bind = _bind  # type: ignore[assignment]
    callback_reference.model_checkpoint.fill = exactly(callback_reference.model_checkpoint.fill)

UP = ("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "auc", "precision",
      "recall")  # fmt: skip
DOWN = ("mae", "mse", "mean_absolute_error", "mean_squared_error")
"""Names that the model of the playground is compiled with, by which way is better."""

NAMES = ("cos", "exp", "floor", "log", "pi", "pow", "sin", "sqrt")
"""Names out of `math` that a schedule may use without a prefix."""


def _float32(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def decoded(value: "Any") -> "Any":
    """Return the number that a text stands for where JSON has none; everything else as it is."""
    if isinstance(value, list):
        return [decoded(member) for member in value]
    return float(value) if value in ("nan", "inf", "-inf") else value


def plain(value: "Any") -> "Any":
    """Return a value as JSON can hold it."""
    if isinstance(value, float) and value - value != 0:
        return "nan" if value != value else "inf" if value > 0 else "-inf"
    return value


class Optimizer:
    """Holds a learning rate, as a 32-bit float."""

    def __init__(self, rate: float) -> None:
        self.learning_rate = rate

    @property
    def learning_rate(self) -> float:
        """The rate; whatever is assigned is rounded."""
        return self._rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._rate = _float32(rate)


class Metric:
    """A compiled metric: a name, and which way is better, "up" or "down", if it says so."""

    def __init__(self, name: str, direction: str) -> None:
        self.name = name
        if direction in ("up", "down"):
            self._direction = direction


class Compiled:
    """Holds the compiled metrics."""

    def __init__(self, metrics: "list[Metric]") -> None:
        self.metrics = metrics


class Model:
    """A model whose one weight grows by the learning rate with each batch, and that knows the epoch it comes from."""

    def __init__(self, rate: float, metrics: "list[Metric]") -> None:
        self.stop_training = False
        self.optimizer = Optimizer(rate)
        self.metrics = [Compiled(metrics)]
        self.history: Any = None
        self.trained = 0.0
        self.epoch: int | None = None
        self.files: dict[str, str] = {}

    def train(self, batches: int) -> None:
        """Add the learning rate to the weight, once for each batch."""
        for _ in range(batches):
            self.trained = _float32(self.trained + self.optimizer.learning_rate)

    def get_weights(self) -> "list[Any]":
        """Return the weight, and the epoch of it."""
        return [self.trained, self.epoch]

    def set_weights(self, weights: "list[Any]") -> None:
        """Put both back."""
        self.trained, self.epoch = weights

    def save(self, filepath: str, overwrite: bool = True) -> None:
        """Note the file."""
        self.files[filepath] = f"model {self.trained:g}"

    def save_weights(self, filepath: str, overwrite: bool = True) -> None:
        """Note the file."""
        self.files[filepath] = f"weights {self.trained:g}"


class Training:
    """Calls the hooks of `fit` in the order of `fit`, with given logs; only those that the five callbacks have."""

    def __init__(self, model: Model, callbacks: "list[Any]", epochs: int, batches: int = 1) -> None:
        self.model, self.batches = model, batches
        self.listed = CallbackList(callbacks, model=model, verbose=0, epochs=epochs, steps=batches)
        self.logs: dict[str, Any] = {}
        self.rate: float | None = None

    def begin(self) -> None:
        """Begin."""
        self.model.stop_training = False
        self.listed.on_train_begin()

    def epoch(self, epoch: int, logs: "dict[str, Any]", batch_logs: "Callable[[int], dict[str, Any]] | None") -> None:
        """Train one epoch; without `batch_logs`, its batches are counted, and no callback is asked about them."""
        self.rate = None
        self.listed.on_epoch_begin(epoch)
        self.model.epoch, self.rate = epoch, self.model.optimizer.learning_rate
        if batch_logs is None:
            self.model.train(self.batches)
        else:
            self._batches(batch_logs)
        self.logs = logs
        self.listed.on_epoch_end(epoch, logs)

    def _batches(self, batch_logs: "Callable[[int], dict[str, Any]]") -> None:
        for batch in range(self.batches):
            self.model.train(1)
            self.listed.on_train_batch_end(batch, batch_logs(batch))
            if self.model.stop_training:
                return

    def end(self) -> None:
        """End."""
        self.listed.on_train_end(self.logs)


class Note(Callback):
    """Stands before a callback of the list, and notes that it is the next to act."""

    def __init__(self, show: "Show", index: int) -> None:
        super().__init__()
        self.show, self.index = show, index

    def on_train_begin(self, logs: "Any" = None) -> None:
        """Note it."""
        self.show.acting = self.index

    def on_epoch_begin(self, epoch: int, logs: "Any" = None) -> None:
        """Note it."""
        self.show.acting = self.index

    def on_train_batch_end(self, batch: int, logs: "Any" = None) -> None:
        """Note it, and who has stopped training."""
        self._stopped()

    def on_epoch_end(self, epoch: int, logs: "Any" = None) -> None:
        """Note it, and who has stopped training."""
        self._stopped()

    def on_train_end(self, logs: "Any" = None) -> None:
        """Note it."""
        self.show.acting = self.index

    def _stopped(self) -> None:
        show = self.show
        if self.model.stop_training and show.stopper is None:
            show.stopper = show.acting
        show.acting = self.index


class Show:
    """One training run of the playground, and what is seen of it."""

    def __init__(self, request: "dict[str, Any]") -> None:
        self.name, self.kinds = request["name"], [kind for kind, _ in request["callbacks"]]
        self.acting, self.epochs = 0, 0
        self.stopper: int | None = None
        self.error: dict[str, Any] | None = None
        self.warned: dict[str, int] = {}
        self.callbacks: list[Any] = []
        self.each_batch = False
        metrics = [Metric(name, "up") for name in UP] + [Metric(name, "down") for name in DOWN]
        self.model = Model(request["rate"], metrics)
        self.counts = request["batches"]
        self.attempt(lambda: self._build(request))

    def _build(self, request: "dict[str, Any]") -> None:
        for self.acting, (kind, arguments) in enumerate(request["callbacks"]):
            given = {name: decoded(value) for name, value in arguments.items()}
            if "schedule" in given:
                given["schedule"] = _schedule(given["schedule"])
            self.callbacks.append(getattr(callback_reference, kind)(**given))
        self.each_batch = any(
            hasattr(callback, "is_invalid") or getattr(callback, "save_freq", "epoch") != "epoch"
            for callback in self.callbacks
        )  # where nobody looks at batches, calling their hooks would only take time
        listed = []
        for index, callback in enumerate(self.callbacks):
            listed += [Note(self, index), callback]
        listed.append(Note(self, len(self.callbacks)))
        self.training = Training(self.model, listed, request["epochs"], self.counts)
        self.training.begin()

    def attempt(self, action: "Callable[[], object]") -> bool:
        """Do something; note an exception, and a warning, of a callback."""
        before, warnings.warn = warnings.warn, self._warn  # type: ignore[assignment]
        try:
            action()
        except Exception as error:  # whatever a callback raises, the reader is told
            self.error = {"kind": self._acting(), "type": type(error).__name__, "message": _message(error)}
            self.error["epoch"] = self.epochs if self.epochs else None
        finally:
            warnings.warn = before  # type: ignore[assignment]
        return self.error is None

    def _acting(self) -> str:
        return str(self.kinds[min(self.acting, len(self.kinds) - 1)]) if self.kinds else ""

    def _warn(self, message: str, category: "Any" = None, stacklevel: int = 1) -> None:
        self.warned[message] = self.warned.get(message, 0) + 1

    def one(self, value: "float | None") -> "dict[str, Any]":
        """Train one epoch that reports a value, or None to report nothing, and return what changed in it."""
        model, epoch, logs = self.model, self.epochs, {} if value is None else {self.name: value}
        before = {index: callback.best for index, callback in enumerate(self.callbacks) if hasattr(callback, "best")}
        self.epochs += 1
        batch_logs = (lambda batch: dict(logs)) if self.each_batch else None
        fine = self.attempt(lambda: self.training.epoch(epoch, logs, batch_logs))
        rate = self.training.rate
        row = {"lr": plain(rate), "ran": fine or rate is not None, "stop": model.stop_training}
        row["next"] = plain(model.optimizer.learning_rate)
        row["files"] = list(model.files)
        model.files.clear()
        row["improved"] = [index for index, best in before.items() if self.callbacks[index].best is not best]
        for name in ("wait", "cooldown_counter"):
            row[name] = {self.kinds[i]: getattr(c, name) for i, c in enumerate(self.callbacks) if hasattr(c, name)}
        return row


def _message(error: BaseException) -> str:
    return str(error.args[0]) if len(error.args) == 1 else str(error)  # a KeyError puts quotes around its text


def _schedule(expression: str) -> "Callable[[int, float], Any]":
    """Return the function of an expression in `epoch` and `lr`."""
    known = {name: getattr(math, name) for name in NAMES}
    known["math"] = math
    made: Callable[[int, float], Any] = eval("lambda epoch, lr: (" + expression + "\n)", known)
    return made


show: "Show | None" = None


def begin(request: str) -> str:
    """Build the callbacks and begin training; return the error, or null."""
    global show
    show = Show(json.loads(request))
    return json.dumps(show.error)


def go(values: str) -> str:
    """Train one epoch for each value, until training stops; return a row for each."""
    assert show is not None
    rows = []
    for value in json.loads(values):
        rows.append(show.one(None if value == "na" else float(value)))
        if show.error or show.model.stop_training:
            break
    return json.dumps(rows)


def end() -> str:
    """End training; return what the whole run shows."""
    assert show is not None
    trained = show.model.epoch
    if show.error is None:
        show.attempt(show.training.end)
    if show.model.stop_training and show.stopper is None:
        show.stopper = show.acting
    found: dict[str, Any] = {"error": show.error, "epochs": show.epochs, "trained": trained}
    found["warned"] = [[message, times] for message, times in show.warned.items()]
    found["stopper"] = None if show.stopper is None else show.kinds[min(show.stopper, len(show.kinds) - 1)]
    found["weights"] = show.model.epoch
    found["best"] = {kind: plain(c.best) for kind, c in zip(show.kinds, show.callbacks) if hasattr(c, "best")}  # noqa: B905
    found["best_epoch"] = next((c.best_epoch for c in show.callbacks if hasattr(c, "best_epoch")), None)
    found["restores"] = any(getattr(c, "best_weights", None) is not None for c in show.callbacks)
    found["rate"] = plain(show.model.optimizer.learning_rate)
    return json.dumps(found)
