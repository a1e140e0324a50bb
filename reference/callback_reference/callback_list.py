"""CallbackList: call every callback at every hook, in order."""

from .backends import unwrapped
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
        add_progbar: append a `ProgbarLogger` unless the list has one.
        model: handed to every callback; without one, a `LoopState` takes its place.
        **params: handed to every callback, such as `epochs=10`.

    Attributes:
        callbacks: the members, in a new list without nesting.
        model: what the callbacks got as their model.
        params: what the callbacks got as their parameters; empty without any.

    Raises:
        TypeError: a member is not a callback: it is a class, or lacks `set_model` or `set_params`.
        ValueError: training, a test or a prediction ends that has not begun.

    `logs` reach the callbacks as a copy: what one writes into it, those after it see, and you do not (LC-20).
    Their keys are sorted, and a dictionary among them gives its members in its place (LC-43, LC-44).

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

    Clauses: LC-11, LC-12, LC-20, LC-21, LC-26, LC-28, LC-33 to LC-35, LC-37 to LC-54.
    """

    def __init__(
        self,
        callbacks: "Any" = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: "Model | None" = None,
        **params: "Any",
    ) -> None:
        self.callbacks: list[Any] = [] if callbacks is None else _flatten(callbacks)
        if add_history:
            self._add_unless_present(History)  # LC-38
        if add_progbar:
            from .progbar_logger import ProgbarLogger

            self._add_unless_present(ProgbarLogger)  # LC-39
        self.params: dict[str, Any] = {}
        self._running = 0
        self.set_model(model or LoopState())
        if params:
            self.set_params(params)

    def _add_unless_present(self, kind: "Any") -> None:
        if not any(isinstance(callback, kind) for callback in self.callbacks):
            self.callbacks.append(kind())

    def append(self, callback: "Any") -> None:
        """Add a callback, or a list of them, at the end, with the list's model and parameters."""
        for added in _flatten(callback):
            self.callbacks.append(added)
            added.set_model(self.model)
            added.set_params(self.params)

    def set_model(self, model: "Any") -> None:
        """Hand the model to every callback, and the `History` of the list, if it has one, to the model."""
        self.model = unwrapped(model)
        for callback in self.callbacks:
            callback.set_model(model)
            if isinstance(callback, History):
                model.history = callback  # LC-37

    def set_params(self, params: "dict[str, Any]") -> None:
        """Hand the facts about the run to every callback."""
        self.params = params
        for callback in self.callbacks:
            callback.set_params(params)

    def state_dict(self) -> "list[Any]":
        """Return the state of each callback, in the order of the list; `{}` for one without `state_dict`."""
        return [callback.state_dict() if hasattr(callback, "state_dict") else {} for callback in self.callbacks]

    def load_state_dict(self, state: "list[Any]") -> None:
        """Hand each callback the state that `state_dict` returned in its place.

        Raises:
            ValueError: the state is that of a list of another length, or of other callbacks.
        """
        if len(state) != len(self.callbacks):  # LC-53
            raise ValueError(f"CallbackList: state must hold {len(self.callbacks)} members, got {len(state)}")
        for callback, member in zip(self.callbacks, state):  # noqa: B905 - the lengths are equal
            if hasattr(callback, "load_state_dict"):
                callback.load_state_dict(member)

    def on_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on `on_batch_begin`, and it alone: `on_train_batch_begin` is what a training loop calls."""
        self._call("on_batch_begin", batch, logs)  # LC-42

    def on_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on `on_batch_end`, and it alone: `on_train_batch_end` is what a training loop calls."""
        self._call("on_batch_end", batch, logs)  # LC-42

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Pass on: training starts."""
        self._running += 1
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
        self._end("on_train_end", logs)

    def on_test_begin(self, logs: "Logs | None" = None) -> None:
        """Pass on: evaluation or validation starts."""
        self._running += 1
        self._call("on_test_begin", None, logs)

    def on_test_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a batch of evaluation or validation starts."""
        self._call("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a batch of evaluation or validation ended."""
        self._call("on_test_batch_end", batch, logs)

    def on_test_end(self, logs: "Logs | None" = None) -> None:
        """Pass on: evaluation or validation ended."""
        self._end("on_test_end", logs)

    def on_predict_begin(self, logs: "Logs | None" = None) -> None:
        """Pass on: prediction starts."""
        self._running += 1
        self._call("on_predict_begin", None, logs)

    def on_predict_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a batch of prediction starts."""
        self._call("on_predict_batch_begin", batch, logs)

    def on_predict_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Pass on: a batch of prediction ended."""
        self._call("on_predict_batch_end", batch, logs)

    def on_predict_end(self, logs: "Logs | None" = None) -> None:
        """Pass on: prediction ended."""
        self._end("on_predict_end", logs)

    def _end(self, hook: str, logs: "Logs | None") -> None:
        if not self._running:  # LC-49
            raise ValueError(f"CallbackList: {hook} was called without {hook[:-3]}begin before it")
        self._running -= 1
        self._call(hook, None, logs)

    def _call(self, hook: str, index: "int | None", logs: "Logs | None") -> None:
        shared = _shared(logs or {})  # LC-20
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
    if isinstance(callbacks, (list, tuple)):
        return [callback for member in callbacks for callback in _flatten(member)]
    if isinstance(callbacks, type) or not (hasattr(callbacks, "set_model") and hasattr(callbacks, "set_params")):
        raise TypeError(  # LC-48
            f"callbacks: {callbacks!r} is not a callback; expected objects with set_model, set_params and hooks"
        )
    return [callbacks]


def _shared(logs: "Logs") -> "Logs":
    """Return the logs that all callbacks of one hook share: sorted, flat, with Python floats."""
    shared: Logs = {}
    for name in sorted(logs, key=str):  # LC-43
        if isinstance(logs[name], dict):
            shared.update(_shared(logs[name]))  # LC-44
        else:
            shared[name] = _plain(logs[name])
    return shared


def _plain(value: "Any") -> "Any":
    """Return a Python float for any number, and what is no single number as it is."""
    if isinstance(value, str) or getattr(value, "shape", None):
        return value  # LC-45
    try:
        return float(value)  # LC-28
    except (TypeError, ValueError, OverflowError):
        return value
