"""Wrong LearningRateSchedulers: what people get wrong when they write one themselves."""

import inspect
from typing import Any

from callback_reference import LearningRateScheduler

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


# When the rate is set, and from what


@caught_by("LS-01")
class SetsTheRateAtTheEnd(LearningRateScheduler):
    """Asks for the next epoch's rate when an epoch is over."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        return

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        super().on_epoch_begin(epoch, logs)


@caught_by("LS-02")
class CountsEpochsFromOne(LearningRateScheduler):
    """Hands over the epoch as it is printed."""

    def decide(self, epoch: int, lr: float) -> float:
        return super().decide(epoch + 1, lr)


@caught_by("LS-02", "LS-05")
class HandsOverTheFirstRate(LearningRateScheduler):
    """Gives every epoch the rate that training began with."""

    first: float | None = None

    def on_train_begin(self, logs: Logs = None) -> None:
        self.first = None

    def decide(self, epoch: int, lr: float) -> float:
        self.first = lr if self.first is None else self.first
        return super().decide(epoch, self.first)


@caught_by("LS-02")
class SwapsTheArguments(LearningRateScheduler):
    """Calls `schedule(lr, epoch)`."""

    def decide(self, epoch: int, lr: float) -> float:
        return super().decide(lr, epoch)  # type: ignore[arg-type]


@caught_by("LS-03", "LS-21")
class AlwaysPassesTheRate(LearningRateScheduler):
    """Calls every schedule with two arguments."""

    def decide(self, epoch: int, lr: float) -> float:
        return float(self.schedule(epoch, lr))


@caught_by("LS-04")
class CountsTheRequiredArguments(LearningRateScheduler):
    """Passes the rate only where the schedule must have it."""

    def decide(self, epoch: int, lr: float) -> float:
        try:
            inspect.signature(self.schedule).bind(0)
        except (TypeError, ValueError):
            return super().decide(epoch, lr)
        return float(self.schedule(epoch))


@caught_by("LS-21")
class LooksAtTheCode(LearningRateScheduler):
    """Counts arguments in `__code__`, which only functions have."""

    def decide(self, epoch: int, lr: float) -> float:
        return float(self.schedule(epoch, lr) if self.schedule.__code__.co_argcount > 1 else self.schedule(epoch))


@caught_by("LS-05")
class HandsOverTheVariable(LearningRateScheduler):
    """Gives the epoch as a float."""

    def decide(self, epoch: int, lr: float) -> float:
        return super().decide(float(epoch), lr)  # type: ignore[arg-type]


@caught_by("LS-06")
class AsksBeforeTraining(LearningRateScheduler):
    """Tries the schedule out when training begins."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().decide(0, 1.0)


@caught_by("LS-06")
class AsksForEachBatch(LearningRateScheduler):
    """Takes the schedule for one of batches."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        super().decide(batch, 1.0)


@caught_by("LS-07")
class TriesWithTwoAndThenWithOne(LearningRateScheduler):
    """Takes every TypeError for a schedule of one argument."""

    def decide(self, epoch: int, lr: float) -> float:
        try:
            return super().decide(epoch, lr)
        except TypeError:
            return float(self.schedule(epoch))


@caught_by("LS-07")
class WrapsTheException(LearningRateScheduler):
    """Raises an error of its own for whatever goes wrong."""

    def decide(self, epoch: int, lr: float) -> float:
        try:
            return super().decide(epoch, lr)
        except Exception as error:
            raise RuntimeError("the schedule failed") from error


# Which results count


@caught_by("LS-10")
class TakesOnlyPythonFloats(LearningRateScheduler):
    """Asks for the exact type."""

    def decide(self, epoch: int, lr: float) -> float:
        result = self.schedule(epoch, lr)
        if type(result) is not float:
            raise ValueError(f"no float: {result!r}")
        return result


@caught_by("LS-11")
class RefusesTensors(LearningRateScheduler):
    """Takes floats and what derives from them."""

    def decide(self, epoch: int, lr: float) -> float:
        result = self.schedule(epoch, lr)
        if not isinstance(result, float):
            raise ValueError(f"no float: {result!r}")
        return result


@caught_by("LS-12")
class ConvertsWhatItCan(LearningRateScheduler):
    """Calls `float` on every result."""

    def decide(self, epoch: int, lr: float) -> float:
        return float(self.schedule(epoch))


@caught_by("LS-12")
class DoesNotNameTheResult(LearningRateScheduler):
    """Refuses without saying what it got."""

    def decide(self, epoch: int, lr: float) -> float:
        try:
            return super().decide(epoch, lr)
        except ValueError as error:
            raise ValueError("wrong result") from error


@caught_by("LS-12")
class RefusesAtTheEnd(LearningRateScheduler):
    """Trains the epoch first."""

    refused: Exception | None = None

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        try:
            super().on_epoch_begin(epoch, logs)
        except ValueError as error:
            self.refused = error

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.refused:
            raise self.refused
        super().on_epoch_end(epoch, logs)


@caught_by("LS-13")
class SetsNan(LearningRateScheduler):
    """Sets whatever float comes."""

    def decide(self, epoch: int, lr: float) -> float:
        return float(self.schedule(epoch))


@caught_by("LS-13")
class ComparesWithNan(LearningRateScheduler):
    """Refuses NaN, but not the infinities."""

    def decide(self, epoch: int, lr: float) -> float:
        result = float(self.schedule(epoch))
        if result != result:
            raise ValueError("NaN")
        return result


@caught_by("LS-14")
class RefusesWhatIsNotPositive(LearningRateScheduler):
    """Thinks that a rate must be above 0."""

    def decide(self, epoch: int, lr: float) -> float:
        result = super().decide(epoch, lr)
        if result <= 0:
            raise ValueError(f"{result} is not positive")
        return result


# What it writes


@caught_by("LS-08")
class PrintsEpochsFromZero(LearningRateScheduler):
    """Prints the epoch as code counts it."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        verbose, self.verbose = self.verbose, 0
        super().on_epoch_begin(epoch, logs)
        self.verbose = verbose
        if verbose:
            print(f"Epoch {epoch}: learning rate {self.model.optimizer.learning_rate}")


@caught_by("LS-08")
class PrintsChangesOnly(LearningRateScheduler):
    """Is silent while the rate stays."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        before, verbose = float(self.model.optimizer.learning_rate), self.verbose
        self.verbose = 0
        super().on_epoch_begin(epoch, logs)
        self.verbose = verbose
        if verbose and float(self.model.optimizer.learning_rate) != before:
            print(f"Epoch {epoch + 1}: learning rate {self.model.optimizer.learning_rate}")


@caught_by("LS-09")
class PrintsByDefault(LearningRateScheduler):
    """Has `verbose=1` as the default."""

    def __init__(self, schedule: Any, verbose: int = 1) -> None:
        super().__init__(schedule, verbose)


@caught_by("LS-09")
class PrintsAlways(LearningRateScheduler):
    """Ignores `verbose`."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self.verbose = 1


@caught_by("LS-15", "LS-16")
class LogsNothing(LearningRateScheduler):
    """Keeps the learning rate to itself."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        return


@caught_by("LS-15")
class KeepsWhatStoodInTheLogs(LearningRateScheduler):
    """Writes only where nothing is written yet."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs is not None and "learning_rate" not in logs:
            super().on_epoch_end(epoch, logs)


@caught_by("LS-16")
class LogsTheAnswer(LearningRateScheduler):
    """Logs what the schedule returned, whatever happened to the rate since."""

    answer = 0.0

    def decide(self, epoch: int, lr: float) -> float:
        self.answer = super().decide(epoch, lr)
        return self.answer

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs:
            logs["learning_rate"] = self.answer


# Which optimizer


@caught_by("LS-17", "LS-18")
class GoesOnWithoutARate(LearningRateScheduler):
    """Ignores an optimizer that it cannot set."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        try:
            super().on_epoch_begin(epoch, logs)
        except (TypeError, ValueError):
            return


@caught_by("LS-18")
class DoesNotLookForARate(LearningRateScheduler):
    """Lets the missing attribute speak for itself."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        optimizer: Any = self.model.optimizer
        optimizer.learning_rate = self.decide(epoch, float(optimizer.learning_rate))


@caught_by("LS-19", "LS-20")
class KnowsOneOptimizer(LearningRateScheduler):
    """Sets the rate of what stands in `model.optimizer` itself."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        optimizer: Any = self.model.optimizer
        optimizer.learning_rate = self.decide(epoch, float(getattr(optimizer, "learning_rate", 1.0)))

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


@caught_by("LS-19")
class AsksOnceForAll(LearningRateScheduler):
    """Gives all optimizers the answer for the first."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, logs)
        several = getattr(self.model.optimizer, "optimizers", [])
        for optimizer in several:
            optimizer.learning_rate = several[0].learning_rate


@caught_by("LS-20")
class LogsTheFirstRateOnly(LearningRateScheduler):
    """Has one place for the rate in the logs."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        optimizer: Any = self.model.optimizer
        if logs:
            logs["learning_rate"] = float(getattr(optimizer, "optimizers", [optimizer])[0].learning_rate)


# Arguments and life cycle


@caught_by("LS-22")
class FindsOutInTheFirstEpoch(LearningRateScheduler):
    """Stores its arguments unseen."""

    def __init__(self, schedule: Any, verbose: Any = 0) -> None:
        super().__init__(lambda epoch: 0.5)
        self.schedule, self.verbose = schedule, verbose


@caught_by("LS-23")
class SwallowsArguments(LearningRateScheduler):
    """Has `**kwargs`, and looks at none of them."""

    def __init__(self, schedule: Any = lambda epoch: 0.5, verbose: int = 0, **more: Any) -> None:
        super().__init__(schedule, verbose)


@caught_by("LS-24")
class HidesItsSchedule(LearningRateScheduler):
    """Stores the schedule under another name."""

    def __init__(self, schedule: Any, verbose: int = 0) -> None:
        super().__init__(schedule, verbose)
        self._schedule = vars(self).pop("schedule")

    def decide(self, epoch: int, lr: float) -> float:
        self.schedule = self._schedule
        try:
            return super().decide(epoch, lr)
        finally:
            del self.schedule


@caught_by("LS-25")
class CountsItsOwnEpochs(LearningRateScheduler):
    """Goes on counting in a second fit, and begins with 0 always."""

    count = -1

    def decide(self, epoch: int, lr: float) -> float:
        self.count += 1
        return super().decide(self.count, lr)


@caught_by("LS-26")
class AsksOncePerEpochNumber(LearningRateScheduler):
    """Ignores a second call for the same epoch."""

    seen: int | None = None

    def on_train_begin(self, logs: Logs = None) -> None:
        self.seen = None

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if epoch != self.seen:
            super().on_epoch_begin(epoch, logs)
        self.seen = epoch


@caught_by("LS-27")
class PutsTheRateBack(LearningRateScheduler):
    """Restores the learning rate when training ends."""

    first = 0.0

    def on_train_begin(self, logs: Logs = None) -> None:
        self.first = float(self.model.optimizer.learning_rate)

    def on_train_end(self, logs: Logs = None) -> None:
        self.model.optimizer.learning_rate = self.first


@caught_by("LS-27")
class LowersTheFlag(LearningRateScheduler):
    """Writes `stop_training` at each epoch's end."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.model.stop_training = False


@caught_by("LS-28")
class NeedsLogs(LearningRateScheduler):
    """Writes into the logs without asking whether there are any."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)


@caught_by("LS-29")
class RemembersTheRate(LearningRateScheduler):
    """Hands out a state that it does not need."""

    _state = ("verbose",)


@caught_by("LS-30")
class KeepsTheRateInLateEpochs(LearningRateScheduler):
    """Asks no more from epoch 4 on, if another batch was trained in between."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if not (epoch > 3 and getattr(self.model, "trained", 0) > 2):
            super().on_epoch_begin(epoch, logs)
