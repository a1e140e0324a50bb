"""Fit a tiny model with each callback of the reference and with its namesake of Keras, on the backend that is set.

`KERAS_BACKEND=jax python conformance_tests/selftests/backends_fit.py` prints what both did, as JSON.
A callback that the reference lacks is reported as "absent".
"""

import contextlib
import importlib
import io
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import callback_reference

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

__all__ = ["ARGUMENTS", "report"]

EPOCHS = 4
SEEN: list[Any] = []
"""What a LambdaCallback saw."""


def _halve(epoch: int, lr: float) -> float:
    return lr * 0.5


def _see(epoch: int, logs: dict[str, float] | None = None) -> None:
    SEEN.append([epoch, sorted(logs or {})])


ARGUMENTS: dict[str, dict[str, Any]] = {
    "BackupAndRestore": {"backup_dir": "backup", "delete_checkpoint": False},
    "CSVLogger": {"filename": "log.csv"},
    "Callback": {},
    "CallbackList": {},
    "EarlyStopping": {"monitor": "loss", "mode": "max", "patience": 2, "restore_best_weights": True},
    "History": {},
    "LambdaCallback": {"on_epoch_end": _see},
    "LearningRateScheduler": {"schedule": _halve},
    "ModelCheckpoint": {"filepath": "{epoch}.weights.h5", "save_weights_only": True},
    "OrbaxCheckpoint": {"directory": "orbax"},
    "ProgbarLogger": {},
    "ReduceLROnPlateau": {"monitor": "loss", "mode": "max", "patience": 1, "factor": 0.5},
    "RemoteMonitor": {"root": "http://127.0.0.1:9"},
    "SwapEMAWeights": {"swap_on_epoch": True},
    "TensorBoard": {"log_dir": "board"},
    "TerminateOnNaN": {},
}
"""What each is built with; paths are relative to a folder of its own, and made absolute."""

PATHS = ("backup_dir", "directory", "filename", "filepath", "log_dir")
ATTRIBUTES = ("wait", "best", "best_epoch", "stopped_epoch", "cooldown_counter", "min_delta")


def report() -> dict[str, Any]:
    """Return for each callback what the reference's did, what Keras's did, and whether that is the same."""
    return {
        "backend": keras.backend.backend(),
        "keras": keras.__version__,
        "library": _library(),
        "callbacks": {name: _compared(name) for name in ARGUMENTS} | {"tensors as values": _tensors()},
    }


def _library() -> str:
    name = keras.backend.backend()
    return f"{name} {importlib.import_module(name).__version__.partition('+')[0]}"


def _compared(name: str) -> dict[str, Any]:
    if not hasattr(callback_reference, name):
        return {"status": "absent"}
    ours, theirs = (_attempt(lambda m=module: _fitted(name, m)) for module in (callback_reference, keras.callbacks))
    return {"status": _status(ours, theirs), "reference": ours, "keras": theirs}


def _status(ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    if "raised" in ours:
        return "the reference raises"
    if "raised" in theirs:
        return "keras raises"
    return "equal" if ours == theirs else "different"


def _attempt(run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            contextlib.chdir(folder),
            contextlib.redirect_stdout(io.StringIO()),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")
            return run()
    except Exception as error:
        return {"raised": type(error).__name__}


def _model(ema: bool) -> Any:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.03125, use_ema=ema, ema_momentum=0.5 if ema else 0.99), "mse")
    return model


def _data() -> tuple[Any, Any]:
    inputs = np.arange(8, dtype="float32").reshape(4, 2) / 8
    return inputs, inputs.sum(axis=1, keepdims=True)


def _fitted(name: str, module: Any) -> dict[str, Any]:
    """Return the history, the weights, the rate, the files and the attributes after a fit."""
    SEEN.clear()
    model = _model(name == "SwapEMAWeights")
    if name == "CallbackList":
        return {"history": _in_a_loop(module, model), "weights": _weights(model)}
    arguments = {key: os.path.abspath(value) if key in PATHS else value for key, value in ARGUMENTS[name].items()}
    callback = getattr(module, name)(**arguments)
    verbose: Any = 2 if name == "ProgbarLogger" else 0
    history = model.fit(
        *_data(), epochs=EPOCHS, batch_size=2, shuffle=False, verbose=verbose, callbacks=[callback],
        validation_data=_data(),
    )  # fmt: skip
    return {
        "epochs": list(history.epoch),
        "history": history.history,
        "weights": _weights(model),
        "rate": float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)),
        "files": sorted({_stem(path) for path in Path().rglob("*") if path.is_file()}),
        "attributes": {key: float(getattr(callback, key)) for key in ATTRIBUTES if _is_number(callback, key)},
        "seen": list(SEEN),
    }


def _is_number(callback: Any, name: str) -> bool:
    return isinstance(getattr(callback, name, None), (int, float))


def _stem(path: Path) -> str:
    """Return a path without what differs from run to run, such as the time in the name of an event file."""
    if path.name.startswith("events.out"):
        return f"{path.parent.as_posix()}/events"
    return path.parts[0] if path.parts[0] in ("orbax", "backup") else path.as_posix()


def _weights(model: Any) -> list[Any]:
    return [weight.tolist() for weight in model.get_weights()]


def _in_a_loop(module: Any, model: Any) -> dict[str, Any]:
    """Drive a list of callbacks from a loop of our own, and return what its History holds."""
    history = module.History()
    stopper = module.EarlyStopping(monitor="loss", mode="max", patience=2, restore_best_weights=True)
    callbacks = module.CallbackList([history, stopper], model=model, epochs=EPOCHS, steps=1, verbose=0)
    model.stop_training = False
    callbacks.on_train_begin()
    for epoch in range(EPOCHS):
        callbacks.on_epoch_begin(epoch)
        callbacks.on_train_batch_begin(0)
        logs = {"loss": float(model.train_on_batch(*_data()))}
        callbacks.on_train_batch_end(0, logs)
        callbacks.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    callbacks.on_train_end(logs)
    return dict(history.history)


def _tensors() -> dict[str, Any]:
    """Monitored values that are tensors of the backend, given by hand."""
    ours, theirs = (_attempt(lambda m=module: _stopped(m)) for module in (callback_reference, keras.callbacks))
    return {"status": _status(ours, theirs), "reference": ours, "keras": theirs}


def _stopped(module: Any) -> dict[str, Any]:
    stopper = module.EarlyStopping(monitor="loss", mode="min", patience=2)
    stopper.set_model(_model(ema=False))
    stopper.on_train_begin()
    waits = []
    for epoch, value in enumerate((3.0, 2.0, 2.5, 1.0)):
        stopper.on_epoch_end(epoch, {"loss": keras.ops.convert_to_tensor(value)})
        waits.append(int(stopper.wait))
    return {"waits": waits, "best": float(stopper.best)}


if __name__ == "__main__":
    json.dump(report(), sys.stdout, indent=1, sort_keys=True)
    print()
