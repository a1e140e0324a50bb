"""Fakes that try the suite itself: whatever they do, it must give a whole report that says no."""

import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

from callback_conformance.subjects import Subject, describe
from callback_reference import Callback, CallbackList, EarlyStopping, LearningRateScheduler, ReduceLROnPlateau

__all__ = ["FAKES", "fake", "subject"]

FAKES: list[type[Any]] = []
"""All fakes; none of them takes the name of the callback that it stands for."""

Logs = dict[str, Any] | None
Fake = TypeVar("Fake", bound=type[Any])


def fake(kind: str) -> Callable[[Fake], Fake]:
    """Register a fake that pretends to be a callback of this kind."""

    def register(made: Fake) -> Fake:
        made.pretends_to_be = kind
        FAKES.append(made)
        return made

    return register


def subject(made: type[Any]) -> Subject:
    """Return what the suite judges."""
    return describe(made, made.pretends_to_be)


class _Anything(Callback):
    def __init__(self, **arguments: Any) -> None:
        super().__init__()
        vars(self).update(arguments)


@fake("EarlyStopping")
class StopsAtOnce(_Anything):
    """Stops at the end of the first epoch, always."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.model.stop_training = True


@fake("EarlyStopping")
class DoesNothing(_Anything):
    """Has every hook, all of them empty."""


@fake("EarlyStopping")
class HasNothing:
    """Has no hook and no attribute."""

    def __init__(self, **arguments: Any) -> None:
        pass


@fake("EarlyStopping")
class TakesNothing(Callback):
    """Has a constructor without arguments."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.model.stop_training = True


@fake("EarlyStopping")
class RaisesInAHook(EarlyStopping):
    """Raises at each epoch's end."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        raise RuntimeError("no")


@fake("EarlyStopping")
class RaisesInTheConstructor:
    """Cannot be built."""

    def __init__(self, **arguments: Any) -> None:
        raise RuntimeError("no")


@fake("EarlyStopping")
class RaisesTheUnspeakable:
    """Raises an error that cannot be printed."""

    class Unspeakable(Exception):
        """An error without words."""

        def __str__(self) -> str:
            raise RuntimeError("no words")

    def __init__(self, **arguments: Any) -> None:
        raise self.Unspeakable


@fake("EarlyStopping")
class LeavesPython:
    """Calls `sys.exit` as soon as it is built."""

    def __init__(self, **arguments: Any) -> None:
        sys.exit(0)


@fake("EarlyStopping")
class LeavesPythonInAHook(EarlyStopping):
    """Calls `sys.exit` when it would stop."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.stopped_epoch:
            sys.exit(0)


@fake("EarlyStopping")
class ReadsTheClock(EarlyStopping):
    """Improves in every second microsecond."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return time.perf_counter_ns() // 1000 % 2 == 0


@fake("EarlyStopping")
class HidesItsState(EarlyStopping):
    """Raises when somebody looks at `wait`."""

    def __getattribute__(self, name: str) -> Any:
        if name == "wait":
            raise RuntimeError("private")
        return super().__getattribute__(name)


@fake("EarlyStopping")
class IsItsOwnBest(EarlyStopping):
    """Has a best value that contains itself."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.best = []
        self.best.append(self.best)


@fake("EarlyStopping")
class ClosesTheOutput(EarlyStopping):
    """Closes standard output."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        sys.stdout.close()


@fake("EarlyStopping")
class PrintsHalfACharacter(EarlyStopping):
    """Prints and raises text that no encoding can write."""

    def on_train_end(self, logs: Logs = None) -> None:
        print("\ud800")
        raise RuntimeError("\ud800")

    def get_monitor_value(self, logs: Logs) -> Any:
        return "\ud800" if logs is None else super().get_monitor_value(logs)


@fake("EarlyStopping")
class EmptiesTheLogs(EarlyStopping):
    """Clears the logs, and drops its state."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        (logs or {}).clear()
        vars(self).clear()


@fake("ReduceLROnPlateau")
class ReducerLowersAlways(_Anything):
    """Halves the rate at the end of each epoch."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.model.optimizer.learning_rate *= 0.5


@fake("ReduceLROnPlateau")
class ReducerDoesNothing(_Anything):
    """Has every hook, all of them empty."""


@fake("ReduceLROnPlateau")
class ReducerHasNothing:
    """Has no hook and no attribute."""

    def __init__(self, **arguments: Any) -> None:
        pass


@fake("ReduceLROnPlateau")
class ReducerTakesNothing(Callback):
    """Has a constructor without arguments."""


@fake("ReduceLROnPlateau")
class ReducerRaisesInAHook(ReduceLROnPlateau):
    """Raises when it would lower the rate."""

    def _reduce(self, epoch: int) -> None:
        raise RuntimeError("no")


@fake("ReduceLROnPlateau")
class ReducerLeavesPythonInAHook(ReduceLROnPlateau):
    """Calls `sys.exit` when it would lower the rate."""

    def _reduce(self, epoch: int) -> None:
        sys.exit(0)


@fake("ReduceLROnPlateau")
class ReducerReadsTheClock(ReduceLROnPlateau):
    """Improves in every second microsecond."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return time.perf_counter_ns() // 1000 % 2 == 0


@fake("ReduceLROnPlateau")
class ReducerTakesTheOptimizerAway(ReduceLROnPlateau):
    """Leaves the model without an optimizer."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.model.optimizer = None


@fake("ReduceLROnPlateau")
class ReducerMakesTheRateNan(ReduceLROnPlateau):
    """Ruins the rate instead of lowering it."""

    def _reduce(self, epoch: int) -> None:
        self.model.optimizer.learning_rate = float("nan")


@fake("ReduceLROnPlateau")
class ReducerHandsOutItself(ReduceLROnPlateau):
    """Has a state that contains the callback, and takes nothing back."""

    def state_dict(self) -> dict[str, Any]:
        return {"self": self}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        raise RuntimeError("no")


@fake("LearningRateScheduler")
class SchedulerDoesNothing(_Anything):
    """Has every hook, all of them empty."""


@fake("LearningRateScheduler")
class SchedulerSetsTheSchedule(_Anything):
    """Sets the function itself as the rate."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self.model.optimizer.learning_rate = self.schedule  # type: ignore[attr-defined]


@fake("LearningRateScheduler")
class SchedulerAsksForever(LearningRateScheduler):
    """Asks as long as the answers differ, a hundred times at most."""

    def decide(self, epoch: int, lr: float) -> float:
        answers = [super(SchedulerAsksForever, self).decide(epoch, lr) for _ in range(100)]
        return answers[-1] * time.perf_counter_ns()


@fake("CallbackList")
class ListDoesNothing:
    """Has all that a list has, and calls nobody."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments, **named: None


@fake("CallbackList")
class ListHasNothing:
    """Has no hook."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        pass


@fake("CallbackList")
class ListRaisesInTheConstructor:
    """Cannot be built."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        raise RuntimeError("no")


@fake("CallbackList")
class ListTakesNothing(CallbackList):
    """Has a constructor without arguments."""

    def __init__(self) -> None:
        super().__init__()


@fake("CallbackList")
class ListLeavesPython(CallbackList):
    """Calls `sys.exit` at the end of training."""

    def on_train_end(self, logs: Logs = None) -> None:
        sys.exit(0)


@fake("CallbackList")
class ListReadsTheClock(CallbackList):
    """Calls the callbacks in every second microsecond."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        if time.perf_counter_ns() // 1000 % 2:
            super()._call(hook, index, logs)


@fake("CallbackList")
class ListLosesTheLogs(CallbackList):
    """Hands over a string instead of logs."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        super()._call(hook, index, {"\ud800": "\ud800"})
