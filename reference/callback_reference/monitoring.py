"""Monitoring: what the callbacks that watch one value have in common."""

import warnings

from .callback import Callback
from .improvement import direction_of, greater, less

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Monitoring", "is_number"]

UNKNOWN_MODE = "{name} mode '{mode}' is unknown, fallback to auto mode."
UNKNOWN_DIRECTION = (
    "{name}: is a higher or a lower {monitor!r} better? The compiled metrics do not say. Pass mode='max' or mode='min'."
)


class Monitoring(Callback):
    """Hold the name of the monitored value, and know whether one value improves on another.

    A value improves on another if

        value + min_delta < other    when lower is better
        value - min_delta > other    when higher is better

    compared as float32 (see `improvement`).

    Args:
        monitor: key of the epoch's logs.
        mode: "min", "max", or "auto": a loss is minimised, any other direction is read off the compiled metric.
        min_delta: change, in the unit of the monitored value, that an improvement must exceed; the sign is dropped.

    Attributes:
        monitor_op: the comparison in use; None until the direction is known.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: `mode` is "auto" and no compiled metric tells the direction (at the first epoch's end).

    >>> watch = Monitoring("loss", "auto", min_delta=0.5)
    >>> watch._find_direction()
    >>> watch._improves_on(1.0, 2.0), watch._improves_on(1.5, 2.0)
    (True, False)
    """

    _state: "tuple[str, ...]" = ("wait", "best", "direction")

    def __init__(self, monitor: str, mode: str, min_delta: float) -> None:
        super().__init__()
        self._require("monitor", monitor, isinstance(monitor, str), "the name of one metric, as a string")
        self._require("min_delta", min_delta, is_number(min_delta), "a number")
        if mode not in ("auto", "min", "max"):
            warnings.warn(UNKNOWN_MODE.format(name=self._name, mode=mode), stacklevel=3)  # ES-29, RL-29
            mode = "auto"
        self.monitor = monitor
        self.mode = mode
        self.min_delta = abs(min_delta)  # ES-11, RL-11
        self.monitor_op: Any = None  # ES-54, RL-40

    @property
    def direction(self) -> "str | None":
        """Which way is better: "min", "max", or None until it is known. To set it sets `monitor_op` too."""
        return None if self.monitor_op is None else "min" if self.monitor_op is less else "max"

    @direction.setter
    def direction(self, direction: "str | None") -> None:
        if (direction == "min") != (self.direction == "min"):
            self.min_delta = -self.min_delta  # ES-12, RL-12
        self.monitor_op = {"min": less, "max": greater}.get(direction or "")

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _require(self, name: str, value: "Any", holds: bool, accepted: str) -> None:
        if not holds:
            raise TypeError(f"{self._name}: {name} must be {accepted}, got {value!r}")  # ES-34, RL-34

    def _improves_on(self, value: "Any", other: "Any") -> bool:
        return bool(self.monitor_op(value - self.min_delta, other))  # ES-10, RL-10

    def _find_direction(self) -> None:
        if self.monitor_op is not None:  # ES-33, RL-33: kept for later fits, on other models too
            return
        mode = direction_of(self.monitor, self.model) if self.mode == "auto" else self.mode
        if mode is None:
            raise ValueError(UNKNOWN_DIRECTION.format(name=self._name, monitor=self.monitor))  # ES-32, RL-32
        self.direction = mode


def is_number(value: "Any") -> bool:
    """Tell whether a value can be used as a number, as text cannot.

    >>> is_number(2), is_number("2"), is_number(None)
    (True, False, False)
    """
    return isinstance(value, (int, float)) or (not isinstance(value, (str, bytes)) and hasattr(value, "__float__"))
