"""CallbackList: call every callback at every hook, in order."""

from .history import History

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs, Model

__all__ = ["CallbackList", "LoopState"]


class LoopState:
    """The least that a loop without a model needs: a flag that callbacks raise to stop it."""

    def __init__(self) -> None:
        self.stop_training = False


class CallbackList:
    """Pass each hook on to a list of callbacks, in the order of the list.

    Args:
        callbacks: one callback, a list of them, or nested lists.
        add_history: append a `History` unless the list has one.
        add_progbar: this list draws no progress bar; put a callback that does into the list instead.
        model: handed to every callback; without one, a `LoopState` takes its place.
        **params: handed to every callback, such as `epochs=10`.

    Raises:
        ValueError: `add_progbar` is true.
        TypeError: a member is not a callback: it lacks `set_model` or `set_params`.

    `logs` reach the callbacks as a copy: what one writes into it, those after it see, and you do not (LC-20).

    >>> from callback_reference import Callback
    >>> class Stop(Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         self.model.stop_training = logs["loss"] < 0.3
    >>> callbacks = CallbackList([Stop()])
    >>> for epoch, loss in enumerate([0.5, 0.2, 0.1]):
    ...     callbacks.on_epoch_end(epoch, {"loss": loss})
    ...     if callbacks.model.stop_training:
    ...         print("stopped after epoch", epoch)
    ...         break
    stopped after epoch 1

    Clauses: LC-11, LC-12, LC-20, LC-21, LC-26, LC-28, LC-33 to LC-35.
    """

    def __init__(
        self,
        callbacks: "Any" = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: "Model | None" = None,
        **params: "Any",
    ) -> None:
        if add_progbar:
            raise ValueError(f"CallbackList: add_progbar must be False, got {add_progbar!r}")
        self.callbacks: list[Any] = _flatten(callbacks)
        if add_history and not any(isinstance(callback, History) for callback in self.callbacks):
            self.callbacks.append(History())
        self.params: dict[str, Any] = {}
        self.set_model(model or LoopState())
        if params:
            self.set_params(params)

    def append(self, callback: "Any") -> None:
        """Add a callback, or a list of them, at the end, with the list's model and parameters."""
        for added in _flatten(callback):
            self.callbacks.append(added)
            added.set_model(self.model)
            added.set_params(self.params)

    def set_model(self, model: "Any") -> None:
        """Hand the model to every callback."""
        self.model = model
        for callback in self.callbacks:
            callback.set_model(model)

    def set_params(self, params: "dict[str, Any]") -> None:
        """Hand the facts about the run to every callback."""
        self.params = params
        for callback in self.callbacks:
            callback.set_params(params)

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Pass on: training starts."""
        self._call("on_train_begin", None, logs)

    def on_epoch_begin(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Pass on: an epoch starts."""
        self._call("on_epoch_begin", epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a training batch starts."""
        self._call("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a training batch ended."""
        self._call("on_train_batch_end", batch, logs)

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Pass on: an epoch ended."""
        self._call("on_epoch_end", epoch, logs)

    def on_train_end(self, logs: "Logs | None" = None) -> None:
        """Pass on: training ended."""
        self._call("on_train_end", None, logs)

    def on_test_begin(self, logs: "Logs | None" = None) -> None:
        """Pass on: evaluation or validation starts."""
        self._call("on_test_begin", None, logs)

    def on_test_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a batch of evaluation or validation starts."""
        self._call("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a batch of evaluation or validation ended."""
        self._call("on_test_batch_end", batch, logs)

    def on_test_end(self, logs: "Logs | None" = None) -> None:
        """Pass on: evaluation or validation ended."""
        self._call("on_test_end", None, logs)

    def on_predict_begin(self, logs: "Logs | None" = None) -> None:
        """Pass on: prediction starts."""
        self._call("on_predict_begin", None, logs)

    def on_predict_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a batch of prediction starts."""
        self._call("on_predict_batch_begin", batch, logs)

    def on_predict_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a batch of prediction ended."""
        self._call("on_predict_batch_end", batch, logs)

    def on_predict_end(self, logs: "Logs | None" = None) -> None:
        """Pass on: prediction ended."""
        self._call("on_predict_end", None, logs)

    def _call(self, hook: str, index: "int | None", logs: "Logs | None") -> None:
        shared = {name: _plain(value) for name, value in (logs or {}).items()}  # LC-20
        by_keyword = "_batch_" in hook
        for callback in self.callbacks:
            method = getattr(callback, hook)
            if index is None:
                method(shared)
            elif by_keyword:
                method(index, logs=shared)  # LC-26
            else:
                method(index, shared)


def _flatten(callbacks: "Any") -> "list[Any]":
    if callbacks is None:
        return []
    if isinstance(callbacks, (list, tuple)):
        return [callback for member in callbacks for callback in _flatten(member)]
    if not (hasattr(callbacks, "set_model") and hasattr(callbacks, "set_params")):
        raise TypeError(
            f"callbacks: {callbacks!r} is not a callback; expected objects with set_model, set_params and hooks"
        )
    return [callbacks]


def _plain(value: "Any") -> "Any":
    """Return a Python float for any number, and what is no number as it is."""
    try:
        return value if isinstance(value, str) else float(value)  # LC-28
    except (TypeError, ValueError):
        return value
