"""Read and set a model in each hook of `fit`, `evaluate` and `predict`: a callback of Keras and one of the reference.

`KERAS_BACKEND=jax python conformance_tests/selftests/state_fit.py` prints, as JSON, for each base class and hook what
was read there in each call, and what the model held in the end after weights or the learning rate were set there.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import callback_reference

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

HOOKS = [
    *("on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_train_batch_end", "on_epoch_end", "on_train_end"),
    *("on_test_begin", "on_test_batch_begin", "on_test_batch_end", "on_test_end"),
    *("on_predict_begin", "on_predict_batch_begin", "on_predict_batch_end", "on_predict_end"),
]
X = np.ones((4, 1), "float32")


def report() -> dict[str, Any]:
    """Return what was found with each base class."""
    model = _model()
    bases = {"keras": keras.callbacks.Callback, "reference": callback_reference.Callback}
    return {
        "backend": keras.backend.backend(),
        **{name: {act.__name__: _acted(base, act, model) for act in (read, set_both)} for name, base in bases.items()},
    }


def _model() -> Any:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros", use_bias=False)])
    model.compile(keras.optimizers.SGD(0.125), "mse")
    return model


def read(model: Any) -> list[float]:
    """Return the weight, the rate and the number of batches trained."""
    rate = keras.ops.convert_to_numpy(model.optimizer.learning_rate)
    trained = keras.ops.convert_to_numpy(model.optimizer.iterations)
    return [float(model.get_weights()[0].item()), float(rate), float(trained)]


def set_both(model: Any) -> list[float]:
    """Set the weight, and the rate to half of what it is; return what can be read then."""
    model.set_weights([np.full((1, 1), 8.0, "float32")])
    model.optimizer.learning_rate = read(model)[1] / 2
    return read(model)


def _acted(base: Any, act: Callable[[Any], list[float]], model: Any) -> dict[str, Any]:
    return {hook: _ran(base, hook, act, model) for hook in HOOKS}


def _ran(base: Any, hook: str, act: Callable[[Any], list[float]], model: Any) -> list[Any]:
    """Start the model anew, run it with a callback that acts in one hook, and return all that it saw, then the end."""
    model.set_weights([np.zeros((1, 1), "float32")])
    model.optimizer.learning_rate = 0.125
    model.optimizer.iterations.assign(0)
    seen: list[Any] = []

    def called(self: Any, *positional: Any, **named: Any) -> None:
        seen.append(_attempt(lambda: act(self.model)))

    callback = type("Acts", (base,), {hook: called})()
    model.fit(
        X, X, epochs=2, batch_size=2, shuffle=False, validation_data=(X, X), validation_batch_size=2, verbose=0,
        callbacks=[callback],
    )  # fmt: skip
    model.evaluate(X, X, batch_size=2, verbose=0, callbacks=[callback])
    model.predict(X, batch_size=2, verbose=0, callbacks=[callback])
    return [*seen, read(model)]


def _attempt(run: Callable[[], list[float]]) -> list[float] | str:
    try:
        return run()
    except Exception as error:
        return type(error).__name__


if __name__ == "__main__":
    json.dump(report(), sys.stdout, indent=1)
    print()
