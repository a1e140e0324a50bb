"""What `self.model` is in a callback: the model with its state up to date on JAX, and out of torch's wrapper."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from callback_reference import Callback, CallbackList, EarlyStopping, SwapEMAWeights

HERE = Path(__file__).parent
WRAPPER = {"__module__": "torch.nn.parallel.distributed"}
"""Where torch has its wrapper, which cannot be made without torch and a group of processes."""


class DistributedDataParallel:
    """Wraps a model as torch does: what the model has is out of sight."""

    def __init__(self, module: Any) -> None:
        self.module = module


class Model:
    """A model that can be restored."""

    stop_training = False
    weights = 0

    def get_weights(self) -> list[int]:
        self.weights += 1
        return [self.weights]

    def set_weights(self, weights: list[int]) -> None:
        (self.weights,) = weights


def wrapped(model: Any) -> Any:
    return type("DistributedDataParallel", (DistributedDataParallel,), WRAPPER)(model)


def test_on_jax_every_hook_reads_and_sets_what_it_does_with_the_base_class_of_keras() -> None:
    done = subprocess.run(
        [sys.executable, HERE / "state_fit.py"],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["backend"] == "jax"
    assert report["reference"] == report["keras"]
    assert report["reference"]["read"]["on_train_batch_end"][:2] == [[0.25, 0.125, 1.0], [0.4375, 0.125, 2.0]]


def test_a_model_that_keeps_its_state_elsewhere_is_brought_up_to_date_each_time_it_is_read() -> None:
    class Elsewhere:
        times = 0

        def jax_state_sync(self) -> None:
            self.times += 1

    callback, model = Callback(), Elsewhere()
    callback.set_model(model)  # type: ignore[arg-type]
    assert [model.times, callback.model is model, callback.model.times] == [0, True, 2]  # type: ignore[attr-defined]
    callback.set_model(None)  # type: ignore[arg-type]
    assert [callback.model, model.times] == [None, 2]


@pytest.mark.parametrize("depth", [0, 1])
def test_the_model_is_taken_out_of_the_wrapper_of_torch_and_of_a_class_derived_from_it(depth: int) -> None:
    wrapper, callback = wrapped(model := Model()), Callback()
    wrapper.__class__ = type("Own", (type(wrapper),), {}) if depth else type(wrapper)
    callback.set_model(wrapper)
    assert callback.model is model


def test_another_class_of_that_name_or_with_a_module_is_the_model_itself() -> None:
    callback = Callback()
    for model in (DistributedDataParallel(Model()), type("DataParallel", (), {"module": 3, **WRAPPER})()):
        callback.set_model(model)  # type: ignore[arg-type]
        assert callback.model is model


def test_the_best_weights_inside_the_wrapper_come_back_and_the_list_shows_the_flag() -> None:
    model = Model()
    stopper = EarlyStopping(monitor="loss", mode="min", patience=1, restore_best_weights=True)
    callbacks = CallbackList([stopper], model=wrapped(model))
    callbacks.on_train_begin()
    for epoch, loss in enumerate((1.0, 2.0)):
        callbacks.on_epoch_end(epoch, {"loss": loss})
    callbacks.on_train_end()
    assert [callbacks.model is model, callbacks.model.stop_training, model.weights] == [True, True, 1]


def test_the_same_wrapper_again_is_not_another_model() -> None:
    swap = SwapEMAWeights()
    swap.set_model(wrapper := wrapped(Model()))
    swap.shown_for = "test"
    swap.set_model(wrapper)
    assert swap.shown_for == "test"
    swap.set_model(wrapped(Model()))
    assert swap.shown_for is None
