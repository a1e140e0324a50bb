"""Wrong combinations: a list whose members are right but for one, which heeds the others too much or too little."""

import shutil
from collections.abc import Callable
from typing import Any

import callback_reference
from callback_reference import CallbackList

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


def _spoilt(name: str, **methods: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Return the member of this name with other methods, which get the right class first: see `member_classes`."""

    def make(*arguments: Any, **named: Any) -> Any:
        right = getattr(callback_reference, name)

        def bound(method: Callable[..., Any]) -> Callable[..., Any]:
            return lambda self, *positional, **keywords: method(right, self, *positional, **keywords)

        spoilt = {key: bound(method) for key, method in methods.items()}
        return type(f"Wrong{name}", (right,), spoilt)(*arguments, **named)

    return {name: make}


def _sets_on_change(right: Any, self: Any, epoch: int, logs: Logs = None) -> None:
    result = self.schedule(epoch, 1.0)
    if result != vars(self).get("_before"):
        right.on_epoch_begin(self, epoch, logs)
    self._before = result


@caught_by("CO-01")
class SetsTheRateWhenItChanges(CallbackList):
    """The scheduler leaves the rate alone while the schedule returns the same."""

    member_classes = _spoilt("LearningRateScheduler", on_epoch_begin=_sets_on_change)


def _remembers(right: Any, self: Any, epoch: int, logs: Logs = None) -> None:
    if hasattr(self, "_own"):
        self.model.optimizer.learning_rate = self._own
    right.on_epoch_begin(self, epoch, logs)
    self._own = float(self.model.optimizer.learning_rate)


@caught_by("CO-01", "CO-02")
class BuildsOnItsOwnRate(CallbackList):
    """The scheduler gives the schedule the rate that it set itself, not the one that stands."""

    member_classes = _spoilt("LearningRateScheduler", on_epoch_begin=_remembers)


def _logs_the_reduced(right: Any, self: Any, epoch: int, logs: Logs = None) -> None:
    right.on_epoch_end(self, epoch, logs)
    if logs is not None:
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)


@caught_by("CO-03")
class LogsTheRateOfTheNextEpoch(CallbackList):
    """The reducer logs the rate when it has reduced it."""

    member_classes = _spoilt("ReduceLROnPlateau", on_epoch_end=_logs_the_reduced)


def _logs_nothing(right: Any, self: Any, epoch: int, logs: Logs = None) -> None:
    right.on_epoch_end(self, epoch, logs)
    (logs or {}).pop("learning_rate", None)


@caught_by("CO-03", "CO-04")
class LogsNoRate(CallbackList):
    """The reducer keeps the rate to itself."""

    member_classes = _spoilt("ReduceLROnPlateau", on_epoch_end=_logs_nothing)


def _asks_the_optimizer(right: Any, self: Any, epoch: int, logs: Logs = None) -> None:
    right.on_epoch_end(self, epoch, {**(logs or {}), "learning_rate": 0.5})


@caught_by("CO-05")
class AddsTheRateItself(CallbackList):
    """The log of rows has a column for the rate wherever it stands."""

    member_classes = _spoilt("CSVLogger", on_epoch_end=_asks_the_optimizer)


class _WithoutOptimizer:
    optimizer = None

    def __init__(self, model: Any) -> None:
        self._inner = model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _believes_the_logs(right: Any, self: Any, epoch: int, logs: Logs = None) -> None:
    model = self._model
    if "learning_rate" not in (logs or {}):
        self._model = _WithoutOptimizer(model)
    right.on_epoch_end(self, epoch, logs)
    self._model = model


@caught_by("CO-06")
class WritesARateThatIsLogged(CallbackList):
    """The board writes the rate if a callback before it logged one."""

    member_classes = _spoilt("TensorBoard", on_epoch_end=_believes_the_logs)


def _keeps_after_a_stop(right: Any, self: Any, logs: Logs = None) -> None:
    if not self.model.stop_training:
        right.on_train_end(self, logs)


@caught_by("CO-07")
class KeepsTheBackupAfterAStop(CallbackList):
    """The backup takes a stop for a failure."""

    member_classes = _spoilt("BackupAndRestore", on_train_end=_keeps_after_a_stop)


def _skips_nan(right: Any, self: Any, epoch: int, logs: Logs = None) -> None:
    if (logs or {}).get("loss") == (logs or {}).get("loss"):
        right.on_epoch_end(self, epoch, logs)


@caught_by("CO-08")
class SavesNoNaN(CallbackList):
    """The checkpoint leaves out an epoch whose loss is NaN."""

    member_classes = _spoilt("ModelCheckpoint", on_epoch_end=_skips_nan)


def _notes(right: Any, self: Any, batch: int, logs: Logs = None) -> None:
    loss = (logs or {}).get("loss", 0.0)
    self._bad = vars(self).get("_bad", False) or loss != loss


def _raises_late(right: Any, self: Any, epoch: int, logs: Logs = None) -> None:
    if vars(self).get("_bad"):
        raise RuntimeError("the loss of a batch was NaN")


@caught_by("CO-09")
class RaisesAtTheEndOfTheEpoch(CallbackList):
    """What watches for NaN lets the epoch end before it raises."""

    member_classes = _spoilt("TerminateOnNaN", on_batch_end=_notes, on_epoch_end=_raises_late)


def _clears(right: Any, self: Any, logs: Logs = None) -> None:
    shutil.rmtree("backup", ignore_errors=True)
    right.on_train_begin(self, logs)


@caught_by("CO-10", "CO-11")
class BeginsClean(CallbackList):
    """The backup removes what an earlier training left."""

    member_classes = _spoilt("BackupAndRestore", on_train_begin=_clears)


def _saves_no_nan(right: Any, self: Any, batch: int, logs: Logs = None) -> None:
    loss = (logs or {}).get("loss", 0.0)
    if loss == loss:
        right.on_train_batch_end(self, batch, logs)


@caught_by("CO-11")
class BacksNoNaNUp(CallbackList):
    """The backup leaves out a batch whose loss is NaN."""

    member_classes = _spoilt("BackupAndRestore", on_train_batch_end=_saves_no_nan)


def _always(swap_on_epoch: bool) -> dict[str, Callable[..., Any]]:
    def make(**named: Any) -> Any:
        return getattr(callback_reference, "SwapEMAWeights")(swap_on_epoch=swap_on_epoch)  # noqa: B009 - see _spoilt

    return {"SwapEMAWeights": make}


@caught_by("CO-12", "CO-14")
class NeverSwapsAtAnEpoch(CallbackList):
    """What swaps weights does so for tests only."""

    member_classes = _always(False)


@caught_by("CO-13")
class AlwaysSwapsAtAnEpoch(CallbackList):
    """What swaps weights does so at each epoch's end, asked or not."""

    member_classes = _always(True)


def _restores_at_once(right: Any, self: Any, epoch: int, logs: Logs = None) -> None:
    right.on_epoch_end(self, epoch, logs)
    if self.model.stop_training and self.best_weights is not None:
        self.model.set_weights(self.best_weights)


@caught_by("CO-15")
class RestoresBeforeTheOthersSave(CallbackList):
    """Early stopping puts the best weights back within the epoch that it stops."""

    member_classes = _spoilt("EarlyStopping", on_epoch_end=_restores_at_once)


def _saves_the_last(right: Any, self: Any, logs: Logs = None) -> None:
    right.on_train_end(self, logs)
    self.model.save_weights("best.weights.h5", overwrite=True)


@caught_by("CO-16")
class SavesTheLastToo(CallbackList):
    """The checkpoint saves once more when training ends."""

    member_classes = _spoilt("ModelCheckpoint", on_train_end=_saves_the_last)
