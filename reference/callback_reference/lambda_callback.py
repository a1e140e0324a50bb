"""LambdaCallback: hooks from functions."""

from .callback import Callback
from .misspelt import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .protocol import Logs

__all__ = ["LambdaCallback"]

UNKNOWN = "LambdaCallback: there is no hook {name!r}; did you mean {nearest!r}?"
NO_FUNCTION = "LambdaCallback: {name} must be a function or None, got {value!r}"


class LambdaCallback(Callback):
    """Call your functions at the hooks that they are named for.

    A function gets what `fit` hands to its hook: epoch hooks `(epoch, logs)`, begin and end hooks `(logs)`, and batch
    hooks `(batch, logs=logs)`, so that the second parameter of these must be called `logs`.
    It sees no `self`: keep the callback in a variable to reach its `model`.

    Args:
        on_epoch_begin: called as `f(epoch, logs)` before each epoch.
        on_epoch_end: called as `f(epoch, logs)` after each epoch.
        on_train_begin: called as `f(logs)` when training starts.
        on_train_end: called as `f(logs)` when training ends.
        on_train_batch_begin: called as `f(batch, logs=logs)` before each training batch.
        on_train_batch_end: called as `f(batch, logs=logs)` after each training batch.
        **others: a function for any other method of `Callback` that training calls, such as `on_test_end`.

    Raises:
        TypeError: a name is that of no hook, or a value is neither a function nor None.

    >>> from callback_reference import CallbackList
    >>> seen = []
    >>> show = LambdaCallback(
    ...     on_epoch_end=lambda epoch, logs: print(epoch, logs),
    ...     on_train_batch_end=lambda batch, logs: seen.append(batch),
    ... )
    >>> callbacks = CallbackList([show])
    >>> callbacks.on_train_batch_end(0, {"loss": 0.5})
    >>> callbacks.on_epoch_end(0, {"loss": 0.5})
    0 {'loss': 0.5}
    >>> seen
    [0]

    Clauses: LA-01 to LA-17.
    """

    def __init__(
        self,
        on_epoch_begin: "Callable[[int, Logs], Any] | None" = None,
        on_epoch_end: "Callable[[int, Logs], Any] | None" = None,
        on_train_begin: "Callable[[Logs], Any] | None" = None,
        on_train_end: "Callable[[Logs], Any] | None" = None,
        on_train_batch_begin: "Callable[..., Any] | None" = None,
        on_train_batch_end: "Callable[..., Any] | None" = None,
        **others: "Callable[..., Any] | None",
    ) -> None:
        super().__init__()
        given: dict[str, Any] = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
        }
        given.update(others)
        for name, function in given.items():
            self._require_hook(name, function)
            if function is not None:  # LA-07, LA-08
                setattr(self, name, function)  # LA-09

    @staticmethod
    def _require_hook(name: str, function: "Any") -> None:
        names = [name for name in dir(Callback) if name[:3] == "on_" or name[:4] == "set_"]
        if name not in names:
            raise TypeError(UNKNOWN.format(name=name, nearest=nearest(name, names)))  # LA-15
        if function is not None and not callable(function):
            raise TypeError(NO_FUNCTION.format(name=name, value=function))  # LA-14
