"""When is one value better than another? The notion that all monitoring callbacks share.

    lower is better:   float32(value + min_delta) < float32(best)
    higher is better:  float32(value - min_delta) > float32(best)

Both are strict, so an equal value is no improvement, and nothing is better than NaN or improves by being NaN.
The sums are made in the precision of the values; then each side is rounded to float32, because that is where
TensorFlow and JAX put a Python number: on 1.0, an improvement of 1e-9 does not exist.
Only a NumPy float64 scalar keeps its 64 bits, and two ints are compared exactly.
"""

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["direction_of", "greater", "less", "require_number"]


def less(x: "Any", y: "Any") -> bool:
    """Tell whether x is less than y, once both are rounded.

    >>> less(0.9, 1.0), less(1.0, 1.0), less(1 - 1e-9, 1.0), less(float("nan"), 1.0)
    (True, False, False, False)
    """
    x, y = _comparable(x, y)
    return bool(x < y)


def greater(x: "Any", y: "Any") -> bool:
    """Tell whether x is greater than y, once both are rounded.

    >>> greater(1.0, 0.9), greater(1.0, 1.0), greater(1.0, float("nan"))
    (True, False, False)
    """
    return less(y, x)


def direction_of(monitor: str, model: "Any") -> "str | None":
    """Return "min" or "max" for a monitored name, or None if nobody knows.

    A loss is minimised.
    For any other name, with `val_` taken off once, the compiled metric of that name says which way is better.
    The name itself says nothing: a metric called `my_acc` may well be an error (ES-31).
    """
    name = monitor[4:] if monitor.startswith("val_") else monitor
    if name == "loss":
        return "min"
    for container in getattr(model, "metrics", None) or ():
        for metric in getattr(container, "metrics", None) or ():
            if metric.name == name and hasattr(metric, "_direction"):
                return "max" if metric._direction == "up" else "min"
    return None


def require_number(value: "Any", monitor: str) -> None:
    """Refuse a monitored value that is not one real number.

    Raises:
        TypeError: naming the metric, the value, and what is accepted.
    """
    size = 1
    for length in getattr(value, "shape", ()):
        size *= length
    if isinstance(value, (str, bytes, complex, list, tuple, dict)) or size != 1:
        raise TypeError(f"{monitor}: expected one real number (a float, an int or a scalar array), got {value!r}")


def _comparable(x: "Any", y: "Any") -> "tuple[Any, Any]":
    x, y = _item(x), _item(y)
    if isinstance(x, int) and isinstance(y, int):
        return x, y
    return _rounded(x), _rounded(y)


def _item(value: "Any") -> "Any":
    return value.item() if len(getattr(value, "shape", ())) else value


def _rounded(value: "Any") -> float:
    """Return the value as TensorFlow holds it: a float64 scalar as it is, any other number as float32."""
    return float(value) if "float64" in str(getattr(value, "dtype", "")) else _float32(value)  # ES-05, ES-06


def _float32(value: float) -> float:
    try:
        rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:  # ES-36: beyond float32 is infinite, not a crash
        return float("inf") if value > 0 else float("-inf")
    return rounded
