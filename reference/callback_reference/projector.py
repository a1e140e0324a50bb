"""What TensorBoard's projector needs to show embeddings: a file that names them, and a table for each."""

import os

from .backends import to_numpy
from .event_file import write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Projector"]

UNKNOWN = "embeddings_metadata names {names}, which {verb} no embedding layer of the model; it has {layers}"
CONFIG = "projector_config.pbtxt"


class Projector:
    """Writes the embedding layers of a model.

    Args:
        model: its `layers` of a class named Embedding, or derived from one, are shown.
        metadata: file of labels for each layer's name, or one file for all.

    Raises:
        ValueError: `metadata` names a layer that is not there.
    """

    def __init__(self, model: "Any", metadata: "dict[str, Any] | str | None") -> None:
        self.layers = [layer for layer in model.layers if _is_embedding(layer)]
        names = [layer.name for layer in self.layers]
        if not isinstance(metadata, dict):
            metadata = dict.fromkeys(names, metadata)
        unknown = sorted(set(metadata) - set(names))
        if unknown:  # TB-37
            verb = "is" if len(unknown) == 1 else "are"
            raise ValueError(
                UNKNOWN.format(names=", ".join(unknown), verb=verb, layers=", ".join(names) or "none of them")
            )
        self.labels = {name: os.fspath(path) for name, path in metadata.items() if path is not None}

    def write_config(self, folder: str) -> None:
        """Name each layer, its table, and its labels."""
        write_file(folder, CONFIG, "".join(self._entry(layer.name) for layer in self.layers))

    def write_tables(self, folder: str) -> None:
        """Write what the layers hold now over what they held before."""
        for layer in self.layers:
            rows = to_numpy(layer.embeddings).tolist()
            lines = ("\t".join(f"{value:.6g}" for value in row) + "\n" for row in rows)
            write_file(os.path.join(folder, "train"), _file_name(layer.name), "".join(lines))

    def _entry(self, name: str) -> str:
        fields = {"tensor_name": f"{name}/embeddings", "tensor_path": f"train/{_file_name(name)}"}
        if name in self.labels:
            fields["metadata_path"] = self.labels[name]
        return "embeddings {\n" + "".join(f'  {field}: "{_quoted(text)}"\n' for field, text in fields.items()) + "}\n"


def _is_embedding(layer: "Any") -> bool:
    return any(kind.__name__ == "Embedding" for kind in type(layer).__mro__)


def _file_name(layer: str) -> str:
    return layer.replace("/", "_") + ".tsv"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
