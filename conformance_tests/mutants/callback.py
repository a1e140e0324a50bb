"""Wrong base classes: what those who derive from them would stumble over."""

from typing import Any

from callback_reference import Callback

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


@caught_by("CB-01")
class ReturnsTheLogs(Callback):
    """Returns the logs from a hook, for chaining."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> Any:
        return logs


@caught_by("CB-01")
class HasOneHookMore(Callback):
    """Invents a hook that nobody calls."""

    def on_exception(self, error: BaseException) -> None:
        """Run after an exception."""


@caught_by("CB-02")
class CallsTheEpochIndex(Callback):
    """Names the parameter of the epoch hooks otherwise."""

    def on_epoch_begin(self, index: int, logs: Logs = None) -> None:
        pass


@caught_by("CB-02")
class WantsLogs(Callback):
    """Has a hook that must be given logs."""

    def on_test_end(self, logs: Logs) -> None:  # type: ignore[override]
        pass


@caught_by("CB-03")
class BeginsWithEmptyParameters(Callback):
    """Has an empty dictionary where nothing is known yet."""

    def __init__(self) -> None:
        super().__init__()
        self.params = {}


@caught_by("CB-03")
class TakesAModel(Callback):
    """Lets the model be given to the constructor."""

    def __init__(self, model: Any = None) -> None:
        super().__init__()
        self._model = model


@caught_by("CB-04")
class UnwrapsTheModel(Callback):
    """Looks into anything that has a `module`."""

    def set_model(self, model: Any) -> None:
        super().set_model(getattr(model, "module", model))


@caught_by("CB-04")
class KeepsTheFirstModel(Callback):
    """Sets the model once."""

    def set_model(self, model: Any) -> None:
        if self._model is None:
            super().set_model(model)


@caught_by("CB-05")
class CopiesTheParameters(Callback):
    """Holds a copy of the parameters."""

    def set_params(self, params: Any) -> None:
        super().set_params(dict(params))


@caught_by("CB-05")
class MergesTheParameters(Callback):
    """Adds new parameters to the old."""

    def set_params(self, params: Any) -> None:
        self.params = {**(self.params or {}), **params}


@caught_by("CB-06")
class HasAPlainModel(Callback):
    """Holds the model as a plain attribute, as Keras 2 does."""

    model = None  # type: ignore[assignment]

    def set_model(self, model: Any) -> None:
        self.model = model


@caught_by("CB-07")
class ForgetsTheOldNames(Callback):
    """Calls no `on_batch_end`."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        pass


@caught_by("CB-07")
class PassesLogsByPosition(Callback):
    """Calls the old names as Keras 2 called all batch hooks."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.on_batch_begin(batch, logs)


@caught_by("CB-07")
class CallsTheOldNamesInTests(Callback):
    """Takes test batches for batches."""

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.on_batch_end(batch, logs=logs)


@caught_by("CB-08")
class CallsTheNewNameFromTheOld(Callback):
    """Takes the old name for the one that is overridden."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.on_train_batch_end(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        pass


@caught_by("CB-09")
class NeedsItsConstructor(Callback):
    """Counts hooks in an attribute that the constructor makes."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def on_train_begin(self, logs: Logs = None) -> None:
        self._count += 1


@caught_by("CB-10")
class HoldsAFunction(Callback):
    """Holds a function that cannot be pickled."""

    def __init__(self) -> None:
        super().__init__()
        self._log = lambda text: None


@caught_by("CB-11")
class SavesItsParameters(Callback):
    """Counts the parameters as a state."""

    _state = ("params",)


@caught_by("CB-11")
class HasAStateUntilItHasAModel(Callback):
    """Counts the model that it waits for as a state."""

    def state_dict(self) -> Any:
        return super().state_dict() if self.model is not None else {"model": None}


@caught_by("CB-11")
class ReturnsNoState(Callback):
    """Returns None where there is nothing to save."""

    def state_dict(self) -> Any:
        return None


@caught_by("CB-12")
class TakesAnyState(Callback):
    """Loads whatever it is given."""

    def load_state_dict(self, state: Any) -> None:
        vars(self).update(state)


@caught_by("CB-12")
class DoesNotSayWhatItWants(Callback):
    """Refuses without a word about the keys."""

    def load_state_dict(self, state: Any) -> None:
        if state:
            raise ValueError("wrong state")


@caught_by("CB-13", "CB-09")
class ForgetsTheModelAtTheEnd(Callback):
    """Lets go of the model after training, to save memory."""

    def on_train_end(self, logs: Logs = None) -> None:
        self._model = None


@caught_by("CB-13", "CB-01")
class NotesTheEpochInTheLogs(Callback):
    """Writes the epoch into the logs once training has begun."""

    _begun = False

    def on_train_begin(self, logs: Logs = None) -> None:
        self._begun = True

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self._begun and logs is not None:
            logs["epoch"] = epoch
