"""What a callback may ask of a model, written once.

A callback never checks the type of its model: any object with the members below will do.
Keras models have them all; a model of your own needs only those that its callbacks use.
"""

from collections.abc import Sequence
from typing import Any, Protocol

__all__ = ["Logs", "Model"]

Logs = dict[str, Any]
"""Names of metrics to their values at one moment: Python floats, as `model.fit` hands them over."""


class Model(Protocol):
    """The model as its callbacks see it."""

    stop_training: bool
    """Set it to True to end training with the current epoch; set in a batch hook, its other batches are skipped."""

    history: Any
    """The `History` of the latest `fit`; `History` sets it."""

    optimizer: Any
    """What holds the learning rate, as `optimizer.learning_rate`: a number that can be set.

    One that holds other optimizers in `optimizers` needs no rate of its own.
    """

    @property
    def metrics(self) -> Sequence[Any]:
        """The metrics; a member with a `metrics` list of its own holds the compiled ones.

        A compiled metric has a `name`, and may have a `_direction`: "up" (more is better) or "down".
        """

    def get_weights(self) -> list[Any]:
        """Return a copy of all weights."""

    def set_weights(self, weights: list[Any]) -> None:
        """Put back what `get_weights` returned."""

    def save(self, filepath: Any, overwrite: bool = True) -> None:
        """Write the whole model to a file."""

    def save_weights(self, filepath: Any, overwrite: bool = True) -> None:
        """Write all weights, and those of the optimizer, to a file."""

    def load_weights(self, filepath: Any) -> None:
        """Put back what `save_weights` wrote; raise OSError if the file cannot be read."""
