"""SwapEMAWeights: evaluate and save with the averages of the weights, and go on training without them."""

from .callback import Callback
from .ema import averages, copy_of, require_averaging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs, Model

__all__ = ["SwapEMAWeights"]


class SwapEMAWeights(Callback):
    """Put the optimizer's averages in the place of the weights while the model is evaluated, and take them out again.

    An optimizer with `use_ema=True` holds beside each weight its exponential moving average, after each batch

        average = ema_momentum * average + (1 - ema_momentum) * weight

    The two change places: the weights are kept where the averages were, so that no more memory is needed.

    Args:
        swap_on_epoch: also change places at the end of each epoch until the next begins, for callbacks that stand
            after this one and save the model; default False.

    Attributes:
        shown_for: what the averages are in the model for: "evaluation", "epoch", or None while the weights are there.
        averages: copies of the averages while they are in the model for "epoch", else None.

    Raises:
        TypeError: `swap_on_epoch` is no bool.
        ValueError: the optimizer does not average (when training, evaluation or prediction begins), or has not yet
            trained anything (when evaluation or prediction begins).

    >>> class Variable:
    ...     def __init__(self, value):
    ...         self.value = value
    ...     def assign(self, value):
    ...         self.value = value
    >>> weight, average = Variable(5.0), Variable(7.0)
    >>> class Optimizer:
    ...     use_ema = True
    ...     _trainable_variables, _model_variables_moving_average = [weight], [average]
    >>> from callback_reference import LoopState
    >>> model = LoopState()
    >>> model.optimizer = Optimizer()
    >>> swap = SwapEMAWeights()
    >>> swap.set_model(model)
    >>> swap.on_test_begin()
    >>> print("evaluated:", weight.value)
    evaluated: 7.0
    >>> swap.on_test_end()
    >>> print("trained on:", weight.value)
    trained on: 5.0

    Clauses: SE-01 to SE-25.
    """

    _state: "tuple[str, ...]" = ("averages", "shown_for")

    def __init__(self, swap_on_epoch: bool = False) -> None:
        super().__init__()
        if swap_on_epoch not in (True, False):
            raise TypeError(f"SwapEMAWeights: swap_on_epoch must be True or False, got {swap_on_epoch!r}")  # SE-16
        self.swap_on_epoch = swap_on_epoch
        self._epochs: int | None = None
        self._forget()

    def _forget(self) -> None:
        self.shown_for: str | None = None
        self.averages: list[Any] | None = None

    def set_model(self, model: "Model") -> None:
        """Take the model; of another model, nothing is known."""
        before = self._model
        super().set_model(model)
        if before is not None and self._model is not before:
            self._forget()  # SE-15

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Refuse an optimizer that does not average, and put back what an interrupted evaluation left behind."""
        require_averaging(self.model, type(self).__name__)  # SE-10
        self._epochs = (self.params or {}).get("epochs")  # an evaluation inside of a hook replaces params
        self._begins_anew()
        self._restore()  # SE-14

    def on_epoch_begin(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Put the weights back."""
        self._restore()  # SE-05

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Show the averages until the next epoch begins; after the last one, for good."""
        if not self.swap_on_epoch:
            return
        if self.is_last(epoch):
            self._restore()
            self._settle([copy_of(average) for _, average in self._pairs()])  # SE-06
        else:
            self._show("epoch")  # SE-04
            self.averages = [copy_of(weight) for weight, _ in self._pairs()]

    def on_train_end(self, logs: "Logs | None" = None) -> None:
        """Leave the averages in the model, where training ended before its last epoch."""
        super().on_train_end(logs)
        if self.averages is not None:  # fit has just overwritten them with what stood in their place
            self._settle(self.averages)  # SE-07

    def on_test_begin(self, logs: "Logs | None" = None) -> None:
        """Show the averages."""
        self._show("evaluation")  # SE-01

    def on_test_end(self, logs: "Logs | None" = None) -> None:
        """Put the weights back, if they were there before."""
        self._restore_after_evaluation()  # SE-02

    def on_predict_begin(self, logs: "Logs | None" = None) -> None:
        """Show the averages."""
        self._show("evaluation")  # SE-03

    def on_predict_end(self, logs: "Logs | None" = None) -> None:
        """Put the weights back, if they were there before."""
        self._restore_after_evaluation()  # SE-13

    def is_last(self, epoch: int) -> bool:
        """Tell whether no epoch follows, as far as is known at the end of this one."""
        return epoch + 1 == self._epochs or bool(self.model.stop_training)

    def _show(self, purpose: str) -> None:
        if self.shown_for is None:  # SE-17
            self._exchange()
            self.shown_for = purpose

    def _restore_after_evaluation(self) -> None:
        if self.shown_for == "evaluation":  # SE-18
            self._restore()

    def _restore(self) -> None:
        if self.shown_for is not None:
            self._exchange()
            self._forget()

    def _exchange(self) -> None:
        for weight, average in self._pairs():
            kept = copy_of(weight)  # SE-12: copied, not computed
            weight.assign(copy_of(average))
            average.assign(kept)

    def _settle(self, values: "list[Any]") -> None:
        for (weight, average), value in zip(self._pairs(), values):  # noqa: B905 - not in MicroPython
            weight.assign(value)
            average.assign(value)
        self._forget()

    def _pairs(self) -> "list[tuple[Any, Any]]":
        return averages(self.model, type(self).__name__)  # SE-08, SE-09
