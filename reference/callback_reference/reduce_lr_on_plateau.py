"""ReduceLROnPlateau: lower the learning rate when a monitored value no longer improves."""

import warnings

from .backends import optimizers_of, rate_key, rate_of, require_settable_lr, set_rate
from .improvement import less, require_number
from .misspelt import nearest
from .monitoring import Monitoring, is_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs

__all__ = ["ReduceLROnPlateau"]

REDUCED = "\nEpoch {epoch_number}: ReduceLROnPlateau reducing {whose}learning rate to {lr}."
MISSING = (
    "Learning rate reduction is conditioned on metric `{monitor}` which is not available. "
    "Available metrics are: {names}."
)
MISSPELT = "ReduceLROnPlateau: there is no argument {name!r}; did you mean {nearest!r}? It takes {names}."
ARGUMENTS = ("monitor", "factor", "patience", "verbose", "mode", "min_delta", "cooldown", "min_lr")


class ReduceLROnPlateau(Monitoring):
    """Decide after each epoch whether the learning rate is to be lowered, and lower it.

    A checked epoch is one that reports `monitor`. In it, a value improves as `Monitoring` says; the first always does.
    At the `patience`-th checked epoch in a row without improvement, outside of a cooldown,

        new rate = max(rate * factor, min_lr)    if rate > min_lr

    An optimizer that holds several, as Keras's MultiOptimizer does, has each of their rates lowered in this way.

    Args:
        monitor: key of the epoch's logs, default "val_loss".
        factor: what the learning rate is multiplied by; below 1.
        patience: checked epochs without improvement until the rate is lowered, default 10; 0 acts as 1.
        verbose: 0 is silent; 1 prints each reduction.
        mode: "min", "max", or "auto": a loss is minimised, any other direction is read off the compiled metric.
        min_delta: change, in the unit of the monitored value, that an improvement must exceed; the sign is dropped.
        cooldown: checked epochs after a reduction until waiting starts anew, the first to wait included; 0 acts as 1.
        min_lr: the lowest learning rate that the callback sets.

    Attributes:
        best: the best value so far.
        wait: checked epochs since the last improvement, reduction or epoch of a cooldown.
        cooldown_counter: checked epochs that are left of the cooldown.
        monitor_op: the comparison in use, set at the first epoch's end.

    Raises:
        TypeError: an argument is of the wrong type or does not exist, a monitored value is not one real number, or the
            optimizer has a schedule (when training begins).
        ValueError: `factor` is not below 1, or nobody tells the direction (at the first epoch's end).
        AttributeError: the model has no optimizer with a learning rate (when training begins).

    >>> from callback_reference import CallbackList, LoopState
    >>> class Optimizer:
    ...     learning_rate = 0.5
    >>> model = LoopState()
    >>> model.optimizer = Optimizer()
    >>> callbacks = CallbackList([ReduceLROnPlateau(monitor="loss", factor=0.5, patience=2)], model=model)
    >>> callbacks.on_train_begin()
    >>> for epoch, loss in enumerate([5.0, 4.0, 4.0, 4.0, 4.0]):
    ...     callbacks.on_epoch_end(epoch, {"loss": loss})
    ...     print(f"epoch {epoch}: learning rate {model.optimizer.learning_rate}")
    epoch 0: learning rate 0.5
    epoch 1: learning rate 0.5
    epoch 2: learning rate 0.5
    epoch 3: learning rate 0.25
    epoch 4: learning rate 0.25

    Clauses: RL-01 to RL-51. Keras 2 starts from infinity, and logs the rate as `lr`.
    """

    _state: "tuple[str, ...]" = Monitoring._state + ("cooldown_counter",)  # noqa: RUF005 - MicroPython has no (*a, b)

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **misspelt: "Any",
    ) -> None:
        for name in misspelt:
            raise TypeError(
                MISSPELT.format(name=name, nearest=nearest(name, ARGUMENTS), names=", ".join(ARGUMENTS))
            )  # RL-36
        super().__init__(monitor, mode, min_delta)
        numbers = {"factor": factor, "patience": patience, "verbose": verbose, "cooldown": cooldown, "min_lr": min_lr}
        for name, number in numbers.items():
            self._require(name, number, is_number(number), "a number")
        if not factor < 1:  # RL-05, RL-35
            raise ValueError(f"ReduceLROnPlateau does not support a factor >= 1.0. Received factor={factor}")
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.min_lr = min_lr
        self._forget()

    def _forget(self) -> None:
        self.wait = 0
        self.cooldown_counter = 0
        self.best: Any = None

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Forget the previous run, and refuse a model whose learning rate cannot be lowered."""
        require_settable_lr(self.model, self._name)  # RL-37, RL-38
        if self._begins_anew():  # RL-31, RL-47
            self._forget()

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Write the learning rate of the epoch into its logs, check the epoch, and act on the answer."""
        logs = logs or {}  # RL-48
        highest = self.min_lr
        for name, optimizer in optimizers_of(self.model):  # RL-49
            rate = logs[rate_key(name)] = rate_of(optimizer)  # RL-25, RL-50
            highest = max(highest, rate)
        self._find_direction()
        value = logs.get(self.monitor)
        if value is None:
            warnings.warn(MISSING.format(monitor=self.monitor, names=",".join(logs)), stacklevel=2)  # RL-23
            return
        require_number(value, self.monitor)  # RL-41
        if self.in_cooldown():
            self.cooldown_counter -= 1  # RL-21
        verdict = self.decide(value, highest)
        self.wait = self.wait + 1 if verdict == "wait" else 0
        if verdict == "improved":
            self.best = value
        elif verdict == "reduce":
            self._reduce(epoch)

    def decide(self, value: "Any", lr: float) -> str:
        """Answer "improved", "cooldown", "wait" or "reduce" for the highest learning rate; change nothing."""
        if self.best is None or self._improves_on(value, self.best):  # RL-09, RL-13
            return "improved"
        if self.in_cooldown():
            return "cooldown"  # RL-20
        exhausted = self.wait + 1 >= self.patience  # RL-14
        return "reduce" if exhausted and less(self.min_lr, lr) else "wait"  # RL-18

    def in_cooldown(self) -> bool:
        """Tell whether a cooldown is under way."""
        return self.cooldown_counter > 0  # RL-22

    def _reduce(self, epoch: int) -> None:
        for name, optimizer in optimizers_of(self.model):
            rate = rate_of(optimizer)
            if less(self.min_lr, rate):  # RL-18, RL-49
                self._lower(epoch, name, optimizer, max(rate * self.factor, self.min_lr))  # RL-04, RL-17
        self.cooldown_counter = self.cooldown

    def _lower(self, epoch: int, name: str, optimizer: "Any", lower: float) -> None:
        set_rate(optimizer, lower, self._name)
        if self.verbose > 0:
            whose = f"{name} " if name else ""
            print(REDUCED.format(epoch_number=epoch + 1, whose=whose, lr=lower))  # RL-27
