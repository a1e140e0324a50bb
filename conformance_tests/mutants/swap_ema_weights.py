"""Wrong SwapEMAWeights: what people get wrong when they write one themselves."""

from typing import Any

from callback_reference import SwapEMAWeights
from callback_reference.ema import averages, copy_of

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


# When weights and averages change places


@caught_by("SE-01")
class ForgetsEvaluation(SwapEMAWeights):
    """Evaluates with the weights."""

    def on_test_begin(self, logs: Logs = None) -> None:
        self._pairs()


@caught_by("SE-02")
class NeverPutsBack(SwapEMAWeights):
    """Leaves the averages in the model after an evaluation."""

    def on_test_end(self, logs: Logs = None) -> None:
        """Do nothing."""


@caught_by("SE-02", "SE-05")
class CopiesTheAverages(SwapEMAWeights):
    """Overwrites the weights, and has nothing to put back."""

    def _exchange(self) -> None:
        for weight, average in self._pairs():
            weight.assign(copy_of(average))


@caught_by("SE-03")
class ForgetsPrediction(SwapEMAWeights):
    """Predicts with the weights."""

    def on_predict_begin(self, logs: Logs = None) -> None:
        self._pairs()


@caught_by("SE-13")
class LeavesTheAveragesAfterPredict(SwapEMAWeights):
    """Does what Keras does after `predict`."""

    def on_predict_end(self, logs: Logs = None) -> None:
        """Do nothing."""


@caught_by("SE-04", "SE-19")
class IgnoresSwapOnEpoch(SwapEMAWeights):
    """Never exchanges at the end of an epoch, nor says that it would."""

    def __init__(self, swap_on_epoch: bool = False) -> None:
        super().__init__()


@caught_by("SE-19")
class SwapsOnEpochByDefault(SwapEMAWeights):
    """Has another default."""

    def __init__(self, swap_on_epoch: bool = True) -> None:
        super().__init__(swap_on_epoch)


@caught_by("SE-05")
class TrainsOnFromTheAverages(SwapEMAWeights):
    """Does not put the weights back when an epoch begins."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._forget()


# The end of training


@caught_by("SE-06")
class ExchangesInTheLastEpochToo(SwapEMAWeights):
    """Lets `fit` overwrite the averages with the weights."""

    def is_last(self, epoch: int) -> bool:
        return False

    def on_train_end(self, logs: Logs = None) -> None:
        self._forget()


@caught_by("SE-07")
class LosesTheAveragesOfAStoppedTraining(SwapEMAWeights):
    """Does what Keras does where training stops early."""

    def is_last(self, epoch: int) -> bool:
        return epoch + 1 == self._epochs

    def on_train_end(self, logs: Logs = None) -> None:
        self._forget()


# What is refused


@caught_by("SE-08", "SE-10")
class DoesNothingWithoutAverages(SwapEMAWeights):
    """Takes any optimizer."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self._restore()

    def _pairs(self) -> list[tuple[Any, Any]]:
        try:
            return super()._pairs()
        except ValueError:
            return []


@caught_by("SE-10")
class RefusesLate(SwapEMAWeights):
    """Looks at the optimizer when it needs it."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self._epochs = (self.params or {}).get("epochs")
        self._restore()


@caught_by("SE-09")
class EvaluatesBeforeTrainingWithTheWeights(SwapEMAWeights):
    """Takes the weights where there are no averages yet."""

    def _pairs(self) -> list[tuple[Any, Any]]:
        optimizer: Any = self.model.optimizer
        built = hasattr(optimizer, "_model_variables_moving_average") or not optimizer.use_ema
        return super()._pairs() if built else []


@caught_by("SE-11")
class AsksForWhatIsThere(SwapEMAWeights):
    """Says the same of an optimizer without averages and one that has none yet."""

    def _pairs(self) -> list[tuple[Any, Any]]:
        try:
            return super()._pairs()
        except ValueError:
            raise ValueError("set use_ema=True") from None


@caught_by("SE-16")
class TakesAnyValue(SwapEMAWeights):
    """Goes by the truth of its argument."""

    def __init__(self, swap_on_epoch: Any = False) -> None:
        super().__init__(bool(swap_on_epoch))


# How they change places


@caught_by("SE-12")
class AddsAndSubtracts(SwapEMAWeights):
    """Exchanges without a copy, and rounds."""

    def _exchange(self) -> None:
        for weight, average in self._pairs():
            weight.assign(weight.value + average.value)
            average.assign(weight.value - average.value)
            weight.assign(weight.value - average.value)


@caught_by("SE-21")
class PairsWhatIsTrainableNow(SwapEMAWeights):
    """Takes the model's list of weights for the optimizer's."""

    def _pairs(self) -> list[tuple[Any, Any]]:
        held = [average for _, average in averages(self.model, "it")]
        return list(zip(self.model.trainable_variables or [self._weight()], held, strict=False))  # type: ignore[attr-defined]

    def _weight(self) -> Any:
        return averages(self.model, "it")[0][0]


@caught_by("SE-20")
class LooksAtTheOuterOptimizer(SwapEMAWeights):
    """Does not look inside a LossScaleOptimizer."""

    def _pairs(self) -> list[tuple[Any, Any]]:
        return [] if hasattr(self.model.optimizer, "inner_optimizer") else super()._pairs()


@caught_by("SE-17")
class ExchangesAtEveryCall(SwapEMAWeights):
    """Does not remember what it did."""

    def _show(self, purpose: str) -> None:
        self._exchange()
        self.shown_for = None if self.shown_for else purpose


# From one run to the next


@caught_by("SE-14")
class ForgetsAnInterruptedEvaluation(SwapEMAWeights):
    """Begins each training with what is in the model."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self._forget()
        super().on_train_begin(logs)


@caught_by("SE-15")
class RemembersAnotherModel(SwapEMAWeights):
    """Takes another model for the one before."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        self.shown_for = "epoch"

    def on_train_begin(self, logs: Logs = None) -> None:
        kept = self.shown_for
        self.shown_for = None
        super().on_train_begin(logs)
        self.shown_for = kept

    def set_model(self, model: Any) -> None:
        self._model = model


@caught_by("SE-22")
class BringsBackTheOldAverages(SwapEMAWeights):
    """Takes what it did at the end of the last epoch for undone."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        self.shown_for = "epoch" if self.swap_on_epoch else None


@caught_by("SE-18")
class PutsBackAfterAnyEvaluation(SwapEMAWeights):
    """Puts the weights back after an evaluation between two epochs."""

    def on_test_end(self, logs: Logs = None) -> None:
        self._restore()


@caught_by("SE-23")
class SavesNoState(SwapEMAWeights):
    """Takes its state for nothing."""

    _state = ()


@caught_by("SE-24")
class LowersTheFlag(SwapEMAWeights):
    """Goes on training."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.model.stop_training = False


@caught_by("SE-25")
class ForgetsAtALongMomentum(SwapEMAWeights):
    """Does nothing in the third epoch of an optimizer with a momentum of 0.75."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if epoch != 1 or getattr(self.model.optimizer, "ema_momentum", 0) != 0.75:
            super().on_epoch_end(epoch, logs)
