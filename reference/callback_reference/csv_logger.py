"""CSVLogger: write the logs of each epoch into a file, as one row."""

import csv
import os
import warnings
from collections.abc import Iterable
from typing import IO, Any

from .callback import Callback
from .protocol import Logs

__all__ = ["CSVLogger"]

WRONG = "CSVLogger: {name} must be {accepted}, got {value!r}"
NO_LOG = "CSVLogger: {name!r} does not begin with the column 'epoch', so it is no log with the separator {separator!r}"
OTHER_COLUMNS = "CSVLogger: cannot append to {name!r}: it has the columns {there}, and this run would write {wanted}"
TOO_LATE = "CSVLogger: {names} came after the first epoch, when the columns were fixed; not written to {file!r}"
ABSENT = "NA"


class CSVLogger(Callback):
    """Decide at the first epoch which columns the file has, and write one row after each epoch.

    The columns are `epoch` and the keys of the first epoch's logs, sorted.
    If none of these begins with `val_`, each gets a second column with `val_` before its name, for a validation that
    runs in later epochs only. A cell without a value holds `NA`.

    Every row is in the file when the hook returns: an exception, or a killed process, loses the row being written at
    most.

    Args:
        filename: path of the file; missing folders are made when training begins.
        separator: the one character between two cells.
        append: False writes the file anew at each fit; True goes on below the rows that are there, if their columns
            are those that this run writes.

    Attributes:
        sep: the separator.
        keys: the columns after `epoch`; None from the beginning of a run until its first row.
        dropped: keys that came too late to get a column.
        append_header: whether the run writes a header of its own.
        csv_file: the file; closed when training ends.
        writer: what turns a row into text; None while no row has been written.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: an argument is out of range; or the file to append to is no such log (when training begins), or has
            other columns (at the first epoch's end, before anything is written).
        OSError: the file cannot be opened (when training begins) or written.

    >>> import tempfile
    >>> name = os.path.join(tempfile.mkdtemp(), "run", "log.csv")
    >>> logger = CSVLogger(name, separator=";")
    >>> logger.on_train_begin()
    >>> logger.on_epoch_end(0, {"loss": 0.5, "acc": 0.25})
    >>> logger.on_epoch_end(1, {"loss": 0.25, "val_loss": 1.0})
    >>> logger.on_train_end()
    >>> with open(name) as file:
    ...     print(file.read())
    epoch;acc;loss;val_acc;val_loss
    0;0.25;0.5;NA;NA
    1;NA;0.25;NA;1.0
    <BLANKLINE>

    Clauses: CS-01 to CS-32.
    """

    _state: tuple[str, ...] = ("keys", "dropped")

    def __init__(self, filename: str | bytes | os.PathLike[str], separator: str = ",", append: bool = False) -> None:
        super().__init__()
        if not isinstance(filename, (str, bytes, os.PathLike)):
            raise TypeError(WRONG.format(name="filename", accepted="a path", value=filename))  # CS-24
        if not isinstance(separator, str):
            raise TypeError(WRONG.format(name="separator", accepted="a string", value=separator))
        if len(separator) != 1 or separator in '\r\n"':
            accepted = "one character, no line end and no quote"
            raise ValueError(WRONG.format(name="separator", accepted=accepted, value=separator))  # CS-25
        if append not in (True, False):
            raise TypeError(WRONG.format(name="append", accepted="True or False", value=append))
        self.filename = os.fspath(filename)  # CS-20
        self.sep = separator
        self.append = append
        self.append_header = True
        self.csv_file: IO[str] | None = None
        self.writer: Any = None
        self._forget()

    def _forget(self) -> None:
        self.keys: list[str] | None = None  # CS-26
        self.dropped: list[str] = []

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Open the file, and refuse to append to what is no such log."""
        if self._begins_anew():
            self._forget()  # CS-15
        self._open(continues=self.append or self.keys is not None)  # CS-29

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write one row; before the first, the header."""
        logs = logs or {}
        if self.csv_file is None or self.csv_file.closed:
            self._open(continues=True)  # CS-29: a state was loaded in the middle of a run
        if self.writer is None:
            self._begin_rows(columns(logs) if self.keys is None else self.keys)
        self._tell_dropped(logs)
        row = {"epoch": epoch, **{key: cell(value) for key, value in logs.items()}}
        self.writer.writerow([row.get(key, ABSENT) for key in ("epoch", *(self.keys or ()))])  # CS-03, CS-07
        self.csv_file.flush()  # type: ignore[union-attr]  # CS-17

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Close the file."""
        super().on_train_end(logs)
        if self.csv_file is not None:
            self.csv_file.close()  # CS-19
        self.writer = None

    def __del__(self) -> None:
        """Close the file, if an exception ended the training."""
        if getattr(self, "csv_file", None) is not None:
            self.csv_file.close()  # type: ignore[union-attr]

    def _open(self, continues: bool) -> None:
        if self.csv_file is not None:
            self.csv_file.close()  # of a run that an exception ended
        os.makedirs(os.path.dirname(self.filename) or ".", exist_ok=True)  # CS-22
        self._there = self._first_row() if continues else []
        if self._there[:1] not in ([], ["epoch"]):
            raise ValueError(NO_LOG.format(name=self.filename, separator=self.sep))  # CS-13
        self.append_header = not self._there  # CS-11, CS-27, CS-28
        mode = "a" if continues else "w"  # CS-09
        self.csv_file = open(self.filename, mode, newline="", encoding="utf-8")  # noqa: SIM115 - closed by a later hook
        self.writer = None

    def _first_row(self) -> list[str]:
        if not os.path.exists(self.filename):
            return []
        with open(self.filename, newline="", encoding="utf-8-sig") as file:
            for row in csv.reader(file, delimiter=self.sep):
                return row or [""]  # a blank line is no header
        return []

    def _begin_rows(self, keys: list[str]) -> None:
        header = ["epoch", *keys]
        if self._there and self._there != header:
            there, wanted = ", ".join(self._there), ", ".join(header)
            raise ValueError(OTHER_COLUMNS.format(name=self.filename, there=there, wanted=wanted))  # CS-12
        self.keys = keys
        self.writer = csv.writer(self.csv_file, delimiter=self.sep)  # type: ignore[arg-type]
        if self._there:
            self.csv_file.write(self._missing_end())  # type: ignore[union-attr]
        else:
            self.writer.writerow(header)  # CS-01

    def _missing_end(self) -> str:
        """Return what ends the last row of the file, if a kill left it without."""
        quotes, line = 0, b"\n"
        with open(self.filename, "rb") as file:  # as bytes: a kill may have left half a character
            for line in file:
                quotes += line.count(b'"')
        if quotes % 2:
            return '"\r\n'
        return "" if line.endswith(b"\n") else "\n" if line.endswith(b"\r") else "\r\n"  # CS-14

    def _tell_dropped(self, logs: Logs) -> None:
        late = [key for key in logs if key not in (self.keys or ()) and key not in self.dropped and key != "epoch"]
        if late:
            self.dropped += late
            warnings.warn(TOO_LATE.format(names=", ".join(late), file=self.filename), stacklevel=3)  # CS-08


def columns(logs: Logs) -> list[str]:
    """Return the columns after `epoch` for the keys of the first epoch's logs.

    >>> columns({"loss": 0.5, "acc": 1.0}), columns({"val_loss": 0.5, "loss": 0.5})
    (['acc', 'loss', 'val_acc', 'val_loss'], ['loss', 'val_loss'])
    """
    keys = sorted(logs)  # CS-02
    if any(key.startswith("val_") for key in keys):
        return keys
    return keys + [f"val_{key}" for key in keys]  # CS-04


def cell(value: Any) -> Any:
    """Return what is written for a value: several values become one text in brackets and quotes.

    >>> print(cell(0.5), cell("text"), cell([1, 2.5]))
    0.5 text "[1, 2.5]"
    """
    if isinstance(value, str) or getattr(value, "shape", None) == () or not isinstance(value, Iterable):
        return value
    return f'"[{", ".join(map(str, value))}]"'  # CS-06
