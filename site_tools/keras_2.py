"""What Keras 2 and Keras 3 do with the same line, for the page on moving from one to the other.

`python -m site_tools.keras_2` runs every line in the Keras of the environment that it is called in, and writes what
came out into `docs/data/keras_2.json`, beside what the other Keras gave: once where `keras` is installed, and once
where `tf_keras` is. It needs nothing else of this project.
"""

from __future__ import annotations

import contextlib
import glob
import importlib
import importlib.util
import io
import json
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from site_tools.places import DATA

__all__ = ["FILE", "LINES", "judge", "main"]

FILE = DATA / "keras_2.json"
NAN = float("nan")
Line = Callable[[Any], object]
LINES: dict[str, Line] = {}
"""What is asked of both, by name; the answer is what the line leaves behind, or the type of the error it ends in."""


def _line(asked: Line) -> Line:
    """Register a line under its function's name."""
    LINES[asked.__name__.replace("_", "-")] = asked
    return asked


def _model(keras: Any, metrics: tuple[Any, ...] = (), rate: object = 0.5) -> Any:
    """Return a model of one weight."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(rate), "mse", metrics=list(metrics), run_eagerly=True)
    return model


def _fit(keras: Any, callback: Any, model: Any = None, **values: Any) -> Any:
    """Train on two points of zero, with the logs of each epoch scripted; return what `fit` returns."""
    import numpy

    class Script(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs.update({key: row[epoch] for key, row in values.items()})

    zeros = numpy.zeros((2, 1), "float32")
    epochs = max([1, *map(len, values.values())])
    trained = model or _model(keras)
    return trained.fit(zeros, zeros, epochs=epochs, batch_size=2, callbacks=[Script(), callback], verbose=0)


def _files() -> str:
    """Return the files of the working folder, or the word for none."""
    return ", ".join(sorted(path for path in glob.glob("*") if path != "checkpoint")) or "nothing"


def _events(folder: str) -> set[str]:
    """Return the tags in the event files below a folder."""
    from tensorflow.python.summary.summary_iterator import summary_iterator

    paths = glob.glob(f"{folder}/**/*tfevents*", recursive=True)
    return {value.tag for path in paths for event in summary_iterator(path) for value in event.summary.value}


@_line
def only_here(keras: Any) -> object:
    """Which public callbacks exist here and not there."""
    some = ["BaseLogger", "OrbaxCheckpoint", "SwapEMAWeights", "RemoteMonitor", "ProgbarLogger"]
    return ", ".join(name for name in some[:3] if hasattr(keras.callbacks, name))


@_line
def period(keras: Any) -> object:
    """`period` counts epochs."""
    checkpoint = keras.callbacks.ModelCheckpoint("{epoch}.keras", period=2)
    _fit(keras, checkpoint, loss=[1.0] * 4)
    return _files()


@_line
def options(keras: Any) -> object:
    """`options` of a checkpoint."""
    keras.callbacks.ModelCheckpoint("m.keras", options=None)
    return "taken"


@_line
def unknown_argument(keras: Any) -> object:
    """An argument that no ModelCheckpoint has."""
    keras.callbacks.ModelCheckpoint("m.keras", save_best_value=True)
    return "taken"


@_line
def misspelt_argument(keras: Any) -> object:
    """An argument that no ReduceLROnPlateau has."""
    return f"patience={keras.callbacks.ReduceLROnPlateau(patienc=2).patience}"


@_line
def count_mode(keras: Any) -> object:
    """`count_mode` of the progress bar."""
    keras.callbacks.ProgbarLogger(count_mode="steps")
    return "taken"


@_line
def before_preemption(keras: Any) -> object:
    """`save_before_preemption` of the backup."""
    keras.callbacks.BackupAndRestore("backup", save_before_preemption=False)
    return "taken"


@_line
def raise_error(keras: Any) -> object:
    """`raise_error` of TerminateOnNaN."""
    keras.callbacks.TerminateOnNaN(raise_error=True)
    return "taken"


@_line
def lambda_order(keras: Any) -> object:
    """The third argument of LambdaCallback."""
    called: list[str] = []
    third = keras.callbacks.LambdaCallback(None, None, lambda *given: called.append("called"))
    for hook in ("on_batch_begin", "on_train_begin"):
        if getattr(third, hook).__name__ == "<lambda>":
            return hook
    return "nothing"


@_line
def folder(keras: Any) -> object:
    """A whole model under a name without an ending."""
    _fit(keras, keras.callbacks.ModelCheckpoint("model"))
    return _files() + ("/" if Path("model").is_dir() else "")


@_line
def hdf5(keras: Any) -> object:
    """Weights in a file that ends in .hdf5."""
    _fit(keras, keras.callbacks.ModelCheckpoint("w.hdf5", save_weights_only=True))
    return _files()


@_line
def ckpt(keras: Any) -> object:
    """Weights in a TensorFlow checkpoint."""
    _fit(keras, keras.callbacks.ModelCheckpoint("w.ckpt", save_weights_only=True))
    return _files()


@_line
def whole_keras(keras: Any) -> object:
    """A whole model in the Keras format."""
    _fit(keras, keras.callbacks.ModelCheckpoint("model.keras"))
    return _files()


@_line
def weights_h5(keras: Any) -> object:
    """Weights in the ending that Keras 3 asks for."""
    _fit(keras, keras.callbacks.ModelCheckpoint("best.weights.h5", save_weights_only=True))
    return _files()


@_line
def backup(keras: Any) -> object:
    """The files of a backup."""
    _fit(keras, keras.callbacks.BackupAndRestore("backup", delete_checkpoint=False))
    found = sorted(path.name for path in Path("backup").rglob("*") if path.is_file())
    return found[-1] if "latest.weights.h5" not in found else "latest.weights.h5"


@_line
def key_of_plateau(keras: Any) -> object:
    """The key under which ReduceLROnPlateau logs the rate."""
    return ", ".join(sorted(_fit(keras, keras.callbacks.ReduceLROnPlateau("loss")).history))


@_line
def key_of_scheduler(keras: Any) -> object:
    """The key under which LearningRateScheduler logs the rate."""
    return ", ".join(sorted(_fit(keras, keras.callbacks.LearningRateScheduler(lambda epoch: 0.25)).history))


@_line
def optimizer_lr(keras: Any) -> object:
    """The old name of the rate."""
    return float(_model(keras).optimizer.lr.numpy())


@_line
def set_value(keras: Any) -> object:
    """The old way to set it."""
    model = _model(keras)
    keras.backend.set_value(model.optimizer.learning_rate, 0.125)
    return float(model.optimizer.learning_rate.numpy())


@_line
def assign(keras: Any) -> object:
    """The new way to set it."""
    model = _model(keras)
    model.optimizer.learning_rate = 0.125
    return float(model.optimizer.learning_rate.numpy())


@_line
def schedule_tensor(keras: Any) -> object:
    """A schedule that returns a tensor."""
    import tensorflow

    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: tensorflow.constant(0.25))
    model = _model(keras)
    _fit(keras, schedule, model)
    return float(model.optimizer.learning_rate.numpy())


@_line
def schedule_optimizer(keras: Any) -> object:
    """A scheduler over an optimizer that has a schedule."""
    model = _model(keras, rate=keras.optimizers.schedules.ExponentialDecay(0.5, 1, 0.5))
    _fit(keras, keras.callbacks.LearningRateScheduler(lambda epoch: 0.25), model)
    return "runs"


def _direction(keras: Any, metric: Any, monitor: str) -> str:
    """Return the direction that EarlyStopping finds."""
    stopper = keras.callbacks.EarlyStopping(monitor)
    _fit(keras, stopper, _model(keras, (metric,)))
    return "max" if stopper.monitor_op(2.0, 1.0) else "min"


@_line
def auto_precision(keras: Any) -> object:
    """A metric whose name tells nothing."""
    return _direction(keras, keras.metrics.BinaryAccuracy(name="score"), "score")


@_line
def auto_error_named_acc(keras: Any) -> object:
    """An error whose name ends in acc."""
    return _direction(keras, keras.metrics.MeanSquaredError(name="my_acc"), "my_acc")


@_line
def auto_function(keras: Any) -> object:
    """A plain function as a metric."""

    def my_accuracy(y_true: Any, y_pred: Any) -> Any:
        return y_true * 0.0 + y_pred * 0.0

    return _direction(keras, my_accuracy, "my_accuracy")


@_line
def missing_key_auto(keras: Any) -> object:
    """A name that is not in the logs."""
    _fit(keras, keras.callbacks.EarlyStopping("val_acc"))
    return "runs"


@_line
def nan_first(keras: Any) -> object:
    """A NaN in the first epoch: how many of six epochs run."""
    stopper = keras.callbacks.EarlyStopping("loss", patience=2)
    return len(_fit(keras, stopper, loss=[NAN, 5.0, 4.0, 3.0, 2.0, 1.0]).epoch)


@_line
def tiny_step(keras: Any) -> object:
    """Steps of a billionth: how many of six epochs run."""
    stopper = keras.callbacks.EarlyStopping("loss", patience=2)
    return len(_fit(keras, stopper, loss=[1.0 - step * 1e-9 for step in range(6)]).epoch)


@_line
def missing_key_best(keras: Any) -> object:
    """The best model, by a key that is not there."""
    _fit(keras, keras.callbacks.ModelCheckpoint("best.keras", "val_los", mode="min", save_best_only=True))
    return _files()


@_line
def every_epoch_unknown_key(keras: Any) -> object:
    """Every model, with a key that is not there."""
    _fit(keras, keras.callbacks.ModelCheckpoint("{epoch}.keras", "val_acc"))
    return _files()


@_line
def best_each_batch(keras: Any) -> object:
    """The best model, judged after each batch."""
    import numpy

    zeros = numpy.zeros((3, 1), "float32")
    checkpoint = keras.callbacks.ModelCheckpoint("best.keras", "loss", save_best_only=True, save_freq=1)
    _model(keras).fit(zeros, zeros, batch_size=1, callbacks=[checkpoint], verbose=0)
    return _files()


@_line
def assign_model(keras: Any) -> object:
    """A model that is assigned."""
    callback = keras.callbacks.Callback()
    callback.model = _model(keras)
    return "taken"


@_line
def params_before_fit(keras: Any) -> object:
    """`params` of a callback that no `fit` has seen."""
    return keras.callbacks.Callback().params


@_line
def validation_data(keras: Any) -> object:
    """`validation_data` of a callback."""
    return keras.callbacks.Callback().validation_data


@_line
def duck(keras: Any) -> object:
    """An object with hooks that derives from nothing."""

    class Hooks:
        seen = 0

        def __getattr__(self, name: str) -> Any:
            if name.startswith(("on_", "set_")):
                return lambda *given, **named: None
            raise AttributeError(name)

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.seen += 1

    hooks = Hooks()
    _fit(keras, hooks)
    return "called" if hooks.seen else "not called"


@_line
def batch_scalars(keras: Any) -> object:
    """What TensorBoard writes after each batch."""
    _fit(keras, keras.callbacks.TensorBoard("runs", update_freq="batch", write_graph=False))
    return ", ".join(sorted(tag for tag in _events("runs") if "batch_loss" in tag)) or "nothing"


@_line
def rate_scalar(keras: Any) -> object:
    """The tag of the learning rate."""
    _fit(keras, keras.callbacks.TensorBoard("runs", write_graph=False))
    return ", ".join(sorted(tag for tag in _events("runs") if "learning_rate" in tag)) or "nothing"


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Work in an empty folder, in silence."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                yield
        finally:
            os.chdir(before)


def judge(keras: Any) -> dict[str, str]:
    """Return what each line leaves behind in one Keras."""
    found = {}
    for name, asked in LINES.items():
        with _alone():
            try:
                found[name] = str(asked(keras))
            except Exception as error:
                found[name] = type(error).__name__
    return found


def main() -> None:
    """Write what the Keras of this environment does into the file, and leave the other half as it is."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    name = "tf_keras" if importlib.util.find_spec("tf_keras") else "keras"
    keras = importlib.import_module(name)
    stored = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    stored[name] = {"version": keras.__version__, "found": judge(keras)}
    FILE.write_text(json.dumps(dict(sorted(stored.items())), indent=2) + "\n", encoding="utf-8")
    print(f"{FILE.name}: {name} {keras.__version__}")


if __name__ == "__main__":
    main()
