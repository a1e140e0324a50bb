"""OrbaxCheckpoint: save the model with the Orbax library, in the background and never half."""

import os
import warnings

from .improvement import require_number
from .monitoring import Monitoring, is_number
from .state_tree import assets_of, batches_trained, state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs, Model

__all__ = ["OrbaxCheckpoint"]

NO_ORBAX = "OrbaxCheckpoint needs the Orbax library: pip install 'callback-conformance[orbax]'"
SAVING = "\n{moment}: saving checkpoint {step} to {directory}"
NO_BETTER = "\n{moment}: {monitor} did not improve from {best}"
MISSING = "Can save best model only with {monitor} available, skipping save at {moment}."


class OrbaxCheckpoint(Monitoring):
    """Decide after each epoch, or each so many batches, whether the model is to be saved, and save it as a new step.

    With `save_best_only`, a model is saved if its monitored value improves as `Monitoring` says on the best so far.
    The step is the number of the epoch, from 0, or of batches so far; where the directory holds a step as high or
    higher, it is the one after that.
    Load a step with `model.load_weights(directory)`, or a functional model with `keras.saving.load_model(directory)`.

    Args:
        directory: where the steps are kept; made if it does not exist.
        monitor: key of the logs, default "val_loss"; read with `save_best_only` only.
        verbose: 0 is silent; 1 prints what is saved, and what is not because it does not improve.
        save_best_only: save only what improves; default False.
        mode: "min", "max", or "auto": a loss is minimised, any other direction is read off the compiled metric.
        save_freq: "epoch", or after how many batches a model is saved; they are counted across epochs.
        initial_value_threshold: the value on which the first must improve; None: the first always does.
        max_to_keep: how many steps are kept, default 1: the most recent; None keeps all.
        save_on_background: go on training while the files are written, default True; done when training ends.
        save_weights_only: save neither optimizer nor architecture; default False.

    Attributes:
        best: the best value so far.
        checkpointer: the Checkpointer of Orbax.
        monitor_op: the comparison in use; None until the direction is known.

    Raises:
        ImportError: Orbax is not installed.
        TypeError: an argument is of the wrong type, or a monitored value is not one real number.
        ValueError: `save_freq` or `max_to_keep` is below 1, or nobody tells the direction (when first needed).
        NotADirectoryError: `directory` is a file.
        OSError: a step could not be written (at the next save, or when training ends).

    >>> import tempfile
    >>> from callback_reference import OrbaxCheckpoint
    >>> checkpoint = OrbaxCheckpoint(tempfile.mkdtemp(), monitor="loss", mode="min", save_best_only=True)
    >>> [checkpoint.decide(loss) for loss in (3.0, None)]
    ['save', 'missing']

    Clauses: OC-01 to OC-39.
    """

    _state: "tuple[str, ...]" = ("batches_seen", "batches_since_save", "best", "last_batch")

    def __init__(
        self,
        directory: "str | os.PathLike[str]",
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        mode: str = "auto",
        save_freq: "str | int" = "epoch",
        initial_value_threshold: "float | None" = None,
        max_to_keep: "int | None" = 1,
        save_on_background: bool = True,
        save_weights_only: bool = False,
    ) -> None:
        super().__init__(monitor, mode, min_delta=0)
        self._require("directory", directory, isinstance(directory, (str, os.PathLike)), "a path")  # OC-26
        self._require("verbose", verbose, is_number(verbose), "a number")
        for name, flag in (
            ("save_best_only", save_best_only), ("save_on_background", save_on_background),
            ("save_weights_only", save_weights_only),
        ):  # fmt: skip
            self._require(name, flag, flag in (True, False), "True or False")
        threshold = initial_value_threshold
        self._require("initial_value_threshold", threshold, threshold is None or is_number(threshold), "a number")
        if save_freq != "epoch" and not _is_count(save_freq):  # OC-24
            raise ValueError(f"{self._name}: save_freq must be 'epoch' or a number of batches, got {save_freq!r}")
        if max_to_keep is not None and not _is_count(max_to_keep):  # OC-25
            raise ValueError(f"{self._name}: max_to_keep must be None or a number of steps, got {max_to_keep!r}")
        self.directory = os.path.abspath(directory)  # OC-22
        if os.path.exists(self.directory) and not os.path.isdir(self.directory):
            raise NotADirectoryError(f"{self._name}: directory {self.directory!r} is a file")  # OC-23
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_freq = save_freq
        self.max_to_keep = max_to_keep
        self.save_on_background = save_on_background
        self.save_weights_only = save_weights_only
        self.best: Any = initial_value_threshold  # OC-12
        self.batches_seen = 0
        self.batches_since_save = 0
        self.last_batch = -1
        self.checkpointer = _checkpointer(self.directory, max_to_keep)
        self._saving: Any = None

    def set_model(self, model: "Model") -> None:
        """Take the model, and the number of batches that it has been trained on before."""
        super().set_model(model)
        self.batches_seen = max(self.batches_seen, batches_trained(self.model))  # OC-38

    def on_train_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Count the batches, and consider the model each time that there are enough."""
        seen = batch + 1 if batch <= self.last_batch else batch - self.last_batch  # OC-08, OC-09
        self.last_batch = batch
        self.batches_seen += seen
        self.batches_since_save += seen
        if self.save_freq != "epoch" and self.batches_since_save >= int(self.save_freq):
            self.batches_since_save = 0
            self._consider(self.batches_seen, f"batch {batch}", f"Batch {self.batches_seen}", logs)

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Consider the model."""
        self.last_batch = -1
        if self.save_freq == "epoch":
            self._consider(epoch, f"epoch {epoch}", f"Epoch {epoch + 1}", logs)  # OC-01

    def on_train_end(self, logs: "Logs | None" = None) -> None:
        """Wait until everything is written."""
        super().on_train_end(logs)
        self.wait_until_finished()  # OC-18

    def wait_until_finished(self) -> None:
        """Wait until everything is written; an error of the background is raised here."""
        saving, self._saving = self._saving, None
        if saving is not None:
            saving.result()  # OC-27

    def decide(self, value: "Any") -> str:
        """Answer "save", "wait" or "missing"; change nothing but the direction, once it is needed."""
        if not self.save_best_only:
            return "save"
        if value is None:
            return "missing"
        require_number(value, self.monitor)  # OC-28
        self._find_direction()  # OC-20
        return "save" if self.best is None or self._improves_on(value, self.best) else "wait"

    def _consider(self, step: int, moment: str, printed: str, logs: "Logs | None") -> None:
        value = (logs or {}).get(self.monitor)
        verdict = self.decide(value)
        if verdict == "missing":
            warnings.warn(MISSING.format(monitor=self.monitor, moment=moment), stacklevel=3)  # OC-13
        elif verdict == "wait":
            self._print(NO_BETTER.format(moment=printed, monitor=self.monitor, best=self.best))
        else:
            self._save(step, printed)
            self.best = value if self.save_best_only else self.best

    def _save(self, step: int, printed: str) -> None:
        self.wait_until_finished()
        latest = self.checkpointer.latest
        step = step if latest is None else max(step, latest.step + 1)  # OC-19
        self._print(SAVING.format(moment=printed, step=step, directory=self.directory))  # OC-21
        self._saving = self.checkpointer.save_checkpointables_async(step, self._content())
        if not self.save_on_background:
            self.wait_until_finished()  # OC-17

    def _content(self) -> "dict[str, Any]":
        content: dict[str, Any] = {"pytree": state_of(self.model, self.save_weights_only)}
        if self.save_weights_only:
            return content  # OC-15
        content["model_config"] = {"config": self.model.to_json()}  # type: ignore[attr-defined]  # OC-14
        assets = assets_of(self.model)
        return {**content, "assets": assets} if assets else content

    def _print(self, text: str) -> None:
        if self.verbose > 0:
            print(text)


def _is_count(value: "Any") -> bool:
    return isinstance(value, int) and value >= 1


def _checkpointer(directory: str, max_to_keep: "int | None") -> "Any":
    try:
        from orbax.checkpoint import v1 as orbax  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError(NO_ORBAX) from error  # OC-31
    policies = orbax.training.preservation_policies
    keep = policies.PreserveAll() if max_to_keep is None else policies.LatestN(max_to_keep)  # OC-16
    return orbax.training.Checkpointer(directory, preservation_policy=keep)
