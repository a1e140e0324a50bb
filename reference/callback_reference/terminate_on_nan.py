"""TerminateOnNaN: stop training at the first loss that is NaN or infinite."""

from .callback import Callback
from .improvement import require_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs

__all__ = ["TerminateOnNaN"]

STOPPED = "Batch {batch}: Invalid loss, terminating training"
RAISED = "NaN or Inf loss encountered at batch {batch}. Loss value: {loss}. Terminating training immediately."
WRONG = "TerminateOnNaN: raise_error must be True or False, got {value!r}"
INFINITY = float("inf")


class TerminateOnNaN(Callback):
    """Decide after each training batch whether its loss is still a number that training can go on from.

    The loss is what the batch's logs hold as `loss`: in `model.fit`, the average over this epoch so far.
    It is valid if

        -inf < loss < inf

    which NaN, being neither below nor above anything, is not.
    At an invalid loss, training ends with this batch: its epoch is still validated and reported, and `on_train_end`
    runs. What the loss has done to the weights stays.

    Args:
        raise_error: True leaves `fit` at once instead, by a RuntimeError; nothing that would follow runs.
            Default False.

    Raises:
        TypeError: `raise_error` is neither True nor False, or a loss is not one real number (after that batch).
        RuntimeError: the loss is invalid and `raise_error` is True (after that batch).

    >>> from callback_reference import CallbackList
    >>> callbacks = CallbackList([TerminateOnNaN()])
    >>> for batch, loss in enumerate([0.5, float("nan"), 0.5]):
    ...     callbacks.on_train_batch_end(batch, {"loss": loss})
    ...     if callbacks.model.stop_training:
    ...         break
    Batch 1: Invalid loss, terminating training

    Clauses: TN-01 to TN-22. Keras 2 has no `raise_error`.
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        if raise_error not in (True, False):
            raise TypeError(WRONG.format(value=raise_error))  # TN-15
        self.raise_error = raise_error

    def on_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Look at the loss of a training batch, and end training if it is invalid."""
        loss = (logs or {}).get("loss")
        if loss is None or not self.is_invalid(loss):  # TN-05
            return
        if self.raise_error:
            raise RuntimeError(RAISED.format(batch=batch, loss=loss))  # TN-11, TN-12
        print(STOPPED.format(batch=batch))  # TN-07
        self.model.stop_training = True  # TN-01, TN-02

    def is_invalid(self, loss: "Any") -> bool:
        """Tell whether a loss is NaN or infinite; change nothing."""
        if type(loss) is not float:
            require_number(loss, "loss")  # TN-20
        return not -INFINITY < loss < INFINITY  # TN-01, TN-02, TN-03
