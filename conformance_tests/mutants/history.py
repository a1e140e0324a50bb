"""Wrong histories."""

from typing import Any

from callback_reference import History

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


@caught_by("HI-01")
class BeginsWithNone(History):
    """Has no dictionary before training."""

    def __init__(self) -> None:
        super().__init__()
        self.history = None  # type: ignore[assignment]

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.history = self.history or {}


@caught_by("HI-02")
class HasNoEpochBeforeTraining(History):
    """Makes the list when training begins, as Keras does."""

    def __init__(self) -> None:
        super().__init__()
        del self.epoch


@caught_by("HI-03")
class CountsItsOwnEpochs(History):
    """Numbers the epochs itself."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(len(self.epoch), logs)


@caught_by("HI-03")
class NotesAnEpochOnce(History):
    """Takes a second report of an epoch for a mistake."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.epoch = sorted(set(self.epoch))


@caught_by("HI-04")
class RoundsValues(History):
    """Keeps floats only."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        numbers = {name: float(value) for name, value in (logs or {}).items() if isinstance(value, int | float)}
        super().on_epoch_end(epoch, numbers)


@caught_by("HI-04")
class DropsNone(History):
    """Takes None for a value that was not reported."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, {name: value for name, value in (logs or {}).items() if value is not None})


@caught_by("HI-05")
class FillsGaps(History):
    """Fills the epochs that did not log a key with None."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        for values in self.history.values():
            while len(values) < len(self.epoch):
                values.insert(0, None)


@caught_by("HI-05")
class KeepsTheKeysOfTheFirstEpoch(History):
    """Records only what the first epoch reported."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        known = self.history or logs or {}
        super().on_epoch_end(epoch, {name: value for name, value in (logs or {}).items() if name in known})


@caught_by("HI-06")
class RecordsBatches(History):
    """Records the batches too."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


@caught_by("HI-06")
class RecordsTheEnd(History):
    """Records the logs of the end of training, which are those of the last epoch."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


@caught_by("HI-07")
class LeavesTheModelAlone(History):
    """Tells the model nothing."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        model, self._model = self._model, None
        super().on_epoch_end(epoch, logs)
        self._model = model


@caught_by("HI-07")
class TellsTheModelAtOnce(History):
    """Gives itself to the model as training begins, and never again."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        if self.model is not None:
            self.model.history = self

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        model, self._model = self._model, None
        super().on_epoch_end(epoch, logs)
        self._model = model


@caught_by("HI-08")
class NeedsAModel(History):
    """Fails without a model, as Keras does."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.model.history = self


@caught_by("HI-09")
class EmptiesTheOldList(History):
    """Clears the list of epochs that somebody may hold."""

    def on_train_begin(self, logs: Logs = None) -> None:
        if self._begins_anew():
            self.epoch.clear()


@caught_by("HI-09", "HI-11")
class ForgetsTheFirstTraining(History):
    """Starts with an empty history in each training."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.history = {}


@caught_by("HI-10")
class RecordsEachEpochOnce(History):
    """Leaves out an epoch that it has just recorded."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.epoch[-1:] != [epoch]:
            super().on_epoch_end(epoch, logs)


@caught_by("HI-12")
class SortsItsKeys(History):
    """Keeps the keys in alphabetical order."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.history = dict(sorted(self.history.items()))


@caught_by("HI-13")
class WantsLogs(History):
    """Fails without logs."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, dict(logs.items()))  # type: ignore[union-attr]


@caught_by("HI-13")
class SkipsEpochsWithoutLogs(History):
    """Notes no epoch that reported nothing."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs:
            super().on_epoch_end(epoch, logs)


@caught_by("HI-14")
class ForgetsTheLoadedEpochs(History):
    """Begins a list of epochs anew after its state was loaded."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self.epoch = []


@caught_by("HI-14")
class SavesTheValuesOnly(History):
    """Leaves the epochs out of its state."""

    _state: tuple[str, ...] = ("history",)


@caught_by("HI-15")
class SharesItsState(History):
    """Hands out the very lists that it goes on filling."""

    def state_dict(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "history": self.history}


@caught_by("HI-16")
class ForgetsAfterFourEpochs(History):
    """Keeps the epochs of a short training only, to save memory."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.epoch = self.epoch[-4:]


@caught_by("HI-16")
class DropsInfinity(History):
    """Takes an infinite value for a mistake."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        kept = {name: value for name, value in (logs or {}).items() if value not in (float("inf"), float("-inf"))}
        super().on_epoch_end(epoch, kept)
