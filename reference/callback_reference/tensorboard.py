"""TensorBoard: write what training did to event files, for TensorBoard to show."""

import os
import time

from .backends import read_lr, to_numpy
from .callback import Callback
from .event_file import EventFile, require_tensorboard, scalar
from .improvement import require_number
from .model_summaries import graph_summary, weight_summaries
from .profiling import Profiler
from .projector import Projector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs, Model

__all__ = ["TensorBoard"]

NO_NUMBER = "{name}: expected one real number (a float, an int or a scalar array), got None"
NO_PATH = "TensorBoard: log_dir must be a str or a path, got {log_dir!r}"
NO_FREQUENCY = "TensorBoard: {name} must be {accepted}, got {value!r}"


class TensorBoard(Callback):
    """Decide at each hook which numbers, weights and pictures are due, and append them to an event file.

    Runs `train` and `validation` are folders in `log_dir`; a tag is what TensorBoard calls a series.

        run         tag                               step                     when
        train       epoch_<name>                      epoch, from 0            after each epoch
        validation  epoch_<name without val_>         epoch                    after each epoch
        train       batch_<name>                      batches of this fit      at each update_freq-th batch
        validation  evaluation_<name>_vs_iterations   optimizer.iterations     after each evaluation or validation
        train       <weight>/histogram, …/image       epoch                    if epoch % histogram_freq == 0
        train       keras                             0                        when a model is set

    Where there is an optimizer, `epoch_learning_rate` is written beside the training metrics.

    Args:
        log_dir: folder to write to, default "logs".
        histogram_freq: epochs from one set of histograms of all weights to the next; 0, the default, is never.
        write_graph: write the layers of a `Sequential` or functional model; default True.
        write_images: write weights as pictures where histograms are written; default False.
        write_steps_per_second: write training batches per second, after each epoch and where batches are written.
        update_freq: "epoch" writes no batches; "batch" or 1 writes each, N every N-th batch.
        profile_batch: batch to profile, counted from 1, or a pair (first, last); 0, the default, is none.
        embeddings_freq: epochs from one table of embeddings to the next; 0, the default, is never.
        embeddings_metadata: file of labels for the projector, or a dict from layer name to file.

    Attributes:
        batches_seen: training batches begun since training began.

    Raises:
        ModuleNotFoundError: the package `tensorboard` is missing, or TensorFlow where batches are to be profiled.
        TypeError, ValueError: an argument is not what is accepted, or a logged value is not one real number.

    >>> import os, tempfile
    >>> from callback_reference import CallbackList
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     callbacks = CallbackList([TensorBoard(folder)])
    ...     callbacks.on_train_begin()
    ...     callbacks.on_epoch_end(0, {"loss": 0.5, "val_loss": 0.6})
    ...     callbacks.on_train_end()
    ...     sorted(os.listdir(folder))
    ['train', 'validation']

    Clauses: TB-01 to TB-45. Keras 2 calls the weights otherwise, and writes no learning rate.
    """

    _state = ("batches_seen",)

    def __init__(
        self,
        log_dir: "str | os.PathLike[str]" = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: "int | str" = "epoch",
        profile_batch: "int | tuple[int, int] | str" = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: "dict[str, Any] | str | None" = None,
    ) -> None:
        super().__init__()
        require_tensorboard()
        if not isinstance(log_dir, (str, os.PathLike)):
            raise TypeError(NO_PATH.format(log_dir=log_dir))
        _require_frequency("histogram_freq", histogram_freq, 0)
        _require_frequency("embeddings_freq", embeddings_freq, 0)
        if update_freq not in ("batch", "epoch"):
            _require_frequency("update_freq", update_freq, 1, '"batch", "epoch" or ')
        self.log_dir = str(log_dir)
        self.histogram_freq = histogram_freq
        self.write_graph = write_graph
        self.write_images = write_images
        self.write_steps_per_second = write_steps_per_second
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self.embeddings_freq = embeddings_freq
        self.embeddings_metadata = embeddings_metadata
        self.batches_seen = 0
        self._profiler = Profiler(profile_batch)
        self._projector: Projector | None = None
        self._files: dict[str, EventFile] = {}
        self._batch_began = self._epoch_began = 0.0
        self._iterations_before = 0

    def set_model(self, model: "Model") -> None:
        """Take the model, and write its graph to files that begin with it."""
        super().set_model(model)
        self._close()  # TB-32
        graph = graph_summary(self.model) if self.write_graph else None
        if graph:
            self._write("train", 0, [graph])
        if self.embeddings_freq:
            self._projector = Projector(self.model, self.embeddings_metadata)
            self._projector.write_config(self.log_dir)

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Count batches anew."""
        if self._begins_anew():
            self.batches_seen = 0  # TB-15
        self._write("train", 0, [])

    def on_epoch_begin(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Look at the clock."""
        if self.write_steps_per_second:
            self._epoch_began, self._iterations_before = time.perf_counter(), self._iterations() or 0

    def on_train_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Count the batch, look at the clock, and start to profile where asked to."""
        self.batches_seen += 1
        self._profiler.before(self.batches_seen, os.path.join(self.log_dir, "train"))
        self._batch_began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Write the batch, if it is due."""
        elapsed = time.perf_counter() - self._batch_began
        self._profiler.after(self.batches_seen)
        if self.update_freq == "epoch" or self.batches_seen % int(self.update_freq):  # TB-16
            return
        values = dict(logs or {})
        if self.write_steps_per_second:
            values["steps_per_second"] = _per_second(1, elapsed)
        self._write("train", self.batches_seen, _scalars("batch_{}", values))

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Write the epoch's metrics, and the weights if they are due."""
        training, validation = _split(logs or {})
        if logs:  # TB-10
            training.update(self._facts_of_the_epoch())
        values = _scalars("epoch_{}", training)
        if self.histogram_freq and epoch % self.histogram_freq == 0:  # TB-23
            values += weight_summaries(self.model, self.write_images)
        self._write("train", epoch, values)
        self._write("validation", epoch, _scalars("epoch_{}", validation))
        if self._projector and epoch % self.embeddings_freq == 0:
            self._projector.write_tables(self.log_dir)
        for file in self._files.values():
            file.flush()

    def on_test_end(self, logs: "Logs | None" = None) -> None:
        """Write the evaluation at the optimizer's step."""
        iterations = self._iterations()  # TB-20
        if iterations is not None:
            self._write("validation", iterations, _scalars("evaluation_{}_vs_iterations", logs or {}))

    def on_train_end(self, logs: "Logs | None" = None) -> None:
        """Finish the files."""
        super().on_train_end(logs)
        self._close()

    def _facts_of_the_epoch(self) -> "Logs":
        facts: Logs = {}
        if getattr(getattr(self.model, "optimizer", None), "learning_rate", None) is not None:
            facts["learning_rate"] = read_lr(self.model)  # TB-09
        if self.write_steps_per_second:
            batches = (self._iterations() or 0) - self._iterations_before
            facts["steps_per_second"] = _per_second(batches, time.perf_counter() - self._epoch_began)
        return facts

    def _iterations(self) -> "int | None":
        iterations = getattr(getattr(self.model, "optimizer", None), "iterations", None)
        if iterations is None:
            return None
        return int(to_numpy(iterations))

    def _write(self, run: str, step: int, values: "list[Any]") -> None:
        """Append to the run's file, which the first call makes; training makes its own as it begins."""
        if run not in self._files and (values or run == "train"):
            self._files[run] = EventFile(os.path.join(self.log_dir, run))
        if values:
            self._files[run].write(step, values)

    def _close(self) -> None:
        self._profiler.stop()
        for file in self._files.values():
            file.flush()
        self._files = {}


def _split(logs: "Logs") -> "tuple[Logs, Logs]":
    """Return the training metrics, and those of the validation without their `val_`."""
    training = {name: value for name, value in logs.items() if not name.startswith("val_")}
    return training, {name[4:]: value for name, value in logs.items() if name.startswith("val_")}  # TB-05


def _scalars(tag: str, logs: "Logs") -> "list[Any]":
    return [scalar(tag.format(name), _number(name, value)) for name, value in logs.items()]


def _number(name: str, value: "Any") -> float:
    if value is None:
        raise TypeError(NO_NUMBER.format(name=name))
    require_number(value, name)  # TB-12
    return float(value.item() if getattr(value, "shape", ()) else value)


def _per_second(count: int, seconds: float) -> float:
    return count / max(seconds, 1e-9)


def _require_frequency(name: str, value: "Any", least: int, other: str = "") -> None:
    accepted = f"{other}a whole number of at least {least}"
    if value is None and not least:  # an old way to say never
        return
    if not isinstance(value, int):
        raise TypeError(NO_FREQUENCY.format(name=name, accepted=accepted, value=value))
    if value < least:
        raise ValueError(NO_FREQUENCY.format(name=name, accepted=accepted, value=value))
