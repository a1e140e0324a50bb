"""The stub host: the loops of `fit`, `evaluate` and `predict` around a model that only counts its batches.

It calls what a real `fit` calls, in the same order with the same arguments; a host-fidelity check holds it to that.
"""

import functools
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from callback_reference import Callback, CallbackList, History
from callback_reference.backends import read_lr
from callback_reference.callback_list import _shared as shared_logs

from ..scenarios import Run
from ..subjects import asked_once

__all__ = ["Attendant", "Layer", "Listed", "Metric", "StubDriver", "StubModel", "Weight"]

METRICS = {"loss": 0.5, "mae": 0.25}
"""What the model reports, as callbacks get it: sorted, and floats."""


def _float32(value: float) -> float:
    rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    return rounded


class Metric:
    """A compiled metric: a name, and which way is better, if it says so."""

    def __init__(self, name: str, direction: str) -> None:
        self.name = name
        if direction != "unknown":
            self._direction = direction


class Optimizer:
    """An optimizer with a rate and a count of steps; the rate is held as a float32, as in a real model."""

    name = "stub"
    built = True

    def __init__(self) -> None:
        self.learning_rate = 1.0
        self.iterations: Any = 0

    @property
    def learning_rate(self) -> float:
        """The rate; whatever is assigned is rounded."""
        return self._rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._rate = _float32(rate)

    def build(self, variables: list[Any]) -> None:
        """Do nothing: there are no variables."""


def _count_steps(optimizer: Any, steps: int) -> None:
    """Count in an optimizer of ours, or in a real one."""
    if isinstance(getattr(optimizer, "iterations", None), int):
        optimizer.iterations += steps
    elif hasattr(optimizer, "iterations"):
        optimizer.iterations.assign_add(steps)


class Weight:
    """A weight of a layer, whose value is asked for when it is read."""

    def __init__(self, path: str, value: Callable[[], Any]) -> None:
        self.path, self.name, self.value = path, path.rpartition("/")[2], value

    def numpy(self) -> Any:
        """Return the value as an array of float32."""
        import numpy

        return numpy.array(self.value(), "float32")

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """Return what NumPy takes it for."""
        return self.numpy().astype(dtype or "float32")

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes."""
        shape: tuple[int, ...] = self.numpy().shape
        return shape


class Layer:
    """A layer: a name and its weights."""

    def __init__(self, name: str, weights: list[Weight]) -> None:
        self.name, self.weights = name, weights


class Variable:
    """A number that is assigned to, as a variable of Keras is; rounded to a float32."""

    def __init__(self, value: float) -> None:
        self.value = _float32(value)

    def assign(self, value: Any) -> None:
        """Take a value, or that of another variable."""
        self.value = _float32(_value(value))

    def assign_add(self, value: Any) -> None:
        """Add a value, as Keras does on TensorFlow."""
        self.assign(self.value + _value(value))

    def assign_sub(self, value: Any) -> None:
        """Subtract a value, as Keras does on TensorFlow."""
        self.assign(self.value - _value(value))

    def __sub__(self, other: Any) -> Any:
        return _float32(self.value - _value(other))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """Return what Keras takes it for on JAX and torch."""
        import numpy

        return numpy.array(self.value, dtype or "float32")


def _value(value: Any) -> float:
    return float(getattr(value, "value", value))


class Count(Variable):
    """The one weight of a stub model."""

    def __init__(self, model: "StubModel") -> None:
        self.model = model

    @property
    def value(self) -> float:
        """The number of batches that the model was trained on, or what was assigned."""
        return self.model.trained

    @value.setter
    def value(self, value: float) -> None:
        self.model.trained = value


class _Strategy:
    """Distributes nothing: Keras updates variables through it on TensorFlow."""

    @property
    def extended(self) -> "_Strategy":
        return self

    @staticmethod
    def update(variable: Any, function: Any, args: Any = (), **options: Any) -> Any:
        return function(variable, *args)


class AveragingOptimizer(Optimizer):
    """An optimizer that can hold the exponential moving average of a stub model's weight, with Keras's arguments."""

    _distribution_strategy = _Strategy()

    def __init__(
        self,
        model: "StubModel",
        use_ema: bool = True,
        ema_momentum: float = 0.5,
        ema_overwrite_frequency: int | None = None,
        scaled: bool = False,
        start: "tuple[float, float] | None" = None,
    ) -> None:
        super().__init__()
        self.use_ema, self.ema_momentum, self.overwrite = use_ema, ema_momentum, ema_overwrite_frequency
        self.steps = 0
        self._trainable_variables: list[Any] = []
        if scaled:
            self.inner_optimizer = self
        if start is not None:
            self.build([Count(model)])
            model.trained = start[0]
            self._averages()[:] = [Variable(start[1])] if use_ema else []

    def build(self, variables: list[Any]) -> None:
        """Make the average of each variable; as in Keras, there is no such attribute without."""
        self._trainable_variables = variables
        if self.use_ema:
            self._model_variables_moving_average = [Variable(0.0) for _ in variables]

    def _averages(self) -> list[Any]:
        return getattr(self, "_model_variables_moving_average", [])

    def after_step(self, model: "StubModel") -> None:
        """Average the weights, and overwrite them where it is time."""
        if not self._trainable_variables:
            self.build([Count(model)])
        momentum = self.ema_momentum if self.steps else 0.0
        self.steps += 1
        for average in self._averages():
            average.assign(_float32(momentum * average.value) + _float32((1 - momentum) * model.trained))
        if self.overwrite and self.steps % self.overwrite == 0:
            self.finalize_variable_values(model.trainable_variables)

    def finalize_variable_values(self, variables: list[Any]) -> None:
        """Overwrite the weights with their averages."""
        for weight, average in zip(self._trainable_variables, self._averages(), strict=False):
            weight.assign(average)


class Compiled:
    """The container that holds the compiled metrics of a model."""

    name = "compile_metrics"

    def __init__(self, metrics: list[Metric]) -> None:
        self.metrics = metrics


class StubModel:
    """A model whose one weight is the number of batches that it was trained on, at a learning rate of 1."""

    built = True

    def __init__(self, metrics: list[Any]) -> None:
        self.stop_training = False
        self.metrics = metrics
        self.optimizer: Any = Optimizer()
        self.history: Any = None
        self.trained = 0.0
        self._initial_epoch: int | None = None
        self.trainable_variables: list[Any] = []
        self.layers: list[Any] = [Layer("counter", [Weight("counter/count", lambda: [[self.trained, 0.5]])])]
        self.train_function: Any = None

    def train(self, batches: int) -> None:
        """Add the learning rate to the weight, once for each batch."""
        for _ in range(batches):
            self.trained = _float32(self.trained + read_lr(self))
            if hasattr(self.optimizer, "after_step"):
                self.optimizer.after_step(self)
        _count_steps(self.optimizer, batches)

    def get_weights(self) -> list[float]:
        """Return the count, as the only weight."""
        return [self.trained]

    def set_weights(self, weights: list[float]) -> None:
        """Put a count back."""
        self.trained = float(weights[0])

    def save(self, filepath: Any, overwrite: bool = True, **options: Any) -> None:
        """Write the count to a file, as a whole model."""
        _write(filepath, f"model {self.trained:g}", overwrite)

    def save_weights(self, filepath: Any, overwrite: bool = True, **options: Any) -> None:
        """Write the count to a file, as weights."""
        _write(filepath, f"weights {self.trained:g}", overwrite)

    def get_state_tree(self, value_format: str = "numpy_array") -> dict[str, Any]:
        """Return the count as a tree of variables."""
        import numpy

        tree: dict[str, Any] = {"trainable_variables": {"count": numpy.array([self.trained], "float32")}}
        return {**tree, "non_trainable_variables": {}, "optimizer_variables": {}, "metrics_variables": {}}

    def load_weights(self, filepath: Any, **options: Any) -> None:
        """Read the count of either kind of file.

        Raises:
            OSError: the file is not there, or was not written by `save` or `save_weights`.
        """
        kind, _, count = Path(filepath).read_text().partition(" ")
        if kind not in ("model", "weights") or not count:
            raise OSError(f"{filepath} is damaged")
        self.trained = float(count)


def _write(filepath: Any, text: str, overwrite: bool) -> None:
    if not overwrite and Path(filepath).exists():
        raise FileExistsError(f"{filepath} exists")
    Path(filepath).write_text(text)


class Attendant(Callback):
    """A callback of the suite's own, which stands beside the subject; `Listed` calls only the hooks it overrides."""

    def set_model(self, model: Any) -> None:
        """Take the model as it is: nobody wraps those of the suite."""
        self._model = model


class Listed(CallbackList):
    """The reference's list, which passes over hooks at which the suite's own callbacks do nothing.

    A subject stands among three of those, none of which has all hooks; `test_hosts.py` holds that the traces are equal.
    """

    def __init__(self, *callbacks: Any, **options: Any) -> None:
        super().__init__(*callbacks, **options)
        self._places = asked_once(_places_of, tuple(map(type, self.callbacks)))

    def append(self, callback: Any) -> None:
        """Add a callback at the end."""
        super().append(callback)
        self._places = asked_once(_places_of, tuple(map(type, self.callbacks)))

    def _call(self, hook: str, index: int | None, logs: Any) -> None:
        members = self.callbacks
        places = self._places.get(hook)
        if places is None:
            places = [place for place, member in enumerate(members) if _overrides(type(member), hook)]
            self._places[hook] = places
        if not places:
            return
        shared = dict(METRICS) if logs is METRICS else shared_logs(logs) if logs else {}
        for place in places:
            method = getattr(members[place], hook)
            if index is None:
                method(shared)
            elif "_batch_" in hook:
                method(index, logs=shared)
            else:
                method(index, shared)


@functools.lru_cache(maxsize=64)
def _places_of(kinds: tuple[type, ...]) -> dict[str, list[int]]:
    """Return hook to the places of those who are called, filled as it is needed: most lists are like the last one."""
    return {}


def _overrides(kind: type, hook: str) -> bool:
    """Tell whether a class has such a hook of its own; of others than the suite's that is not asked."""
    known = kind is History or issubclass(kind, Attendant)
    return not known or getattr(kind, hook) is not getattr(Callback, hook)


class StubDriver:
    """Trains a `StubModel`, calling the callbacks of each run."""

    name = "stub"

    def __init__(
        self,
        metrics: dict[str, str] | None = None,
        compiled: Callable[[dict[str, str]], list[Any]] | None = None,
        list_class: Callable[..., Any] = CallbackList,
        history_class: type = History,
    ) -> None:
        names = metrics or {}
        own = [Compiled([Metric(name, direction) for name, direction in names.items()])]
        self.model = StubModel(compiled(names) if compiled and names else own)
        self.list_class = list_class
        self.history_class = history_class

    def play(self, callbacks: list[Any], run: Run) -> Any:
        """Run `fit`, `evaluate` or `predict`, and return what it returns."""
        return getattr(self, run.kind)(callbacks, run)

    def trained(self) -> float:
        """Return how many batches the model's weights have seen."""
        return self.model.trained

    def lr(self) -> float:
        """Return the optimizer's learning rate."""
        return read_lr(self.model)

    def average(self) -> float | None:
        """Return the average of the weight, None before there is one."""
        held = getattr(self.model.optimizer, "_model_variables_moving_average", None)
        return held[0].value if held else None

    def use_optimizer(self, **options: Any) -> None:
        """Give the model an optimizer that averages."""
        self.model.optimizer = AveragingOptimizer(self.model, **options)

    def inner(self, kind: str) -> None:
        """Run `evaluate` or `predict` from inside a hook."""
        self.play([], Run(kind=kind))  # type: ignore[arg-type]

    def fit(self, callbacks: list[Any], run: Run) -> Any:
        """Train for the epochs of the run; return the `History`."""
        steps = run.batches if run.known_steps else None
        listed, history = self._list(callbacks, verbose=run.verbose, epochs=run.last_epoch, steps=steps)
        self.model.stop_training = False  # LC-17
        logs: dict[str, Any] = {}
        listed.on_train_begin()
        for epoch in range(
            self.model._initial_epoch or run.initial_epoch, run.last_epoch
        ):  # as the trainers of Keras do
            listed.on_epoch_begin(epoch)
            logs = dict(self._train(listed, run))
            if self._validates(run, epoch):
                logs.update({f"val_{name}": value for name, value in self._test(listed, run, run.validation).items()})
            listed.on_epoch_end(epoch, logs)
            if self.model.stop_training:
                break
        if hasattr(self.model.optimizer, "finalize_variable_values"):
            self.model.optimizer.finalize_variable_values(self.model.trainable_variables)
        listed.on_train_end(logs)  # LC-32
        return history

    def evaluate(self, callbacks: list[Any], run: Run) -> dict[str, float]:
        """Call the hooks of an evaluation."""
        steps = run.batches if run.known_steps else None
        listed, _ = self._list(callbacks, add_history=False, verbose=run.verbose, epochs=1, steps=steps)
        return self._test(listed, run, run.batches)

    def predict(self, callbacks: list[Any], run: Run) -> None:
        """Call the hooks of a prediction."""
        steps = run.batches if run.known_steps else None
        listed, _ = self._list(callbacks, add_history=False, verbose=run.verbose, epochs=1, steps=steps)
        listed.on_predict_begin()
        for first, last in self._chunks(run.batches, run.steps_per_execution):
            listed.on_predict_batch_begin(first)
            listed.on_predict_batch_end(last, {"outputs": 0.0})
        listed.on_predict_end()

    def _list(self, callbacks: list[Any], add_history: bool = True, **params: Any) -> tuple[Any, Any]:
        members = _flat(callbacks)
        history = next((member for member in members if isinstance(member, self.history_class)), None)
        if add_history and history is None:
            history = self.history_class()
            members.append(history)
        return self.list_class(members, model=self.model, **params), history

    def _train(self, listed: Any, run: Run) -> dict[str, float]:
        for begin, end in self._chunks(run.batches, run.steps_per_execution):
            listed.on_train_batch_begin(begin)
            self.model.train(end - begin + 1 if run.steps_per_execution == 1 else min(end + 1, run.batches) - begin)
            listed.on_train_batch_end(end, METRICS)
            if self.model.stop_training:
                return METRICS
        if not run.known_steps:
            listed.on_train_batch_begin(end + 1)  # LC-29
        return METRICS

    def _test(self, listed: Any, run: Run, batches: int) -> dict[str, float]:
        listed.on_test_begin()
        for begin, end in self._chunks(batches, run.steps_per_execution):
            listed.on_test_batch_begin(begin)
            listed.on_test_batch_end(end, METRICS)
        listed.on_test_end(METRICS)
        return METRICS

    @staticmethod
    def _validates(run: Run, epoch: int) -> bool:
        if not run.validation:
            return False
        if isinstance(run.validation_freq, list):
            return epoch + 1 in run.validation_freq
        return (epoch + 1) % run.validation_freq == 0

    @staticmethod
    def _chunks(batches: int, size: int) -> list[tuple[int, int]]:
        """Return the first and last index that the hooks of each execution report (LC-07)."""
        return [(first, first + size - 1) for first in range(0, batches, size)]


def _flat(callbacks: Any) -> list[Any]:
    if isinstance(callbacks, (list, tuple)):
        return [callback for member in callbacks for callback in _flat(member)]
    return [callbacks]
