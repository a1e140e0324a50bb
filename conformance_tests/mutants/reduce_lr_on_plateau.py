"""Wrong ReduceLROnPlateaus: what people get wrong when they write one themselves."""

import warnings
from typing import Any

from callback_reference import ReduceLROnPlateau
from callback_reference.improvement import greater, less

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


def _rate(callback: Any) -> float:
    return float(callback.model.optimizer.learning_rate)


# Which value is looked at


@caught_by("RL-01")
class MonitorsTheTrainingLoss(ReduceLROnPlateau):
    """Has `loss` as the default monitor."""

    def __init__(self, monitor: str = "loss", **more: Any) -> None:
        super().__init__(monitor, **more)


@caught_by("RL-23")
class CountsAMissingValueAsAWait(ReduceLROnPlateau):
    """Takes a missing value for one that does not improve."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.best is not None and (logs or {}).get(self.monitor) is None:
            logs = {**(logs or {}), self.monitor: float("nan")}
        super().on_epoch_end(epoch, logs)


@caught_by("RL-23")
class SkipsAMissingKeySilently(ReduceLROnPlateau):
    """Does not warn of a missing value."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super().on_epoch_end(epoch, logs)


@caught_by("RL-26")
class ReadsTheValueBeforeItLogsTheRate(ReduceLROnPlateau):
    """Does not find `learning_rate` in the logs."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.monitor in (logs or {}) or self.monitor != "learning_rate":
            super().on_epoch_end(epoch, logs)


# Which way is better


@caught_by("RL-02", "RL-03")
class MixesUpTheModes(ReduceLROnPlateau):
    """Maximises with "min" and minimises with "max"."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(less(-value, -other) if self.monitor_op is less else greater(-value, -other))


@caught_by("RL-03")
class AlwaysMinimises(ReduceLROnPlateau):
    """Ignores `mode="max"`."""

    def _find_direction(self) -> None:
        self.mode = "min"
        super()._find_direction()


@caught_by("RL-29")
class RaisesOnAnUnknownMode(ReduceLROnPlateau):
    """Raises ValueError for an unknown mode."""

    def __init__(self, mode: str = "auto", **more: Any) -> None:
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode {mode!r}")
        super().__init__(mode=mode, **more)


@caught_by("RL-30", "RL-32")
class ReadsTheDirectionOffTheName(ReduceLROnPlateau):
    """Maximises what ends in "acc", and minimises the rest."""

    def _find_direction(self) -> None:
        if self.mode == "auto":
            self.mode = "max" if self.monitor.endswith("acc") else "min"
        super()._find_direction()


@caught_by("RL-33")
class AsksEachModelForTheDirection(ReduceLROnPlateau):
    """Forgets the direction when another fit begins."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.monitor_op = None
        self.min_delta = abs(self.min_delta)


@caught_by("RL-40")
class FindsTheDirectionAtOnce(ReduceLROnPlateau):
    """Sets `monitor_op` in the constructor where the mode is given."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        if self.mode != "auto":
            self._find_direction()


# How two values are compared


@caught_by("RL-08", "RL-09")
class StartsFromInfinity(ReduceLROnPlateau):
    """Compares the first value with infinity, as Keras 2 did."""

    def decide(self, value: Any, lr: float) -> str:
        if self.best is None:
            self.best = float("inf") if self.monitor_op is less else float("-inf")
        return super().decide(value, lr)


@caught_by("RL-10", "RL-11")
class TakesAnEqualChangeForAnImprovement(ReduceLROnPlateau):
    """Compares with `>=`."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return not self.monitor_op(other, value - self.min_delta)


@caught_by("RL-11")
class KeepsTheSignOfMinDelta(ReduceLROnPlateau):
    """Takes a negative `min_delta` for a tolerance."""

    def __init__(self, min_delta: float = 1e-4, **more: Any) -> None:
        super().__init__(min_delta=min_delta, **more)
        self.min_delta = min_delta


@caught_by("RL-12")
class KeepsMinDeltaAsItIs(ReduceLROnPlateau):
    """Does not show the sign that it computes with."""

    def _find_direction(self) -> None:
        kept = self.min_delta
        super()._find_direction()
        self.min_delta = abs(kept)

    def _improves_on(self, value: Any, other: Any) -> bool:
        step = self.min_delta if self.monitor_op is greater else -self.min_delta
        return bool(self.monitor_op(value - step, other))


@caught_by("RL-13")
class ComparesWithTheEpochBefore(ReduceLROnPlateau):
    """Remembers each value as the best."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.best = (logs or {}).get(self.monitor, self.best)


@caught_by("RL-13")
class StartsAnewAfterAReduction(ReduceLROnPlateau):
    """Forgets the best value when it lowers the rate."""

    def _reduce(self, epoch: int) -> None:
        super()._reduce(epoch)
        self.best = None


@caught_by("RL-24")
class TakesANanForAnImprovement(ReduceLROnPlateau):
    """Writes `not value >= best`."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(value != value) or super()._improves_on(value, other)


@caught_by("RL-42")
class ComparesIn64Bits(ReduceLROnPlateau):
    """Compares Python floats as they are."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        better = value - self.min_delta
        return bool(better < other if self.monitor_op is less else better > other)


@caught_by("RL-41")
class TakesAnyFirstValue(ReduceLROnPlateau):
    """Does not look at what the first value is."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.best is None and not isinstance((logs or {}).get(self.monitor), (int, float)):
            logs = {**(logs or {}), self.monitor: 1.0}
        super().on_epoch_end(epoch, logs)


# When the rate is lowered


@caught_by("RL-07")
class HasAnotherPatience(ReduceLROnPlateau):
    """Has the patience of an early stopping by default."""

    def __init__(self, patience: int = 3, **more: Any) -> None:
        super().__init__(patience=patience, **more)


@caught_by("RL-14")
class WaitsOneEpochMore(ReduceLROnPlateau):
    """Writes `wait > patience`."""

    def decide(self, value: Any, lr: float) -> str:
        self.patience += 1
        verdict = super().decide(value, lr)
        self.patience -= 1
        return verdict


@caught_by("RL-14", "RL-15")
class NeverResetsWait(ReduceLROnPlateau):
    """Goes on counting after a reduction."""

    def _reduce(self, epoch: int) -> None:
        super()._reduce(epoch)
        self.wait = self.patience


@caught_by("RL-15")
class CountsTheWaitDown(ReduceLROnPlateau):
    """Shows how many epochs are left."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        return -value if name == "wait" and not super().__getattribute__("busy") else value

    busy = False

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.busy = True
        super().on_epoch_end(epoch, logs)
        self.busy = False


@caught_by("RL-16")
class ReducesInEveryEpochWithoutPatience(ReduceLROnPlateau):
    """Takes patience 0 at its word: lowers the rate without waiting for an epoch that does not improve."""

    def decide(self, value: Any, lr: float) -> str:
        verdict = super().decide(value, lr)
        return "reduce" if self.patience < 1 and self.best is not None and less(self.min_lr, lr) else verdict


# How far it is lowered


@caught_by("RL-04")
class TakesTheFactorOff(ReduceLROnPlateau):
    """Lowers the rate by the factor instead of to it."""

    def _reduce(self, epoch: int) -> None:
        lr = _rate(self)
        super()._reduce(epoch)
        self.model.optimizer.learning_rate = max(lr - lr * self.factor, self.min_lr)


@caught_by("RL-05")
class AllowsAFactorOfOne(ReduceLROnPlateau):
    """Takes any factor."""

    def __init__(self, factor: float = 0.1, **more: Any) -> None:
        super().__init__(factor=min(factor, 0.99), **more)
        self.factor = factor


@caught_by("RL-06")
class TakesTheFactorsMagnitude(ReduceLROnPlateau):
    """Drops the sign of the factor, and takes 0 for missing."""

    def __init__(self, factor: float = 0.1, **more: Any) -> None:
        super().__init__(factor=abs(factor) or 0.1, **more)


@caught_by("RL-35")
class TakesANanFactor(ReduceLROnPlateau):
    """Writes `if factor >= 1`."""

    def __init__(self, factor: float = 0.1, **more: Any) -> None:
        super().__init__(factor=0.1 if factor != factor else factor, **more)
        self.factor = factor


@caught_by("RL-17")
class FallsBelowMinLr(ReduceLROnPlateau):
    """Asks for `min_lr` before the reduction only."""

    def _reduce(self, epoch: int) -> None:
        lr = _rate(self)
        super()._reduce(epoch)
        self.model.optimizer.learning_rate = lr * self.factor


@caught_by("RL-18")
class RaisesARateToMinLr(ReduceLROnPlateau):
    """Reduces at the floor too."""

    def decide(self, value: Any, lr: float) -> str:
        verdict = super().decide(value, lr)
        return "reduce" if verdict == "wait" and self.wait + 1 >= self.patience else verdict


@caught_by("RL-18")
class ComparesTheFloorIn64Bits(ReduceLROnPlateau):
    """Finds float32(0.1) to be above 0.1."""

    def decide(self, value: Any, lr: float) -> str:
        verdict = super().decide(value, lr)
        return "reduce" if verdict == "wait" and self.wait + 1 >= self.patience and lr > self.min_lr else verdict


@caught_by("RL-39")
class LowersEveryOptimizer(ReduceLROnPlateau):
    """Lowers the rate of whatever has one."""

    def _reduce(self, epoch: int) -> None:
        lr = _rate(self)
        super()._reduce(epoch)
        for member in vars(self.model).values():
            if hasattr(member, "learning_rate"):
                member.learning_rate = lr * self.factor


# Cooldown


@caught_by("RL-19")
class CoolsDownAsDocumented(ReduceLROnPlateau):
    """Ignores as many epochs as `cooldown` says."""

    def _reduce(self, epoch: int) -> None:
        super()._reduce(epoch)
        self.cooldown_counter += self.cooldown > 0


@caught_by("RL-20")
class IgnoresImprovementsInACooldown(ReduceLROnPlateau):
    """Looks at no value in a cooldown."""

    def decide(self, value: Any, lr: float) -> str:
        return "cooldown" if self.in_cooldown() else super().decide(value, lr)


@caught_by("RL-20")
class EndsACooldownAtAnImprovement(ReduceLROnPlateau):
    """Goes back to normal as soon as a value improves."""

    def decide(self, value: Any, lr: float) -> str:
        verdict = super().decide(value, lr)
        if verdict == "improved":
            self.cooldown_counter = 0
        return verdict


@caught_by("RL-21")
class CoolsDownInEpochsWithoutTheKey(ReduceLROnPlateau):
    """Counts every epoch."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if (logs or {}).get(self.monitor) is None and self.in_cooldown():
            self.cooldown_counter -= 1
        super().on_epoch_end(epoch, logs)


@caught_by("RL-22")
class IsAlwaysCool(ReduceLROnPlateau):
    """Answers with the argument instead of the counter."""

    def in_cooldown(self) -> bool:
        return self.cooldown > 0 and self.cooldown_counter >= 0


# What it writes


@caught_by("RL-25")
class LogsNothing(ReduceLROnPlateau):
    """Keeps the learning rate to itself."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, dict(logs or {}))


@caught_by("RL-25")
class LogsTheNewRate(ReduceLROnPlateau):
    """Logs what comes next instead of what was."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if logs is not None:
            logs["learning_rate"] = _rate(self)


@caught_by("RL-27")
class CountsEpochsFromZero(ReduceLROnPlateau):
    """Prints the epoch as code counts it."""

    def _reduce(self, epoch: int) -> None:
        super()._reduce(epoch - 1)


@caught_by("RL-27")
class PrintsNothing(ReduceLROnPlateau):
    """Ignores `verbose`."""

    def _reduce(self, epoch: int) -> None:
        self.verbose, kept = 0, self.verbose
        super()._reduce(epoch)
        self.verbose = kept


@caught_by("RL-28")
class PrintsAlways(ReduceLROnPlateau):
    """Prints though nobody asked for it."""

    def _reduce(self, epoch: int) -> None:
        self.verbose, kept = 1, self.verbose
        super()._reduce(epoch)
        self.verbose = kept


# Life cycle and arguments


@caught_by("RL-31")
class GoesOnInASecondFit(ReduceLROnPlateau):
    """Keeps its state from fit to fit."""

    def on_train_begin(self, logs: Logs = None) -> None:
        return


@caught_by("RL-31", "RL-44")
class PutsTheRateBack(ReduceLROnPlateau):
    """Restores the learning rate when training ends."""

    first = 0.0

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.first = _rate(self)

    def on_train_end(self, logs: Logs = None) -> None:
        self.model.optimizer.learning_rate = self.first


@caught_by("RL-44")
class StopsAtTheFloor(ReduceLROnPlateau):
    """Stops training once the rate is low."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.model.stop_training = _rate(self) < 0.3


@caught_by("RL-34")
class ChecksNoType(ReduceLROnPlateau):
    """Takes arguments of any type."""

    def _require(self, name: str, value: Any, holds: bool, accepted: str) -> None:
        return


@caught_by("RL-36")
class SwallowsMisspeltArguments(ReduceLROnPlateau):
    """Has `**kwargs`, and looks at none of them."""

    def __init__(self, **arguments: Any) -> None:
        from callback_reference.reduce_lr_on_plateau import ARGUMENTS

        super().__init__(**{name: value for name, value in arguments.items() if name in ARGUMENTS})


@caught_by("RL-36")
class DoesNotSayWhichArgument(ReduceLROnPlateau):
    """Refuses a misspelt argument without a hint."""

    def __init__(self, **arguments: Any) -> None:
        try:
            super().__init__(**arguments)
        except TypeError as error:
            raise TypeError("wrong arguments") from error


@caught_by("RL-37", "RL-38")
class FindsOutAtTheFirstPlateau(ReduceLROnPlateau):
    """Does not look at the optimizer before it needs it."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self._forget()


@caught_by("RL-43")
class HidesItsArguments(ReduceLROnPlateau):
    """Stores the factor under another name."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._factor = vars(self).pop("factor")

    def _reduce(self, epoch: int) -> None:
        self.factor = self._factor
        super()._reduce(epoch)
        del self.factor


@caught_by("RL-45")
class CountsAnEpochOnce(ReduceLROnPlateau):
    """Ignores a second call for the same epoch."""

    seen: Any = None

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.seen = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if epoch != self.seen:
            super().on_epoch_end(epoch, logs)
        self.seen = epoch


@caught_by("RL-46")
class ForgetsTheCooldownAtALongWait(ReduceLROnPlateau):
    """Starts no cooldown once the rate is below a tenth of where it was, if patience is 2."""

    def _reduce(self, epoch: int) -> None:
        low = self.patience == 2 and self.cooldown == 3 and _rate(self) < 0.3
        super()._reduce(epoch)
        if low:
            self.cooldown_counter = 0


# State, logs and several optimizers


@caught_by("RL-47")
class ForgetsALoadedState(ReduceLROnPlateau):
    """Starts afresh when training begins, whatever was loaded."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self._loaded = False
        super().on_train_begin(logs)


@caught_by("RL-47")
class SavesNoCooldown(ReduceLROnPlateau):
    """Leaves the cooldown out of the state."""

    _state = tuple(name for name in ReduceLROnPlateau._state if name != "cooldown_counter")


@caught_by("RL-47")
class SavesNoDirection(ReduceLROnPlateau):
    """Asks the model again which way is better."""

    _state = tuple(name for name in ReduceLROnPlateau._state if name != "direction")


@caught_by("RL-48")
class NeedsLogs(ReduceLROnPlateau):
    """Looks into the logs without asking whether there are any."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs.get(self.monitor)
        super().on_epoch_end(epoch, logs)


@caught_by("RL-48")
class SkipsAnEpochWithoutLogs(ReduceLROnPlateau):
    """Returns at once where there are no logs, and warns of nothing."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs:
            super().on_epoch_end(epoch, logs)


@caught_by("RL-49", "RL-50")
class KnowsOneOptimizer(ReduceLROnPlateau):
    """Asks for the rate of what stands in `model.optimizer` itself."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        _rate(self)
        super().on_epoch_end(epoch, logs)


@caught_by("RL-49")
class LowersTheFirstOnly(ReduceLROnPlateau):
    """Has one rate in mind."""

    first = True

    def _reduce(self, epoch: int) -> None:
        self.first = True
        super()._reduce(epoch)

    def _lower(self, epoch: int, name: str, optimizer: Any, lower: float) -> None:
        if self.first and name != "second":
            super()._lower(epoch, name, optimizer, lower)
        self.first = False


@caught_by("RL-50")
class LogsTheHighestRate(ReduceLROnPlateau):
    """Has one place for the rate in the logs."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        several = [name for name in logs or {} if name.startswith("learning_rate_")]
        if logs and several:
            logs["learning_rate"] = max(logs.pop(name) for name in several)


@caught_by("RL-51")
class RoundsEverythingTo32Bits(ReduceLROnPlateau):
    """Compares NumPy float64 scalars as 32-bit floats too."""

    def decide(self, value: Any, lr: float) -> str:
        return super().decide(float(value) if "float64" in str(getattr(value, "dtype", "")) else value, lr)
