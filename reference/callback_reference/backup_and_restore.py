"""BackupAndRestore: continue a training that was interrupted where its last backup was made."""

import os
from collections.abc import Sequence
from typing import Any

from .backends import build_optimizer, read_seeds, start_at, write_seeds
from .backup_files import PREVIOUS, BackupFiles
from .callback import Callback
from .saved_state import pack, unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .protocol import Logs

__all__ = ["BackupAndRestore"]

BAD_FREQ = "BackupAndRestore: save_freq must be 'epoch', a positive integer, or False, got {got!r}"
BAD_DIR = "BackupAndRestore: backup_dir must be the path of a directory, got {got!r}"
BAD_FLAG = "BackupAndRestore: {name} must be True or False, got {got!r}"
STATELESS = "BackupAndRestore: callbacks must hold callbacks with state_dict and load_state_dict, got {got!r}"
UNBUILT = "BackupAndRestore: the model must be built before training, so that its weights can be restored; got {got!r}"
UNREADABLE = "BackupAndRestore: the backup in {folder!r} cannot be read ({why}); remove it to begin anew"
OTHERS = "BackupAndRestore: the backup in {folder!r} holds the states of {saved}, but callbacks are {given}"


class BackupAndRestore(Callback):
    """Decide when a backup of the training is due, write it, and continue from it when training begins again.

    A backup is due

        at the end of each epoch                                        if save_freq is "epoch"
        after a batch, `save_freq` or more batches after the last       if save_freq is a number

    It holds what `model.save_weights` writes, the number of the epoch to begin with, the seed generators of the model,
    and the states of the callbacks that you name. It does not hold the order in which `fit` shuffles the data.

    Args:
        backup_dir: a local directory, used by nothing else.
        save_freq: "epoch" (default), a number of batches, or False: write none, but restore the one that is there.
        double_checkpoint: keep the backup before the latest too, in case the latest cannot be read; default False.
        delete_checkpoint: remove the backups when training ends; default True. Other files are left alone.
        callbacks: callbacks whose states the backup holds; put them before this one in the list of `fit`.

    Attributes:
        initial_epoch: the epoch (from 0) at which the latest run began because of a backup; None if it began anew.

    Raises:
        TypeError: an argument is of the wrong type, or a callback's state holds something that is no data.
        ValueError: `save_freq` or `backup_dir` is not one of the above, the model is not built, or the backup holds the
            states of other callbacks.
        OSError: no backup that is there can be read (when training begins).

    >>> import tempfile
    >>> from pathlib import Path
    >>> class Model:
    ...     steps, stop_training, history = 0, False, None
    ...     def save_weights(self, path):
    ...         Path(path).write_text(str(self.steps))
    ...     def load_weights(self, path):
    ...         self.steps = int(Path(path).read_text())
    >>> folder = tempfile.mkdtemp()
    >>> first = BackupAndRestore(folder)
    >>> first.set_model(Model())
    >>> first.on_train_begin()
    >>> for epoch in range(3):
    ...     first.on_epoch_begin(epoch)
    ...     first.model.steps += 10
    ...     first.on_epoch_end(epoch)  # and after three epochs the power fails
    >>> second = BackupAndRestore(folder)
    >>> second.set_model(Model())
    >>> second.on_train_begin()
    >>> print("begin at epoch", second.initial_epoch, "with", second.model.steps, "steps done")
    begin at epoch 3 with 30 steps done

    Clauses: BR-01 to BR-42.
    """

    _state = ("epoch", "last_batch", "unsaved_batches")

    def __init__(
        self,
        backup_dir: "str | os.PathLike[str]",
        save_freq: "str | int" = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
        callbacks: "Sequence[Any]" = (),
    ) -> None:
        super().__init__()
        if backup_dir is None or backup_dir == "":
            raise ValueError(BAD_DIR.format(got=backup_dir))  # BR-03
        if not isinstance(backup_dir, (str, os.PathLike)):
            raise TypeError(BAD_DIR.format(got=backup_dir))
        if not (save_freq == "epoch" or save_freq is False or (type(save_freq) is int and save_freq > 0)):
            raise ValueError(BAD_FREQ.format(got=save_freq))  # BR-08, BR-09
        for name, flag in {"double_checkpoint": double_checkpoint, "delete_checkpoint": delete_checkpoint}.items():
            if flag not in (True, False):
                raise TypeError(BAD_FLAG.format(name=name, got=flag))  # BR-04
        for callback in callbacks:
            if not (hasattr(callback, "state_dict") and hasattr(callback, "load_state_dict")):
                raise TypeError(STATELESS.format(got=callback))  # BR-29
        self.backup_dir = backup_dir
        self.save_freq = save_freq
        self.double_checkpoint = double_checkpoint
        self.delete_checkpoint = delete_checkpoint
        self.callbacks = tuple(callbacks)
        self.initial_epoch: int | None = None
        self.epoch = self.last_batch = self.unsaved_batches = 0
        self._files = BackupFiles(os.fspath(backup_dir), bool(double_checkpoint))

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Restore the last backup, if there is one, and tell the model the epoch to begin with."""
        if not getattr(self.model, "built", True):
            raise ValueError(UNBUILT.format(got=self.model))  # BR-16
        self._files.tidy()
        self.initial_epoch = self._restore()
        start_at(self.model, self.initial_epoch)  # BR-10; and None forgets what a failed run left behind: BR-18

    def on_epoch_begin(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Note the epoch; what was restored must not reach a later run."""
        self.epoch = epoch  # BR-07
        self._forget_start()

    def on_train_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Write a backup if `save_freq` batches have passed."""
        self.unsaved_batches += batch - self.last_batch if batch > self.last_batch else batch + 1  # BR-06, BR-24
        self.last_batch = batch
        if self.decide() == "save":
            self._save(self.epoch, batch)
            self.unsaved_batches = 0

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Write a backup that begins with the next epoch."""
        self.epoch = epoch + 1
        self.last_batch = 0
        if self.save_freq == "epoch":
            self._save(epoch + 1, 0)  # BR-05

    def on_train_end(self, logs: "Logs | None" = None) -> None:
        """Remove the backups, unless they are to be kept."""
        self._forget_start()
        if self.delete_checkpoint:
            self._files.clear()  # BR-20, BR-21

    def decide(self) -> str:
        """Answer "save" or "wait" after a batch; change nothing."""
        counts = self.save_freq != "epoch" and self.save_freq is not False
        return "save" if counts and self.unsaved_batches >= int(self.save_freq) else "wait"

    def _save(self, epoch: int, batch: int) -> None:
        metadata: dict[str, Any] = {"epoch": epoch, "batch": batch}
        arrays: dict[str, Any] = {}
        if seeds := read_seeds(self.model):
            metadata["seeds"] = seeds  # BR-26
        if self.callbacks:
            metadata["callbacks"] = [
                [type(callback).__name__, pack(callback.state_dict(), arrays, type(callback).__name__)]
                for callback in self.callbacks
            ]
            metadata["stopped"] = bool(self.model.stop_training)  # BR-30
        if arrays:
            metadata["arrays"] = True
        self._files.write(self.model.save_weights, metadata, arrays)

    def _restore(self) -> "int | None":
        """Load the latest backup that can be read, and return the epoch to begin with."""
        failure: OSError | None = None
        for suffix in ("", PREVIOUS):  # BR-14
            try:
                found = self._files.read(suffix)
                if found is None:
                    continue
                build_optimizer(self.model)  # BR-41
                self.model.load_weights(found[2])
            except OSError as error:
                failure = failure or error
                continue
            if failure is not None:
                self._files.set_aside()
            return self._take_over(found[0], found[1])
        if failure is not None:
            raise OSError(UNREADABLE.format(folder=str(self.backup_dir), why=failure)) from failure  # BR-15
        return None

    def _take_over(self, metadata: dict[str, Any], arrays: Any) -> int:
        """Restore what stands beside the weights, and return the epoch to begin with."""
        states = metadata.get("callbacks", [])
        saved, given = [name for name, _ in states], [type(callback).__name__ for callback in self.callbacks]
        if saved != given:
            names = [", ".join(each) or "none" for each in (saved, given)]
            raise ValueError(OTHERS.format(folder=str(self.backup_dir), saved=names[0], given=names[1]))  # BR-31
        for callback, (_, state) in zip(self.callbacks, states, strict=True):
            callback.load_state_dict(unpack(state, arrays))  # BR-27
        write_seeds(self.model, metadata.get("seeds", []))
        epoch: int = metadata["epoch"]
        if metadata.get("stopped"):
            epoch = max(epoch, (self.params or {}).get("epochs") or 0)  # BR-30: nothing is left to train
        return epoch

    def _forget_start(self) -> None:
        start_at(self.model, None)  # BR-18
        for callback in self.callbacks:
            getattr(callback, "_begins_anew", bool)()  # BR-28: loaded for this run, not for the next
