"""What TensorBoard shows of a model: the graph of its layers, and how its weights are spread."""

import warnings

from .backends import to_numpy
from .event_file import histogram, images, model_graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["graph_summary", "weight_summaries"]

NO_GRAPH = "TensorBoard: the model cannot be written as JSON, so there is no graph of it: {error}"


def graph_summary(model: "Any") -> "Any | None":
    """Return the summary of a model whose layers make a graph, None for any other."""
    if type(model).__name__ not in ("Sequential", "Functional"):  # TB-29
        return None
    try:
        return model_graph("keras", str(model.to_json()))
    except Exception as error:  # whatever a layer's own configuration raises
        warnings.warn(NO_GRAPH.format(error=error), stacklevel=4)  # TB-30
        return None


def weight_summaries(model: "Any", pictures: bool) -> "list[Any]":
    """Return the histogram of each weight, and its picture if pictures are wanted and it can be drawn."""
    summaries = []
    for layer in getattr(model, "layers", ()):
        for weight in layer.weights:
            array, name = to_numpy(weight), getattr(weight, "path", weight.name).replace(":", "_")
            summaries.append(histogram(f"{name}/histogram", array))
            summaries.append(images(f"{name}/image", array) if pictures else None)  # TB-26
    return [summary for summary in summaries if summary is not None]
