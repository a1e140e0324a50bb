"""Wrong EarlyStoppings: what people get wrong when they write one themselves."""

import math
import sys
import warnings
from typing import Any

from callback_reference import EarlyStopping
from callback_reference.improvement import direction_of, greater, less

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


def _numbers(*values: Any) -> list[float]:
    return [float(value) for value in values]


# Which value is looked at


@caught_by("ES-01")
class MonitorsTheTrainingLoss(EarlyStopping):
    """Has `loss` as the default monitor."""

    def __init__(self, monitor: str = "loss", **more: Any) -> None:
        super().__init__(monitor, **more)


@caught_by("ES-01")
class LooksAtTheLastMetric(EarlyStopping):
    """Takes the last value of the logs, whatever its name."""

    def get_monitor_value(self, logs: Logs) -> Any:
        return list((logs or {"": None}).values())[-1]


@caught_by("ES-01")
class IgnoresMonitor(EarlyStopping):
    """Looks at `val_loss` always."""

    def get_monitor_value(self, logs: Logs) -> Any:
        return (logs or {}).get("val_loss")


@caught_by("ES-17")
class FallsBackToTheLoss(EarlyStopping):
    """Takes the training loss where the monitored value is missing."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        return (logs or {}).get("loss") if value is None else value


@caught_by("ES-17")
class CountsAMissingValueAsAWait(EarlyStopping):
    """Takes a missing value for one that does not improve."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        return math.nan if value is None and self.best is not None else value


@caught_by("ES-17")
class RaisesOnAMissingKey(EarlyStopping):
    """Indexes the logs."""

    def get_monitor_value(self, logs: Logs) -> Any:
        return (logs or {})[self.monitor]


@caught_by("ES-17")
class SkipsAMissingKeySilently(EarlyStopping):
    """Does not warn of a missing value."""

    def get_monitor_value(self, logs: Logs) -> Any:
        return (logs or {}).get(self.monitor)


@caught_by("ES-17")
class ForgetsTheWaitAtAGap(EarlyStopping):
    """Starts to count again after an epoch without the value."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        if value is None:
            self.wait = 0
        return value


@caught_by("ES-17")
class WarnsOnceInItsLife(EarlyStopping):
    """Warns of the first missing value only."""

    warned = False

    def get_monitor_value(self, logs: Logs) -> Any:
        missing = (logs or {}).get(self.monitor) is None
        if self.warned and missing:
            return None
        self.warned = missing
        return super().get_monitor_value(logs)


@caught_by("ES-17")
class WarnsWithoutSayingWhatThereIs(EarlyStopping):
    """Warns, but names neither the monitor nor the available metrics."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = (logs or {}).get(self.monitor)
        if value is None:
            warnings.warn("The monitored metric is not available.", stacklevel=2)
        return value


@caught_by("ES-17")
class PrintsInsteadOfWarning(EarlyStopping):
    """Prints that the value is missing."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = (logs or {}).get(self.monitor)
        if value is None:
            print(self.monitor, *(logs or {}))
        return value


@caught_by("ES-18")
class TakesNoneForAValue(EarlyStopping):
    """Asks whether the key is there, not whether it holds a value."""

    def get_monitor_value(self, logs: Logs) -> Any:
        return (logs or {})[self.monitor] if self.monitor in (logs or {}) else super().get_monitor_value(logs)


@caught_by("ES-18")
class TakesNoneForZero(EarlyStopping):
    """Writes `or 0`."""

    def get_monitor_value(self, logs: Logs) -> Any:
        return (logs or {}).get(self.monitor) or 0.0


@caught_by("ES-02", "ES-04")
class TakesZeroForMissing(EarlyStopping):
    """Writes `if not value: return`."""

    def get_monitor_value(self, logs: Logs) -> Any:
        return super().get_monitor_value(logs) or None


@caught_by("ES-44")
class AnswersWithZero(EarlyStopping):
    """Returns 0 from `get_monitor_value` where there is no value, and looks itself at the epoch's end."""

    def get_monitor_value(self, logs: Logs) -> Any:
        return super().get_monitor_value(logs) or 0


@caught_by("ES-44")
class CannotBeAskedWithoutLogs(EarlyStopping):
    """Forgets that `logs` may be None."""

    def get_monitor_value(self, logs: Logs) -> Any:
        assert logs is not None
        return super().get_monitor_value(logs)


# Which way is better


@caught_by("ES-02", "ES-30")
class MixesUpTheModes(EarlyStopping):
    """Maximises with "min" and minimises with "max"."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(less(-value, -other) if self.monitor_op is less else greater(-value, -other))


@caught_by("ES-02")
class ComparesMagnitudes(EarlyStopping):
    """Takes a loss to be positive, and compares absolute values."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return super()._improves_on(abs(value), abs(other))


@caught_by("ES-03")
class AlwaysMinimises(EarlyStopping):
    """Ignores `mode="max"`."""

    def _find_direction(self) -> None:
        self.mode = "min"
        super()._find_direction()


@caught_by("ES-03", "ES-53")
class StartsFromZeroUpwards(EarlyStopping):
    """Starts from 0 in max mode, which no negative score beats."""

    def decide(self, value: Any, epoch: int) -> str:
        if self.best is None and self.monitor_op is greater:
            self.best = 0.0
        return super().decide(value, epoch)


@caught_by("ES-07", "ES-53")
class StartsFromALargeNumber(EarlyStopping):
    """Starts from 1e6 in min mode."""

    def decide(self, value: Any, epoch: int) -> str:
        if self.best is None and self.monitor_op is less:
            self.best = 1e6
        return super().decide(value, epoch)


@caught_by("ES-53", "ES-16")
class StartsFromTheBaseline(EarlyStopping):
    """Starts with the baseline as the best value; without one, skips the first value."""

    def decide(self, value: Any, epoch: int) -> str:
        if self.best is None:
            self.best = 0.0 if self.baseline is None else self.baseline
        return super().decide(value, epoch)


@caught_by("ES-29")
class RaisesOnAnUnknownMode(EarlyStopping):
    """Raises ValueError for an unknown mode."""

    def __init__(self, mode: str = "auto", **more: Any) -> None:
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode {mode!r}")
        super().__init__(mode=mode, **more)


@caught_by("ES-29")
class AcceptsAnyModeSilently(EarlyStopping):
    """Falls back to "auto" without a word."""

    def __init__(self, mode: str = "auto", **more: Any) -> None:
        super().__init__(mode=mode if mode in ("min", "max") else "auto", **more)


@caught_by("ES-29")
class TakesAnUnknownModeForMax(EarlyStopping):
    """Writes `if mode == "min": … else: maximise`."""

    def __init__(self, mode: str = "auto", **more: Any) -> None:
        super().__init__(mode=mode, **more)
        self.mode = mode if mode in ("auto", "min") else "max"


@caught_by("ES-29")
class IgnoresTheCaseOfMode(EarlyStopping):
    """Takes "MAX" for "max"."""

    def __init__(self, mode: str = "auto", **more: Any) -> None:
        super().__init__(mode=mode.lower(), **more)


@caught_by("ES-30")
class MaximisesEverythingAutomatic(EarlyStopping):
    """Maximises whatever has no mode, losses too."""

    def _find_direction(self) -> None:
        self.monitor_op = less if self.mode == "min" else greater


@caught_by("ES-30")
class KnowsOnlyTheValidationLoss(EarlyStopping):
    """Forgets that `loss` alone is minimised too."""

    def _find_direction(self) -> None:
        if self.mode == "auto" and self.monitor == "loss":
            raise ValueError(f"loss: mode {self.mode!r}")
        super()._find_direction()


@caught_by("ES-31", "ES-32")
class ReadsTheDirectionOffTheName(EarlyStopping):
    """Maximises what ends in "acc", and minimises the rest."""

    def _find_direction(self) -> None:
        if self.mode == "auto":
            self.mode = "max" if self.monitor.endswith("acc") else "min"
        super()._find_direction()


@caught_by("ES-31")
class DoesNotTakeValOff(EarlyStopping):
    """Looks for a compiled metric called `val_score`."""

    def _find_direction(self) -> None:
        if self.mode == "auto" and self.monitor.startswith("val_") and self.monitor != "val_loss":
            raise ValueError(f"{self.monitor}: mode {self.mode!r}")
        super()._find_direction()


@caught_by("ES-31")
class MaximisesEveryMetric(EarlyStopping):
    """Asks whether a compiled metric has a direction, not which."""

    def _find_direction(self) -> None:
        if self.mode == "auto" and direction_of(self.monitor, self.model):
            self.mode = "min" if self.monitor.endswith("loss") else "max"
        super()._find_direction()


@caught_by("ES-31")
class AsksTheFirstMetric(EarlyStopping):
    """Takes the direction of whichever compiled metric comes first."""

    def _find_direction(self) -> None:
        for metric in getattr(self.model, "metrics", [None])[0].metrics[:1]:
            self.mode = {"up": "max", "down": "min"}.get(getattr(metric, "_direction", ""), self.mode)
        super()._find_direction()


@caught_by("ES-32")
class GuessesMin(EarlyStopping):
    """Minimises where nobody says which way is better."""

    def _find_direction(self) -> None:
        if self.mode == "auto" and direction_of(self.monitor, self.model) is None:
            self.mode = "min"
        super()._find_direction()


@caught_by("ES-32")
class AsksForADirectionAfterTheWarmUp(EarlyStopping):
    """Finds out that the direction is unknown after an hour of warm-up."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if epoch >= self.start_from_epoch:
            super().on_epoch_end(epoch, logs)


@caught_by("ES-32")
class AsksForADirectionWhenThereIsAValue(EarlyStopping):
    """Finds out that the direction is unknown when the value first appears."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.get_monitor_value(logs) is not None:
            super().on_epoch_end(epoch, logs)


@caught_by("ES-32")
class DoesNotSayWhichMetric(EarlyStopping):
    """Raises an error that names neither the metric nor a way out."""

    def _find_direction(self) -> None:
        if self.mode == "auto" and direction_of(self.monitor, self.model) is None:
            raise ValueError("unknown direction")
        super()._find_direction()


@caught_by("ES-32")
class TakesOffEveryVal(EarlyStopping):
    """Takes `val_` off as often as it stands there."""

    def _find_direction(self) -> None:
        if self.mode == "auto" and self.monitor.replace("val_", "") == "loss":
            self.mode = "min"
        super()._find_direction()


@caught_by("ES-32")
class MinimisesWhateverContainsLoss(EarlyStopping):
    """Writes `"loss" in monitor`."""

    def _find_direction(self) -> None:
        if self.mode == "auto" and "loss" in self.monitor:
            self.mode = "min"
        super()._find_direction()


@caught_by("ES-33")
class AsksEachModelForTheDirection(EarlyStopping):
    """Forgets the direction when another fit begins."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.monitor_op = None
        self.min_delta = abs(self.min_delta)


@caught_by("ES-54")
class FindsTheDirectionAtOnce(EarlyStopping):
    """Sets `monitor_op` in the constructor where the mode is given, as Keras 2 did."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        if self.mode != "auto":
            self._find_direction()


@caught_by("ES-54")
class FindsTheDirectionAsTrainingBegins(EarlyStopping):
    """Sets `monitor_op` in `on_train_begin`."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        if self.mode != "auto":
            self._find_direction()


@caught_by("ES-54")
class AsksTheOtherWayRound(EarlyStopping):
    """Has a `monitor_op` that tells whether its second argument is better."""

    def _find_direction(self) -> None:
        if self.monitor_op is None:
            super()._find_direction()
            better: Any = self.monitor_op
            self.monitor_op = lambda first, second: better(second, first)

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(self.monitor_op(other, value - self.min_delta))


@caught_by("ES-54")
class ShowsALooserComparison(EarlyStopping):
    """Has a `monitor_op` that calls equal values better, and compares otherwise itself."""

    better: Any = None

    def _find_direction(self) -> None:
        if self.monitor_op is None:
            super()._find_direction()
            self.better = self.monitor_op
            self.monitor_op = lambda first, second: not self.better(second, first)

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(self.better(value - self.min_delta, other))


# How two values are compared


@caught_by("ES-04")
class TakesATieForAnImprovement(EarlyStopping):
    """Writes `<=`."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return super()._improves_on(value, other) or bool(value - self.min_delta == other)


@caught_by("ES-04")
class TellsMinusZeroFromZero(EarlyStopping):
    """Sorts -0.0 below 0.0."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        signs = math.copysign(1, value), math.copysign(1, other)
        return super()._improves_on(value, other) or (value == other == 0 and signs == (-1, 1))


@caught_by("ES-04")
class TakesABestOfZeroForNone(EarlyStopping):
    """Writes `if not self.best`."""

    def decide(self, value: Any, epoch: int) -> str:
        return "improved" if not self.best else super().decide(value, epoch)


@caught_by("ES-05")
class ComparesInDoublePrecision(EarlyStopping):
    """Compares Python numbers as they are."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        value, other = value - self.min_delta, other
        return bool(value < other if self.monitor_op is less else value > other)


@caught_by("ES-05")
class RoundsToFourDecimals(EarlyStopping):
    """Compares what the progress bar shows."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return super()._improves_on(round(value, 4), round(other, 4))


@caught_by("ES-05")
class WantsATinyImprovementAtLeast(EarlyStopping):
    """Has a `min_delta` of 1e-4 when told 0, as PyTorch's schedulers do."""

    def __init__(self, min_delta: float = 0, **more: Any) -> None:
        super().__init__(min_delta=min_delta or 1e-4, **more)


@caught_by("ES-05")
class TakesCloseForEqual(EarlyStopping):
    """Calls what `math.isclose` calls equal a tie, at 1e-6."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return super()._improves_on(value, other) and not math.isclose(value, other, rel_tol=1e-6)


@caught_by("ES-06")
class ComparesEverythingInSinglePrecision(EarlyStopping):
    """Rounds NumPy float64 scalars to 32 bits too."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        return float(value) if "float64" in str(getattr(value, "dtype", "")) else value


@caught_by("ES-07")
class SkipsInfiniteValues(EarlyStopping):
    """Ignores an epoch whose value is infinite."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        return None if isinstance(value, float) and math.isinf(value) else value


@caught_by("ES-07")
class StopsAtInfinity(EarlyStopping):
    """Takes an infinite value for divergence, and stops."""

    def decide(self, value: Any, epoch: int) -> str:
        return "stop" if abs(value) == math.inf else super().decide(value, epoch)


@caught_by("ES-08")
class IgnoresNaN(EarlyStopping):
    """Skips an epoch whose value is NaN."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        return None if value != value else value


@caught_by("ES-08")
class StopsAtNaN(EarlyStopping):
    """Stops at once when the value is NaN."""

    def decide(self, value: Any, epoch: int) -> str:
        return "stop" if value != value and self.best is not None else super().decide(value, epoch)


@caught_by("ES-08")
class WritesNotWorseForBetter(EarlyStopping):
    """Writes `not value >= best`, which NaN fulfils."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(super()._improves_on(value, other) or value != value)


@caught_by("ES-09")
class StartsFromInfinity(EarlyStopping):
    """Starts from infinity, so that a first NaN does not become the best."""

    def decide(self, value: Any, epoch: int) -> str:
        if self.best is None and value != value:
            self.best = math.inf if self.monitor_op is less else -math.inf
        return super().decide(value, epoch)


@caught_by("ES-09")
class RecoversFromNaN(EarlyStopping):
    """Lets any value improve on a best that is NaN."""

    def decide(self, value: Any, epoch: int) -> str:
        return "improved" if self.best != self.best and value == value else super().decide(value, epoch)


@caught_by("ES-10")
class TakesExactlyMinDeltaForEnough(EarlyStopping):
    """Writes `best - value >= min_delta`."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return super()._improves_on(value, other) or bool(value - self.min_delta == other and self.min_delta)


@caught_by("ES-10")
class IgnoresMinDelta(EarlyStopping):
    """Never reads `min_delta`."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(self.monitor_op(value, other))


@caught_by("ES-10")
class AddsMinDeltaOnTheWrongSide(EarlyStopping):
    """Lets a value that is worse by less than `min_delta` improve."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(self.monitor_op(value + self.min_delta, other))


@caught_by("ES-10")
class TakesMinDeltaForAShare(EarlyStopping):
    """Wants an improvement of `min_delta` times the best."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(self.monitor_op(value - abs(other) * self.min_delta, other))


@caught_by("ES-10")
class ForgetsMinDeltaUpwards(EarlyStopping):
    """Applies `min_delta` in min mode only."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(greater(value, other)) if self.monitor_op is greater else super()._improves_on(value, other)


@caught_by("ES-10")
class CreepsBelowMinDelta(EarlyStopping):
    """Moves `best` with each small gain, so that many of them never add up."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        if verdict in ("wait", "stop") and less(value, self.best):
            self.best = value
        return verdict


@caught_by("ES-11")
class KeepsTheSignOfMinDelta(EarlyStopping):
    """Lets a negative `min_delta` loosen the comparison."""

    def __init__(self, min_delta: float = 0, **more: Any) -> None:
        super().__init__(min_delta=min_delta, **more)
        self.min_delta = min_delta


@caught_by("ES-11")
class TakesANegativeMinDeltaForZero(EarlyStopping):
    """Writes `max(min_delta, 0)`."""

    def __init__(self, min_delta: float = 0, **more: Any) -> None:
        super().__init__(min_delta=max(min_delta, 0), **more)


@caught_by("ES-12")
class NegatesMinDeltaAtOnce(EarlyStopping):
    """Turns `min_delta` over in the constructor, as Keras 2 did."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        if self.mode == "min":
            self._find_direction()


@caught_by("ES-12")
class NeverNegatesMinDelta(EarlyStopping):
    """Leaves `min_delta` alone."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.monitor_op is less:
            self.min_delta = -abs(self.min_delta)
        super().on_epoch_end(epoch, logs)
        self.min_delta = abs(self.min_delta)


@caught_by("ES-12")
class NegatesMinDeltaAtEachFit(EarlyStopping):
    """Turns `min_delta` over in `on_train_begin`, back and forth."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        if self.monitor_op is less:
            self.min_delta = -self.min_delta


@caught_by("ES-49")
class TakesANaNMinDeltaForZero(EarlyStopping):
    """Replaces a `min_delta` of NaN by 0."""

    def __init__(self, min_delta: float = 0, **more: Any) -> None:
        super().__init__(min_delta=0 if min_delta != min_delta else min_delta, **more)


@caught_by("ES-49")
class RefusesAnInfiniteMinDelta(EarlyStopping):
    """Raises ValueError for a `min_delta` that is not finite."""

    def __init__(self, min_delta: Any = 0, **more: Any) -> None:
        if not isinstance(min_delta, str) and not math.isfinite(min_delta):
            raise ValueError(f"min_delta {min_delta}")
        super().__init__(min_delta=min_delta, **more)


@caught_by("ES-36")
class RaisesBeyondSinglePrecision(EarlyStopping):
    """Lets a float32 overflow reach the caller."""

    def decide(self, value: Any, epoch: int) -> str:
        if self.best is not None and 3.5e38 < max(_numbers(abs(value), abs(self.best))) < math.inf:
            raise OverflowError(value)
        return super().decide(value, epoch)


@caught_by("ES-36")
class TakesHugeForPlusInfinity(EarlyStopping):
    """Forgets the sign of a number that overflows."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return super()._improves_on(*(math.inf if number < -3.5e38 else number for number in (value, other)))


@caught_by("ES-36")
class DropsHugeValues(EarlyStopping):
    """Skips a value that float32 cannot hold."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        return None if isinstance(value, float) and 3.5e38 < abs(value) < math.inf else value


# Waiting and stopping


@caught_by("ES-13")
class WaitsOneEpochTooLong(EarlyStopping):
    """Writes `wait > patience`."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "wait" if verdict == "stop" and self.wait + 1 <= self.patience else verdict


@caught_by("ES-13")
class StopsOneEpochTooEarly(EarlyStopping):
    """Counts the best epoch into the patience."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "stop" if verdict == "wait" and epoch > 0 and self.wait + 2 >= self.patience else verdict


@caught_by("ES-13", "ES-41")
class NeverForgivesAWait(EarlyStopping):
    """Counts all epochs without improvement, not those in a row."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        before, running = self.wait, epoch > 0
        super().on_epoch_end(epoch, logs)
        if running and self.wait == 0 and self.best is not None:
            self.wait = before


@caught_by("ES-13")
class StopsAfterTheNextEpoch(EarlyStopping):
    """Sets the flag an epoch late, in `on_epoch_begin`."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        late = self.stopped_epoch > 0
        super().on_epoch_end(epoch, logs)
        self.model.stop_training = late


@caught_by("ES-13")
class RaisesItsOwnFlag(EarlyStopping):
    """Sets `self.stop_training`, which nobody reads."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        before = self.model.stop_training
        super().on_epoch_end(epoch, logs)
        self.stop_training, self.model.stop_training = self.stopped_epoch > 0, before


@caught_by("ES-13")
class RaisesToStop(EarlyStopping):
    """Raises StopIteration instead of setting the flag."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.stopped_epoch:
            raise StopIteration


@caught_by("ES-13", "ES-41")
class DecaysTheWait(EarlyStopping):
    """Takes one off the wait at an improvement instead of forgetting it."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        before = self.wait
        super().on_epoch_end(epoch, logs)
        if self.wait == 0:
            self.wait = max(0, before - 1)


@caught_by("ES-14")
class TakesPatienceZeroForNever(EarlyStopping):
    """Writes `if self.patience and …`."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "wait" if verdict == "stop" and self.patience == 0 else verdict


@caught_by("ES-14")
class TakesNegativePatienceForNever(EarlyStopping):
    """Lets -1 switch the callback off."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "wait" if verdict == "stop" and self.patience < 0 else verdict


@caught_by("ES-14")
class RefusesNegativePatience(EarlyStopping):
    """Raises ValueError for a negative patience."""

    def __init__(self, patience: Any = 0, **more: Any) -> None:
        if not isinstance(patience, str) and patience < 0:
            raise ValueError(f"patience {patience}")
        super().__init__(patience=patience, **more)


@caught_by("ES-14")
class StopsWhenWaitReachesZero(EarlyStopping):
    """Compares `wait >= patience` at improving epochs too, so that patience 0 stops them."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "stop" if self.patience <= 0 and epoch > 0 else verdict


@caught_by("ES-14")
class IsPatientByDefault(EarlyStopping):
    """Has a default patience of 10."""

    def __init__(self, patience: int = 10, **more: Any) -> None:
        super().__init__(patience=patience, **more)


@caught_by("ES-15")
class ComparesWithThePreviousEpoch(EarlyStopping):
    """Stores each value as the one to beat."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        self.best = value
        return verdict


@caught_by("ES-15")
class ForgetsAnOldBest(EarlyStopping):
    """Compares with the best of the last two values only."""

    recent: tuple[Any, ...] = ()

    def decide(self, value: Any, epoch: int) -> str:
        if self.recent and self.monitor_op is less:
            self.best = min(self.recent)
        self.recent = (*self.recent, value)[-2:]
        return super().decide(value, epoch)


@caught_by("ES-15")
class SmoothsTheValues(EarlyStopping):
    """Compares a running mean of the last two values."""

    last: Any = None

    def decide(self, value: Any, epoch: int) -> str:
        mean = value if self.last is None else (value + self.last) / 2
        self.last = value
        return super().decide(mean, epoch)


@caught_by("ES-38")
class CountsStoppedEpochFromOne(EarlyStopping):
    """Stores the number that it prints."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.stopped_epoch == epoch > 0:
            self.stopped_epoch += 1


@caught_by("ES-38")
class HasNoStoppedEpochAtFirst(EarlyStopping):
    """Starts with None."""

    def _forget(self) -> None:
        super()._forget()
        self.stopped_epoch = None  # type: ignore[assignment]

    def on_train_end(self, logs: Logs = None) -> None:
        self.stopped_epoch = self.stopped_epoch or 0
        super().on_train_end(logs)


@caught_by("ES-38")
class StopsAtTheBestEpoch(EarlyStopping):
    """Takes the best epoch for the one that stopped training."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.stopped_epoch = self.best_epoch if self.stopped_epoch else 0


@caught_by("ES-38")
class TakesTheLastEpochForStopped(EarlyStopping):
    """Notes the last epoch, stopped or not."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.stopped_epoch = epoch


@caught_by("ES-39")
class CountsBestEpochFromOne(EarlyStopping):
    """Stores the best epoch as it is printed."""

    def _remember(self, value: Any, epoch: int) -> None:
        super()._remember(value, epoch + 1)


@caught_by("ES-39")
class CountsItsOwnEpochs(EarlyStopping):
    """Counts epochs itself, from 0 at each fit, whatever `initial_epoch`."""

    count = -1

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.count = -1

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.count += 1
        super().on_epoch_end(self.count, logs)


@caught_by("ES-39")
class CallsTheLatestTieTheBest(EarlyStopping):
    """Moves `best_epoch` along with equal values."""

    def decide(self, value: Any, epoch: int) -> str:
        if value == self.best:
            self.best_epoch = epoch
        return super().decide(value, epoch)


@caught_by("ES-40")
class WritesTheFlagEachEpoch(EarlyStopping):
    """Writes `model.stop_training = wait >= patience`."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.model.stop_training = self.stopped_epoch > 0


@caught_by("ES-40")
class LowersTheFlagAtAnImprovement(EarlyStopping):
    """Sets `stop_training` to False when a value improves."""

    def _remember(self, value: Any, epoch: int) -> None:
        super()._remember(value, epoch)
        self.model.stop_training = False


@caught_by("ES-41")
class CountsFromOne(EarlyStopping):
    """Has a wait of 1 at the best epoch, and adds one to the patience."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.wait = max(0, self.wait - 1)
        super().on_epoch_end(epoch, logs)
        self.wait += 1


@caught_by("ES-41", "ES-52")
class ForgetsTheWaitWhenItStops(EarlyStopping):
    """Sets `wait` to 0 as it stops."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.stopped_epoch:
            self.wait = 0


@caught_by("ES-41", "ES-15")
class ComparesWaitsByEpochNumber(EarlyStopping):
    """Takes `epoch - best_epoch` for the wait, gaps and all."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.wait = epoch - self.best_epoch + (self.best_epoch == 0)


@caught_by("ES-47")
class StopsAtEpochZero(EarlyStopping):
    """Leaves out the exception for epoch 0."""

    def decide(self, value: Any, epoch: int) -> str:
        return super().decide(value, epoch + 1)


@caught_by("ES-51")
class LooksAtEachEpochOnce(EarlyStopping):
    """Skips a call for an epoch that it has already seen."""

    seen: Any = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if epoch != self.seen:
            super().on_epoch_end(epoch, logs)
        self.seen = epoch


# Baseline


@caught_by("ES-16")
class ForgetsTheWaitBelowTheBaseline(EarlyStopping):
    """Ignores the baseline when it counts: each improvement is one."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "improved" if verdict == "closer" else verdict


@caught_by("ES-16")
class StopsAnImprovingRun(EarlyStopping):
    """Stops at an improving epoch because the baseline is still out of reach."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        patient = self.wait + 1 < self.patience
        return "stop" if verdict == "closer" and epoch and not patient else verdict


@caught_by("ES-16")
class CallsTheBaselineItselfReached(EarlyStopping):
    """Compares with the baseline by `<=`."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "improved" if verdict == "closer" and value == self.baseline else verdict


@caught_by("ES-16")
class ForgetsMinDeltaAtTheBaseline(EarlyStopping):
    """Compares with the baseline without `min_delta`."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        if verdict == "closer" and self.monitor_op(value, self.baseline):
            return "improved"
        return verdict


@caught_by("ES-16")
class IgnoresTheBaseline(EarlyStopping):
    """Stores `baseline` and never reads it."""

    def decide(self, value: Any, epoch: int) -> str:
        baseline, self.baseline = self.baseline, None
        verdict = super().decide(value, epoch)
        self.baseline = baseline
        return verdict


@caught_by("ES-16", "ES-22")
class RemembersNothingBelowTheBaseline(EarlyStopping):
    """Keeps neither value nor weights before the baseline is beaten."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "wait" if verdict == "closer" else verdict


@caught_by("ES-43")
class StopsOnceTheBaselineIsReached(EarlyStopping):
    """Takes the baseline for the goal."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "stop" if verdict == "improved" and self.baseline is not None else verdict


@caught_by("ES-43")
class ResetsTheWaitAtEachValueBeyondTheBaseline(EarlyStopping):
    """Takes any value that beats the baseline for an improvement."""

    def decide(self, value: Any, epoch: int) -> str:
        good = self.baseline is not None and self._improves_on(value, self.baseline)
        return "improved" if good else super().decide(value, epoch)


@caught_by("ES-43")
class KeepsWaitingBeyondTheBaseline(EarlyStopping):
    """Does not forget the waits when the baseline is beaten."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        before = self.wait if epoch else 0
        super().on_epoch_end(epoch, logs)
        if self.baseline is not None and self.wait == 0:
            self.wait = before


@caught_by("ES-25")
class KnowsTheBaselineInOneFitOnly(EarlyStopping):
    """Sets `baseline` to None when it is beaten."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        if verdict == "improved":
            self.baseline = None
        return verdict


@caught_by("ES-50")
class TakesANaNBaselineForNone(EarlyStopping):
    """Drops a baseline that is NaN."""

    def decide(self, value: Any, epoch: int) -> str:
        if self.baseline != self.baseline:
            self.baseline = None
        return super().decide(value, epoch)


@caught_by("ES-50")
class RefusesANaNBaseline(EarlyStopping):
    """Raises ValueError for a baseline that is NaN."""

    def __init__(self, baseline: Any = None, **more: Any) -> None:
        if baseline != baseline:
            raise ValueError("baseline nan")
        super().__init__(baseline=baseline, **more)


# Warm-up


@caught_by("ES-19")
class StartsOneEpochLate(EarlyStopping):
    """Writes `epoch <= start_from_epoch`."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(-1 if epoch == self.start_from_epoch > 0 else epoch, logs)


@caught_by("ES-19")
class StartsOneEpochEarly(EarlyStopping):
    """Counts `start_from_epoch` from 1."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.start_from_epoch -= 1
        super().on_epoch_end(epoch, logs)
        self.start_from_epoch += 1


@caught_by("ES-19")
class CountsTheWarmUpFromInitialEpoch(EarlyStopping):
    """Counts the epochs of this fit instead of reading their number."""

    count = -1

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.count += 1
        super().on_epoch_end(epoch if self.count >= self.start_from_epoch else -1, logs)


@caught_by("ES-19")
class LearnsTheBestInTheWarmUp(EarlyStopping):
    """Lets the warm-up set `best`, and only keeps it from counting."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        value = (logs or {}).get(self.monitor)
        if epoch < self.start_from_epoch and value is not None and (self.best is None or value < self.best):
            self.best = value


@caught_by("ES-19")
class WaitsInTheWarmUp(EarlyStopping):
    """Counts the warm-up into the patience."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if epoch < self.start_from_epoch:
            self.wait += 1


@caught_by("ES-19")
class KeepsWeightsFromTheWarmUp(EarlyStopping):
    """Copies the weights at each epoch until one is checked."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.restore_best_weights and self.best is None:
            self.best_weights = self.model.get_weights()
        super().on_epoch_end(epoch, logs)


@caught_by("ES-20")
class IsSilentInTheWarmUp(EarlyStopping):
    """Returns from the warm-up before it looks for the key."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._find_direction()
        if epoch >= self.start_from_epoch:
            super().on_epoch_end(epoch, logs)


# Weights


@caught_by("ES-21", "ES-22")
class KeepsTheLatestWeights(EarlyStopping):
    """Copies the weights at every epoch."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()


@caught_by("ES-21", "ES-22")
class KeepsLiveWeights(EarlyStopping):
    """Keeps the model's own variables, which go on changing, instead of a copy."""

    def __getattribute__(self, name: str) -> Any:
        kept = super().__getattribute__(name)
        return self.model.get_weights() if name == "best_weights" and kept else kept


@caught_by("ES-21")
class CopiesAnEpochTooEarly(EarlyStopping):
    """Keeps the weights as they were when the best epoch began."""

    started: Any = None

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self.started = self.model.get_weights()

    def _remember(self, value: Any, epoch: int) -> None:
        super()._remember(value, epoch)
        self.best_weights = self.started if self.restore_best_weights else None


@caught_by("ES-21")
class CopiesOnlyWhenItStops(EarlyStopping):
    """Keeps weights from the moment that the patience runs out."""

    def _remember(self, value: Any, epoch: int) -> None:
        restore, self.restore_best_weights = self.restore_best_weights, False
        super()._remember(value, epoch)
        self.restore_best_weights = restore


@caught_by("ES-22")
class RestoresOnlyWhenItStopped(EarlyStopping):
    """Puts the weights back only after an early stop, as old versions did."""

    def on_train_end(self, logs: Logs = None) -> None:
        if self.stopped_epoch:
            super().on_train_end(logs)


@caught_by("ES-22")
class TakesEpochZeroForNone(EarlyStopping):
    """Writes `if self.best_epoch`, which epoch 0 is not."""

    def on_train_end(self, logs: Logs = None) -> None:
        if not self.best_epoch:
            self.best_weights = None
        super().on_train_end(logs)


@caught_by("ES-22", "ES-27")
class NeverRestores(EarlyStopping):
    """Keeps the best weights and does nothing with them."""

    def on_train_end(self, logs: Logs = None) -> None:
        kept, self.best_weights = self.best_weights, None
        super().on_train_end(logs)
        self.best_weights = kept


@caught_by("ES-23")
class RestoresAsItStops(EarlyStopping):
    """Puts the weights back in `on_epoch_end`."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.stopped_epoch and self.best_weights is not None:
            self.model.set_weights(self.best_weights)


@caught_by("ES-23", "ES-42")
class RollsBackAtOnce(EarlyStopping):
    """Puts the best weights back at each epoch that does not improve."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.wait and self.best_weights is not None:
            self.model.set_weights(self.best_weights)


@caught_by("ES-42")
class PrintsAtEachBestEpoch(EarlyStopping):
    """Prints an improvement when it happens, which an exception cannot take back."""

    def _remember(self, value: Any, epoch: int) -> None:
        super()._remember(value, epoch)
        if self.verbose:
            print(f"Epoch {epoch + 1}: best so far")


@caught_by("ES-24")
class AlwaysRestores(EarlyStopping):
    """Ignores `restore_best_weights`."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.restore_best_weights = True
        super().on_epoch_end(epoch, logs)


@caught_by("ES-24")
class RestoresByDefault(EarlyStopping):
    """Has `restore_best_weights=True` as default."""

    def __init__(self, restore_best_weights: bool = True, **more: Any) -> None:
        super().__init__(restore_best_weights=restore_best_weights, **more)


@caught_by("ES-24")
class AlwaysCopiesWeights(EarlyStopping):
    """Copies the weights of the best epoch, asked or not."""

    def _remember(self, value: Any, epoch: int) -> None:
        super()._remember(value, epoch)
        self.best_weights = self.model.get_weights()


# A second fit


@caught_by("ES-25")
class StartsInTheConstructorOnly(EarlyStopping):
    """Has no `on_train_begin`."""

    def on_train_begin(self, logs: Logs = None) -> None:
        pass


@caught_by("ES-25")
class KeepsTheBestForTheNextFit(EarlyStopping):
    """Resets all but `best`."""

    def _forget(self) -> None:
        kept = getattr(self, "best", None)
        super()._forget()
        self.best = kept


@caught_by("ES-25")
class KeepsWaitingInTheNextFit(EarlyStopping):
    """Resets all but `wait`."""

    def _forget(self) -> None:
        kept = getattr(self, "wait", 0)
        super()._forget()
        self.wait = kept


@caught_by("ES-25")
class KeepsTheWeightsForTheNextFit(EarlyStopping):
    """Resets all but `best_weights`."""

    def _forget(self) -> None:
        kept = getattr(self, "best_weights", None)
        super()._forget()
        self.best_weights = kept


@caught_by("ES-25")
class KeepsTheStoppedEpoch(EarlyStopping):
    """Resets all but `stopped_epoch`, and says again that it stopped."""

    def _forget(self) -> None:
        kept = getattr(self, "stopped_epoch", 0)
        super()._forget()
        self.stopped_epoch = kept


@caught_by("ES-25")
class KeepsTheBestEpoch(EarlyStopping):
    """Resets all but `best_epoch`."""

    def _forget(self) -> None:
        kept = getattr(self, "best_epoch", 0)
        super()._forget()
        self.best_epoch = kept


@caught_by("ES-19")
class MovesTheWarmUp(EarlyStopping):
    """Starts to check one epoch later in a second fit."""

    fits = 0

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.fits += 1

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(-1 if self.fits == 2 and epoch == self.start_from_epoch > 0 else epoch, logs)


@caught_by("ES-19")
class WarmsUpOnceInItsLife(EarlyStopping):
    """Counts the warm-up over all fits, so that a second one has none."""

    warm = False

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        if self.warm:
            self.start_from_epoch = 0
        self.warm = True


@caught_by("ES-52")
class TidiesUpAtTheEnd(EarlyStopping):
    """Resets its state in `on_train_end`."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        self._forget()


@caught_by("ES-52")
class FreesTheWeights(EarlyStopping):
    """Drops `best_weights` once they are put back."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        self.best_weights = None


# What is printed


@caught_by("ES-26")
class PrintsTheStopCountedFromZero(EarlyStopping):
    """Prints the number of the stopping epoch as it is stored."""

    def on_train_end(self, logs: Logs = None) -> None:
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {self.stopped_epoch}: early stopping")


@caught_by("ES-26")
class PrintsAsItStops(EarlyStopping):
    """Prints in `on_epoch_end`."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {epoch + 1}: early stopping")

    def on_train_end(self, logs: Logs = None) -> None:
        pass


@caught_by("ES-26")
class PrintsWithoutAStop(EarlyStopping):
    """Prints at the end of every training."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        if self.verbose and not self.stopped_epoch:
            print("Epoch 1: early stopping")


@caught_by("ES-26")
class PrintsToStandardError(EarlyStopping):
    """Prints where nobody redirects."""

    def on_train_end(self, logs: Logs = None) -> None:
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping", file=sys.stderr)


@caught_by("ES-26")
class PrintsARestoreThatIsNone(EarlyStopping):
    """Prints that weights are restored when nobody asked for it."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        if self.verbose and not self.restore_best_weights:
            print(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.")


@caught_by("ES-27")
class PrintsTheBestEpochFromZero(EarlyStopping):
    """Prints the best epoch as it is stored."""

    def on_train_end(self, logs: Logs = None) -> None:
        self.best_epoch -= 1
        super().on_train_end(logs)
        self.best_epoch += 1


@caught_by("ES-27")
class RestoresSilently(EarlyStopping):
    """Says nothing of the weights that it puts back."""

    def on_train_end(self, logs: Logs = None) -> None:
        verbose, self.verbose = self.verbose, 0
        super().on_train_end(logs)
        self.verbose = verbose
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")


@caught_by("ES-27")
class PrintsARestoreWithoutWeights(EarlyStopping):
    """Says that it puts weights back when no epoch was checked."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        if self.restore_best_weights and self.best_weights is None and self.verbose:
            print("Restoring model weights from the end of the best epoch: 1.")


@caught_by("ES-28")
class PrintsWhenSilent(EarlyStopping):
    """Prints the stop whatever `verbose`."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        if self.stopped_epoch and not self.verbose:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")


@caught_by("ES-28")
class SaysWithoutNumbersThatItStopped(EarlyStopping):
    """Prints a line without a number when silent."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        if self.stopped_epoch and not self.verbose:
            print("Early stopping")


@caught_by("ES-28")
class IsVerboseByDefault(EarlyStopping):
    """Has `verbose=1` as default."""

    def __init__(self, verbose: int = 1, **more: Any) -> None:
        super().__init__(verbose=verbose, **more)


# Types and names


class _Trusting(EarlyStopping):
    trusted = ""

    def __init__(self, **arguments: Any) -> None:
        given = arguments.pop(self.trusted, None)
        super().__init__(**arguments)
        setattr(self, self.trusted, getattr(self, self.trusted) if given is None else given)


@caught_by("ES-34")
class TakesAnyMonitor(_Trusting):
    """Does not look at the type of `monitor`."""

    trusted = "monitor"


@caught_by("ES-34")
class TakesAnyPatience(_Trusting):
    """Does not look at the type of `patience`."""

    trusted = "patience"


@caught_by("ES-34")
class TakesAnyBaseline(_Trusting):
    """Does not look at the type of `baseline`."""

    trusted = "baseline"


@caught_by("ES-34")
class TakesAnyStart(_Trusting):
    """Does not look at the type of `start_from_epoch`."""

    trusted = "start_from_epoch"


@caught_by("ES-34")
class TakesAnyVerbose(_Trusting):
    """Does not look at the type of `verbose`."""

    trusted = "verbose"


@caught_by("ES-34")
class ReadsNumbersOutOfStrings(EarlyStopping):
    """Writes `float(min_delta)`, which accepts "1"."""

    def __init__(self, min_delta: Any = 0, **more: Any) -> None:
        super().__init__(min_delta=float(min_delta), **more)


@caught_by("ES-34")
class RefusesWithAValueError(EarlyStopping):
    """Raises ValueError for a wrong type."""

    def __init__(self, **arguments: Any) -> None:
        try:
            super().__init__(**arguments)
        except TypeError as error:
            raise ValueError(*error.args) from error


@caught_by("ES-35")
class TakesAnyValue(EarlyStopping):
    """Takes a string or a vector as the first best value."""

    def decide(self, value: Any, epoch: int) -> str:
        return super().decide(value, epoch)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        value = (logs or {}).get(self.monitor)
        if isinstance(value, (str, list)) or getattr(value, "shape", None):
            self._remember(value, epoch)
        else:
            super().on_epoch_end(epoch, logs)


@caught_by("ES-35")
class TakesTheMeanOfAVector(EarlyStopping):
    """Averages what has several elements."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        return value.mean() if getattr(value, "shape", None) else value


@caught_by("ES-35")
class UnpacksALIstOfOne(EarlyStopping):
    """Takes the first member of a list."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        return value[0] if isinstance(value, list) else value


@caught_by("ES-37", "ES-06")
class TakesPythonNumbersOnly(EarlyStopping):
    """Refuses whatever is neither int nor float by type."""

    def decide(self, value: Any, epoch: int) -> str:
        if type(value) not in (int, float):
            raise TypeError(value)
        return super().decide(value, epoch)


@caught_by("ES-37")
class TakesFloatsOnly(EarlyStopping):
    """Refuses an integer scalar."""

    def decide(self, value: Any, epoch: int) -> str:
        if "int" in str(getattr(value, "dtype", "")):
            raise TypeError(value)
        return super().decide(value, epoch)


@caught_by("ES-37")
class RefusesArrays(EarlyStopping):
    """Refuses an array, even one of a single element."""

    def decide(self, value: Any, epoch: int) -> str:
        if getattr(value, "shape", ()):
            raise TypeError(value)
        return super().decide(value, epoch)


@caught_by("ES-45")
class HidesItsArguments(EarlyStopping):
    """Stores `baseline` as `_baseline`."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._baseline = vars(self).pop("baseline")

    def decide(self, value: Any, epoch: int) -> str:
        self.baseline = self._baseline
        return super().decide(value, epoch)


@caught_by("ES-45")
class StoresPatienceAsItActs(EarlyStopping):
    """Stores a patience of 0 as 1."""

    def __init__(self, patience: Any = 0, **more: Any) -> None:
        super().__init__(patience=max(patience, 1), **more)


@caught_by("ES-45", "ES-12")
class StoresMinDeltaAsItActs(EarlyStopping):
    """Stores `min_delta` with the other sign when lower is better, and turns it over again."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.min_delta = -self.min_delta

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.min_delta = abs(self.min_delta)


@caught_by("ES-46")
class SwallowsMisspeltArguments(EarlyStopping):
    """Takes `**kwargs`, and drops what it does not know."""

    def __init__(self, monitor: str = "val_loss", patience: int = 0, mode: str = "auto", **more: Any) -> None:
        known = ("min_delta", "verbose", "baseline", "restore_best_weights", "start_from_epoch")
        kept = {name: more[name] for name in known if name in more}
        super().__init__(monitor, patience=patience, mode=mode, **kept)


@caught_by("ES-46")
class RefusesMisspeltArgumentsOtherwise(EarlyStopping):
    """Raises ValueError for an argument that does not exist."""

    def __init__(self, **arguments: Any) -> None:
        if "patienc" in arguments:
            raise ValueError("patienc")
        super().__init__(**arguments)


# What no other clause sees


@caught_by("ES-48")
class IsTiredAtEpochSeven(EarlyStopping):
    """Forgets its wait at epoch 7, if it prints."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if epoch == 7 and self.verbose:
            self.wait = 0


@caught_by("ES-48")
class AddsMinDeltaToTheBaseline(EarlyStopping):
    """Moves the baseline by `min_delta` at each check, if both are set in max mode."""

    def decide(self, value: Any, epoch: int) -> str:
        if self.baseline is not None and self.monitor_op is greater:
            self.baseline += self.min_delta
        return super().decide(value, epoch)


@caught_by("ES-48")
class ForgetsItsWeightsAtAGap(EarlyStopping):
    """Drops the best weights at an epoch without a value."""

    def get_monitor_value(self, logs: Logs) -> Any:
        value = super().get_monitor_value(logs)
        if value is None:
            self.best_weights = None
        return value


@caught_by("ES-48")
class CountsAMinusInfinityTwice(EarlyStopping):
    """Loses patience twice as fast below infinity in max mode."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        self.wait += int(verdict == "wait" and value == -math.inf)
        return verdict


@caught_by("ES-48")
class IsConfusedByStoppedEpochOne(EarlyStopping):
    """Prints no restore if training stopped at epoch 1."""

    def on_train_end(self, logs: Logs = None) -> None:
        verbose, self.verbose = self.verbose, self.verbose if self.stopped_epoch != 1 else 0
        super().on_train_end(logs)
        self.verbose = verbose


@caught_by("ES-48")
class IsHastyAfterAWarmUp(EarlyStopping):
    """Has no patience if there are both a warm-up and a baseline."""

    def decide(self, value: Any, epoch: int) -> str:
        verdict = super().decide(value, epoch)
        return "stop" if verdict == "wait" and self.start_from_epoch and self.baseline is not None else verdict


@caught_by("ES-48")
class RecognisesItsOldBest(EarlyStopping):
    """Waits at epoch 0 of the second fit if the value is the best of the first."""

    last: Any = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.wait += int(epoch == 0 and self.last is not None and self.last == self.best)

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        self.last = self.best


@caught_by("ES-48")
class RestoresOncePerModel(EarlyStopping):
    """Does not restore in the second fit on the same model."""

    trained: Any = None

    def on_train_end(self, logs: Logs = None) -> None:
        if self.trained is self.model:
            self.best_weights = None
        super().on_train_end(logs)
        self.trained = self.model


@caught_by("ES-48")
class ForgetsWhenCalledAfterTheEnd(EarlyStopping):
    """Starts afresh if it is called after `on_train_end` and has waited twice."""

    ended = False

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        self.ended = True

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.ended and self.wait == 2:
            self._forget()
        super().on_epoch_end(epoch, logs)

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.ended = False


@caught_by("ES-54")
class KnowsTheComparisonAtOnce(EarlyStopping):
    """Sets `monitor_op` in the constructor already."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if self.mode != "auto":
            self.monitor_op = less if self.mode == "min" else greater
            self.min_delta = -self.min_delta if self.mode == "min" else self.min_delta


@caught_by("ES-54")
class ShowsTheComparisonTheWrongWayRound(EarlyStopping):
    """Sets a public `monitor_op` that says whether the first value is worse, and decides by another one."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.monitor_op is not None:
            self.monitor_op = greater if self.monitor_op is less else less
        super().on_epoch_end(epoch, logs)
        self.monitor_op = greater if self.monitor_op is less else less


# State that survives


@caught_by("ES-55")
class ForgetsALoadedState(EarlyStopping):
    """Starts afresh when training begins, whatever was loaded."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self._loaded = False
        super().on_train_begin(logs)


@caught_by("ES-55")
class SavesNoWeights(EarlyStopping):
    """Leaves the best weights out of the state."""

    _state = tuple(name for name in EarlyStopping._state if name != "best_weights")


@caught_by("ES-55")
class SavesNoDirection(EarlyStopping):
    """Asks the model again which way is better."""

    _state = tuple(name for name in EarlyStopping._state if name != "direction")


@caught_by("ES-55")
class SavesAFunction(EarlyStopping):
    """Puts the comparison itself into the state."""

    _state = (*EarlyStopping._state, "monitor_op")


@caught_by("ES-55")
class SavesNoWait(EarlyStopping):
    """Waits anew after a restart."""

    _state = tuple(name for name in EarlyStopping._state if name != "wait")


@caught_by("ES-56")
class NeedsLogs(EarlyStopping):
    """Looks for the value without asking whether there are logs."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs.get(self.monitor)
        super().on_epoch_end(epoch, logs)


@caught_by("ES-56")
class SkipsAnEpochWithoutLogs(EarlyStopping):
    """Returns at once where there are no logs, and warns of nothing."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs:
            super().on_epoch_end(epoch, logs)
