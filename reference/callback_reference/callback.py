"""Callback: the hooks that training calls, all empty."""

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

    Clauses: LC-01 to LC-36.
    """

    def __init__(self) -> None:
        self._model: Model | None = None
        self.params: dict[str, Any] | None = None

    @property
    def model(self) -> "Model":
        """The model being trained; `set_model` sets it."""
        return self._model  # type: ignore[return-value]  # None before set_model, when no hook runs

    def set_model(self, model: "Model") -> None:
        """Take the model; called before every other hook."""
        self._model = model

    def set_params(self, params: "dict[str, Any]") -> None:
        """Take the facts about the run; called after `set_model`."""
        self.params = params

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
