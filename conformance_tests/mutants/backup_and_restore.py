"""Wrong BackupAndRestores: what people get wrong when they write one themselves."""

import json
import os
import shutil
from pathlib import Path
from typing import Any, ClassVar

from callback_reference import BackupAndRestore
from callback_reference.backup_files import BackupFiles

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


class _WithFiles(BackupAndRestore):
    """A mutant whose mistake is in its files."""

    files: type[BackupFiles] = BackupFiles

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._files = self.files(os.fspath(self.backup_dir), bool(self.double_checkpoint))


# What the constructor takes


@caught_by("BR-02")
class KeepsByDefault(BackupAndRestore):
    """Has another default."""

    def __init__(self, backup_dir: Any, save_freq: Any = "epoch", double_checkpoint: bool = False,
                 delete_checkpoint: bool = False, **more: Any) -> None:  # fmt: skip
        super().__init__(backup_dir, save_freq, double_checkpoint, delete_checkpoint, **more)


@caught_by("BR-03", "BR-04", "BR-08", "BR-09", "BR-29")
class TakesAnything(BackupAndRestore):
    """Checks no argument."""

    def __init__(self, backup_dir: Any, save_freq: Any = "epoch", double_checkpoint: Any = False,
                 delete_checkpoint: Any = True, callbacks: Any = ()) -> None:  # fmt: skip
        super().__init__("unused")
        self.backup_dir, self.save_freq, self.callbacks = backup_dir, save_freq, tuple(callbacks)
        self.double_checkpoint, self.delete_checkpoint = double_checkpoint, delete_checkpoint
        self._files = BackupFiles(str(backup_dir), bool(double_checkpoint))


@caught_by("BR-36")
class HidesItsArguments(BackupAndRestore):
    """Stores the directory under another name."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        vars(self)["folder"] = self.backup_dir
        vars(self)["backup_dir"] = None


@caught_by("BR-38")
class TakesSaveBeforePreemption(BackupAndRestore):
    """Takes what the documentation names, and does nothing about it."""

    def __init__(self, *arguments: Any, save_before_preemption: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)


# When it saves, and what


@caught_by("BR-05", "BR-10")
class NamesTheEpochThatEnded(BackupAndRestore):
    """Is one epoch behind: the last epoch is trained twice."""

    def _save(self, epoch: int, batch: int) -> None:
        super()._save(epoch - (batch == 0 and self.save_freq == "epoch"), batch)


@caught_by("BR-05", "BR-06")
class SavesAtEveryEpochToo(BackupAndRestore):
    """Saves at the end of an epoch whatever save_freq says, and after batches whatever it says."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.save_freq != "epoch":
            self._save(epoch + 1, 0)

    def decide(self) -> str:
        return "save" if self.save_freq == "epoch" else super().decide()


@caught_by("BR-06")
class CountsWithinTheEpoch(BackupAndRestore):
    """Begins to count anew with each epoch."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self.unsaved_batches = 0


@caught_by("BR-07")
class NotesTheEpochAtItsEndOnly(BackupAndRestore):
    """Believes that a fit begins where the last one ended."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        before = self.epoch
        super().on_epoch_begin(epoch, logs)
        self.epoch = before


@caught_by("BR-11")
class SkipsTheEpochThatWasBegun(BackupAndRestore):
    """Leaves out the rest of an epoch in which a backup was made."""

    def _take_over(self, metadata: dict[str, Any], arrays: Any) -> int:
        return super()._take_over(metadata, arrays) + (self.save_freq != "epoch")


@caught_by("BR-12")
class TakesFalseForEachEpoch(BackupAndRestore):
    """Takes False for the default."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.save_freq is False:
            self._save(epoch + 1, 0)


@caught_by("BR-24")
class CountsEveryBatchOfAnExecution(BackupAndRestore):
    """Counts from -1, as the documentation has it."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self.last_batch = -1

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.last_batch = -1


@caught_by("BR-35")
class RestoresEveryAttribute(BackupAndRestore):
    """Puts back whatever the model had when it was saved."""

    kept: ClassVar[dict[str, Any]] = {}

    def _save(self, epoch: int, batch: int) -> None:
        super()._save(epoch, batch)
        self.kept.update({name: value for name, value in vars(self.model).items() if name == "shuffled"})

    def _take_over(self, metadata: dict[str, Any], arrays: Any) -> int:
        vars(self.model).update(self.kept)
        return super()._take_over(metadata, arrays)


# The files


@caught_by("BR-01")
class AnotherName(_WithFiles):
    """Calls the metadata otherwise once it is written."""

    class files(BackupFiles):
        def settle(self) -> None:
            super().settle()
            if self._has("training_metadata.json"):
                shutil.copy(self.path("training_metadata.json"), self.path("state.json"))


@caught_by("BR-13")
class WritesOverTheOldBackup(_WithFiles):
    """Writes to the final names."""

    class files(BackupFiles):
        def write(self, save_weights: Any, metadata: dict[str, Any], arrays: dict[str, Any]) -> None:
            os.makedirs(self.folder, exist_ok=True)
            if self.keep_previous and self._has("training_metadata.json"):
                self._move("training_metadata.json", "training_metadata.json.bkp")
                self._move("latest.weights.h5", "latest.weights.h5.bkp")
            save_weights(self.path("latest.weights.h5"))
            Path(self.path("training_metadata.json")).write_text(json.dumps(metadata))


@caught_by("BR-14", "BR-17")
class NeverFallsBack(BackupAndRestore):
    """Reads the latest backup only."""

    def _restore(self) -> int | None:
        found = self._files.read("")
        if found is None:
            return None
        self.model.load_weights(found[2])
        return self._take_over(found[0], found[1])


@caught_by("BR-17")
class FallsBackForWeightsOnly(_WithFiles):
    """Lets the errors of the metadata pass."""

    class files(BackupFiles):
        def read(self, suffix: str) -> Any:
            path = self.path("training_metadata.json" + suffix)
            if os.path.exists(path):
                json.loads(Path(path).read_text())["epoch"] += 0
            return super().read(suffix)


@caught_by("BR-15")
class BeginsAnewWhereNothingCanBeRead(BackupAndRestore):
    """Throws days of training away in silence."""

    def _restore(self) -> int | None:
        try:
            return super()._restore()
        except OSError:
            return None


@caught_by("BR-19")
class LoadsWeightsWithoutMetadata(BackupAndRestore):
    """Loads whatever weights there are."""

    def _restore(self) -> int | None:
        restored = super()._restore()
        weights = self._files.path("latest.weights.h5")
        if restored is None and os.path.exists(weights):
            self.model.load_weights(weights)
        return restored


@caught_by("BR-20")
class LeavesTheWeights(_WithFiles):
    """Removes the metadata only."""

    class files(BackupFiles):
        def clear(self) -> None:
            self._remove("training_metadata.json")


@caught_by("BR-21")
class RemovesTheDirectory(BackupAndRestore):
    """Removes the directory with all that is in it."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        if self.delete_checkpoint:
            shutil.rmtree(self.backup_dir, ignore_errors=True)


@caught_by("BR-22")
class AlwaysRemoves(BackupAndRestore):
    """Removes the backups whatever delete_checkpoint says."""

    def on_train_end(self, logs: Logs = None) -> None:
        super().on_train_end(logs)
        self._files.clear()


@caught_by("BR-23")
class KeepsOneOnly(BackupAndRestore):
    """Ignores double_checkpoint."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._files.keep_previous = False


@caught_by("BR-32")
class RemovesAtEachEpochBegin(BackupAndRestore):
    """Removes the backup when it believes that it is no longer needed."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_begin(epoch, logs)
        self._files.clear()


@caught_by("BR-34")
class SavesAtEvaluation(BackupAndRestore):
    """Saves at the end of every evaluation and prediction."""

    def on_test_end(self, logs: Logs = None) -> None:
        self._save(self.epoch, 0)

    def on_predict_end(self, logs: Logs = None) -> None:
        self._save(self.epoch, 0)


# What it restores


@caught_by("BR-10", "BR-25")
class RestoresTheWeightsOnly(BackupAndRestore):
    """Does not tell the model where to begin."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.model._initial_epoch = None  # type: ignore[attr-defined]


@caught_by("BR-25")
class BeginsAtTheFourthEpoch(BackupAndRestore):
    """Restores no epoch before the fourth."""

    def _take_over(self, metadata: dict[str, Any], arrays: Any) -> int:
        return max(super()._take_over(metadata, arrays), 3)


@caught_by("BR-16")
class TakesAnUnbuiltModel(BackupAndRestore):
    """Believes that fit builds every model."""

    def on_train_begin(self, logs: Logs = None) -> None:
        built, self.model.built = self.model.built, True  # type: ignore[attr-defined]
        super().on_train_begin(logs)
        self.model.built = built  # type: ignore[attr-defined]


@caught_by("BR-18")
class LeavesTheEpochInTheModel(BackupAndRestore):
    """Never takes back the epoch to begin with."""

    def _forget_start(self) -> None:
        epoch = self.model._initial_epoch  # type: ignore[attr-defined]
        super()._forget_start()
        self.model._initial_epoch = epoch  # type: ignore[attr-defined]


@caught_by("BR-37")
class FallsBackForEveryError(BackupAndRestore):
    """Takes another architecture for a damaged file."""

    def _restore(self) -> int | None:
        load = self.model.load_weights

        def careful(path: Any) -> None:
            try:
                load(path)
            except ValueError as error:
                raise OSError("damaged") from error

        self.model.load_weights = careful  # type: ignore[method-assign, assignment]
        return super()._restore()


@caught_by("BR-40")
class DemandsItsOwnMetadata(_WithFiles):
    """Takes metadata with other members for damaged."""

    class files(BackupFiles):
        def read(self, suffix: str) -> Any:
            found = super().read(suffix)
            if found is not None and set(found[0]) - {"callbacks", "stopped", "seeds", "arrays"} != {"epoch", "batch"}:
                raise OSError("damaged")
            return found


@caught_by("BR-41")
class LeavesTheOptimizerUnbuilt(BackupAndRestore):
    """Loads the weights before the optimizer has variables."""

    def _restore(self) -> int | None:
        optimizer = self.model.optimizer
        built, optimizer.built = optimizer.built, True
        restored = super()._restore()
        optimizer.built = built
        return restored


# What only the reference offers


@caught_by("BR-26")
class ForgetsTheSeeds(BackupAndRestore):
    """Leaves the seed generators as they are."""

    def _take_over(self, metadata: dict[str, Any], arrays: Any) -> int:
        return super()._take_over({**metadata, "seeds": []}, arrays)


@caught_by("BR-27")
class CarriesStatesAsText(BackupAndRestore):
    """Stores each state as its text."""

    def _save(self, epoch: int, batch: int) -> None:
        for callback in self.callbacks:
            state = {name: str(value) for name, value in callback.state_dict().items()}
            callback.state_dict = lambda state=state: state
        super()._save(epoch, batch)


@caught_by("BR-28")
class LeavesStatesLoaded(BackupAndRestore):
    """Lets the next fit go on from the state of this one."""

    def _forget_start(self) -> None:
        carried, self.callbacks = self.callbacks, ()
        super()._forget_start()
        self.callbacks = carried


@caught_by("BR-30")
class TrainsOnAfterAStop(BackupAndRestore):
    """Forgets that training had been stopped."""

    def _take_over(self, metadata: dict[str, Any], arrays: Any) -> int:
        return super()._take_over({**metadata, "stopped": False}, arrays)


@caught_by("BR-31")
class LoadsWhatIsThere(BackupAndRestore):
    """Does not look whose states a backup holds."""

    def _take_over(self, metadata: dict[str, Any], arrays: Any) -> int:
        names = [type(callback).__name__ for callback in self.callbacks]
        states = [state for _, state in metadata.get("callbacks", [])]
        states += [{"dict": [["value", 0]]}] * len(names)
        return super()._take_over({**metadata, "callbacks": list(zip(names, states, strict=False))}, arrays)


@caught_by("BR-33")
class DoesNotTellWhereItBegan(BackupAndRestore):
    """Leaves initial_epoch None."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.initial_epoch = None


@caught_by("BR-39")
class ForgetsTheCountOfBatches(BackupAndRestore):
    """Leaves the count out of its state."""

    _state = ("epoch", "last_batch")  # type: ignore[assignment]


@caught_by("BR-42")
class LosesABackupNowAndThen(BackupAndRestore):
    """Skips the third epoch's backup where two are kept."""

    def _save(self, epoch: int, batch: int) -> None:
        if not (self.double_checkpoint and not self.delete_checkpoint and epoch == 3 and self.save_freq == "epoch"):
            super()._save(epoch, batch)
