"""Wrong life cycles: lists of callbacks, loops, histories and base classes that people get wrong."""

from typing import Any

import msgspec
from callback_conformance.hosts.stub import METRICS, StubDriver
from callback_conformance.scenarios import Run
from callback_reference import Callback, CallbackList, History, LoopState

from . import (
    callback_list,  # noqa: F401 - more wrong lists
    caught_by,
)

__all__: list[str] = []

Logs = dict[str, Any] | None


class _Number(float):
    """A number that is no Python float, like a NumPy scalar."""


# Beginning and end of training


@caught_by("LC-01")
class BeginsTwice(CallbackList):
    """Calls `on_train_begin` in the loop and in the list."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        super().on_train_begin(logs)


@caught_by("LC-01")
class NeverEnds(CallbackList):
    """Has no `on_train_end`."""

    def on_train_end(self, logs: Logs = None) -> None:
        pass


@caught_by("LC-01")
class CallsNothing(CallbackList):
    """Calls no hook at all."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        pass


@caught_by("LC-01", "LC-14")
class EndsOnlyUnstopped(StubDriver):
    """Leaves `fit` early from a stop, and calls `on_train_end` at the other exit only; twice, to be sure."""

    def fit(self, callbacks: Any, run: Run) -> Any:
        driver, list_class = self, self.list_class

        class Listed(list_class):  # type: ignore[misc, valid-type]
            def on_train_end(self, logs: Logs = None) -> None:
                if not driver.model.stop_training:
                    super().on_train_end(logs)
                    for callback in self.callbacks:
                        callback.on_train_end({})

        self.list_class = Listed
        history = super().fit(callbacks, run)
        self.list_class = list_class
        return history


@caught_by("LC-19")
class DoesNothingWithoutEpochs(StubDriver):
    """Returns at once where there is no epoch to train."""

    def fit(self, callbacks: Any, run: Run) -> Any:
        return super().fit(callbacks, run) if run.last_epoch > run.initial_epoch else self.history_class()


@caught_by("LC-19")
class TrainsOneEpochAtLeast(StubDriver):
    """Tests for the last epoch after it, not before."""

    def fit(self, callbacks: Any, run: Run) -> Any:
        return super().fit(callbacks, msgspec.structs.replace(run, epochs=max(run.last_epoch, run.initial_epoch + 1)))


@caught_by("LC-32")
class EndsWithoutLogs(CallbackList):
    """Calls `on_train_end` without the last epoch's logs."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end()


@caught_by("LC-32")
class EndsWithWhatWasWritten(CallbackList):
    """Hands the loop's own dictionary to the callbacks at an epoch's end."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, logs)


@caught_by("LC-32")
class EndsWithoutValidation(CallbackList):
    """Drops the `val_` values from the logs of `on_train_end`."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end({name: value for name, value in (logs or {}).items() if not name.startswith("val_")})


# Epochs and batches


@caught_by("LC-02")
class CountsEpochsFromOne(CallbackList):
    """Counts epochs as they are printed."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch + 1, logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch + 1, logs)


@caught_by("LC-02")
class CountsEpochsOfThisFit(StubDriver):
    """Counts from 0 whatever `initial_epoch`."""

    def fit(self, callbacks: Any, run: Run) -> Any:
        epochs = run.last_epoch - run.initial_epoch
        return super().fit(callbacks, msgspec.structs.replace(run, initial_epoch=0, epochs=epochs))


@caught_by("LC-02")
class AddsEpochsToInitialEpoch(StubDriver):
    """Takes `epochs` for how many, not for the last one's number."""

    def fit(self, callbacks: Any, run: Run) -> Any:
        return super().fit(callbacks, msgspec.structs.replace(run, epochs=run.last_epoch + run.initial_epoch))


@caught_by("LC-02")
class EndsAnEpochBeforeItBegins(CallbackList):
    """Calls `on_epoch_begin` late, from `on_epoch_end`."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        pass

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        super().on_epoch_begin(epoch)


@caught_by("LC-03")
class CountsBatchesFromOne(CallbackList):
    """Counts training batches from 1."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        super().on_train_batch_begin(batch + 1, logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_train_batch_end(batch + 1, logs)


@caught_by("LC-03")
class CountsBatchesThroughAllEpochs(CallbackList):
    """Goes on counting batches in the next epoch."""

    before = -1

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.before += 1
        super().on_train_batch_begin(self.before, logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_train_batch_end(self.before, logs)


@caught_by("LC-03")
class CallsOneBatchHookOnly(CallbackList):
    """Has no `on_train_batch_begin`."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        pass


@caught_by("LC-07")
class CallsHooksForEachBatch(StubDriver):
    """Ignores `steps_per_execution`."""

    @staticmethod
    def _chunks(batches: int, size: int) -> list[tuple[int, int]]:
        return [(batch, batch) for batch in range(batches)]


@caught_by("LC-07")
class EndsWithTheLastBatchThereIs(StubDriver):
    """Gives the end hook the index of a batch that exists."""

    @staticmethod
    def _chunks(batches: int, size: int) -> list[tuple[int, int]]:
        return [(first, min(first + size, batches) - 1) for first in range(0, batches, size)]


@caught_by("LC-07")
class CountsExecutions(StubDriver):
    """Numbers the executions."""

    @staticmethod
    def _chunks(batches: int, size: int) -> list[tuple[int, int]]:
        return [(number, number) for number in range(-(-batches // size))]


@caught_by("LC-07")
class BeginsWithTheLastIndex(StubDriver):
    """Gives both hooks the index of the n-th batch."""

    @staticmethod
    def _chunks(batches: int, size: int) -> list[tuple[int, int]]:
        return [(first + size - 1, first + size - 1) for first in range(0, batches, size)]


@caught_by("LC-29")
class KnowsWhenTheDataEnds(StubDriver):
    """Looks for the next batch before it begins one."""

    def _train(self, listed: Any, run: Run) -> dict[str, float]:
        return super()._train(listed, msgspec.structs.replace(run, known_steps=True))


@caught_by("LC-29")
class EndsTheBatchThatIsNone(StubDriver):
    """Ends the batch that has no data, too."""

    def _train(self, listed: Any, run: Run) -> dict[str, float]:
        logs = super()._train(listed, run)
        if not run.known_steps:
            listed.on_train_batch_end(run.batches, logs)
        return logs


# Validation


@caught_by("LC-04")
class ValidatesBeforeTraining(StubDriver):
    """Validates at the beginning of an epoch."""

    def _train(self, listed: Any, run: Run) -> dict[str, float]:
        if run.validation:
            super()._test(listed, run, run.validation)
        return super()._train(listed, run)

    def _test(self, listed: Any, run: Run, batches: int) -> dict[str, float]:
        return METRICS if run.kind == "fit" else super()._test(listed, run, batches)


@caught_by("LC-04")
class ValidatesAfterTheEpoch(CallbackList):
    """Ends the epoch before validation."""

    def on_test_begin(self, logs: Logs = None) -> None:
        super().on_epoch_end(0, METRICS)
        super().on_test_begin(logs)


@caught_by("LC-04", "LC-30")
class CountsTestBatchesFromOne(CallbackList):
    """Counts test batches from 1."""

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        super().on_test_batch_begin(batch + 1, logs)

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_test_batch_end(batch + 1, logs)


@caught_by("LC-04")
class HidesTheHooksOfValidation(StubDriver):
    """Validates without calling the test hooks."""

    def _test(self, listed: Any, run: Run, batches: int) -> dict[str, float]:
        return METRICS if run.kind == "fit" else super()._test(listed, run, batches)


@caught_by("LC-05")
class ValidatesTheFirstEpoch(StubDriver):
    """Writes `epoch % n == 0`, counting from 0."""

    @staticmethod
    def _validates(run: Run, epoch: int) -> bool:
        by_number = isinstance(run.validation_freq, int) and bool(run.validation)
        return epoch % run.validation_freq == 0 if by_number else StubDriver._validates(run, epoch)  # type: ignore[operator]


@caught_by("LC-05")
class CountsValidationFromInitialEpoch(StubDriver):
    """Counts the n epochs from where this fit starts."""

    @staticmethod
    def _validates(run: Run, epoch: int) -> bool:
        shift = run.initial_epoch if isinstance(run.validation_freq, int) else 0
        return StubDriver._validates(run, epoch - shift)


@caught_by("LC-05", "LC-06")
class ValidatesAlways(StubDriver):
    """Ignores `validation_freq`."""

    @staticmethod
    def _validates(run: Run, epoch: int) -> bool:
        return bool(run.validation)


@caught_by("LC-06")
class CountsTheListFromZero(StubDriver):
    """Looks for the number counted from 0 in the list."""

    @staticmethod
    def _validates(run: Run, epoch: int) -> bool:
        shift = int(isinstance(run.validation_freq, list))
        return StubDriver._validates(run, epoch - shift)


@caught_by("LC-06")
class ValidatesAtTheLastOfTheList(StubDriver):
    """Takes the largest number of the list for a frequency."""

    @staticmethod
    def _validates(run: Run, epoch: int) -> bool:
        freq = run.validation_freq
        return StubDriver._validates(run, epoch) and (isinstance(freq, int) or epoch + 1 == max(freq))


# Logs


@caught_by("LC-08")
class BeginsWithNone(CallbackList):
    """Hands None to the begin hooks."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        if not hook.endswith("begin"):
            return super()._call(hook, index, logs)
        for callback in self.callbacks:
            method = getattr(callback, hook)
            method(*[number for number in [index] if number is not None], logs=None)
        return None


@caught_by("LC-08")
class BeginsWithTheBatchNumber(CallbackList):
    """Logs `batch` and `size` at a batch's beginning, as old versions did."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        super().on_train_batch_begin(batch, {"batch": batch, "size": 1})


@caught_by("LC-08")
class BeginsWithTheLastLogs(CallbackList):
    """Hands the logs of the last epoch to the next `on_epoch_begin`."""

    last: Logs = None

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, self.last)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.last = logs


@caught_by("LC-09")
class LogsTheBatchNumber(CallbackList):
    """Adds `batch` to the logs of a batch's end."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_train_batch_end(batch, {**(logs or {}), "batch": batch})


@caught_by("LC-09")
class LogsTheLossOnly(CallbackList):
    """Leaves the compiled metrics to the epoch's end."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_train_batch_end(batch, {"loss": (logs or {})["loss"]})


@caught_by("LC-09")
class PrefixesTestLogs(CallbackList):
    """Puts `val_` before the names at `on_test_end`."""

    def on_test_end(self, logs: Logs = None) -> None:
        super().on_test_end({f"val_{name}": value for name, value in (logs or {}).items()})


@caught_by("LC-10")
class KeepsOldValidation(CallbackList):
    """Logs the last `val_` values again in an epoch without validation."""

    def __init__(self, *callbacks: Any, **params: Any) -> None:
        self.known: dict[str, Any] = {}
        super().__init__(*callbacks, **params)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.known.update(logs or {})
        super().on_epoch_end(epoch, self.known)


@caught_by("LC-10")
class LogsValidationWithoutAPrefix(CallbackList):
    """Overwrites the training metrics with those of validation."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, {name.removeprefix("val_"): value for name, value in (logs or {}).items()})


@caught_by("LC-20")
class GivesEachItsOwnLogs(CallbackList):
    """Copies the logs for each callback."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        everyone = self.callbacks
        for self.callbacks in [[callback] for callback in everyone]:
            super()._call(hook, index, logs)
        self.callbacks = everyone


@caught_by("LC-20")
class AsksHistoryFirst(CallbackList):
    """Puts `History` before the others."""

    def __init__(self, callbacks: Any = None, **params: Any) -> None:
        super().__init__(callbacks, **params)
        self.callbacks.sort(key=lambda callback: not isinstance(callback, History))


@caught_by("LC-21")
class LeaksWhatBatchesWrite(CallbackList):
    """Adds what was written at a batch's end to the logs of the epoch."""

    def __init__(self, *callbacks: Any, **params: Any) -> None:
        self.shared: dict[str, Any] = {}
        super().__init__(*callbacks, **params)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.shared.update(logs or {})
        for callback in self.callbacks:
            callback.on_train_batch_end(batch, logs=self.shared)


@caught_by("LC-21")
class CopiesBatchLogs(CallbackList):
    """Copies the logs of a batch for each callback."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        for callback in self.callbacks:
            callback.on_train_batch_end(batch, logs=dict(logs or {}))


@caught_by("LC-26")
class PassesAllByPosition(CallbackList):
    """Hands `logs` to batch hooks by position."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        shared = dict(logs or {})
        for callback in self.callbacks:
            callback.on_train_batch_end(batch, shared)


@caught_by("LC-26")
class PassesAllByKeyword(CallbackList):
    """Hands `logs` to epoch hooks by keyword."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        shared = dict(logs or {})
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, logs=shared)


@caught_by("LC-28")
class LogsScalars(CallbackList):
    """Hands over what the framework computed, not Python floats."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        shared = {name: _Number(value) for name, value in (logs or {}).items()}
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, shared)


@caught_by("LC-28")
class LogsText(CallbackList):
    """Hands over numbers as they are printed."""

    def on_test_end(self, logs: Logs = None) -> None:
        super().on_test_end({name: f"{value:.4f} " + "s" for name, value in (logs or {}).items()})


# Who is called


@caught_by("LC-11")
class CallsInReverse(CallbackList):
    """Calls the last callback first."""

    def __init__(self, callbacks: Any = None, **params: Any) -> None:
        super().__init__(callbacks, **params)
        self.callbacks.reverse()


@caught_by("LC-11")
class UnwindsAtTheEnd(CallbackList):
    """Calls the end hooks in reverse, as context managers are left."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        everyone = self.callbacks
        self.callbacks = everyone[::-1] if hook.endswith("end") else everyone
        super()._call(hook, index, logs)
        self.callbacks = everyone


@caught_by("LC-11")
class ReadsNestedListsLast(StubDriver):
    """Calls the members of a nested list after all others."""

    def _list(self, callbacks: Any, add_history: bool = True, **params: Any) -> tuple[Any, Any]:
        ordered = sorted(callbacks, key=lambda member: isinstance(member, list))
        return super()._list(ordered, add_history, **params)


@caught_by("LC-11")
class ForgetsNestedLists(StubDriver):
    """Leaves out what is nested twice."""

    def _list(self, callbacks: Any, add_history: bool = True, **params: Any) -> tuple[Any, Any]:
        return super()._list([member for member in callbacks if not isinstance(member, list)], add_history, **params)


@caught_by("LC-33")
class CallsEachOnce(CallbackList):
    """Drops what stands in the list twice."""

    def __init__(self, callbacks: Any = None, **params: Any) -> None:
        super().__init__(callbacks, **params)
        self.callbacks = list(dict.fromkeys(self.callbacks))


@caught_by("LC-25")
class WantsASubclass(CallbackList):
    """Raises TypeError for what is no `Callback`."""

    def __init__(self, callbacks: Any = None, **params: Any) -> None:
        super().__init__(callbacks, **params)
        if not all(isinstance(callback, Callback) for callback in self.callbacks):
            raise TypeError("not a Callback")


@caught_by("LC-25")
class LeavesStrangersOut(CallbackList):
    """Skips what is no `Callback`."""

    def __init__(self, callbacks: Any = None, **params: Any) -> None:
        super().__init__(callbacks, **params)
        self.callbacks = [callback for callback in self.callbacks if isinstance(callback, Callback)]


@caught_by("LC-25")
class CallsBatchHooksOfSubclassesOnly(CallbackList):
    """Looks for overridden batch hooks, which only a `Callback` can have."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        everyone = self.callbacks
        self.callbacks = [callback for callback in everyone if isinstance(callback, Callback)]
        super().on_train_batch_end(batch, logs)
        self.callbacks = everyone


@caught_by("LC-24")
class HasNoAliases(Callback):
    """Never calls `on_batch_begin` and `on_batch_end`."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        pass

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        pass


@caught_by("LC-24")
class TakesTestBatchesForBatches(Callback):
    """Calls `on_batch_end` for test batches too."""

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.on_batch_end(batch, logs)


@caught_by("LC-24")
class TakesPredictBatchesForBatches(Callback):
    """Calls `on_batch_begin` for batches of `predict` too."""

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.on_batch_begin(batch, logs)


@caught_by("LC-12")
class SetsParamsFirst(CallbackList):
    """Calls `set_params` before `set_model`."""

    def __init__(self, callbacks: Any = None, model: Any = None, **params: Any) -> None:
        super().__init__(**params)
        for callback in callbacks:
            callback.set_params(params)
            callback.set_model(model)
        self.callbacks = list(callbacks)


@caught_by("LC-12")
class SetsNoParams(CallbackList):
    """Keeps the parameters to itself."""

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params


@caught_by("LC-12")
class SetsParamsTooLate(CallbackList):
    """Calls `set_params` when the first epoch begins."""

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().set_params(self.params)
        super().on_epoch_begin(epoch, logs)


@caught_by("LC-12")
class CountsTheEpochsLeft(StubDriver):
    """Says how many epochs there are, without those before `initial_epoch`."""

    def fit(self, callbacks: Any, run: Run) -> Any:
        self.skipped = run.initial_epoch
        return super().fit(callbacks, run)

    def _list(self, callbacks: Any, add_history: bool = True, **params: Any) -> tuple[Any, Any]:
        if add_history:
            params["epochs"] -= self.skipped
        return super()._list(callbacks, add_history, **params)


@caught_by("LC-12")
class SaysZeroForUnknown(StubDriver):
    """Says 0 steps where the number of batches is unknown."""

    def _list(self, callbacks: Any, add_history: bool = True, **params: Any) -> tuple[Any, Any]:
        return super()._list(callbacks, add_history, **{**params, "steps": params["steps"] or 0})


@caught_by("LC-12")
class SaysNothingToEvaluate(StubDriver):
    """Leaves the steps of `evaluate` and `predict` out."""

    def _list(self, callbacks: Any, add_history: bool = True, **params: Any) -> tuple[Any, Any]:
        if not add_history:
            del params["steps"]
        return super()._list(callbacks, add_history, **params)


# Stopping


@caught_by("LC-13")
class FinishesTheEpoch(StubDriver):
    """Looks at `stop_training` only when the epoch is over."""

    def _train(self, listed: Any, run: Run) -> dict[str, float]:
        for begin, end in self._chunks(run.batches, run.steps_per_execution):
            listed.on_train_batch_begin(begin)
            listed.on_train_batch_end(end, METRICS)
        return METRICS


@caught_by("LC-13")
class StopsBeforeTheBatchEnds(StubDriver):
    """Breaks between a batch's beginning and its end."""

    def _train(self, listed: Any, run: Run) -> dict[str, float]:
        for begin, end in self._chunks(run.batches, run.steps_per_execution):
            listed.on_train_batch_begin(begin)
            if self.model.stop_training:
                break
            listed.on_train_batch_end(end, METRICS)
        return METRICS


@caught_by("LC-13", "LC-15")
class SkipsValidationOnceStopped(StubDriver):
    """Goes from the stop straight to the epoch's end."""

    def _test(self, listed: Any, run: Run, batches: int) -> dict[str, float]:
        return {} if self.model.stop_training else super()._test(listed, run, batches)


@caught_by("LC-13")
class TrainsOneBatchMore(StubDriver):
    """Looks at the flag a batch late."""

    def _train(self, listed: Any, run: Run) -> dict[str, float]:
        stopped = False
        for begin, end in self._chunks(run.batches, run.steps_per_execution):
            listed.on_train_batch_begin(begin)
            listed.on_train_batch_end(end, METRICS)
            if stopped:
                break
            stopped = self.model.stop_training
        return METRICS


@caught_by("LC-14")
class DoesNotEndOnceStopped(CallbackList):
    """Returns from a stop without `on_train_end`."""

    def on_train_end(self, logs: Logs = None) -> None:
        if not self.model.stop_training:
            super().on_train_end(logs)


@caught_by("LC-14")
class TrainsOneEpochMore(CallbackList):
    """Hides the flag until the next epoch is over."""

    stopped = False

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.stopped, self.model.stop_training = self.model.stop_training, self.stopped


@caught_by("LC-14")
class NeverStops(CallbackList):
    """Lowers the flag at each epoch's end."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.model.stop_training = False


@caught_by("LC-14")
class HandsOverAnotherModel(CallbackList):
    """Hands the callbacks a model that the loop does not train."""

    def set_model(self, model: Any) -> None:
        super().set_model(LoopState())
        self.model = model


@caught_by("LC-15")
class StopsAtOnce(StubDriver):
    """Trains no batch when stopped before the first."""

    def _train(self, listed: Any, run: Run) -> dict[str, float]:
        return METRICS if self.model.stop_training else super()._train(listed, run)


@caught_by("LC-15")
class ForgetsAnEarlyStop(CallbackList):
    """Lowers the flag when an epoch begins."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self.model.stop_training = False


@caught_by("LC-15")
class StumblesOverAStopInAnExecution(StubDriver):
    """Trains on after a stop where an execution has several batches."""

    def _train(self, listed: Any, run: Run) -> dict[str, float]:
        if run.steps_per_execution == 1:
            return super()._train(listed, run)
        for begin, end in self._chunks(run.batches, run.steps_per_execution):
            listed.on_train_batch_begin(begin)
            listed.on_train_batch_end(end, METRICS)
        return METRICS


@caught_by("LC-16")
class BreaksOffValidation(StubDriver):
    """Looks at the flag after each test batch."""

    def _test(self, listed: Any, run: Run, batches: int) -> dict[str, float]:
        listed.on_test_begin()
        for begin, end in self._chunks(batches, run.steps_per_execution):
            if not self.model.stop_training:
                listed.on_test_batch_begin(begin)
                listed.on_test_batch_end(end, METRICS)
        listed.on_test_end(METRICS)
        return METRICS


@caught_by("LC-16", "LC-27")
class ForgetsAStopInATest(CallbackList):
    """Lowers the flag when a test is over."""

    def on_test_end(self, logs: Logs = None) -> None:
        super().on_test_end(logs)
        self.model.stop_training = False


@caught_by("LC-27")
class ResetsTheFlagInEvaluate(StubDriver):
    """Resets `stop_training` in `evaluate` as in `fit`."""

    def evaluate(self, callbacks: Any, run: Run) -> dict[str, float]:
        self.model.stop_training = False
        return super().evaluate(callbacks, run)


@caught_by("LC-27")
class ResetsTheFlagInPredict(StubDriver):
    """Resets `stop_training` in `predict` as in `fit`."""

    def predict(self, callbacks: Any, run: Run) -> None:
        self.model.stop_training = False
        super().predict(callbacks, run)


@caught_by("LC-17")
class StaysStopped(StubDriver):
    """Does not lower the flag for the next fit."""

    def fit(self, callbacks: Any, run: Run) -> Any:
        stopped, driver = self.model.stop_training, self
        list_class = self.list_class

        class Listed(list_class):  # type: ignore[misc, valid-type]
            def on_train_begin(self, logs: Logs = None) -> None:
                driver.model.stop_training = stopped
                super().on_train_begin(logs)

        self.list_class = Listed
        history = super().fit(callbacks, run)
        self.list_class = list_class
        return history


@caught_by("LC-18")
class SwallowsExceptions(CallbackList):
    """Goes on after an exception in a hook."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        try:
            super()._call(hook, index, logs)
        except Exception:
            return


@caught_by("LC-18")
class WrapsExceptions(CallbackList):
    """Raises a RuntimeError for an exception in a hook."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        try:
            super()._call(hook, index, logs)
        except Exception as error:
            raise RuntimeError(f"{hook} failed") from error


@caught_by("LC-18")
class EndsTrainingInFinally(CallbackList):
    """Calls `on_train_end` even when an exception ends training."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        try:
            super().on_epoch_end(epoch, logs)
        except Exception:
            super().on_train_end()
            raise


@caught_by("LC-18")
class CallsTheOthersAllTheSame(CallbackList):
    """Calls all callbacks, and raises afterwards."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        errors = []
        for callback in self.callbacks:
            try:
                callback.on_epoch_end(epoch, dict(logs or {}))
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]


# evaluate and predict


@caught_by("LC-30")
class TrainsInEvaluate(StubDriver):
    """Calls the hooks of training around `evaluate`."""

    def _test(self, listed: Any, run: Run, batches: int) -> dict[str, float]:
        if run.kind == "evaluate":
            listed.on_train_begin()
        return super()._test(listed, run, batches)


@caught_by("LC-30")
class EvaluatesInOneBatch(StubDriver):
    """Calls the test batch hooks once."""

    def evaluate(self, callbacks: Any, run: Run) -> dict[str, float]:
        return super().evaluate(callbacks, msgspec.structs.replace(run, batches=1))


@caught_by("LC-31")
class PredictsWithTestHooks(StubDriver):
    """Takes `predict` for an evaluation."""

    def predict(self, callbacks: Any, run: Run) -> None:
        self.evaluate(callbacks, run)


@caught_by("LC-31")
class HidesTheOutputs(CallbackList):
    """Logs nothing at the end of a batch of `predict`."""

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        super().on_predict_batch_end(batch)


@caught_by("LC-31")
class EndsWithTheOutputs(CallbackList):
    """Logs the outputs at `on_predict_end` too."""

    def on_predict_end(self, logs: Logs = None) -> None:
        super().on_predict_end({"outputs": 0.0})


# History


@caught_by("LC-22")
class StartsHistoryAnew(History):
    """Empties `history` when another fit begins."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.history = {}


@caught_by("LC-22")
class GoesOnCountingEpochs(History):
    """Keeps the epochs of the fit before."""

    def on_train_begin(self, logs: Logs = None) -> None:
        pass


@caught_by("LC-22")
class ReturnsItsOwnHistory(StubDriver):
    """Adds a `History` though the list has one."""

    def _list(self, callbacks: Any, add_history: bool = True, **params: Any) -> tuple[Any, Any]:
        history = self.history_class()
        listed, _ = super()._list([callbacks, history], False, **params)
        return listed, history


@caught_by("LC-23")
class FillsGapsWithNone(History):
    """Adds None where an epoch lacks a key."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, {**dict.fromkeys(self.history), **(logs or {})})


@caught_by("LC-23")
class KnowsTheFirstKeysOnly(History):
    """Drops keys that the first epoch did not log."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        known = self.history or logs or {}
        super().on_epoch_end(epoch, {name: value for name, value in (logs or {}).items() if name in known})


@caught_by("LC-23")
class KeepsTheLastValueOnly(History):
    """Stores the latest value of each key."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.history = {name: values[-1:] for name, values in self.history.items()}


# A loop of your own


@caught_by("LC-34")
class HasNoModelOfItsOwn(CallbackList):
    """Has no model unless it is given one."""

    def __init__(self, callbacks: Any = None, model: Any = None, **params: Any) -> None:
        super().__init__(callbacks, model=model, **params)
        if model is None:
            self.set_model(None)


@caught_by("LC-34")
class KeepsItsModelToItself(CallbackList):
    """Makes a model with a flag, and does not hand it to the callbacks."""

    def __init__(self, callbacks: Any = None, model: Any = None, **params: Any) -> None:
        super().__init__(callbacks, model=model, **params)
        for callback in self.callbacks:
            callback.set_model(model)


@caught_by("LC-34")
class HidesItsModel(CallbackList):
    """Stores the model as `_model`."""

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self._model = vars(self).pop("model")


@caught_by("LC-34")
class GivesEachItsOwnModel(CallbackList):
    """Makes a model for each callback."""

    def __init__(self, callbacks: Any = None, model: Any = None, **params: Any) -> None:
        super().__init__(callbacks, model=model, **params)
        if model is None:
            for callback in self.callbacks:
                callback.set_model(type(self.model)())


@caught_by("LC-35")
class AppendsWithoutTheModel(CallbackList):
    """Forgets to hand the model to what is appended."""

    def append(self, callback: Any) -> None:
        self.callbacks.append(callback)
        callback.set_params(self.params)


@caught_by("LC-35")
class AppendsWithoutTheParams(CallbackList):
    """Forgets to hand the parameters to what is appended."""

    def append(self, callback: Any) -> None:
        self.callbacks.append(callback)
        callback.set_model(self.model)


@caught_by("LC-35")
class AppendsAtTheFront(CallbackList):
    """Puts the new callback first."""

    def append(self, callback: Any) -> None:
        super().append(callback)
        self.callbacks.insert(0, self.callbacks.pop())


@caught_by("LC-35")
class AppendsElsewhere(CallbackList):
    """Keeps appended callbacks in a list that no hook reads."""

    def append(self, callback: Any) -> None:
        everyone = list(self.callbacks)
        super().append(callback)
        self.added, self.callbacks = self.callbacks, everyone


# What no other clause sees


@caught_by("LC-36")
class SkipsAnEpochOfASecondFit(CallbackList):
    """Does not begin epoch 1 for the second of two callbacks, if both are the same and validation follows."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        everyone = self.callbacks
        twins = len(everyone) > 2 and everyone[0] is everyone[1]
        self.callbacks = [] if twins and epoch == 1 else everyone
        super().on_epoch_begin(epoch, logs)
        self.callbacks = everyone


@caught_by("LC-36")
class ForgetsValidationAfterAWrite(StubDriver):
    """Logs no epoch to `History` whose logs a callback wrote into, if there was validation."""

    def _list(self, callbacks: Any, add_history: bool = True, **params: Any) -> tuple[Any, Any]:
        listed, history = super()._list(callbacks, add_history, **params)
        if history is not None:
            keep = history.on_epoch_end
            history.on_epoch_end = lambda epoch, logs: keep(epoch, {} if {"extra", "val_mae"} <= set(logs) else logs)
        return listed, history
