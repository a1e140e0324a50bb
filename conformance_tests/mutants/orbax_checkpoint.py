"""Wrong OrbaxCheckpoints: what people get wrong when they write one themselves."""

import shutil
import warnings
from pathlib import Path
from typing import Any

from callback_reference import OrbaxCheckpoint
from callback_reference.improvement import greater, less

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


# When a model is saved


@caught_by("OC-01", "OC-19")
class CountsItsSaves(OrbaxCheckpoint):
    """Numbers the steps from 1."""

    def _save(self, step: int, printed: str) -> None:
        super()._save(step + 1, printed)


@caught_by("OC-02", "OC-06", "OC-12", "OC-10", "OC-11")
class SavesEverything(OrbaxCheckpoint):
    """Takes every value for an improvement."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return True


@caught_by("OC-03")
class AlwaysMinimises(OrbaxCheckpoint):
    """Ignores `mode="max"`."""

    def _find_direction(self) -> None:
        self.monitor_op, self.min_delta = less, 0


@caught_by("OC-04")
class MonitorsTheTrainingLoss(OrbaxCheckpoint):
    """Has another default."""

    def __init__(self, directory: Any, monitor: str = "loss", **more: Any) -> None:
        super().__init__(directory, monitor, **more)


@caught_by("OC-05", "OC-30")
class ReadsTheDirectionOffTheName(OrbaxCheckpoint):
    """Maximises what ends in "acc", and minimises the rest."""

    def _find_direction(self) -> None:
        if self.mode == "auto":
            self.monitor_op, self.mode = (greater, "max") if self.monitor.endswith("acc") else (less, "min")
        super()._find_direction()


@caught_by("OC-11")
class ForgetsTheBestForEachFit(OrbaxCheckpoint):
    """Begins each fit without a best value."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self.best = None


@caught_by("OC-07")
class SavesAtTheEndOfAnEpochToo(OrbaxCheckpoint):
    """Saves after so many batches and after each epoch."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.save_freq != "epoch":
            self._consider(epoch, "", "", logs)


@caught_by("OC-08")
class CountsEachEpochAnew(OrbaxCheckpoint):
    """Forgets the batches since the last save when an epoch ends."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.batches_since_save = 0


@caught_by("OC-09")
class CountsExecutions(OrbaxCheckpoint):
    """Counts each call of the hook as one batch."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.last_batch = batch - 1
        super().on_train_batch_end(batch, logs)


@caught_by("OC-13")
class SavesWithoutAValue(OrbaxCheckpoint):
    """Saves where nothing is known."""

    def decide(self, value: Any) -> str:
        return "save" if value is None else super().decide(value)


@caught_by("OC-20")
class LooksForTheDirectionAtTheEndOfAnEpoch(OrbaxCheckpoint):
    """Does what Keras does."""

    def decide(self, value: Any) -> str:
        return "save" if self.best is None or not self.save_best_only else self._late(value)

    def _late(self, value: Any) -> str:
        return "save" if self.monitor_op(value, self.best) else "wait"

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._find_direction()
        super().on_epoch_end(epoch, logs)


@caught_by("OC-35")
class WantsADirectionThatItDoesNotNeed(OrbaxCheckpoint):
    """Looks for the direction always."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._find_direction()
        super().on_epoch_end(epoch, logs)


# What is saved, and how


@caught_by("OC-14")
class LeavesOutTheArchitecture(OrbaxCheckpoint):
    """Saves weights only, always; caught where there is a Keras to load it."""

    def _content(self) -> dict[str, Any]:
        self.save_weights_only = True
        return super()._content()


@caught_by("OC-15")
class SavesMoreThanWeights(OrbaxCheckpoint):
    """Saves the optimizer with the weights."""

    def _content(self) -> dict[str, Any]:
        from callback_reference.state_tree import state_of

        return {"pytree": state_of(self.model, False)}


@caught_by("OC-16")
class KeepsEverything(OrbaxCheckpoint):
    """Ignores `max_to_keep`."""

    def __init__(self, directory: Any, max_to_keep: Any = 1, **more: Any) -> None:
        super().__init__(directory, max_to_keep=None, **more)


@caught_by("OC-17")
class AlwaysInTheBackground(OrbaxCheckpoint):
    """Does not wait."""

    def __init__(self, directory: Any, save_on_background: bool = True, **more: Any) -> None:
        super().__init__(directory, **more)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.wait_until_finished()
        super().on_epoch_end(epoch - 1 if epoch else 0, logs) if epoch else None


@caught_by("OC-18")
class SavesTheLastOneTooLate(OrbaxCheckpoint):
    """Saves each epoch when the next one ends."""

    late: Any = None

    def _save(self, step: int, printed: str) -> None:
        if self.late is not None:
            super()._save(*self.late)
        self.late = (step, printed)


@caught_by("OC-19")
class InsistsOnItsStep(OrbaxCheckpoint):
    """Does what Keras does where the step exists."""

    def _save(self, step: int, printed: str) -> None:
        latest = self.checkpointer.latest
        if latest is not None and step <= latest.step:
            raise RuntimeError(f"step {step} exists")
        super()._save(step, printed)


@caught_by("OC-37")
class TidiesUp(OrbaxCheckpoint):
    """Deletes what it does not know."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        for path in Path(self.directory).iterdir():
            if path.is_dir() and not path.name.isdigit():
                shutil.rmtree(path)


# What is said


@caught_by("OC-21")
class SaysNothing(OrbaxCheckpoint):
    """Ignores `verbose`."""

    def _print(self, text: str) -> None:
        """Do nothing."""


@caught_by("OC-36")
class AlwaysTalks(OrbaxCheckpoint):
    """Prints without being asked."""

    def _print(self, text: str) -> None:
        print(text)


@caught_by("OC-13")
class SkipsSilently(OrbaxCheckpoint):
    """Does not warn of a missing value."""

    def _consider(self, step: int, moment: str, printed: str, logs: Logs) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super()._consider(step, moment, printed, logs)


# What is refused


class _Unchecked(OrbaxCheckpoint):
    """Replaces what the reference would refuse."""

    def __init__(self, directory: Any, **more: Any) -> None:
        good = {"save_freq": "epoch", "max_to_keep": 1, "monitor": "loss", "initial_value_threshold": None}
        flags = ("save_best_only", "save_on_background", "save_weights_only", "verbose")
        for name in tuple(more):
            if name in flags:
                more[name] = bool(more[name])
            elif name in good and not isinstance(more[name], str if name == "monitor" else (int, float)):
                more[name] = good[name]
        if more.get("save_freq", 1) != "epoch":
            more["save_freq"] = max(1, int(more.get("save_freq", 1)))
        if more.get("max_to_keep") is not None:
            more["max_to_keep"] = max(1, int(more["max_to_keep"]))
        path = Path(str(directory))
        super().__init__(path.with_name("elsewhere") if path.is_file() else path, **more)


@caught_by("OC-23", "OC-24", "OC-25", "OC-26", "OC-34")
class TakesAnything(_Unchecked):
    """Refuses nothing."""


@caught_by("OC-28")
class DoesNotLookAtTheValue(OrbaxCheckpoint):
    """Takes a first value of any type."""

    def decide(self, value: Any) -> str:
        return "save" if self.best is None and value is not None else super().decide(value)


@caught_by("OC-29")
class RaisesOnAnUnknownMode(OrbaxCheckpoint):
    """Raises ValueError for an unknown mode."""

    def __init__(self, directory: Any, mode: str = "auto", **more: Any) -> None:
        if mode not in ("auto", "min", "max"):
            raise ValueError(mode)
        super().__init__(directory, mode=mode, **more)


@caught_by("OC-22")
class KeepsARelativePath(OrbaxCheckpoint):
    """Saves elsewhere than it was told."""

    def __init__(self, directory: Any, **more: Any) -> None:
        path = Path(directory)
        super().__init__(path if path.is_absolute() else Path("of") / path, **more)


@caught_by("OC-27")
class SwallowsErrors(OrbaxCheckpoint):
    """Does not ask what became of a save."""

    def wait_until_finished(self) -> None:
        try:
            super().wait_until_finished()
        except OSError:
            return


@caught_by("OC-31")
class SpeaksOfAModule(OrbaxCheckpoint):
    """Lets Python name the module that is missing."""

    def __init__(self, directory: Any, **more: Any) -> None:
        import orbax.checkpoint  # type: ignore[import-untyped]  # noqa: F401

        super().__init__(directory, **more)


@caught_by("OC-32")
class SavesNoState(OrbaxCheckpoint):
    """Takes its state for nothing."""

    _state = ()


@caught_by("OC-33")
class SkipsAHighStep(OrbaxCheckpoint):
    """Does not save what has a threshold of 1."""

    def decide(self, value: Any) -> str:
        verdict = super().decide(value)
        return "wait" if verdict == "save" and self.max_to_keep == 2 and value == 0.5 else verdict


@caught_by("OC-38")
class CountsItsOwnBatches(OrbaxCheckpoint):
    """Begins with 0, whatever the model was trained on."""

    def set_model(self, model: Any) -> None:
        self._model = model


@caught_by("OC-39")
class RoundsEverythingTo32Bits(OrbaxCheckpoint):
    """Compares NumPy float64 scalars as 32-bit floats too."""

    def decide(self, value: Any) -> str:
        return super().decide(float(value) if "float64" in str(getattr(value, "dtype", "")) else value)
