"""The files of a backup: several that belong together, and a process that may be killed at any moment."""

import contextlib
import json
import os
from collections.abc import Callable
from typing import Any

__all__ = ["BackupFiles"]

METADATA = "training_metadata.json"
WEIGHTS = "latest.weights.h5"
ARRAYS = "latest.arrays.npz"
NEXT_WEIGHTS = "next.weights.h5"
NEXT_ARRAYS = "next.arrays.npz"
NEXT_METADATA = "next.json"
UNFINISHED = "unfinished.json"
PREVIOUS = ".bkp"
DAMAGED = "{path} holds no epoch to continue from"


class BackupFiles:
    """Write, read and remove the backups in one directory.

    A backup is written beside the one before, under the names that begin with `next`.
    Moving its metadata to `next.json`, one single step, makes it valid; `settle` then gives all its files their names,
    and goes on where a killed process left off. Before that step there is the old backup, after it the new one.

    Args:
        folder: the directory; it is made when the first backup is written.
        keep_previous: keep the backup before the latest, its names ending in `.bkp`.

    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> files = BackupFiles(folder, keep_previous=False)
    >>> files.write(lambda path: open(path, "w").close(), {"epoch": 3, "batch": 0}, {})
    >>> sorted(os.listdir(folder)), files.read("")[0]
    (['latest.weights.h5', 'training_metadata.json'], {'epoch': 3, 'batch': 0})
    """

    def __init__(self, folder: str, keep_previous: bool) -> None:
        self.folder = folder
        self.keep_previous = keep_previous

    def path(self, name: str) -> str:
        """Return where a file of that name is."""
        return os.path.join(self.folder, name)

    def write(self, save_weights: Callable[[str], Any], metadata: dict[str, Any], arrays: dict[str, Any]) -> None:
        """Write a backup; if it fails, or the process is killed, the one before stays."""
        os.makedirs(self.folder, exist_ok=True)
        self.settle()  # what is written now must not touch what is already valid
        save_weights(self.path(NEXT_WEIGHTS))
        if arrays:
            import numpy

            numpy.savez(self.path(NEXT_ARRAYS), **arrays)
        with open(self.path(UNFINISHED), "w", encoding="utf-8") as file:
            json.dump(metadata, file)
        self._move(UNFINISHED, NEXT_METADATA)  # BR-13: from here on, the new backup is the valid one
        self.settle()

    def settle(self) -> None:
        """Give the files of a valid backup their names; each step can be done again."""
        if not self._has(NEXT_METADATA):
            return
        if self.keep_previous and self._has(METADATA):
            if self._has(ARRAYS) and not self._has(NEXT_ARRAYS):
                self._move(ARRAYS, ARRAYS + PREVIOUS)
            self._move(METADATA, METADATA + PREVIOUS)
        for new, name in ((NEXT_WEIGHTS, WEIGHTS), (NEXT_ARRAYS, ARRAYS)):
            if self._has(new):
                if self.keep_previous and self._has(name):
                    self._move(name, name + PREVIOUS)
                self._move(new, name)
        self._move(NEXT_METADATA, METADATA)

    def tidy(self) -> None:
        """Settle, and remove what a killed process left unfinished."""
        self.settle()
        self._remove(NEXT_WEIGHTS, NEXT_ARRAYS, UNFINISHED)

    def read(self, suffix: str) -> tuple[dict[str, Any], Any, str] | None:
        """Return metadata, arrays and the path of the weights; None if there is no backup with that suffix.

        Raises:
            OSError: it is damaged, or its weights are missing.
        """
        if not self._has(METADATA + suffix):
            return None
        path, weights = self.path(METADATA + suffix), self.path(WEIGHTS + suffix)
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        try:
            metadata = json.loads(text)
        except ValueError as error:
            raise OSError(DAMAGED.format(path=path)) from error
        epoch = metadata.get("epoch") if isinstance(metadata, dict) else None
        if type(epoch) is not int or epoch < 0:
            raise OSError(DAMAGED.format(path=path))
        if not os.path.exists(weights):
            raise FileNotFoundError(f"{weights} is missing")
        return metadata, self._arrays(ARRAYS + suffix) if metadata.get("arrays") else {}, weights

    def set_aside(self) -> None:
        """Remove a latest backup that cannot be read, so that it does not take the place of the previous one."""
        self._remove(METADATA, WEIGHTS, ARRAYS)

    def clear(self) -> None:
        """Remove all files of backups, the metadata first, and the directory if nothing else is in it."""
        names = (METADATA, WEIGHTS, ARRAYS)
        self._remove(*(name + PREVIOUS for name in names), NEXT_METADATA, *names)
        self._remove(NEXT_WEIGHTS, NEXT_ARRAYS, UNFINISHED)
        with contextlib.suppress(OSError):  # BR-21: it is not there, or holds files of others
            os.rmdir(self.folder)

    def _arrays(self, name: str) -> dict[str, Any]:
        import zipfile

        import numpy

        try:
            with numpy.load(self.path(name), allow_pickle=False) as file:
                return dict(file)
        except (ValueError, EOFError, zipfile.BadZipFile) as error:
            raise OSError(f"{self.path(name)} is damaged") from error

    def _has(self, name: str) -> bool:
        return os.path.exists(self.path(name))

    def _move(self, name: str, to: str) -> None:
        os.replace(self.path(name), self.path(to))

    def _remove(self, *names: str) -> None:
        for name in names:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                os.remove(self.path(name))
