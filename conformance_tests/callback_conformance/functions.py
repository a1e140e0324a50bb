"""Functions that a scenario may pass to a callback, by the name that stands for them in JSON."""

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["FUNCTIONS", "find", "name_of", "named"]

FUNCTIONS: dict[str, Callable[..., Any]] = {}
OF_NUMPY = ("numpy_quarter", "scalar_array")

Function = TypeVar("Function", bound=Callable[..., Any])


def named(function: Function) -> Function:
    """Register a function under its own name."""
    FUNCTIONS[function.__name__] = function
    return function


def find(name: str) -> Callable[..., Any]:
    """Return a function by its name.

    Raises:
        ModuleNotFoundError: it makes values of NumPy, which is not installed; raised inside a callback, that would look
            like a mistake of the callback.
    """
    if name in OF_NUMPY:
        __import__("numpy")  # MicroPython, where this file runs too, has no importlib
    return FUNCTIONS[name]


def name_of(value: Any) -> str | None:
    """Return the name under which a value is registered, None for what is no such function."""
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) and FUNCTIONS.get(name) is value else None


# Schedules of a learning rate


@named
def halve(epoch: int, lr: float) -> float:
    """Return half of the rate."""
    return lr * 0.5


@named
def halve_by_default(epoch: int, lr: float = 8.0) -> float:
    """Return half of the rate, or 4 if none is given."""
    return lr * 0.5


@named
def halve_from_2_on(epoch: int, lr: float) -> float:
    """Return the rate in epochs 0 and 1, and half of it later."""
    return lr if epoch < 2 else lr * 0.5


@named
def count_arguments(*arguments: Any) -> float:
    """Return how many arguments were given."""
    return float(len(arguments))


@named
def one_over_epoch(epoch: int) -> float:
    """Return 1, 1/2, 1/3 and so on."""
    return 1 / (epoch + 1)


@named
def alternate_sign(epoch: int) -> float:
    """Return -1, 0 and 1 in turn."""
    return float(epoch % 3 - 1)


@named
def numpy_quarter(epoch: int, lr: float) -> Any:
    """Return a quarter of the rate as a scalar of NumPy, in two precisions in turn."""
    import numpy

    return (numpy.float32 if epoch % 2 else numpy.float64)(lr / 4)


@named
def scalar_array(epoch: int, lr: float) -> Any:
    """Return half of the rate as an array without dimensions."""
    import numpy

    return numpy.array(lr / 2)


@named
def give_int(epoch: int) -> int:
    """Return 1 in epoch 0 as a float, and as an int later."""
    return 1.0 if epoch == 0 else 1  # type: ignore[return-value]


@named
def give_none(epoch: int, lr: float) -> None:
    """Forget to return the rate."""


@named
def give_nan(epoch: int) -> float:
    """Return 0.5 in epoch 0, and NaN later."""
    return float("nan") if epoch else 0.5


@named
def raise_type_error(epoch: int, lr: float) -> float:
    """Return 0.5 in epoch 0, and make a mistake later."""
    return 0.5 if epoch == 0 else lr * None  # type: ignore[operator]
