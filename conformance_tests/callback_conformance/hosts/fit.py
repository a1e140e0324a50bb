"""The fit host: a real compiled Keras model in a real `model.fit`.

Its one weight is the number of batches that it was trained on, as in the stub host: the loss is minus the weight, and
plain gradient descent with rate 1 adds exactly 1 a batch.
"""

import functools
import importlib
import os
from collections.abc import Iterator
from typing import Any

from ..scenarios import Run
from ..subjects import Unsupported

__all__ = ["FitDriver", "compiled_metrics"]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


NOT_ON_NUMPY = "Keras does not train on NumPy"

ONCE_ON_JAX = "on JAX, Keras trains a model whose optimizer averages only once"
"""Keras 3.15 raises at the second `fit`, whatever the callbacks."""


class FitDriver:
    """Trains a counting Keras model, calling the callbacks of each run.

    Args:
        metrics: name of a compiled metric to which way is better.
        package: the Keras.
        streams: on TensorFlow, train on a `tf.data.Dataset` that is built once, where the data are not what matters:
            to build one from arrays, as each `fit` does, takes nine times as long as to train.
    """

    name = "fit"

    def __init__(self, metrics: dict[str, str] | None = None, package: str = "keras", streams: bool = False) -> None:
        self._metrics = tuple((metrics or {}).items())
        self._package = package
        self._streams = streams and self._backend() == "tensorflow"
        self._own: Any = None
        self._started = self._trained_average = False
        self.model = self._prepare(1)

    def play(self, callbacks: list[Any], run: Run) -> Any:
        """Run `fit`, `evaluate` or `predict`, and return what it returns.

        Raises:
            Unsupported: this Keras cannot, on its backend.
        """
        self._require(run)
        self._trained_average |= run.kind == "fit" and bool(getattr(self.model.optimizer, "use_ema", False))
        model = self._prepare(run.steps_per_execution)
        if model is not self.model:
            model.set_weights(self.model.get_weights())
            self.model = model
        data = self._data(run.batches, run.known_steps)
        one = None if self._streams else 1
        callbacks = self._listed(callbacks, run) if run.verbose else callbacks
        if run.kind != "fit":
            return getattr(model, run.kind)(
                *(data if run.kind == "evaluate" else data[:1]), batch_size=one, verbose=0, callbacks=callbacks
            )
        return model.fit(
            *data,
            batch_size=one if run.known_steps else None,
            epochs=run.last_epoch,
            initial_epoch=run.initial_epoch,
            validation_data=self._held_out(run.validation),
            validation_batch_size=one,
            validation_freq=run.validation_freq,
            verbose=0,
            shuffle=False,
            callbacks=callbacks,
        )

    def _require(self, run: Run) -> None:
        name = self._backend()
        if name == "jax" and self._trained_average:
            raise Unsupported(ONCE_ON_JAX)
        if name == "numpy" and run.kind == "fit":
            raise Unsupported(NOT_ON_NUMPY)
        if name == "torch" and run.steps_per_execution > 1:
            raise Unsupported("Keras executes one step at a time on torch")
        if name != "tensorflow" and not run.known_steps:
            raise Unsupported("the data without a length are those of TensorFlow")

    def _backend(self) -> str:
        backend = importlib.import_module(self._package).backend
        return str(backend.backend()) if hasattr(backend, "backend") else "tensorflow"  # Keras 2 has no other

    def _listed(self, callbacks: list[Any], run: Run) -> Any:
        """Return the callbacks in a list of Keras's own, so that they are told `verbose` and Keras adds no bar."""
        return importlib.import_module(f"{self._package}.callbacks").CallbackList(
            callbacks,
            add_history=run.kind == "fit",
            model=self.model,
            verbose=run.verbose,
            epochs=run.last_epoch if run.kind == "fit" else 1,
            steps=run.batches if run.known_steps else None,
        )

    def trained(self) -> float:
        """Return how many batches the model's weights have seen."""
        self._sync()
        return float(self.model.get_weights()[0][0])

    def _sync(self) -> None:
        """Have the model hold its own weights: on JAX the training holds them."""
        getattr(self.model, "jax_state_sync", lambda: None)()

    def lr(self) -> float:
        """Return the optimizer's learning rate."""
        return float(self.model.optimizer.learning_rate.numpy())

    def average(self) -> float | None:
        """Return the average of the weight, None before there is one: some backends make it before the first step."""
        self._sync()
        optimizer = getattr(self.model.optimizer, "inner_optimizer", self.model.optimizer)
        held = getattr(optimizer, "_model_variables_moving_average", None)
        begun = self._started or int(optimizer.iterations.numpy()) > 0
        try:
            return float(held[0].numpy()[0]) if held and begun else None
        except RuntimeError as error:
            raise Unsupported(ONCE_ON_JAX) from error

    def use_optimizer(
        self, use_ema: bool = True, ema_momentum: float = 0.5, scaled: bool = False, start: Any = None, **options: Any
    ) -> None:
        """Train a model of one's own from now on, with an optimizer that averages."""
        self.model = self._own = _model.__wrapped__(self._package, self._metrics, 1)
        optimizers = importlib.import_module(self._package).optimizers
        averaging = {"use_ema": use_ema, "ema_momentum": ema_momentum} if use_ema else {}
        optimizer = inner = optimizers.SGD(1.0, **averaging, **options)
        if scaled:
            optimizer = optimizers.LossScaleOptimizer(inner)
        self.model.compile(optimizer, loss=self.model.loss, metrics=["mae"])
        self._started = start is not None
        if start is not None:
            optimizer.build(self.model.trainable_variables)
            self.model.set_weights([self.model.get_weights()[0] * 0 + start[0]])
            if use_ema:
                inner._model_variables_moving_average[0].assign([start[1]])

    def inner(self, kind: str) -> None:
        """Run `evaluate` or `predict` from inside a hook."""
        data = self._data(1, True)
        getattr(self.model, kind)(*(data if kind == "evaluate" else data[:1]), verbose=0)

    def _data(self, batches: int, known: bool) -> tuple[Any, ...]:
        return _streamed(batches) if self._streams and known else _data(batches, known)

    def _held_out(self, batches: int) -> Any:
        data = self._data(batches, True) if batches else None
        return data[0] if data and self._streams else data

    def _prepare(self, steps_per_execution: int) -> Any:
        model = self._own or _model(self._package, self._metrics, steps_per_execution)
        if model is not getattr(self, "model", None):
            model.set_weights([weight * 0 for weight in model.get_weights()])
            model.stop_training = False
            model._initial_epoch = None
            model.optimizer.learning_rate = 1.0
            model.optimizer.iterations.assign(0)
        return model


def compiled_metrics(package: str, metrics: dict[str, str]) -> list[Any]:
    """Return the `metrics` of a real model compiled with these, for a stub model to show."""
    model = _model(package, tuple(metrics.items()), 1)
    if not getattr(model, "_shown", False):
        model.evaluate(*_data(1, True), verbose=0)
        model._shown = True
    return list(model.metrics)


@functools.cache
def _model(package: str, metrics: tuple[tuple[str, str], ...], steps_per_execution: int) -> Any:
    keras = importlib.import_module(package)

    class Count(keras.layers.Layer):  # type: ignore[misc, name-defined]
        def build(self, input_shape: Any) -> None:
            self.count = self.add_weight(shape=(1,), initializer="zeros")

        def call(self, inputs: Any) -> Any:
            return inputs * 0 + self.count

    def minus_count(_: Any, predicted: Any) -> Any:
        return -predicted

    model = keras.Sequential([keras.Input((1,)), Count()])
    compiled = [_metric(keras, name, direction) for name, direction in metrics] or ["mae"]
    model.compile(
        keras.optimizers.SGD(1.0), loss=minus_count, metrics=compiled, steps_per_execution=steps_per_execution
    )
    return model


def _metric(keras: Any, name: str, direction: str) -> Any:
    if direction == "unknown":
        return keras.metrics.TruePositives(name=name)
    kind = keras.metrics.BinaryAccuracy if direction == "up" else keras.metrics.MeanAbsoluteError
    return kind(name=name)


@functools.cache
def _data(batches: int, known: bool) -> tuple[Any, ...]:
    import numpy

    ones = numpy.ones((batches, 1), "float32")
    return (ones, ones) if known else (_uncounted(batches),)


@functools.cache
def _streamed(batches: int) -> tuple[Any]:
    import numpy
    import tensorflow

    ones = numpy.ones((batches, 1), "float32")
    options = tensorflow.data.Options()
    options.autotune.enabled = False
    options.threading.private_threadpool_size = 1
    return (tensorflow.data.Dataset.from_tensor_slices((ones, ones)).batch(1).with_options(options),)


def _uncounted(batches: int) -> Any:
    import tensorflow

    def batch() -> Iterator[Any]:
        for _ in range(batches):
            yield tensorflow.ones((1, 1)), tensorflow.ones((1, 1))

    spec = tensorflow.TensorSpec((1, 1))
    return tensorflow.data.Dataset.from_generator(batch, output_signature=(spec, spec))
