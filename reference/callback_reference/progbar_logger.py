"""ProgbarLogger: show how far training, evaluation or prediction has come."""

from .callback import Callback
from .progress import Progress, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs

__all__ = ["ProgbarLogger"]

HEADING = "Epoch {epoch_number}/{epochs}\n"


class ProgbarLogger(Callback):
    """Decide after each batch what the progress line shows, and draw it on `sys.stdout`.

    What is drawn follows from the run's parameters:

        verbose == 1, True or "auto"    a line that is drawn again after a batch, at most every 0.05 seconds
        verbose == 2                    one line at the end of an epoch, an evaluation or a prediction
        epochs > 1                      a heading before each epoch, `Epoch 1/3`
        steps is None                   the number of steps is learnt from the first epoch

    The values shown are the latest in the logs, not averages made here; those of validation come with the epoch's end.
    With `model.fit(verbose=1)` Keras draws a bar of its own; see the page for how to put this one in its place.

    Attributes:
        seen: steps of this epoch, evaluation or prediction so far.
        target: steps of a whole one; None while nobody knows.
        verbose: what the run was asked to show, "auto" being 1.
        epochs: the number of the last epoch.
        progbar: the line being drawn, a `Progress`; None before the first.

    Raises:
        TypeError: an argument was given; `count_mode` does not exist, and steps are what is counted.

    >>> from callback_reference import CallbackList
    >>> callbacks = CallbackList([ProgbarLogger()], verbose=2, epochs=2, steps=1)
    >>> callbacks.on_train_begin()
    >>> for epoch in range(2):
    ...     callbacks.on_epoch_begin(epoch)
    ...     callbacks.on_train_batch_end(0, {"loss": 1.0})
    ...     callbacks.on_epoch_end(epoch, {"loss": 1.0, "val_loss": 0.5})  # doctest: +ELLIPSIS
    Epoch 1/2
    1/1 - 0s - ...s/step - loss: 1.0000 - val_loss: 0.5000
    Epoch 2/2
    1/1 - 0s - ...s/step - loss: 1.0000 - val_loss: 0.5000

    Clauses: PB-01 to PB-39.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0
        self.target: int | None = None
        self.verbose: Any = 1
        self.epochs = 1
        self.progbar: Progress | None = None
        self._trains = False

    def set_params(self, params: "dict[str, Any]") -> None:
        """Take how many epochs and steps there will be, and how much to show of them."""
        super().set_params(params)  # PB-32
        verbose = params.get("verbose", 1)  # PB-33
        self.verbose = 1 if verbose == "auto" else verbose  # PB-02
        self.epochs = params.get("epochs", 1)
        self.target = params.get("steps")

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Remember that evaluation is part of training from here on: it shows nothing of its own."""
        self._trains = True  # PB-18, PB-28

    def on_test_begin(self, logs: "Logs | None" = None) -> None:
        """Begin the line of an evaluation."""
        if not self._trains:
            self._begin()

    def on_predict_begin(self, logs: "Logs | None" = None) -> None:
        """Begin the line of a prediction."""
        self._begin()

    def on_epoch_begin(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Write the heading, and begin the line of an epoch."""
        self._begin()
        if self.verbose and self.epochs > 1:
            write(HEADING.format(epoch_number=epoch + 1, epochs=self.epochs))  # PB-05

    def on_train_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Show a step of training."""
        self._show(batch, logs)

    def on_test_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Show a step of evaluation."""
        if not self._trains:
            self._show(batch, logs)

    def on_predict_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Show a step of prediction, without its outputs."""
        self._show(batch, None)  # PB-20

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """End the line of an epoch."""
        self._end(logs)

    def on_test_end(self, logs: "Logs | None" = None) -> None:
        """End the line of an evaluation."""
        if not self._trains:
            self._end(logs)

    def on_predict_end(self, logs: "Logs | None" = None) -> None:
        """End the line of a prediction."""
        self._end(logs)

    def _begin(self) -> None:
        self.seen, self.progbar = 0, Progress(self.target, self.verbose)

    def _line(self) -> Progress:
        """Return the line being drawn; a loop that announces no beginning gets one with its first step."""
        if self.progbar is None:
            self.progbar = Progress(self.target, self.verbose)
        return self.progbar

    def _show(self, batch: int, logs: "Logs | None") -> None:
        self.seen = batch + 1  # PB-06
        line = self.progbar or self._line()
        if self.verbose == 1:  # a run that shows nothing after its batches pays for no more than this
            line.update(self.seen, logs or {})

    def _end(self, logs: "Logs | None") -> None:
        if self.target is None:
            self.target = self.seen  # PB-16
        progress = self._line()
        progress.total = self.target
        progress.finish(self.target, logs or {})  # PB-19
