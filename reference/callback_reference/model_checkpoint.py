"""ModelCheckpoint: save the model while it is being trained."""

import warnings

from .improvement import require_number
from .monitoring import Monitoring, is_number
from .naming import fields_of, fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    from .protocol import Logs

__all__ = ["ModelCheckpoint"]

SAVING = "\nEpoch {epoch_number}: saving model to {path}"
IMPROVED = "\nEpoch {epoch_number}: {monitor} improved from {best} to {value}, saving model to {path}"
WORSE = "\nEpoch {epoch_number}: {monitor} did not improve from {best}"
TEXTS = {"save": SAVING, "improved": IMPROVED, "worse": WORSE}
SAVED = "\nEpoch {epoch_number}: finished saving model to {path}"
MISSING = (
    "ModelCheckpoint saves the best model only, and `{monitor}` is not available, so nothing is saved. "
    "Available metrics are: {names}"
)
ENDING = "ModelCheckpoint: filepath must end in {accepted}, got {filepath!r}"
FORGOTTEN = "; if you want the weights alone, pass save_weights_only=True"
FREQUENCY = "ModelCheckpoint: save_freq must be 'epoch' or a whole number of batches of at least 1, got {save_freq!r}"
NO_BATCH = (
    "ModelCheckpoint: filepath {filepath!r} has the field {{batch}}, which save_freq='epoch' leaves without a value"
)


class ModelCheckpoint(Monitoring):
    """Decide after each epoch, or every few batches, whether to save the model, and under which name.

    Without `save_best_only` it saves each time. With it, a value is saved if

        value < best    when lower is better
        value > best    when higher is better

    compared after rounding to float32 (see `improvement`); `best` is the value saved last, or at first
    `initial_value_threshold`. Where there is neither, the first value is saved, NaN included.
    The file is written beside its target and then moved into place: a process killed at any moment leaves the previous
    file or the new one (see `atomic`).

    Args:
        filepath: where to save; ends in ".keras" or ".h5", or in ".weights.h5" with `save_weights_only`. Fields in
            braces are filled in: `{epoch}` (from 1), `{batch}` (from 1, with a number as `save_freq`), and the logs'
            keys, with a format if you like: `{epoch:02d}-{val_loss:.2f}.keras`. Missing folders are made.
        monitor: key of the logs, default "val_loss"; looked at with `save_best_only` alone.
        verbose: 0 is silent; 1 prints each check and each save.
        save_best_only: save only when the monitored value is better than all before.
        save_weights_only: call `model.save_weights` instead of `model.save`.
        mode: "min", "max", or "auto": a loss is minimised, any other direction is read off the compiled metric.
        save_freq: "epoch", or the number of batches after which to save, counted on through epochs and fits.
        initial_value_threshold: value that the first save must beat, default None: none.

    Attributes:
        best: the best value so far.
        epoch, last_batch, batches_since_save: where training is, and the batches counted since the last check.
        monitor_op: the comparison in use; None until the first check with `save_best_only`.

    Raises:
        TypeError: an argument is of the wrong type, or a monitored value is not one real number.
        ValueError: `filepath` has a wrong ending or field, `save_freq` is neither, or nobody tells the direction (at
            the first check).
        KeyError: a field of `filepath` has no value (at a check).
        OSError: the file cannot be written.

    >>> from callback_reference import CallbackList, LoopState
    >>> class Model(LoopState):
    ...     def save(self, filepath, overwrite=True):
    ...         open(filepath, "w").close()
    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saver = ModelCheckpoint(folder + "/{epoch:02d}.keras", monitor="loss", save_best_only=True)
    ...     callbacks = CallbackList([saver], model=Model())
    ...     for epoch, loss in enumerate([5.0, 4.0, 4.5, 3.0]):
    ...         callbacks.on_epoch_end(epoch, {"loss": loss})
    ...     print(sorted(os.listdir(folder)))
    ['01.keras', '02.keras', '04.keras']

    Clauses: MC-01 to MC-43. Keras 2 skips a missing value, as the reference does, and takes any ending.
    """

    _state: "tuple[str, ...]" = ("best", "epoch", "last_batch", "batches_since_save")

    def __init__(
        self,
        filepath: "str | PathLike[str]",
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: "int | str" = "epoch",
        initial_value_threshold: "float | None" = None,
    ) -> None:
        super().__init__(monitor, mode, 0)
        path: Any = filepath.__fspath__() if hasattr(filepath, "__fspath__") else filepath  # MC-18
        threshold = initial_value_threshold
        self._require("filepath", filepath, isinstance(path, str), "a path, as a string or PathLike")
        self._require("verbose", verbose, is_number(verbose), "a number")
        self._require("initial_value_threshold", threshold, threshold is None or is_number(threshold), "a number")
        for name, flag in {"save_best_only": save_best_only, "save_weights_only": save_weights_only}.items():
            self._require(name, flag, flag in (True, False), "True or False")
        _require_ending(path, save_weights_only)
        _require_frequency(path, save_freq)
        self.filepath = path
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq: Any = save_freq
        self.best: Any = threshold  # MC-10
        self.epoch = 0
        self.last_batch = -1
        self.batches_since_save = 0

    def on_epoch_begin(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Remember the epoch, which names the files of its batches."""
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Count the batches since the last hook, and check when there are enough."""
        if self.save_freq == "epoch":
            return
        new_epoch = batch <= self.last_batch
        self.batches_since_save += batch + 1 if new_epoch else batch - self.last_batch  # MC-14, MC-15
        self.last_batch = batch
        if self.batches_since_save >= self.save_freq:
            self.batches_since_save = 0
            self._check(logs or {}, {"epoch": self.epoch + 1, "batch": batch + 1})  # MC-13

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Check after the epoch, unless batches are counted."""
        if self.save_freq == "epoch":
            self._check(logs or {}, {"epoch": epoch + 1})  # MC-41

    def decide(self, value: "Any") -> str:
        """Answer "save", "improved", "missing" or "worse"; change nothing."""
        if not self.save_best_only:
            return "save"
        if value is None:
            return "missing"  # MC-07
        return "improved" if self.best is None or self._improves_on(value, self.best) else "worse"  # MC-08

    def _check(self, logs: "Logs", place: "dict[str, int]") -> None:
        value = logs.get(self.monitor) if self.save_best_only else None  # MC-12
        if self.save_best_only:
            self._find_direction()  # MC-17
        if value is not None:
            require_number(value, self.monitor)  # MC-09
        verdict = self.decide(value)
        if verdict == "missing":
            warnings.warn(MISSING.format(monitor=self.monitor, names=",".join(logs)), stacklevel=3)
            return
        values = dict(logs)
        values.update(place)  # MC-19, MC-20
        path = fill(self.filepath, values)
        self._tell(TEXTS[verdict], place["epoch"], path, value)
        if verdict == "worse":
            return
        self._save(path)
        self._tell(SAVED, place["epoch"], path, value)
        if verdict == "improved":
            self.best = value

    def _save(self, path: str) -> None:
        from .atomic import write_file  # only what saves needs files

        save: Any = self.model.save_weights if self.save_weights_only else self.model.save  # MC-03, MC-33
        write_file(path, lambda beside: save(beside, overwrite=True))

    def _tell(self, text: str, epoch_number: int, path: str, value: "Any") -> None:
        if self.verbose > 0:  # MC-24
            best, value = _shown(self.best), _shown(value)
            print(text.format(epoch_number=epoch_number, monitor=self.monitor, best=best, value=value, path=path))


def _require_ending(path: str, save_weights_only: bool) -> None:
    weights = path.endswith(".weights.h5")
    if save_weights_only and not weights:
        raise ValueError(ENDING.format(accepted="'.weights.h5' with save_weights_only=True", filepath=path))  # MC-05
    model = path.endswith(".keras") or (path.endswith(".h5") and not weights)
    if not save_weights_only and not model:
        wrong = ENDING.format(accepted="'.keras' or '.h5'", filepath=path)
        raise ValueError(wrong + FORGOTTEN * weights)  # MC-04, MC-06


def _require_frequency(path: str, save_freq: "int | str") -> None:
    counted = isinstance(save_freq, int) and not isinstance(save_freq, bool) and save_freq >= 1
    if save_freq != "epoch" and not counted:
        raise ValueError(FREQUENCY.format(save_freq=save_freq))  # MC-16
    if "batch" in fields_of(path) and not counted:
        raise ValueError(NO_BATCH.format(filepath=path))  # MC-23


def _shown(value: "Any") -> str:
    return "None" if value is None else f"{float(value.item() if hasattr(value, 'item') else value):.5f}"
