"""What the checks that build a class and call its hooks one by one have in common."""

import functools
import warnings
from collections.abc import Callable
from typing import Any

from ..scenarios import Scenario, plain
from ..subjects import Unsupported, _words
from . import Bench, Broken, check

__all__ = ["HOOKS", "Recording", "arguments_of", "given", "law", "outcome", "require"]

HOOKS = (
    "on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_train_batch_end", "on_test_begin",
    "on_test_batch_begin", "on_test_batch_end", "on_test_end", "on_epoch_end", "on_train_end", "on_predict_begin",
    "on_predict_batch_begin", "on_predict_batch_end", "on_predict_end", "on_batch_begin", "on_batch_end",
)  # fmt: skip
"""Every hook of a callback."""


def law(clause: str, group: str) -> Callable[[Callable[[Bench], None]], Callable[[Bench], None]]:
    """Register a law that calls the subject by hand: an exception that it did not ask for breaks the clause."""

    def register(function: Callable[[Bench], None]) -> Callable[[Bench], None]:
        @functools.wraps(function)
        def run(bench: Bench) -> None:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # what a Keras says of its files is no verdict
                    function(bench)
            except (Broken, Unsupported, ModuleNotFoundError):
                raise
            except Exception as error:
                raise Broken("it raised", Scenario(), [{"raise": None}], [{"raise": _words(error)}]) from error

        check(clause, kind="law", group=group)(run)
        return function

    return register


def arguments_of(hook: str, logs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return what a list passes to a hook: positional arguments, and those by keyword."""
    if "batch" in hook:
        return (3,), {"logs": logs}
    return ((2, logs) if "epoch" in hook else (logs,)), {}


def require(why: str, expected: Any, got: Any, scenario: Scenario | None = None) -> None:
    """Refuse another answer than the expected one.

    Raises:
        Broken: they differ.
    """
    if got != expected:
        raise Broken(why, scenario or Scenario(), [{"answers": plain(expected)}], [{"answers": plain(got)}])


def outcome(action: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Return what an action returns, or the name of the exception that it raises."""
    try:
        return action(*arguments, **named)
    except Exception as error:
        return type(error).__name__


class Recording:
    """Keeps what its functions are called with."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def function(self, name: str) -> Callable[..., str]:
        """Return a function that notes its call, and returns its name."""

        def note(*positional: Any, **named: Any) -> str:
            self.calls.append([name, list(positional), named])
            return name

        return note


def given(names: tuple[str, ...] = HOOKS, longest: int = 8) -> Any:
    """Return a strategy of hooks in any order."""
    from hypothesis import strategies as st

    return st.lists(st.sampled_from(names), max_size=longest)
