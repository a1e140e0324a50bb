"""Callback: the hooks that training calls, all empty."""

from .backends import keeps_state_elsewhere, synchronise, unwrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .protocol import Logs, Model

__all__ = ["Callback"]


class Callback:
    """Do nothing at every hook; subclass it and override the hooks you need.

    `model.fit`, `model.evaluate` and `model.predict` call the hooks; in a loop of your own, `CallbackList` does.
    `epoch` and `batch` count from 0, and `batch` starts again in each epoch.
    `logs` maps metric names to values; at the hooks named `…_begin` it is empty.

    Attributes:
        model: what is being trained, or None before `set_model`.
        params: facts about the run, such as `{"verbose": 1, "epochs": 10, "steps": 32}`; None before `set_params`.

    >>> class Print(Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         print("epoch", epoch, logs)
    >>> Print().on_epoch_end(0, {"loss": 0.5})
    epoch 0 {'loss': 0.5}

    A callback that changes while it runs names what changes in `_state`, and can then be saved and continued:
    `state_dict` returns those attributes, and the next run of an instance that got them by `load_state_dict` goes on
    from there instead of starting anew.

    Clauses: CB-01 to CB-13, LC-01 to LC-36.
    """

    _state: "tuple[str, ...]" = ()
    _loaded = False
    _elsewhere = False

    def __init__(self) -> None:
        self._model: Model | None = None
        self.params: dict[str, Any] | None = None

    @property
    def model(self) -> "Model":
        """The model being trained, with its state up to date; `set_model` sets it."""
        if self._elsewhere:
            synchronise(self._model)
        return self._model  # type: ignore[return-value]  # None before set_model, when no hook runs

    def set_model(self, model: "Model") -> None:
        """Take the model, or that inside torch's DistributedDataParallel; called before every other hook."""
        self._model = unwrapped(model)  # CB-04
        self._elsewhere = keeps_state_elsewhere(self._model)  # asked once: on torch, each time would take microseconds

    def set_params(self, params: "dict[str, Any]") -> None:
        """Take the facts about the run; called after `set_model`."""
        self.params = params

    def state_dict(self) -> "dict[str, Any]":
        """Return what a run has changed so far, as a copy: attribute to value; empty for a callback without a state."""
        return {name: _copy(getattr(self, name)) for name in self._state}

    def load_state_dict(self, state: "dict[str, Any]") -> None:
        """Take over what `state_dict` returned, now and through the next `on_train_begin`.

        Raises:
            ValueError: the state is that of another callback.
        """
        if set(state) != set(self._state):
            wanted, got = (", ".join(sorted(names)) or "nothing" for names in (self._state, state))
            raise ValueError(f"{type(self).__name__}: state must hold {wanted}; got {got}")
        for name in self._state:
            setattr(self, name, _copy(state[name]))
        self._loaded = True

    def _begins_anew(self) -> bool:
        """Tell, once at the beginning of a run, whether the state is to be forgotten: not if it was just loaded."""
        anew, self._loaded = not self._loaded, False
        return anew

    def on_train_begin(self, logs: "Logs | None" = None) -> None:
        """Run once when `fit` starts."""

    def on_epoch_begin(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Run before each epoch."""

    def on_train_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Run before each training batch."""
        self.on_batch_begin(batch, logs=logs)  # LC-24

    def on_train_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Run after each training batch; `logs` holds the averages over this epoch so far."""
        self.on_batch_end(batch, logs=logs)  # LC-24

    def on_epoch_end(self, epoch: int, logs: "Logs | None" = None) -> None:
        """Run after each epoch; `logs` holds its metrics, with `val_` ones if validation ran in it."""

    def on_train_end(self, logs: "Logs | None" = None) -> None:
        """Run once when `fit` ends without an exception; `logs` are those of the last epoch."""
        self._loaded = False

    def on_test_begin(self, logs: "Logs | None" = None) -> None:
        """Run when `evaluate`, or the validation inside `fit`, starts."""

    def on_test_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Run before each batch of evaluation or validation."""

    def on_test_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Run after each batch of evaluation or validation; `logs` holds the averages so far."""

    def on_test_end(self, logs: "Logs | None" = None) -> None:
        """Run when evaluation or validation ends; `logs` holds its metrics without a prefix."""

    def on_predict_begin(self, logs: "Logs | None" = None) -> None:
        """Run when `predict` starts."""

    def on_predict_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Run before each batch of prediction."""

    def on_predict_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Run after each batch of prediction; `logs["outputs"]` holds the batch's predictions."""

    def on_predict_end(self, logs: "Logs | None" = None) -> None:
        """Run when `predict` ends."""

    def on_batch_begin(self, batch: int, logs: "Logs | None" = None) -> None:
        """Run before each training batch: the older name of `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: "Logs | None" = None) -> None:
        """Run after each training batch: the older name of `on_train_batch_end`."""


def _copy(value: "Any") -> "Any":
    """Return containers as copies, and what is in them as it is."""
    if isinstance(value, dict):
        return {key: _copy(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copy(member) for member in value]
    return value
