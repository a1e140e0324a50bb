"""SwapEMAWeights in a real fit: what the suite's stub host cannot show."""

from typing import Any

import keras
import numpy as np
import pytest
from callback_conformance.play import play
from callback_conformance.scenarios import Action, Run, Scenario
from callback_conformance.subjects import find
from callback_reference import EarlyStopping, SwapEMAWeights

INPUTS = np.random.default_rng(0).normal(size=(16, 4)).astype("float32")
TARGETS = np.zeros((16, 1), "float32")


def a_model(optimizer: Any) -> Any:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile(optimizer, "mse")
    return model


def fit(model: Any, *callbacks: Any, epochs: int = 3) -> Any:
    data = (INPUTS[8:], TARGETS[8:])
    return model.fit(INPUTS[:8], TARGETS[:8], batch_size=4, epochs=epochs, verbose=0, shuffle=False,
                     validation_data=data, callbacks=list(callbacks)).history  # fmt: skip


@pytest.mark.parametrize("swap_on_epoch", [True])
def test_it_trains_and_evaluates_as_keras_does(swap_on_epoch: bool) -> None:
    seen = []
    for callback in (SwapEMAWeights(swap_on_epoch), keras.callbacks.SwapEMAWeights(swap_on_epoch)):
        model = a_model(keras.optimizers.Adam(0.1, use_ema=True, ema_momentum=0.5))
        history = fit(model, callback)
        seen.append((history["loss"], history["val_loss"], np.concatenate([w.ravel() for w in model.get_weights()])))
    for ours, theirs in zip(*seen, strict=True):
        assert np.allclose(ours, theirs, rtol=1e-5)  # Keras's exchange rounds on TensorFlow: SE-12


@pytest.mark.parametrize("stops_before", [False, True])
def test_a_training_that_early_stopping_ends_keeps_its_averages(stops_before: bool) -> None:
    stopped = []
    for callback in (None, SwapEMAWeights(swap_on_epoch=True)):
        model = a_model(keras.optimizers.SGD(0.01, use_ema=True, ema_momentum=0.5))
        stopper = EarlyStopping("loss", patience=1, baseline=-1.0)
        fit(model, *([stopper, callback] if stops_before else [callback, stopper]) if callback else [stopper])
        stopped.append(model.get_weights())
    assert all((left == right).all() for left, right in zip(*stopped, strict=True))


def test_the_averages_inside_of_a_loss_scale_optimizer_are_shown_in_a_real_fit() -> None:
    scenario = Scenario(optimizer={"scaled": True}, runs=[Run(epochs=2, batches=2, validation=1)])
    traces = [play(find("callback_reference:SwapEMAWeights"), scenario, host) for host in ("stub", "fit")]
    rows = [[(row["hook"], row["weights"], row["average"]) for row in trace[1:]] for trace in traces]
    assert rows[0] == rows[1]


def test_the_stub_host_averages_as_a_real_optimizer_does() -> None:
    stop = Action("on_epoch_end", "stop", 1, "after")
    for options in ({}, {"ema_momentum": 0.25, "ema_overwrite_frequency": 2}):
        runs = [Run(epochs=3, batches=3, validation=1, actions=[stop]), Run(kind="predict"), Run(kind="evaluate")]
        scenario = Scenario(arguments={"swap_on_epoch": True}, optimizer=options, runs=runs)
        traces = [play(find("callback_reference:SwapEMAWeights"), scenario, host) for host in ("stub", "fit")]
        rows = [[(row["hook"], row["weights"], row["average"]) for row in trace[1:]] for trace in traces]
        assert rows[0] == rows[1]
