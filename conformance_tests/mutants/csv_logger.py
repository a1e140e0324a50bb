"""Wrong CSVLoggers: what people get wrong when they write one themselves."""

import os
import warnings
from typing import Any

from callback_reference import CSVLogger

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


class _Columns(CSVLogger):
    """Chooses other columns."""

    def _chosen(self, logs: dict[str, Any]) -> list[str]:
        raise NotImplementedError

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.keys is None:
            self.keys = self._chosen(logs or {})
        super().on_epoch_end(epoch, logs)


def _doubled(keys: list[str]) -> list[str]:
    return keys if any(key.startswith("val_") for key in keys) else keys + [f"val_{key}" for key in keys]


# The header and its columns


@caught_by("CS-01")
class WritesNoHeader(CSVLogger):
    """Begins with the first row."""

    def _begin_rows(self, keys: list[str]) -> None:
        super()._begin_rows(keys)
        if self.csv_file is not None and not self._there:
            self.csv_file.seek(0)
            self.csv_file.truncate()


@caught_by("CS-02")
class KeepsTheOrderOfTheLogs(_Columns):
    """Does not sort the columns."""

    def _chosen(self, logs: dict[str, Any]) -> list[str]:
        return _doubled(list(logs))


@caught_by("CS-02")
class SortsWithoutRegardToCase(_Columns):
    """Puts acc before Zed."""

    def _chosen(self, logs: dict[str, Any]) -> list[str]:
        return _doubled(sorted(logs, key=str.lower))


@caught_by("CS-03")
class CountsFromOne(CSVLogger):
    """Writes what is printed, not what is counted."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch + 1, logs)


@caught_by("CS-04")
class HasNoColumnsForALaterValidation(_Columns):
    """Takes the keys of the first epoch alone."""

    def _chosen(self, logs: dict[str, Any]) -> list[str]:
        return sorted(logs)


@caught_by("CS-04")
class PutsEachValidationBesideItsKey(_Columns):
    """Writes acc, val_acc, loss, val_loss."""

    def _chosen(self, logs: dict[str, Any]) -> list[str]:
        keys = sorted(logs)
        return keys if len(_doubled(keys)) == len(keys) else [name for key in keys for name in (key, f"val_{key}")]


# Cells


@caught_by("CS-05")
class RoundsToFourDigits(CSVLogger):
    """Writes numbers as a progress bar shows them."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        rounded = {key: f"{value:.4f}" if isinstance(value, float) else value for key, value in (logs or {}).items()}
        super().on_epoch_end(epoch, rounded)


@caught_by("CS-05")
class TakesNoneForAMissingValue(CSVLogger):
    """Writes NA for None."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, {key: "NA" if value is None else value for key, value in (logs or {}).items()})


@caught_by("CS-06")
class WritesListsAsPythonDoes(CSVLogger):
    """Has no quotes around the brackets."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        plain = {key: str(value) if isinstance(value, list) else value for key, value in (logs or {}).items()}
        super().on_epoch_end(epoch, plain)


@caught_by("CS-06")
class DoesNotKnowArrays(CSVLogger):
    """Writes an array as NumPy prints it."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        plain = {key: str(value) if getattr(value, "shape", ()) else value for key, value in (logs or {}).items()}
        super().on_epoch_end(epoch, plain)


@caught_by("CS-07")
class LeavesMissingCellsEmpty(CSVLogger):
    """Writes nothing for a key that is gone."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        gone = {key: "" for key in self.keys or () if key not in (logs or {}) and not key.startswith("val_")}
        super().on_epoch_end(epoch, {**(logs or {}), **gone})


@caught_by("CS-08")
class DropsLateKeysSilently(CSVLogger):
    """Says nothing of what it does not write."""

    def _tell_dropped(self, logs: dict[str, Any]) -> None:
        pass


@caught_by("CS-08")
class WarnsAtEveryEpoch(CSVLogger):
    """Repeats itself."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self.dropped = []
        super().on_epoch_end(epoch, logs)


# Which file, and when


@caught_by("CS-09", "CS-15")
class AlwaysAppends(CSVLogger):
    """Takes append for True."""

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__(filename, separator, True)


@caught_by("CS-09", "CS-23")
class EmptiesTheFileWhenItIsBuilt(CSVLogger):
    """Opens the file in the constructor."""

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__(filename, separator, append)
        if isinstance(self.filename, str) and not append and not os.path.isdir(self.filename):
            self._open(False)
            self.on_train_end()


@caught_by("CS-10", "CS-27")
class WritesTheHeaderAgain(CSVLogger):
    """Does not look into the file that it appends to."""

    def _first_row(self) -> list[str]:
        return []


@caught_by("CS-10")
class NeverAppends(CSVLogger):
    """Takes append for False."""

    def _open(self, continues: bool) -> None:
        super()._open(False)


@caught_by("CS-11")
class TakesAnEmptyFileForALog(CSVLogger):
    """Writes no header into a file that exists."""

    def _begin_rows(self, keys: list[str]) -> None:
        if self.append and os.path.exists(self.filename):
            self._there = self._there or ["epoch", *keys]
        super()._begin_rows(keys)


@caught_by("CS-12", "CS-14")
class AppendsWhateverIsThere(CSVLogger):
    """Does not compare the columns, nor end the last row."""

    def _begin_rows(self, keys: list[str]) -> None:
        there, self._there = self._there, []
        super()._begin_rows(keys)
        if there and self.csv_file is not None:
            size = self.csv_file.tell()
            self.csv_file.truncate(size - len(self.sep.join(["epoch", *keys]).encode()) - 2)
            self.csv_file.seek(0, os.SEEK_END)


@caught_by("CS-12")
class AddsAHeaderOfItsOwn(CSVLogger):
    """Puts a new header below rows of other columns."""

    def _begin_rows(self, keys: list[str]) -> None:
        if self._there and self._there != ["epoch", *keys]:
            self._there = []
        super()._begin_rows(keys)


@caught_by("CS-13")
class FindsOutAfterTheFirstEpoch(CSVLogger):
    """Looks at the file's first line only when it has a row to write."""

    def _open(self, continues: bool) -> None:
        try:
            super()._open(continues)
        except ValueError:
            there = self._there
            self._there = []
            self.csv_file = open(self.filename, "a")  # noqa: SIM115 - as the original
            self.writer = None
            self._there = there


@caught_by("CS-14")
class JoinsTwoRows(CSVLogger):
    """Writes behind an unfinished row."""

    def _missing_end(self) -> str:
        return ""


@caught_by("CS-15")
class KeepsTheColumnsOfTheFirstFit(CSVLogger):
    """Chooses the columns once in its life."""

    def _forget(self) -> None:
        self.keys = getattr(self, "keys", None)
        self.dropped = []

    def _open(self, continues: bool) -> None:
        super()._open(continues and self.append)


@caught_by("CS-16")
class IsASemicolonLogger(CSVLogger):
    """Has another separator by default."""

    def __init__(self, filename: Any, separator: str = ";", append: bool = False) -> None:
        super().__init__(filename, separator, append)


@caught_by("CS-16", "CS-20")
class ForgetsTheSeparator(CSVLogger):
    """Always writes commas."""

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__(filename, separator, append)
        self.sep = ","


class _Lazy:
    """A file whose rows are not written at once."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def flush(self) -> None:
        pass


@caught_by("CS-17")
class WritesWhenTheBufferIsFull(CSVLogger):
    """Does not flush."""

    def _open(self, continues: bool) -> None:
        super()._open(continues)
        self.csv_file = _Lazy(self.csv_file)  # type: ignore[assignment]


@caught_by("CS-18")
class JoinsCellsByHand(CSVLogger):
    """Quotes nothing."""

    def _begin_rows(self, keys: list[str]) -> None:
        super()._begin_rows(keys)
        self.writer = self

    def writerow(self, cells: list[Any]) -> None:
        """Write cells with separators between them."""
        texts = ["" if cell is None else str(cell) for cell in cells]
        self.csv_file.write(self.sep.join(texts) + "\r\n")  # type: ignore[union-attr]


@caught_by("CS-18")
class EndsRowsAsUnixDoes(CSVLogger):
    """Writes a line feed alone."""

    def _begin_rows(self, keys: list[str]) -> None:
        super()._begin_rows(keys)
        import csv

        self.writer = csv.writer(self.csv_file, delimiter=self.sep, lineterminator="\n")  # type: ignore[arg-type]


@caught_by("CS-19")
class LeavesTheFileOpen(CSVLogger):
    """Does nothing when training ends."""

    def on_train_end(self, logs: Logs = None) -> None:
        if self.csv_file is not None:
            self.csv_file.flush()


@caught_by("CS-19")
class WritesAHeaderWithoutEpochs(CSVLogger):
    """Begins the file when training begins."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        if self.append_header:
            self.csv_file.write("epoch")  # type: ignore[union-attr]
            self.csv_file.flush()  # type: ignore[union-attr]


@caught_by("CS-20")
class KeepsThePathAsItIs(CSVLogger):
    """Stores an os.PathLike."""

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__(filename, separator, append)
        self.filename = filename


@caught_by("CS-21")
class WritesToTheFileOfTheFitBefore(CSVLogger):
    """Opens a new file only if the last training came to its end."""

    def _open(self, continues: bool) -> None:
        if self.csv_file is None or self.csv_file.closed:
            super()._open(continues)


@caught_by("CS-22")
class WantsTheFolderThere(CSVLogger):
    """Makes no folder."""

    def on_train_begin(self, logs: Logs = None) -> None:
        if not os.path.isdir(os.path.dirname(self.filename) or "."):
            raise FileNotFoundError(self.filename)
        super().on_train_begin(logs)


@caught_by("CS-23")
class TrainsWithoutALog(CSVLogger):
    """Takes a file that cannot be opened for a small matter."""

    def on_train_begin(self, logs: Logs = None) -> None:
        try:
            super().on_train_begin(logs)
        except OSError:
            warnings.warn("no log", stacklevel=2)


class _Careless(CSVLogger):
    """Finds something usable in every argument."""

    def __init__(self, filename: Any, separator: Any = ",", append: Any = False) -> None:
        usable = isinstance(separator, str) and len(separator) == 1
        super().__init__(str(filename), separator if usable and separator not in '\r\n"' else ",", bool(append))


@caught_by("CS-24")
class TakesAnyType(_Careless):
    """Does not look at the types."""


@caught_by("CS-25")
class TakesAnySeparator(_Careless):
    """Does not look at the separator."""


@caught_by("CS-26")
class CountsTheEpochAmongTheKeys(CSVLogger):
    """Has `epoch` in `keys`."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.keys is not None:
            self.keys = self.keys[1:]
        super().on_epoch_end(epoch, logs)
        self.keys = ["epoch", *(self.keys or [])]


@caught_by("CS-27")
class ClearsAppendHeaderOnceItIsWritten(CSVLogger):
    """Takes append_header for what is still to do."""

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.append_header = False


@caught_by("CS-28")
class RemembersThatThereWasAHeader(CSVLogger):
    """Never writes a header again once it has appended."""

    seen = False

    def _first_row(self) -> list[str]:
        there = super()._first_row()
        self.seen = self.seen or bool(there)
        return there or (["epoch", "loss", "val_loss"] if self.seen else [])


@caught_by("CS-29")
class BeginsAnewWithALoadedState(CSVLogger):
    """Empties the file of a run that it is to continue."""

    def _open(self, continues: bool) -> None:
        super()._open(self.append)


@caught_by("CS-29")
class ForgetsItsColumns(CSVLogger):
    """Has nothing in its state but what it dropped."""

    _state = ("dropped",)


@caught_by("CS-30")
class WritesAnEpochOnce(CSVLogger):
    """Ignores a second call for the same epoch."""

    last: Any = None

    def on_train_begin(self, logs: Logs = None) -> None:
        super().on_train_begin(logs)
        self.last = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if epoch != self.last:
            super().on_epoch_end(epoch, logs)
        self.last = epoch


@caught_by("CS-31")
class LogsEvaluationToo(CSVLogger):
    """Writes a row at the end of an evaluation."""

    def on_test_end(self, logs: Logs = None) -> None:
        if self.csv_file is None:
            self.on_epoch_end(-1, logs)


@caught_by("CS-31")
class WritesTheCellsIntoTheLogs(CSVLogger):
    """Changes what other callbacks see."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        for key, value in (logs or {}).items():
            (logs or {})[key] = str(value)


@caught_by("CS-31")
class StopsAtAStop(CSVLogger):
    """Lowers the flag that another callback raised."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.model.stop_training = False


@caught_by("CS-32")
class LosesTheThirdEpochWithoutLogs(CSVLogger):
    """Writes no row for an empty epoch after two others."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs or epoch != 1 or not self.append:
            super().on_epoch_end(epoch, logs)
