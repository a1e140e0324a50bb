"""Read TensorBoard's event files back as plain data, with TensorBoard's own reader."""

import os
import re
from collections.abc import Iterator
from typing import Any

from .scenarios import plain
from .subjects import Unsupported

__all__ = ["Written", "seen_events", "values"]

Written = dict[str, list[list[Any]]]
"""Run and tag, as `train/epoch_loss`, to `[step, value]` in the order in which they were written."""

PLUGINS = {"scalars": "number", "histograms": "histogram", "images": "images", "graph_keras_model": "model"}


def seen_events(folder: str = ".") -> Written:
    """Return what the event files below a folder hold.

    A run is the last part of a file's folder. A number is rounded to six digits; a histogram is the count and the
    outer edges; pictures are their width, height and number; a model is "model". Batches per second are "rate", since
    they tell how fast the machine is.

    Raises:
        Unsupported: there is no package `tensorboard` to read them with.
    """
    written: Written = {}
    for run, step, value in values(folder):
        written.setdefault(f"{run}/{value.tag}", []).append([step, _shown(value)])
    return dict(sorted(written.items()))


def values(folder: str = ".") -> Iterator[tuple[str, int, Any]]:
    """Yield run, step and summary value, file by file in the order of their names: by time, and by number within one.

    Raises:
        Unsupported: there is no package `tensorboard` to read them with.
    """
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted((name for name in names if "tfevents" in name), key=_by_number):
            for event in _events(os.path.join(place, name)):
                for value in event.summary.value:
                    yield os.path.basename(place), event.step, value


def _by_number(name: str) -> list[Any]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _events(path: str) -> Iterator[Any]:
    try:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.tensorflow_stub import errors
        from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New
    except ImportError as error:
        raise Unsupported("needs tensorboard, to read what was written") from error
    reader = PyRecordReader_New(path)
    while True:
        try:
            reader.GetNext()
        except errors.OutOfRangeError:
            return
        yield Event.FromString(reader.record())


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
