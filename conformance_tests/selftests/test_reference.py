"""The reference: light to import, a drop-in for `model.fit`, and at home in a loop without Keras."""

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from callback_reference import Callback, CallbackList, EarlyStopping, History, ReduceLROnPlateau
from callback_reference.improvement import direction_of, greater, less

DECISIONS = (
    "backends",
    "callback",
    "callback_list",
    "early_stopping",
    "ema",
    "history",
    "improvement",
    "lambda_callback",
    "learning_rate_scheduler",
    "model_checkpoint",
    "misspelt",
    "monitoring",
    "naming",
    "reduce_lr_on_plateau",
    "swap_ema_weights",
    "terminate_on_nan",
)
NAN, INF = float("nan"), float("inf")


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_it_imports_nothing_third_party() -> None:
    code = (
        "import sys; before = set(sys.modules); from callback_reference import *; "
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    assert run_python(code).strip() == "['callback_reference']"


def test_the_decision_callbacks_import_only_what_micropython_has_or_is_given() -> None:
    import ast

    folder = Path(__file__).parents[2] / "reference" / "callback_reference"
    imported = set()
    for name in DECISIONS:
        for node in ast.parse((folder / f"{name}.py").read_text()).body:
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(str(node.module))
    assert imported == {"struct", "warnings"}


def test_it_drops_into_a_real_fit_and_decides_as_keras_does() -> None:
    import keras
    import numpy as np

    inputs = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    targets = (inputs.sum(axis=1) > 0).astype("float32")

    def fit(stopper: Any) -> tuple[Any, Any]:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1, "sigmoid")])
        model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
        history = model.fit(
            inputs[:32],
            targets[:32],
            validation_data=(inputs[32:], targets[32:]),
            epochs=30,
            verbose=0,
            callbacks=[stopper],
        )
        return history, model.get_weights()

    arguments: dict[str, Any] = {"monitor": "val_accuracy", "patience": 2, "restore_best_weights": True}
    ours, our_weights = fit(EarlyStopping(**arguments))
    theirs, their_weights = fit(keras.callbacks.EarlyStopping(**arguments))

    assert ours.history == theirs.history
    assert 1 < len(ours.epoch) < 30
    assert all((left == right).all() for left, right in zip(our_weights, their_weights, strict=True))


def test_it_stops_a_numpy_loop_that_has_no_keras() -> None:
    import numpy as np

    inputs = np.linspace(-1, 1, 32)
    slope = 0.0

    class Line:
        stop_training = False
        history = None

        def get_weights(self) -> list[float]:
            return [slope]

        def set_weights(self, weights: list[float]) -> None:
            nonlocal slope
            (slope,) = weights

    history = History()
    stopper = EarlyStopping(monitor="loss", min_delta=1e-3, patience=2, restore_best_weights=True)
    callbacks = CallbackList([stopper, history], model=Line())  # type: ignore[arg-type]
    callbacks.on_train_begin()
    for epoch in range(100):
        errors = slope * inputs - 3 * inputs
        slope -= 0.5 * float((2 * errors * inputs).mean())
        callbacks.on_epoch_end(epoch, {"loss": float((errors**2).mean())})
        if callbacks.model.stop_training:
            break
    callbacks.on_train_end()

    assert stopper.stopped_epoch == stopper.best_epoch + 2 == history.epoch[-1] < 99
    assert min(history.history["loss"]) <= history.history["loss"][stopper.best_epoch]
    assert abs(slope - 3) < 0.3


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (1.0, 2.0, True), (2.0, 1.0, False), (1.0, 1.0, False), (1 - 1e-9, 1.0, False), (1 - 1e-7, 1.0, True),
        (NAN, 1.0, False), (1.0, NAN, False), (1.0, INF, True), (-INF, INF, True), (INF, INF, False),
        (1e39, 1e40, False), (1e30, 1e39, True), (-1e39, 0.0, True), (2**24, 2**24 + 1, True),
    ],
)  # fmt: skip
def test_less_compares_in_float32_and_greater_is_its_mirror(x: float, y: float, expected: bool) -> None:
    assert (less(x, y), greater(y, x)) == (expected, expected)


def test_the_direction_of_a_name_without_a_metric_is_unknown() -> None:
    assert [direction_of(name, object()) for name in ("loss", "val_loss", "accuracy")] == ["min", "min", None]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"monitor": ["loss"]}, "monitor"), ({"patience": "3"}, "patience"), ({"min_delta": None}, "min_delta"),
        ({"baseline": "1"}, "baseline"), ({"start_from_epoch": "1"}, "start_from_epoch"), ({"verbose": "1"}, "verbose"),
    ],
)  # fmt: skip
def test_an_argument_of_the_wrong_type_is_named_with_its_value_and_what_is_accepted(
    arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(TypeError, match=rf"{named} must be .*, got "):
        EarlyStopping(**arguments)


@pytest.mark.parametrize("value", [[1.0], "0.5", 1j])
def test_a_monitored_value_that_is_no_number_is_refused_at_once(value: Any) -> None:
    stopper = EarlyStopping(monitor="loss")
    with pytest.raises(TypeError, match="loss: expected one real number"):
        CallbackList([stopper]).on_epoch_end(0, {"loss": value})


def test_a_list_refuses_what_is_no_callback() -> None:
    with pytest.raises(TypeError, match="3 is not a callback"):
        CallbackList([Callback(), 3])


def test_append_takes_what_the_constructor_takes_and_hands_on_model_and_parameters() -> None:
    callbacks = CallbackList(model=object(), epochs=3)  # type: ignore[arg-type]
    first, second = Callback(), Callback()
    callbacks.append([first, [second]])
    assert callbacks.callbacks == [first, second]
    assert [(member.model is callbacks.model, member.params) for member in (first, second)] == [
        (True, {"epochs": 3})
    ] * 2


def test_the_logs_of_the_caller_are_not_written_to() -> None:
    class Write(Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["extra"] = 1

    logs = {"loss": 0.5}
    CallbackList([Write()]).on_epoch_end(0, logs)
    assert logs == {"loss": 0.5}


def test_an_unknown_mode_is_warned_about() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert EarlyStopping(mode="foo").mode == "auto"
    assert ["'foo'" in str(warning.message) for warning in caught] == [True]


def test_it_lowers_the_rate_in_a_real_fit_as_keras_does() -> None:
    import keras
    import numpy as np

    inputs = np.random.default_rng(0).normal(size=(32, 4)).astype("float32")
    targets = np.zeros((32, 1), "float32")

    def fit(reducer: Any) -> Any:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.Adam(0.5), "mae")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of Keras's own conversion
            return model.fit(inputs, targets, epochs=20, verbose=0, callbacks=[reducer]).history

    arguments: dict[str, Any] = {"monitor": "loss", "patience": 1, "factor": 0.3, "cooldown": 2, "min_lr": 0.01}
    ours = fit(ReduceLROnPlateau(**arguments))
    assert ours == fit(keras.callbacks.ReduceLROnPlateau(**arguments))
    assert len(set(ours["learning_rate"])) > 2


def test_a_schedule_is_refused_before_the_first_epoch() -> None:
    import keras
    import numpy as np

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    history = History()
    for rate in (keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9), lambda: 0.1):
        model.compile(keras.optimizers.SGD(rate), "mse")
        with pytest.raises(TypeError, match="is a schedule or a function"):
            model.fit(np.ones((1, 1)), np.ones((1, 1)), verbose=0, callbacks=[history, ReduceLROnPlateau()])
    assert history.epoch == []
