"""Read TensorBoard's event files back as plain data, with TensorBoard's own reader."""

import contextlib
import os
import re
from collections.abc import Iterator
from typing import Any

from .scenarios import plain
from .subjects import Unsupported

__all__ = ["Events", "Written", "seen_events", "values"]

Written = dict[str, list[list[Any]]]
"""Run and tag, as `train/epoch_loss`, to `[step, value]` in the order in which they were written."""

PLUGINS = {"scalars": "number", "histograms": "histogram", "images": "images", "graph_keras_model": "model"}


class Events:
    """What the event files below a folder hold, looked at again and again, each record read once."""

    def __init__(self, folder: str = ".") -> None:
        self.folder = folder
        self._files: dict[str, _File] = {}

    def seen(self) -> Written:
        """Return what the files hold by now, as `seen_events` does.

        Raises:
            Unsupported: there is no package `tensorboard` to read them with.
        """
        written: Written = {}
        for path in _paths(self.folder):
            for name, step, value in self._file(path).read():
                written.setdefault(name, []).append([step, value])
        return dict(sorted(written.items()))

    def _file(self, path: str) -> "_File":
        """Return the file that was begun, unless it is another by now, or lost what was read."""
        now = os.stat(path)
        file = self._files.get(path)
        if file is None or file.inode != now.st_ino or file.size > now.st_size:
            file = self._files[path] = _File(path, now.st_ino)
        file.size = now.st_size
        return file


class _File:
    """An event file, and what was read of it."""

    def __init__(self, path: str, inode: int) -> None:
        self.inode, self.size = inode, 0
        self._run = os.path.basename(os.path.dirname(path))
        self._events = _Events(path)
        self._read: list[tuple[str, int, Any]] = []

    def read(self) -> list[tuple[str, int, Any]]:
        """Return run and tag, step and value of each summary, those that came since the last call included."""
        for event in self._events:
            for value in event.summary.value:
                self._read.append((f"{self._run}/{value.tag}", event.step, _shown(value)))
        return self._read


def seen_events(folder: str = ".") -> Written:
    """Return what the event files below a folder hold.

    A run is the last part of a file's folder. A number is rounded to six digits; a histogram is the count and the
    outer edges; pictures are their width, height and number; a model is "model". Batches per second are "rate", since
    they tell how fast the machine is.

    Raises:
        Unsupported: there is no package `tensorboard` to read them with.
    """
    return Events(folder).seen()


def values(folder: str = ".") -> Iterator[tuple[str, int, Any]]:
    """Yield run, step and summary value, file by file in the order of their names: by time, and by number within one.

    Raises:
        Unsupported: there is no package `tensorboard` to read them with.
    """
    for path in _paths(folder):
        for event in _Events(path):
            for value in event.summary.value:
                yield os.path.basename(os.path.dirname(path)), event.step, value


def _paths(folder: str) -> Iterator[str]:
    """Yield the event files below a folder, in the order of their names: by time, and by number within one."""
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted((name for name in names if "tfevents" in name), key=_by_number):
            yield os.path.join(place, name)


def _by_number(name: str) -> list[Any]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


class _Events:
    """The events in a file; who goes through them again gets those that came since."""

    def __init__(self, path: str) -> None:
        try:
            from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New
        except ImportError as error:
            raise Unsupported("needs tensorboard, to read what was written") from error
        self._reader = PyRecordReader_New(path)

    def __iter__(self) -> Iterator[Any]:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.tensorflow_stub import errors

        with contextlib.suppress(errors.OutOfRangeError):
            while True:
                self._reader.GetNext()
                yield Event.FromString(self._reader.record())


def _shown(value: Any) -> Any:
    from tensorboard.util import tensor_util

    kind = PLUGINS.get(value.metadata.plugin_data.plugin_name, "unknown")
    if value.tag.endswith("steps_per_second"):
        return "rate"
    if kind not in ("number", "histogram", "images"):
        return kind
    data = tensor_util.make_ndarray(value.tensor)
    if kind == "number":
        return plain(float(f"{float(data):.6g}"))
    if kind == "images":
        return [int(data[0]), int(data[1]), len(data) - 2]
    return [plain(float(f"{number:.6g}")) for number in (data[:, 2].sum(), data[0, 0], data[-1, 1])]
