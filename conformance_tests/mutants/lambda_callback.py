"""Wrong callbacks made of functions."""

from typing import Any

from callback_reference import Callback, LambdaCallback

from . import caught_by

__all__: list[str] = []

SIX = ("on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end", "on_train_batch_begin", "on_train_batch_end")


class _Wrapping(LambdaCallback):
    """Puts something around some of the functions that it is given."""

    wrapped: tuple[str, ...] = ()

    def __init__(self, *functions: Any, **named: Any) -> None:
        super().__init__(*functions, **named)
        for name in self.wrapped:
            if name in vars(self):
                setattr(self, name, self.wrap(vars(self)[name]))

    def wrap(self, function: Any) -> Any:
        """Return what is called in the place of a function."""
        raise NotImplementedError


@caught_by("LA-01", "LA-09")
class PassesTheEpochByName(_Wrapping):
    """Calls epoch functions with keywords."""

    wrapped = SIX[:2]

    def wrap(self, function: Any) -> Any:
        return lambda epoch, logs=None: function(epoch=epoch, logs=logs)


@caught_by("LA-01")
class LeavesOutTheLogs(_Wrapping):
    """Gives epoch functions the epoch only."""

    wrapped = SIX[:2]

    def wrap(self, function: Any) -> Any:
        return lambda epoch, logs=None: function(epoch)


@caught_by("LA-02")
class CallsWithoutArguments(_Wrapping):
    """Gives the functions of begin and end nothing."""

    wrapped = SIX[2:4]

    def wrap(self, function: Any) -> Any:
        return lambda logs=None: function()


@caught_by("LA-03", "LA-04")
class PassesBatchLogsByPosition(_Wrapping):
    """Calls batch functions as Keras 2 does."""

    wrapped = SIX[4:]

    def wrap(self, function: Any) -> Any:
        return lambda batch, logs=None: function(batch, logs)


@caught_by("LA-05")
class TakesNoOtherHook(LambdaCallback):
    """Has the six arguments only."""

    def __init__(self, *functions: Any, **named: Any) -> None:
        super().__init__(*functions, **{name: value for name, value in named.items() if name in SIX})


@caught_by("LA-05")
class CallsTestsWithABatch(_Wrapping):
    """Passes a number to the functions of a test's begin and end."""

    wrapped = ("on_test_begin", "on_test_end")

    def wrap(self, function: Any) -> Any:
        return lambda logs=None: function(0, logs)


@caught_by("LA-06")
class TakesKeywordsOnly(LambdaCallback):
    """Takes no function by position."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)


@caught_by("LA-06")
class HasAnotherOrder(LambdaCallback):
    """Takes the functions of training first."""

    def __init__(
        self,
        on_train_begin: Any = None,
        on_train_end: Any = None,
        on_epoch_begin: Any = None,
        on_epoch_end: Any = None,
        on_train_batch_begin: Any = None,
        on_train_batch_end: Any = None,
        **others: Any,
    ) -> None:
        six = (on_epoch_begin, on_epoch_end, on_train_begin, on_train_end, on_train_batch_begin, on_train_batch_end)
        super().__init__(*six, **others)


@caught_by("LA-07", "LA-12")
class SilencesWhatIsNotGiven(LambdaCallback):
    """Puts a function that does nothing in the place of each hook that is not given."""

    def __init__(self, *functions: Any, **named: Any) -> None:
        super().__init__(*functions, **named)
        for name in SIX:
            if name not in vars(self):
                setattr(self, name, lambda *positional, **keywords: None)


@caught_by("LA-08")
class KeepsNone(LambdaCallback):
    """Keeps None for a hook that it takes by keyword, as Keras does."""

    def __init__(self, *functions: Any, **named: Any) -> None:
        super().__init__(*functions, **named)
        vars(self).update({name: value for name, value in named.items() if name not in SIX and value is None})


@caught_by("LA-09")
class ReturnsNothing(_Wrapping):
    """Drops what a function returns."""

    wrapped = ("on_epoch_end", "on_test_end")

    def wrap(self, function: Any) -> Any:
        def hook(*positional: Any, **named: Any) -> None:
            function(*positional, **named)

        return hook


@caught_by("LA-10")
class CannotBeChanged(LambdaCallback):
    """Ignores a function that is assigned later."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in vars(self) or not name.startswith("on_"):
            super().__setattr__(name, value)


@caught_by("LA-11")
class SwallowsExceptions(_Wrapping):
    """Keeps training alive whatever a function does."""

    wrapped = tuple(name for name in dir(Callback) if name.startswith("on_"))

    def wrap(self, function: Any) -> Any:
        def hook(*positional: Any, **named: Any) -> Any:
            try:
                return function(*positional, **named)
            except Exception:
                return None

        return hook


@caught_by("LA-11")
class WrapsExceptions(_Wrapping):
    """Tells which function failed, by another exception."""

    wrapped = tuple(name for name in dir(Callback) if name.startswith("on_"))

    def wrap(self, function: Any) -> Any:
        def hook(*positional: Any, **named: Any) -> Any:
            try:
                return function(*positional, **named)
            except Exception as error:
                raise RuntimeError("a function failed") from error

        return hook


@caught_by("LA-12")
class CallsBothNames(_Wrapping):
    """Calls the old name beside the new one."""

    wrapped = ("on_train_batch_end",)

    def wrap(self, function: Any) -> Any:
        def hook(batch: int, logs: Any = None) -> None:
            function(batch, logs=logs)
            self.on_batch_end(batch, logs=logs)

        return hook


@caught_by("LA-13")
class PrefersMethods(LambdaCallback):
    """Lets the methods of a subclass stand before the functions."""

    def __init__(self, *functions: Any, **named: Any) -> None:
        super().__init__(*functions, **named)
        for name in list(vars(self)):
            if name.startswith("on_") and getattr(type(self), name) is not getattr(Callback, name):
                delattr(self, name)


@caught_by("LA-14")
class TakesAnything(LambdaCallback):
    """Looks at no value until a hook runs."""

    @staticmethod
    def _require_hook(name: str, function: Any) -> None:
        LambdaCallback._require_hook(name, None)


@caught_by("LA-14")
class TakesWhatIsFalse(LambdaCallback):
    """Takes every value that counts as false for None."""

    def __init__(self, *functions: Any, **named: Any) -> None:
        super().__init__(*functions, **{name: value or None for name, value in named.items()})


@caught_by("LA-15")
class TakesAnyName(LambdaCallback):
    """Keeps a function under any name, as Keras does."""

    @staticmethod
    def _require_hook(name: str, function: Any) -> None:
        if hasattr(Callback, name):
            LambdaCallback._require_hook(name, function)


@caught_by("LA-15")
class DoesNotSayWhatWasMeant(LambdaCallback):
    """Refuses a name without a suggestion."""

    @staticmethod
    def _require_hook(name: str, function: Any) -> None:
        if not hasattr(Callback, name):
            raise TypeError(f"no hook is called {name}")
        LambdaCallback._require_hook(name, function)


@caught_by("LA-16")
class RefusesSetters(LambdaCallback):
    """Takes hooks only."""

    @staticmethod
    def _require_hook(name: str, function: Any) -> None:
        if name.startswith("set_"):
            raise TypeError(f"{name} is no hook")
        LambdaCallback._require_hook(name, function)


@caught_by("LA-17")
class ForgetsTheModelsEnd(LambdaCallback):
    """Calls nothing after the end of training."""

    def __init__(self, *functions: Any, **named: Any) -> None:
        super().__init__(*functions, **named)
        given = vars(self).get("on_train_end")
        if given is not None:
            self.on_train_end = lambda logs=None: self._end(given, logs)  # type: ignore[method-assign]

    def _end(self, given: Any, logs: Any) -> None:
        given(logs)
        for name in ("on_epoch_begin", "on_train_begin"):
            vars(self).pop(name, None)
