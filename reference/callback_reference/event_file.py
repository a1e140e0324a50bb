"""Event files, which TensorBoard reads: summaries in protocol buffers, written with the `tensorboard` package alone.

Each record is appended as soon as it is written, and no file is held open: what a killed run has written can be read.
"""

import itertools
import os
import socket
import struct
import time
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["EventFile", "histogram", "images", "model_graph", "require_tensorboard", "scalar", "write_file"]

MISSING = "TensorBoard needs the package tensorboard: pip install 'callback-conformance[tensorboard]'"
BUCKETS = 30
PICTURES = 3
COLOURS = {1: 0, 3: 2, 4: 6}
"""Channels of a picture to what PNG calls their colour type: grey, RGB, RGBA."""

_numbers = itertools.count()


def require_tensorboard() -> None:
    """Import what writes event files.

    Raises:
        ModuleNotFoundError: the package is not installed; the message says how to install it.
    """
    try:
        import tensorboard.compat.proto.event_pb2
        import tensorboard.summary.writer.record_writer  # noqa: F401 - later functions import parts of both
    except ImportError as error:
        raise ModuleNotFoundError(MISSING, name="tensorboard") from error  # TB-02


class EventFile:
    """One event file in a folder; the folder may be remote, where `tensorboard` knows how to write there."""

    def __init__(self, folder: str) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.tensorflow_stub.io import gfile
        from tensorboard.summary.writer.record_writer import RecordWriter

        gfile.makedirs(folder)
        now, host = time.time(), socket.gethostname()
        name = f"events.out.tfevents.{int(now):010}.{host}.{os.getpid()}.{next(_numbers):06}.v2"
        self._records = RecordWriter(gfile.GFile(os.path.join(folder, name), "wb"))
        self._records.write(Event(wall_time=now, file_version="brain.Event:2").SerializeToString())

    def write(self, step: int, values: "Sequence[Any]") -> None:
        """Append summaries of one step."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        event = Event(wall_time=time.time(), step=step, summary=Summary(value=values))
        self._records.write(event.SerializeToString())

    def flush(self) -> None:
        """Send what is buffered to a remote folder."""
        self._records.flush()


def write_file(folder: str, name: str, text: str) -> None:
    """Write a text beside the event files."""
    from tensorboard.compat.tensorflow_stub.io import gfile

    gfile.makedirs(folder)
    with gfile.GFile(os.path.join(folder, name), "w") as file:
        file.write(text)


def scalar(tag: str, value: float) -> "Any":
    """Return the summary of one number, which is rounded to 32 bits."""
    from tensorboard.compat.proto.types_pb2 import DT_FLOAT

    return _summary(tag, "scalars", DT_FLOAT, (), float_val=[value])


def histogram(tag: str, weight: "Any") -> "Any":
    """Return the summary of how an array's finite values are spread: left edge, right edge and count of 30 buckets."""
    import numpy
    from tensorboard.compat.proto.types_pb2 import DT_DOUBLE

    values = numpy.asarray(weight, "float64").ravel()
    values = values[numpy.isfinite(values)]  # TB-25
    table = numpy.zeros((BUCKETS, 3))
    if values.size:
        lowest, highest = values.min(), values.max()
        edges = numpy.linspace(lowest, highest, BUCKETS + 1)
        places = numpy.full(values.shape, BUCKETS - 1)
        if highest > lowest:
            scaled = numpy.floor((values - lowest) / ((highest - lowest) / BUCKETS))
            places = numpy.minimum(scaled, BUCKETS - 1).astype(int)
        table[:, 0], table[:, 1] = edges[:-1], edges[1:]
        table[:, 2] = numpy.bincount(places, minlength=BUCKETS)
    return _summary(tag, "histograms", DT_DOUBLE, table.shape, tensor_content=table.tobytes())


def images(tag: str, weight: "Any") -> "Any | None":
    """Return the summary of an array as pictures, 0 black and 1 white; None if its shape makes none.

    Lengths of 1 are dropped. A vector is a column, a matrix lies on its longer side, and the last axis of a cube counts
    the pictures. Four axes are pictures of 1, 3 or 4 channels. The first three are written.
    """
    import numpy
    from tensorboard.compat.proto.types_pb2 import DT_STRING

    pictures = _as_pictures(numpy.squeeze(numpy.asarray(weight, "float32")))
    if pictures is None or not pictures.size:
        return None
    with numpy.errstate(over="ignore"):
        grey = numpy.clip(numpy.nan_to_num(pictures[:PICTURES] * numpy.float32(255.5)), 0, 255).astype("uint8")
    height, width = pictures.shape[1:3]
    content = [str(width).encode(), str(height).encode(), *(_png(each) for each in grey)]
    return _summary(tag, "images", DT_STRING, (len(content),), string_val=content)


def model_graph(tag: str, json: str) -> "Any":
    """Return the summary of a model as Keras describes it in JSON."""
    from tensorboard.compat.proto.types_pb2 import DT_STRING

    return _summary(tag, "graph_keras_model", DT_STRING, (), b"1", string_val=[json.encode()])


def _summary(tag: str, plugin: str, dtype: int, shape: "tuple[int, ...]", content: bytes = b"", **data: "Any") -> "Any":
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

    sizes = TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in shape])
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=plugin, content=content))
    return Summary.Value(tag=tag, metadata=metadata, tensor=TensorProto(dtype=dtype, tensor_shape=sizes, **data))


def _as_pictures(weight: "Any") -> "Any | None":
    """Return an array of pictures, rows, columns and channels."""
    if weight.ndim == 1:
        return weight.reshape(1, -1, 1, 1)
    if weight.ndim == 2:
        return (weight.T if weight.shape[0] > weight.shape[1] else weight)[None, :, :, None]
    if weight.ndim == 3:
        return weight.transpose(2, 0, 1)[..., None]
    return weight if weight.ndim == 4 and weight.shape[-1] in COLOURS else None


def _png(picture: "Any") -> bytes:
    """Return a picture of bytes as a PNG file: a header, the rows, and the end."""
    height, width, channels = picture.shape
    header = struct.pack(">IIBBBBB", width, height, 8, COLOURS[channels], 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in picture)  # 0: no filter
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
