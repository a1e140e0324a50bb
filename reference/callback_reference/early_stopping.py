"""EarlyStopping: stop when a monitored value no longer improves."""

import warnings

from .improvement import require_number
from .monitoring import Monitoring, is_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs

__all__ = ["EarlyStopping"]

STOPPED = "Epoch {epoch_number}: early stopping"
RESTORED = "Restoring model weights from the end of the best epoch: {epoch_number}."
MISSING = "Early stopping conditioned on metric `{monitor}` which is not available. Available metrics are: {names}"


class EarlyStopping(Monitoring):
    """Decide after each epoch whether training has stopped improving.

    A checked epoch is one that reports `monitor` and is not before `start_from_epoch`. In it, a value improves if

        value + min_delta < best    when lower is better
        value - min_delta > best    when higher is better

    compared after rounding to float32 (see `improvement`). The first checked value always improves, NaN included.
    Training stops at a checked epoch that does not improve and is at least the `patience`-th in a row.

    Args:
        monitor: key of the epoch's logs, default "val_loss".
        min_delta: change, in the unit of the monitored value, that an improvement must exceed; the sign is dropped.
        patience: checked epochs without improvement until training stops; 0 acts as 1.
        verbose: 0 is silent; 1 prints when training stopped and which weights were restored.
        mode: "min", "max", or "auto": a loss is minimised, any other direction is read off the compiled metric.
        baseline: value to beat; until a value does, even an improving epoch counts as a wait.
        restore_best_weights: when training ends, put back the weights of the best epoch.
        start_from_epoch: number (from 0) of the first epoch to check.

    Attributes:
        best, best_epoch, best_weights: the best value so far, its epoch, and a copy of its weights if asked for.
        wait: checked epochs since the last improvement; with a `baseline`, since the last one that also beat it.
        stopped_epoch: the epoch that stopped training, or 0.
        monitor_op: the comparison in use, set at the first epoch's end.
        min_delta: negative from then on if lower is better; `value - min_delta` is compared either way.

    Raises:
        TypeError: an argument is of the wrong type, or a monitored value is not one real number.
        ValueError: `mode` is "auto" and no compiled metric tells the direction (at the first epoch's end).

    >>> from callback_reference import CallbackList
    >>> stopper = EarlyStopping(monitor="loss", patience=2)
    >>> callbacks = CallbackList([stopper])
    >>> for epoch, loss in enumerate([5.0, 4.0, 4.5, 4.0, 3.0]):
    ...     callbacks.on_epoch_end(epoch, {"loss": loss})
    ...     print(f"epoch {epoch}: best {stopper.best}, wait {stopper.wait}")
    ...     if callbacks.model.stop_training:
    ...         break
    epoch 0: best 5.0, wait 0
    epoch 1: best 4.0, wait 0
    epoch 2: best 4.0, wait 1
    epoch 3: best 4.0, wait 2

    Clauses: ES-01 to ES-56. Keras 2 differs most visibly in ES-09, ES-31 and ES-32: see the results.
    """

    _state: "tuple[str, ...]" = Monitoring._state + (  # noqa: RUF005 - MicroPython has no (*a, b)
        "stopped_epoch",
        "best_epoch",
        "best_weights",
    )

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: "float | None" = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        for name, number in {"patience": patience, "verbose": verbose, "start_from_epoch": start_from_epoch}.items():
            self._require(name, number, is_number(number), "a number")
        self._require("baseline", baseline, baseline is None or is_number(baseline), "a number or None")
        self.patience = patience
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self._forget()

    def _forget(self) -> None:
        self.wait = 0
        self.stopped_epoch = 0
        self.best: Any = None
        self.best_epoch = 0
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Forget the previous run, so that an instance can be used again."""
        if self._begins_anew():  # ES-25, ES-55
            self._forget()

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Check the epoch, unless it is too early or does not report the monitored value."""
        self._find_direction()
        value = self.get_monitor_value(logs)
        if value is None or epoch < self.start_from_epoch:  # ES-17, ES-19
            return
        require_number(value, self.monitor)  # ES-35
        verdict = self.decide(value, epoch)
        self.wait = 0 if verdict == "improved" else self.wait + 1
        if verdict in ("improved", "closer"):
            self._remember(value, epoch)
        elif verdict == "stop":
            self.stopped_epoch = epoch
            self.model.stop_training = True  # ES-13

    def on_train_end(self, logs: "Logs | None" = None) -> None:
        """Report the stop, and put the best weights back, however training ended."""
        super().on_train_end(logs)
        if self.stopped_epoch > 0 and self.verbose > 0:  # ES-26
            print(STOPPED.format(epoch_number=self.stopped_epoch + 1))
        if self.restore_best_weights and self.best_weights is not None:  # ES-22
            if self.verbose > 0:  # ES-27
                print(RESTORED.format(epoch_number=self.best_epoch + 1))
            self.model.set_weights(self.best_weights)

    def decide(self, value: "Any", epoch: int) -> str:
        """Answer "improved", "closer" (better, but not past the baseline), "wait" or "stop"; change nothing."""
        if self.best is None or self._improves_on(value, self.best):  # ES-09, ES-53
            reached = self.baseline is None or self._improves_on(value, self.baseline)
            return "improved" if reached else "closer"  # ES-16
        exhausted = self.wait + 1 >= self.patience and epoch > 0  # ES-14, ES-47
        return "stop" if exhausted else "wait"

    def get_monitor_value(self, logs: "Logs | None") -> "Any":
        """Return the monitored value, or warn and return None if the logs lack it."""
        logs = logs or {}  # ES-56
        value = logs.get(self.monitor)
        if value is None:
            warnings.warn(MISSING.format(monitor=self.monitor, names=",".join(logs)), stacklevel=2)  # ES-17
        return value

    def _remember(self, value: "Any", epoch: int) -> None:
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()  # ES-21
