"""The model and the data of the recorded runs."""

from __future__ import annotations

import warnings
from typing import Any

__all__ = ["as_keras_reads", "data", "model", "script"]


def model(metrics: tuple[str, ...] = ("mae",)) -> Any:
    """Return a small compiled model: one weight, one bias, the metric `mae` unless you choose others."""
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=list(metrics))
    return model


def data(rows: int) -> tuple[Any, Any]:
    """Return `rows` points of the line y = 2x."""
    import numpy

    x = numpy.linspace(0.0, 1.0, rows, dtype="float32").reshape(-1, 1)
    return x, 2 * x


def script(**values: tuple[float | None, ...]) -> Any:
    """Return a callback that writes chosen values into the logs of each epoch, and no key whose value is None."""
    import keras

    def write(epoch: int, logs: dict[str, Any]) -> None:
        logs.update({name: of_epoch[epoch] for name, of_epoch in values.items() if of_epoch[epoch] is not None})

    return keras.callbacks.LambdaCallback(on_epoch_end=write)


def as_keras_reads() -> warnings.catch_warnings[Any]:
    """Return a context in which Keras may read its own variables in a way that NumPy 2 deprecates."""
    return warnings.catch_warnings(action="ignore", category=DeprecationWarning)
