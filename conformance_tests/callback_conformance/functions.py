"""Functions that a scenario may pass to a callback, by the name that stands for them in JSON."""

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["FUNCTIONS", "name_of", "named"]

FUNCTIONS: dict[str, Callable[..., Any]] = {}

Function = TypeVar("Function", bound=Callable[..., Any])


def named(function: Function) -> Function:
    """Register a function under its own name."""
    FUNCTIONS[function.__name__] = function
    return function


def name_of(value: Any) -> str | None:
    """Return the name under which a value is registered, None for what is no such function."""
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) and FUNCTIONS.get(name) is value else None
