"""The model and the data of the recorded runs."""

from __future__ import annotations

from typing import Any

__all__ = ["data", "model"]


def model() -> Any:
    """Return a small compiled model: one weight, one bias, the metric `mae`."""
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def data(rows: int) -> tuple[Any, Any]:
    """Return `rows` points of the line y = 2x."""
    import numpy

    x = numpy.linspace(0.0, 1.0, rows, dtype="float32").reshape(-1, 1)
    return x, 2 * x
