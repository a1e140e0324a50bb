"""History: keep what every epoch reported."""

from .callback import Callback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs

__all__ = ["History"]


class History(Callback):
    """Append each epoch's logs to one list per metric.

    Attributes:
        epoch: the numbers (from 0) of the epochs of the latest `fit`.
        history: a list of values for each metric, in the order of the epochs that reported it.

    Raises nothing, and works without a model too: where there is one, its `history` is this object from the first
    epoch's end on.
    A metric that some epochs do not report has a shorter list (LC-23).

    >>> record = History()
    >>> record.on_train_begin()
    >>> record.on_epoch_end(0, {"loss": 0.5})
    >>> record.on_epoch_end(1, {"loss": 0.4, "val_loss": 0.6})
    >>> record.epoch, record.history
    ([0, 1], {'loss': [0.5, 0.4], 'val_loss': [0.6]})

    A second `fit` with the same instance empties `epoch` and goes on filling `history`:

    >>> record.on_train_begin()
    >>> record.epoch, record.history["loss"]
    ([], [0.5, 0.4])

    Clauses: HI-01 to HI-16, LC-20, LC-22, LC-23.
    """

    _state: "tuple[str, ...]" = ("epoch", "history")  # HI-14

    def __init__(self) -> None:
        super().__init__()
        self.epoch: list[int] = []  # HI-02
        self.history: dict[str, list[Any]] = {}

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Start a new list of epochs, and keep the values."""
        if self._begins_anew():
            self.epoch = []  # LC-22

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Append this epoch's values, whatever their keys."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)  # LC-23
        if self.model is not None:  # HI-08
            self.model.history = self
