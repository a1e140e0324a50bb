"""Wrong callbacks that stop at an invalid loss."""

import math
from typing import Any

from callback_reference import TerminateOnNaN
from callback_reference.callback import Callback

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None
INF = math.inf


@caught_by("TN-01", "TN-06")
class NeverStops(TerminateOnNaN):
    """Looks for NaN by comparing with it."""

    def is_invalid(self, loss: Any) -> bool:
        return bool(loss == math.nan or abs(loss) == INF)


@caught_by("TN-02")
class OnlyNaN(TerminateOnNaN):
    """Takes infinity for a number to go on from."""

    def is_invalid(self, loss: Any) -> bool:
        super().is_invalid(loss)
        return bool(loss != loss)


@caught_by("TN-02")
class OnlyOneInfinity(TerminateOnNaN):
    """Forgets minus infinity."""

    def is_invalid(self, loss: Any) -> bool:
        return super().is_invalid(loss) and bool(loss != -INF)


@caught_by("TN-03")
class LooksInFloat32(TerminateOnNaN):
    """Rounds the loss to 32 bits first."""

    def is_invalid(self, loss: Any) -> bool:
        return super().is_invalid(loss) or abs(loss) > 3.5e38


@caught_by("TN-04")
class LooksAtEverything(TerminateOnNaN):
    """Stops at any invalid value."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        for value in (logs or {}).values():
            super().on_batch_end(batch, {"loss": value})


@caught_by("TN-05")
class NeedsALoss(TerminateOnNaN):
    """Takes a missing loss for an invalid one."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        loss = (logs or {}).get("loss")
        super().on_batch_end(batch, {"loss": math.nan if loss is None else loss})


@caught_by("TN-06")
class OnlyPythonFloats(TerminateOnNaN):
    """Does not know the scalars of NumPy, but for float64, which is a float."""

    def is_invalid(self, loss: Any) -> bool:
        return type(loss) is float and super().is_invalid(loss)


@caught_by("TN-07")
class CountsFromOne(TerminateOnNaN):
    """Prints the number of the batch instead of its index."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_batch_end(batch + 1, logs)


@caught_by("TN-08", "TN-01")
class StopsAtTheEndOfTheEpoch(TerminateOnNaN):
    """Finds the invalid loss, and says so only when the epoch ends."""

    found = False

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        before = self.model.stop_training
        super().on_batch_end(batch, logs)
        self.found = self.found or self.model.stop_training
        self.model.stop_training = before

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.model.stop_training = self.found


class Stop(Exception):
    """What a callback raises that knows no other way to stop."""


@caught_by("TN-08", "TN-09")
class StopsByRaising(TerminateOnNaN):
    """Leaves `fit` by an exception, whatever `raise_error` says."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_batch_end(batch, logs)
        if self.model.stop_training:
            raise Stop


@caught_by("TN-10")
class TellsNobodyUntilTheEnd(TerminateOnNaN):
    """Keeps an invalid loss to itself until the epoch ends, if it is that of the last batch."""

    stopped = False

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        before = self.model.stop_training
        super().on_batch_end(batch, logs)
        self.stopped = self.model.stop_training and not before
        self.model.stop_training = before

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.model.stop_training = self.model.stop_training or self.stopped


@caught_by("TN-11", "TN-12")
class RaisesNothing(TerminateOnNaN):
    """Stores `raise_error`, and forgets it."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        wanted, self.raise_error = self.raise_error, False
        super().on_batch_end(batch, logs)
        self.raise_error = wanted


@caught_by("TN-11")
class RaisesAtTheEndOfTheEpoch(TerminateOnNaN):
    """Waits with the exception until the epoch ends."""

    failed: Exception | None = None

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        try:
            super().on_batch_end(batch, logs)
        except RuntimeError as error:
            self.failed = error

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.failed:
            raise self.failed


@caught_by("TN-12")
class SaysOnlyThatItFailed(TerminateOnNaN):
    """Leaves batch and loss out of the exception."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        try:
            super().on_batch_end(batch, logs)
        except RuntimeError:
            raise RuntimeError("the loss is invalid") from None


@caught_by("TN-13")
class StopsBesideRaising(TerminateOnNaN):
    """Prints and raises the flag before it raises the exception."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        loss = (logs or {}).get("loss")
        if self.raise_error and loss is not None and self.is_invalid(loss):
            print(f"Batch {batch}: Invalid loss")
            self.model.stop_training = True
        super().on_batch_end(batch, logs)


@caught_by("TN-14")
class RaisesUnlessToldOtherwise(TerminateOnNaN):
    """Has the other default."""

    def __init__(self, raise_error: bool = True) -> None:
        super().__init__(raise_error)


@caught_by("TN-15")
class TakesAnything(TerminateOnNaN):
    """Takes the truth of whatever is passed."""

    def __init__(self, raise_error: Any = False) -> None:
        super().__init__(bool(raise_error))


@caught_by("TN-16")
class LooksAtEpochsToo(TerminateOnNaN):
    """Sets the flag anew at the end of each epoch."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.model.stop_training = any(value != value for value in (logs or {}).values() if isinstance(value, float))


@caught_by("TN-17")
class LooksAtEvaluation(TerminateOnNaN):
    """Looks at every batch there is."""

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.on_batch_end(batch, logs)


@caught_by("TN-18")
class KnowsOneName(TerminateOnNaN):
    """Overrides the newer name of the hook alone."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_batch_end(batch, logs)

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        pass


@caught_by("TN-19")
class SpeaksOnce(TerminateOnNaN):
    """Looks no more once it has stopped a training."""

    done = False

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        if not self.done:
            super().on_batch_end(batch, logs)
            self.done = self.model.stop_training


@caught_by("TN-20")
class PassesOverWhatIsNoNumber(TerminateOnNaN):
    """Swallows the error about a loss that is no number."""

    def is_invalid(self, loss: Any) -> bool:
        try:
            return super().is_invalid(loss)
        except TypeError:
            return False


@caught_by("TN-21")
class TakesTheFlagBack(TerminateOnNaN):
    """Sets the flag to what it thinks of this batch."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.model.stop_training = False
        super().on_batch_end(batch, logs)


@caught_by("TN-21")
class PutsTheWeightsBack(TerminateOnNaN):
    """Restores the weights of the batch before."""

    kept: Any = None

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.kept = self.model.get_weights()

    def on_train_end(self, logs: Logs = None) -> None:
        if self.model.stop_training and self.kept is not None:
            self.model.set_weights(self.kept)


@caught_by("TN-22")
class OverlooksTheThird(TerminateOnNaN):
    """Overlooks minus infinity in the third batch of an epoch, if that is the last."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        overlooked = batch == 2 and (logs or {}).get("loss") == -INF
        Callback.on_batch_end(self, batch, logs) if overlooked else super().on_batch_end(batch, logs)
