"""TerminateOnNaN: the reference does in a real fit what tf.keras does."""

import contextlib
import io
from typing import Any

import pytest
from callback_reference import Callback, TerminateOnNaN


class Hooks(Callback):
    """Writes down which hooks were called."""

    def __init__(self) -> None:
        super().__init__()
        self.called: list[str] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.called.append(f"batch {batch}")

    def on_test_begin(self, logs: Any = None) -> None:
        self.called.append("validation")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.called.append(f"epoch {epoch}")

    def on_train_end(self, logs: Any = None) -> None:
        self.called.append("end")


@pytest.mark.parametrize("bad", [float("nan"), 1e38])
@pytest.mark.parametrize("raise_error", [False, True])
def test_it_ends_a_real_fit_as_keras_does(bad: float, raise_error: bool) -> None:
    import keras
    import numpy as np

    inputs, targets = np.ones((8, 1), "float32"), np.zeros((8, 1), "float32")
    inputs[3] = bad  # in the second batch; the square of the large one is infinite

    def fit(make: Any) -> Any:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        hooks, out, message = Hooks(), io.StringIO(), None
        data: dict[str, Any] = {"batch_size": 2, "epochs": 3, "shuffle": False, "verbose": 0}
        with contextlib.redirect_stdout(out):
            try:
                model.fit(inputs, targets, validation_data=(targets, targets), callbacks=[make(raise_error=raise_error),
                          hooks], **data)  # fmt: skip
            except RuntimeError as error:
                message = str(error)
        return hooks.called, out.getvalue(), message, model.stop_training

    ours = fit(TerminateOnNaN)
    assert ours == fit(keras.callbacks.TerminateOnNaN)
    ends = [] if raise_error else ["batch 1", "validation", "epoch 0", "end"]
    assert (ours[0], ours[2] is not None) == (["batch 0", *ends], raise_error)
