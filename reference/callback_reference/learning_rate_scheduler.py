"""LearningRateScheduler: set the learning rate of each epoch to what a function says."""

from .backends import NO_RATE, optimizers_of, rate_key, rate_of, set_rate
from .callback import Callback
from .monitoring import is_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .protocol import Logs

__all__ = ["LearningRateScheduler"]

SET = "\nEpoch {epoch_number}: LearningRateScheduler setting {whose}learning rate to {lr}."
NOT_CALLABLE = "LearningRateScheduler: schedule must be a function of the epoch and the learning rate, got {schedule!r}"
NOT_A_NUMBER = "LearningRateScheduler: verbose must be a number, got {verbose!r}"
NOT_A_FLOAT = "The output of the `schedule` function should be a float. Got: {result!r}"
NOT_FINITE = "The output of the `schedule` function must be finite as a 32-bit float. Got: {lr}"
TOO_LARGE = 3.4028235677973366e38
"""The smallest float that is infinite as a 32-bit float."""


class LearningRateScheduler(Callback):
    """Ask a function for the learning rate of each epoch, and set it before the first batch.

        new rate = schedule(epoch, rate)

    At the epoch's end the rate that the optimizer then has goes into the logs as `learning_rate`.
    An optimizer that holds several, as Keras's MultiOptimizer does, has the function asked for each of them.

    Args:
        schedule: function of the epoch, counted from 0, and the learning rate so far; it returns the new one as a
            float. A function that takes no second argument gets the epoch alone.
        verbose: 0 is silent; 1 prints each new learning rate.

    Raises:
        TypeError: `schedule` cannot be called, `verbose` is no number, or the optimizer has a schedule of its own (at
            the first epoch's beginning).
        ValueError: the function returned no finite float, or the model has no optimizer with a learning rate (at an
            epoch's beginning).

    >>> from callback_reference import CallbackList, LoopState
    >>> class Optimizer:
    ...     learning_rate = 0.5
    >>> model = LoopState()
    >>> model.optimizer = Optimizer()
    >>> def schedule(epoch, lr):
    ...     return lr if epoch < 2 else lr * 0.5
    >>> callbacks = CallbackList([LearningRateScheduler(schedule)], model=model)
    >>> callbacks.on_train_begin()
    >>> for epoch in range(4):
    ...     callbacks.on_epoch_begin(epoch)
    ...     print(f"epoch {epoch}: learning rate {model.optimizer.learning_rate}")
    ...     callbacks.on_epoch_end(epoch, {})
    epoch 0: learning rate 0.5
    epoch 1: learning rate 0.5
    epoch 2: learning rate 0.25
    epoch 3: learning rate 0.125

    Clauses: LS-01 to LS-30. Keras 2 logs the rate as `lr`.
    """

    def __init__(self, schedule: "Callable[..., Any]", verbose: int = 0) -> None:
        super().__init__()
        if not callable(schedule):
            raise TypeError(NOT_CALLABLE.format(schedule=schedule))  # LS-22
        if not is_number(verbose):
            raise TypeError(NOT_A_NUMBER.format(verbose=verbose))  # LS-22
        self.schedule = schedule
        self.verbose = verbose
        self._asked: Any = None  # whose signature `_two` tells
        self._two: bool | None = None

    def on_epoch_begin(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Ask for the learning rate of this epoch, and set it."""
        for name, optimizer in optimizers_of(self.model):  # LS-19
            if not hasattr(optimizer, "learning_rate"):
                raise ValueError(NO_RATE.format(name="LearningRateScheduler"))  # LS-18
            lr = self.decide(epoch, rate_of(optimizer))
            set_rate(optimizer, lr, "LearningRateScheduler")  # LS-01, LS-17
            if self.verbose > 0:
                whose = f"{name} " if name else ""
                print(SET.format(epoch_number=epoch + 1, whose=whose, lr=lr))  # LS-08

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Write the learning rate into the logs, whoever set it last."""
        logs = logs or {}  # LS-28
        for name, optimizer in optimizers_of(self.model):
            logs[rate_key(name)] = rate_of(optimizer)  # LS-15, LS-16, LS-20

    def decide(self, epoch: int, lr: float) -> float:
        """Return the learning rate that `schedule` gives for an epoch; change nothing."""
        if self._asked is not self.schedule:  # LS-24
            self._asked, self._two = self.schedule, _takes_two(self.schedule)
        result = _call(self.schedule, self._two, epoch, lr)
        if not _is_float(result):
            raise ValueError(NOT_A_FLOAT.format(result=result))  # LS-12
        lr = float(result)
        if not abs(lr) < TOO_LARGE:
            raise ValueError(NOT_FINITE.format(lr=lr))  # LS-13
        return lr


def _is_float(result: "Any") -> bool:
    """Tell whether a value is one float: of Python, or a scalar of floats of whatever library."""
    if isinstance(result, float):  # LS-10
        return True
    return "float" in str(getattr(result, "dtype", "")) and not len(getattr(result, "shape", [None]))  # LS-11


def _call(schedule: "Callable[..., Any]", two: "bool | None", epoch: int, lr: float) -> "Any":
    if two is not None:
        return schedule(epoch, lr) if two else schedule(epoch)  # LS-02, LS-03, LS-04
    try:  # nobody knows: some built-in functions have no signature, and MicroPython shows none
        return schedule(epoch, lr)
    except TypeError:
        return schedule(epoch)


def _takes_two(schedule: "Callable[..., Any]") -> "bool | None":
    """Tell whether a schedule takes two arguments, or return None if nobody knows.

    The answer comes from its signature, not from a call: a TypeError of its own goes to the user (LS-07).
    """
    try:
        from inspect import signature

        signature(schedule).bind(0, 0.0)
    except (ImportError, ValueError):
        return None
    except TypeError:
        return False
    return True
