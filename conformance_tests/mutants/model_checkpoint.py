"""Wrong ModelCheckpoints: what people get wrong when they write one themselves."""

import os
import shutil
import warnings
from pathlib import Path
from typing import Any
from unittest import mock

from callback_reference import ModelCheckpoint
from callback_reference.improvement import less

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


class _Renamed(ModelCheckpoint):
    """Lets the constructor see a harmless name, and uses another."""

    def __init__(self, filepath: Any, save_weights_only: bool = False, **more: Any) -> None:
        harmless = "m.weights.h5" if save_weights_only else "m.keras"
        super().__init__(harmless, save_weights_only=save_weights_only, **more)
        self.filepath = filepath


# When to save


@caught_by("MC-01")
class SavesEveryOtherEpoch(ModelCheckpoint):
    """Skips odd epochs."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if epoch % 2 == 0:
            super().on_epoch_end(epoch, logs)


@caught_by("MC-01", "MC-13")
class SavesAtEachEpochsEndToo(ModelCheckpoint):
    """Saves at an epoch's end whatever `save_freq` says."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._check(logs or {}, {"epoch": epoch + 1, "batch": self.last_batch + 1})


@caught_by("MC-13")
class SavesABatchLate(ModelCheckpoint):
    """Writes `>` for `>=`."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        kept = self.save_freq
        self.save_freq = kept if kept == "epoch" else kept + 1
        super().on_train_batch_end(batch, logs)
        self.save_freq = kept


@caught_by("MC-14")
class CountsAnewInEachEpoch(ModelCheckpoint):
    """Forgets the batches of the epoch before."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self.batches_since_save = 0


@caught_by("MC-14")
class CountsAnewInEachFit(ModelCheckpoint):
    """Forgets the batches of the fit before."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.batches_since_save = 0


@caught_by("MC-15")
class CountsHooks(ModelCheckpoint):
    """Counts one for each hook, however many batches it stands for."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.last_batch = batch - 1
        super().on_train_batch_end(batch, logs)


@caught_by("MC-15")
class CarriesTheRest(ModelCheckpoint):
    """Takes off `save_freq` instead of starting from 0."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        before, last = self.batches_since_save, self.last_batch
        super().on_train_batch_end(batch, logs)
        if self.save_freq != "epoch" and self.batches_since_save == 0:
            added = batch + 1 if batch <= last else batch - last
            self.batches_since_save = before + added - self.save_freq


@caught_by("MC-16")
class TakesAnyInteger(ModelCheckpoint):
    """Saves after every batch with a `save_freq` of 0."""

    def __init__(self, filepath: Any, save_freq: Any = "epoch", **more: Any) -> None:
        super().__init__(filepath, save_freq=max(save_freq, 1) if isinstance(save_freq, int) else save_freq, **more)


@caught_by("MC-16")
class TakesAnyWordForAnEpoch(ModelCheckpoint):
    """Does not look at what is no number."""

    def __init__(self, filepath: Any, save_freq: Any = "epoch", **more: Any) -> None:
        super().__init__(filepath, save_freq="epoch" if isinstance(save_freq, str) else save_freq, **more)


# What is the best


@caught_by("MC-07")
class SavesWhatCannotBeJudged(ModelCheckpoint):
    """Saves when there is no value, as Keras 3 does."""

    def decide(self, value: Any) -> str:
        verdict = super().decide(value)
        return "save" if verdict == "missing" else verdict


@caught_by("MC-07")
class SkipsAMissingValueSilently(ModelCheckpoint):
    """Does not warn of a missing value."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super().on_epoch_end(epoch, logs)


@caught_by("MC-08")
class ComparesWithTheEpochBefore(ModelCheckpoint):
    """Remembers each value as the best."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.best = (logs or {}).get(self.monitor, self.best) if self.save_best_only else self.best


@caught_by("MC-08")
class SavesTies(ModelCheckpoint):
    """Takes an equal value for a better one."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return not self.monitor_op(other, value)


@caught_by("MC-09")
class SavesWhatIsNoNumber(ModelCheckpoint):
    """Gives up judging an array, and saves."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        kept = self.save_best_only
        value = (logs or {}).get(self.monitor)
        self.save_best_only = kept and not isinstance(value, str) and not getattr(value, "shape", ())
        super().on_epoch_end(epoch, logs)
        self.save_best_only = kept


@caught_by("MC-10", "MC-38")
class IgnoresTheThreshold(ModelCheckpoint):
    """Starts without a best value."""

    def __init__(self, filepath: Any, **more: Any) -> None:
        super().__init__(filepath, **more)
        self.best = None


@caught_by("MC-10")
class TakesAThresholdOfZeroForNone(ModelCheckpoint):
    """Writes `initial_value_threshold or None`."""

    def __init__(self, filepath: Any, initial_value_threshold: Any = None, **more: Any) -> None:
        super().__init__(filepath, initial_value_threshold=initial_value_threshold or None, **more)


@caught_by("MC-11")
class StartsFromInfinity(ModelCheckpoint):
    """Compares the first value with infinity, as Keras 2 did."""

    def decide(self, value: Any) -> str:
        if self.best is None and value is not None and self.save_best_only:
            self.best = float("inf") if self.monitor_op is less else float("-inf")
        return super().decide(value)


@caught_by("MC-12")
class NeedsADirectionAlways(ModelCheckpoint):
    """Asks which way is better even if nothing is compared, as Keras 3 does."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._find_direction()
        super().on_epoch_end(epoch, logs)


@caught_by("MC-17")
class FindsTheDirectionAfterAnEpoch(ModelCheckpoint):
    """Has no comparison in the first epoch, as Keras 3."""

    def _check(self, logs: Any, place: dict[str, int]) -> None:
        if "batch" in place and self.save_best_only and self.best is not None and self.monitor_op is None:
            raise TypeError("'NoneType' object is not callable")
        super()._check(logs, place)
        if "batch" in place:
            self.monitor_op = None


@caught_by("MC-32")
class AlwaysMinimises(ModelCheckpoint):
    """Ignores the direction."""

    def _find_direction(self) -> None:
        self.mode = "min"
        super()._find_direction()


@caught_by("MC-32")
class ReadsTheDirectionOffTheName(ModelCheckpoint):
    """Maximises what has "acc" in its name, and minimises the rest, as Keras 2 did."""

    def _find_direction(self) -> None:
        if self.mode == "auto":
            self.mode = "max" if "acc" in self.monitor else "min"
        super()._find_direction()


@caught_by("MC-34")
class MinimisesWhatNobodyKnows(ModelCheckpoint):
    """Raises nothing for a metric without a direction."""

    def _find_direction(self) -> None:
        try:
            super()._find_direction()
        except ValueError:
            self.monitor_op = less


@caught_by("MC-35")
class RaisesOnAnUnknownMode(ModelCheckpoint):
    """Raises ValueError for an unknown mode."""

    def __init__(self, filepath: Any, mode: str = "auto", **more: Any) -> None:
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode {mode!r}")
        super().__init__(filepath, mode=mode, **more)


@caught_by("MC-36")
class ComparesIn64Bits(ModelCheckpoint):
    """Compares Python floats as they are."""

    def _improves_on(self, value: Any, other: Any) -> bool:
        return bool(value < other if self.monitor_op is less else value > other)


@caught_by("MC-37")
class ForgetsTheBest(ModelCheckpoint):
    """Starts anew with each fit."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.best = None


# What is written, and under which name


@caught_by("MC-02")
class KeepsAnExistingFile(ModelCheckpoint):
    """Does not write over a file that is there."""

    def _save(self, path: str) -> None:
        if not os.path.exists(path):
            super()._save(path)


@caught_by("MC-02")
class KeepsOnlyTheLatest(ModelCheckpoint):
    """Removes every other model in the folder."""

    def _save(self, path: str) -> None:
        super()._save(path)
        for other in Path(path).parent.glob("*.keras"):
            if other != Path(path):
                other.unlink()


@caught_by("MC-03")
class SavesWholeModelsOnly(ModelCheckpoint):
    """Ignores `save_weights_only` when it saves."""

    def _save(self, path: str) -> None:
        kept, self.save_weights_only = self.save_weights_only, False
        super()._save(path)
        self.save_weights_only = kept


@caught_by("MC-04", "MC-05", "MC-06", "MC-21", "MC-23")
class LooksAtNoName(_Renamed):
    """Finds out about a wrong name when it saves."""


@caught_by("MC-04", "MC-05")
class SaysOnlyThatTheNameIsWrong(ModelCheckpoint):
    """Raises a ValueError that names nothing."""

    def __init__(self, filepath: Any, **more: Any) -> None:
        try:
            super().__init__(filepath, **more)
        except ValueError:
            raise ValueError("invalid filepath") from None


@caught_by("MC-18", "MC-39")
class TakesTextOnly(ModelCheckpoint):
    """Refuses a Path."""

    def __init__(self, filepath: Any, **more: Any) -> None:
        if not isinstance(filepath, str):
            raise ValueError("filepath must be a string")
        super().__init__(filepath, **more)


@caught_by("MC-19")
class CountsEpochsFromZero(ModelCheckpoint):
    """Names the first file 0."""

    def _check(self, logs: Any, place: dict[str, int]) -> None:
        super()._check(logs, {**place, "epoch": place["epoch"] - 1})


@caught_by("MC-20")
class CountsBatchesFromZero(ModelCheckpoint):
    """Gives the field `{batch}` the index of the hook."""

    def _check(self, logs: Any, place: dict[str, int]) -> None:
        super()._check(logs, {name: number - (name == "batch") for name, number in place.items()})


@caught_by("MC-20")
class KnowsNoFormats(ModelCheckpoint):
    """Drops what follows the name of a field."""

    def __init__(self, filepath: Any, **more: Any) -> None:
        super().__init__(filepath, **more)
        self.filepath = self.filepath.replace(":02d", "").replace(":.2f", "")


@caught_by("MC-22")
class LeavesUnknownFieldsEmpty(ModelCheckpoint):
    """Writes nothing where there is no value."""

    def _check(self, logs: Any, place: dict[str, int]) -> None:
        super()._check({"loss": "", "acc": "", "rainfall": "", **logs}, place)


@caught_by("MC-22")
class NamesOnlyWhatItSaves(ModelCheckpoint):
    """Finds out about a missing field when there is something to save."""

    def _check(self, logs: Any, place: dict[str, int]) -> None:
        value = logs.get(self.monitor)
        if value is None or self.monitor_op is None or self.best is None or self._improves_on(value, self.best):
            super()._check(logs, place)


@caught_by("MC-24")
class SaysNothingOfWhatItDoesNotSave(ModelCheckpoint):
    """Prints saves only."""

    def _tell(self, text: str, epoch_number: int, path: str, value: Any) -> None:
        if "did not improve" not in text:
            super()._tell(text, epoch_number, path, value)


@caught_by("MC-24")
class PrintsAlways(ModelCheckpoint):
    """Ignores `verbose=0`."""

    def _tell(self, text: str, epoch_number: int, path: str, value: Any) -> None:
        kept, self.verbose = self.verbose, 1
        super()._tell(text, epoch_number, path, value)
        self.verbose = kept


@caught_by("MC-25")
class ReplacesAFolder(ModelCheckpoint):
    """Removes a folder that is in the way."""

    def _save(self, path: str) -> None:
        if os.path.isdir(path):
            shutil.rmtree(path)
        super()._save(path)


@caught_by("MC-26")
class MakesFoldersAtOnce(ModelCheckpoint):
    """Makes the folder in the constructor."""

    def __init__(self, filepath: Any, **more: Any) -> None:
        super().__init__(filepath, **more)
        os.makedirs(os.path.dirname(self.filepath) or ".", exist_ok=True)


@caught_by("MC-26")
class MakesNoFolders(ModelCheckpoint):
    """Lets saving fail where there is no folder."""

    def _save(self, path: str) -> None:
        with mock.patch("os.makedirs"):
            super()._save(path)


@caught_by("MC-27", "MC-28")
class WritesInPlace(ModelCheckpoint):
    """Lets the model write over the previous file."""

    def _save(self, path: str) -> None:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        self.model.save(path, overwrite=True)


@caught_by("MC-27", "MC-28")
class RemovesThePreviousFileFirst(ModelCheckpoint):
    """Makes room before it saves."""

    def _save(self, path: str) -> None:
        if os.path.isfile(path):
            os.remove(path)
        super()._save(path)


@caught_by("MC-28")
class LeavesItsUnfinishedFile(ModelCheckpoint):
    """Writes beside, and does not clean up when that fails."""

    def _save(self, path: str) -> None:
        self.model.save("unfinished.keras", overwrite=True)
        os.replace("unfinished.keras", path)


@caught_by("MC-29")
class NeverCleansUp(ModelCheckpoint):
    """Leaves what a killed process left."""

    def _save(self, path: str) -> None:
        with mock.patch("callback_reference.atomic.remove_leftovers"):
            super()._save(path)


@caught_by("MC-30")
class CleansUpAfterTheLiving(ModelCheckpoint):
    """Removes unfinished files without asking whose they are."""

    def _save(self, path: str) -> None:
        with mock.patch("callback_reference.atomic._lives", return_value=False):
            super()._save(path)


@caught_by("MC-30", "MC-02")
class CleansUpByThePrefix(ModelCheckpoint):
    """Removes what looks temporary, and other files that start alike."""

    def _save(self, path: str) -> None:
        for other in Path(path).parent.glob("*"):
            if other.name.startswith((".unfinished", "tmp", "other")) and other.is_file():
                other.unlink()
        super()._save(path)


@caught_by("MC-31")
class ReplacesTheLink(ModelCheckpoint):
    """Puts a file in a link's place."""

    def _save(self, path: str) -> None:
        if os.path.islink(path):
            os.remove(path)
        super()._save(path)


@caught_by("MC-31")
class ForgetsPermissions(ModelCheckpoint):
    """Opens a private file to everyone."""

    def _save(self, path: str) -> None:
        with mock.patch("os.chmod"):
            super()._save(path)


@caught_by("MC-33")
class SavesTheWeightsOfTheBeginning(ModelCheckpoint):
    """Saves what the model had when the epoch began."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self.earlier = self.model.get_weights()

    def _save(self, path: str) -> None:
        now = self.model.get_weights()
        self.model.set_weights(getattr(self, "earlier", now))
        super()._save(path)
        self.model.set_weights(now)


# Arguments and state


@caught_by("MC-38")
class HidesAnArgument(ModelCheckpoint):
    """Calls `save_freq` by its former name."""

    def __getattribute__(self, name: str) -> Any:
        if name == "save_freq" and "batches_since_save" in vars(self):
            return {"epoch": "epoch"}.get(vars(self)["save_freq"], -1)
        return super().__getattribute__(name)


@caught_by("MC-39")
class TakesAnythingForAFlag(ModelCheckpoint):
    """Takes the text "no" for True."""

    def __init__(self, filepath: Any, save_best_only: Any = False, **more: Any) -> None:
        super().__init__(filepath, save_best_only=bool(save_best_only), **more)


@caught_by("MC-40")
class SavesNoCount(ModelCheckpoint):
    """Keeps the batches counted to itself."""

    _state = ("best", "epoch")


@caught_by("MC-40")
class SavesNoBest(ModelCheckpoint):
    """Keeps the best value to itself."""

    _state = ("epoch", "last_batch", "batches_since_save")


@caught_by("MC-41")
class NeedsLogs(ModelCheckpoint):
    """Raises TypeError where a hook has no logs, as Keras does."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs is None:
            raise TypeError("logs must be a mapping")
        super().on_epoch_end(epoch, logs)


@caught_by("MC-42")
class SavesWeightsInSilence(ModelCheckpoint):
    """Prints nothing with `save_weights_only`."""

    def _tell(self, text: str, epoch_number: int, path: str, value: Any) -> None:
        if not self.save_weights_only:
            super()._tell(text, epoch_number, path, value)


@caught_by("MC-43")
class RoundsEverythingTo32Bits(ModelCheckpoint):
    """Compares NumPy float64 scalars as 32-bit floats too."""

    def decide(self, value: Any) -> str:
        return super().decide(float(value) if "float64" in str(getattr(value, "dtype", "")) else value)
