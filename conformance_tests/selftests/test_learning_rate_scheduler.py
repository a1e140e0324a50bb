"""LearningRateScheduler and ReduceLROnPlateau with the optimizers of Keras, which the suite cannot hold."""

import warnings
from collections.abc import Callable
from typing import Any

import callback_reference
import keras
import numpy as np
import pytest

ONES = np.ones((2, 1), "float32")
MODULES = (callback_reference, keras.callbacks)


def fit(callback: Any, optimizer: Any, epochs: int = 3) -> dict[str, list[float]]:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, name="a"), keras.layers.Dense(1, name="b")])
    model.compile(optimizer, "mse")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of Keras's own conversion
        history = model.fit(ONES, ONES, epochs=epochs, verbose=0, callbacks=[callback])
    return dict(history.history)


def by_layer(variable: Any) -> Any:
    return keras.optimizers.SGD(0.5, name="one") if "a/" in variable.path else keras.optimizers.SGD(0.25, name="two")


def falling(epoch: int) -> float:
    return 0.1 / (epoch + 1)


def halving(epoch: int, lr: float) -> float:
    return lr * 0.5


OPTIMIZERS: dict[str, Callable[[], Any]] = {
    "Adam": lambda: keras.optimizers.Adam(0.1),
    "LossScaleOptimizer": lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1)),
    "MultiOptimizer": lambda: keras.optimizers.MultiOptimizer(by_layer),
}


@pytest.mark.parametrize(
    ("optimizer", "schedule"), [("Adam", falling), ("LossScaleOptimizer", halving), ("MultiOptimizer", halving)]
)
def test_it_schedules_a_real_fit_as_keras_does(optimizer: str, schedule: Any) -> None:
    ours, theirs = (fit(module.LearningRateScheduler(schedule), OPTIMIZERS[optimizer]()) for module in MODULES)
    assert ours == theirs
    assert any(name.startswith("learning_rate") for name in ours)


def test_a_plateau_lowers_each_rate_of_a_multi_optimizer_as_keras_does() -> None:
    arguments: dict[str, Any] = {"monitor": "loss", "patience": 1, "factor": 0.5, "min_delta": 9, "min_lr": 0.2}
    ours, theirs = (fit(module.ReduceLROnPlateau(**arguments), OPTIMIZERS["MultiOptimizer"]()) for module in MODULES)
    assert ours == theirs


def test_the_example_of_keras_runs_with_a_tensor() -> None:
    def scheduler(epoch: int, lr: float) -> Any:
        return lr if epoch < 1 else lr * keras.ops.exp(-0.1)

    rates = fit(callback_reference.LearningRateScheduler(scheduler), keras.optimizers.SGD(0.5))["learning_rate"]
    assert rates == pytest.approx([0.5, 0.5 * np.exp(-0.1), 0.5 * np.exp(-0.2)])


def test_a_schedule_of_keras_can_be_asked_for_epochs() -> None:
    schedule = keras.optimizers.schedules.ExponentialDecay(0.5, 1, 0.5)
    rates = fit(callback_reference.LearningRateScheduler(schedule), keras.optimizers.SGD(0.5))["learning_rate"]
    assert rates == [0.5, 0.25, 0.125]


@pytest.mark.parametrize("rate", [keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9), lambda: 0.1])
def test_a_schedule_of_the_optimizer_is_refused_before_the_first_batch(rate: Any) -> None:
    with pytest.raises(TypeError, match="is a schedule or a function"):
        fit(callback_reference.LearningRateScheduler(falling), keras.optimizers.SGD(rate))


def test_the_message_of_a_refused_argument_names_it() -> None:
    with pytest.raises(TypeError, match=r"schedule must be a function of the epoch and the learning rate, got 0\.5"):
        callback_reference.LearningRateScheduler(0.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="verbose must be a number, got '1'"):
        callback_reference.LearningRateScheduler(lambda epoch: 0.5, verbose="1")  # type: ignore[arg-type]


def test_without_inspect_it_tries_two_arguments_and_then_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "inspect", None)
    schedule = callback_reference.LearningRateScheduler(lambda epoch: 0.25)
    assert schedule.decide(0, 1.0) == 0.25
    schedule.schedule = lambda epoch, lr: lr / 2
    assert schedule.decide(0, 1.0) == 0.5
