"""Wrong lists of callbacks: the list itself, made and called by hand."""

from typing import Any

from callback_reference import CallbackList, History
from callback_reference import callback_list as module

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


@caught_by("LC-37")
class TellsTheModelNothing(CallbackList):
    """Leaves the model's `history` to the History."""

    def set_model(self, model: Any) -> None:
        self.model = model
        for callback in self.callbacks:
            callback.set_model(model)


@caught_by("LC-37")
class TellsTheModelTheFirst(CallbackList):
    """Gives the model the first History of several."""

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        model.history = next((member for member in self.callbacks if isinstance(member, History)), None)


@caught_by("LC-38")
class AddsAlways(CallbackList):
    """Adds a History beside one that is there."""

    def _add_unless_present(self, kind: Any) -> None:
        self.callbacks.append(kind())


@caught_by("LC-38")
class KnowsNoSubclass(CallbackList):
    """Takes a subclass of History for something else."""

    def _add_unless_present(self, kind: Any) -> None:
        if all(type(callback) is not kind for callback in self.callbacks):
            self.callbacks.append(kind())


@caught_by("LC-38")
class AddsUnasked(CallbackList):
    """Always keeps a History."""

    def __init__(self, callbacks: Any = None, add_history: bool = True, **more: Any) -> None:
        super().__init__(callbacks, True, **more)


@caught_by("LC-39")
class DrawsNothing(CallbackList):
    """Ignores `add_progbar`."""

    def __init__(
        self, callbacks: Any = None, add_history: bool = False, add_progbar: bool = False, **more: Any
    ) -> None:
        super().__init__(callbacks, add_history, False, **more)


@caught_by("LC-39")
class AddsTheBarFirst(CallbackList):
    """Adds the progress bar before the History."""

    def __init__(
        self, callbacks: Any = None, add_history: bool = False, add_progbar: bool = False, **more: Any
    ) -> None:
        super().__init__(callbacks, False, add_progbar, **more)
        if add_history:
            self._add_unless_present(History)


@caught_by("LC-40")
class MergesParameters(CallbackList):
    """Adds new parameters to the old."""

    def set_params(self, params: Any) -> None:
        super().set_params({**self.params, **params})


@caught_by("LC-40")
class KeepsItsOwnParameters(CallbackList):
    """Hands new parameters on, and keeps the old."""

    def set_params(self, params: Any) -> None:
        before = self.params
        super().set_params(params)
        self.params = before or params


@caught_by("LC-41")
class SetsEmptyParameters(CallbackList):
    """Calls `set_params` with nothing."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not self.params:
            self.set_params({})


@caught_by("LC-42")
class CallsTheTrainingHooks(CallbackList):
    """Takes the old names of the list for the new ones, as Keras 2 does."""

    def on_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self.on_train_batch_begin(batch, logs)

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        self.on_train_batch_end(batch, logs)


class _OtherLogs(CallbackList):
    """Prepares the logs otherwise."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        shared, module._shared = module._shared, self.shared
        try:
            super()._call(hook, index, logs)
        finally:
            module._shared = shared

    def shared(self, logs: Any) -> Any:
        """Return the logs that all callbacks of one hook share."""
        raise NotImplementedError


@caught_by("LC-43")
class KeepsTheOrder(_OtherLogs):
    """Leaves the keys in the caller's order."""

    def shared(self, logs: Any) -> Any:
        return {name: module._plain(value) for name, value in logs.items()}


@caught_by("LC-43")
class SortsBackwards(_OtherLogs):
    """Sorts the keys from z to a."""

    def shared(self, logs: Any) -> Any:
        return {name: module._plain(logs[name]) for name in sorted(logs, reverse=True)}


@caught_by("LC-43")
class SortsLikeADictionaryOfWords(_OtherLogs):
    """Takes capitals for small letters."""

    def shared(self, logs: Any) -> Any:
        return {name: module._plain(logs[name]) for name in sorted(logs, key=str.lower)}


@caught_by("LC-44")
class KeepsDictionaries(_OtherLogs):
    """Hands dictionaries on as they are."""

    def shared(self, logs: Any) -> Any:
        return {name: module._plain(logs[name]) for name in sorted(logs)}


@caught_by("LC-44")
class NamesMembersByTheirPlace(_OtherLogs):
    """Puts the dictionary's key before those of its members."""

    def shared(self, logs: Any) -> Any:
        flat: dict[str, Any] = {}
        for name in sorted(logs):
            members = self.shared(logs[name]) if isinstance(logs[name], dict) else {"": module._plain(logs[name])}
            flat.update({f"{name}_{key}".strip("_"): value for key, value in members.items()})
        return flat


@caught_by("LC-45")
class DropsWhatIsNoNumber(_OtherLogs):
    """Leaves out what is no float."""

    def shared(self, logs: Any) -> Any:
        plain = {name: module._plain(logs[name]) for name in sorted(logs)}
        return {name: value for name, value in plain.items() if isinstance(value, float)}


@caught_by("LC-45")
class UnpacksArrays(_OtherLogs):
    """Takes an array with one member for a number."""

    def shared(self, logs: Any) -> Any:
        return {name: value.sum() if hasattr(value, "sum") else module._plain(value) for name, value in logs.items()}


@caught_by("LC-45")
class KeepsIntegers(_OtherLogs):
    """Leaves integers and truth values alone."""

    def shared(self, logs: Any) -> Any:
        return {name: value if isinstance(value, int) else module._plain(value) for name, value in logs.items()}


@caught_by("LC-46")
class KeepsTheCallersList(CallbackList):
    """Reads the list that was passed at every hook."""

    def __init__(self, callbacks: Any = None, *arguments: Any, **named: Any) -> None:
        super().__init__(callbacks, *arguments, **named)
        self._given = callbacks

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        self.callbacks = module._flatten(self._given or [])
        super()._call(hook, index, logs)


@caught_by("LC-47")
class UnpacksLists(CallbackList):
    """Takes the members of a list into its own."""

    def __init__(self, callbacks: Any = None, *arguments: Any, **named: Any) -> None:
        unpacked = [getattr(member, "callbacks", member) for member in module._flatten(callbacks or [])]
        super().__init__(unpacked, *arguments, **named)


@caught_by("LC-48")
class TakesAnything(CallbackList):
    """Looks at no member, as Keras does."""

    def __init__(self, callbacks: Any = None, *arguments: Any, **named: Any) -> None:
        super().__init__(None, *arguments, **named)
        self.callbacks = list(callbacks or [])


@caught_by("LC-48")
class TakesClasses(CallbackList):
    """Takes a class for a callback, since it has all methods."""

    def __init__(self, callbacks: Any = None, *arguments: Any, **named: Any) -> None:
        members = [callbacks] if not isinstance(callbacks, list) else callbacks
        super().__init__([m() if isinstance(m, type) else m for m in members if m is not None], *arguments, **named)


@caught_by("LC-49")
class EndsAnything(CallbackList):
    """Counts no beginnings."""

    def _end(self, hook: str, logs: Logs) -> None:
        self._call(hook, None, logs)


@caught_by("LC-49")
class WantsABeginEverywhere(CallbackList):
    """Refuses every hook before the beginning."""

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        if not self._running and not hook.endswith("_end"):
            raise ValueError(f"{hook} before the beginning")
        if hook == "on_epoch_end" and not self._running:
            raise ValueError("an epoch ends before the beginning")
        super()._call(hook, index, logs)


@caught_by("LC-50")
class LooksHooksUpOnce(CallbackList):
    """Keeps the bound hooks from when the list was made."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        names = [name for name in dir(CallbackList) if name.startswith("on_")]
        self._hooks = {name: [getattr(callback, name) for callback in self.callbacks] for name in names}

    def _call(self, hook: str, index: int | None, logs: Logs) -> None:
        shared = module._shared(logs or {})
        for method in self._hooks[hook]:
            method(*(() if index is None else (index,)), logs=shared)


@caught_by("LC-51")
class WantsAList(CallbackList):
    """Takes nothing but a list."""

    def __init__(self, callbacks: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(list(callbacks), *arguments, **named)


@caught_by("LC-52")
class SavesByName(CallbackList):
    """Keys the states by the name of the class, so that of two equals one is lost."""

    def state_dict(self) -> Any:
        return {type(callback).__name__: callback.state_dict() for callback in self.callbacks}

    def load_state_dict(self, state: Any) -> None:
        for callback in self.callbacks:
            callback.load_state_dict(state[type(callback).__name__])


@caught_by("LC-53")
class LoadsWhatFits(CallbackList):
    """Loads as many states as there are."""

    def load_state_dict(self, state: Any) -> None:
        for callback, member in zip(self.callbacks, state, strict=False):
            callback.load_state_dict(member)


@caught_by("LC-53")
class CountsAfterwards(CallbackList):
    """Notices the wrong length when some callbacks have a new state."""

    def load_state_dict(self, state: Any) -> None:
        for callback, member in zip(self.callbacks, state, strict=True):
            callback.load_state_dict(member)


@caught_by("LC-54")
class TakesNoLists(CallbackList):
    """Looks at the hooks of the members before it takes them out of their lists."""

    def __init__(self, callbacks: Any = None, **more: Any) -> None:
        if isinstance(callbacks, (list, tuple)) and any(isinstance(member, list) for member in callbacks):
            raise AttributeError("'list' object has no attribute 'on_batch_end'")
        super().__init__(callbacks, **more)


@caught_by("LC-54")
class TakesListsOfOneDepth(CallbackList):
    """Leaves out what lies in a list of a list."""

    def __init__(self, callbacks: Any = None, **more: Any) -> None:
        if isinstance(callbacks, (list, tuple)):
            callbacks = [self._shallow(member) for member in callbacks]
        super().__init__(callbacks, **more)

    def _shallow(self, member: Any) -> Any:
        return [inner for inner in member if not isinstance(inner, list)] if isinstance(member, list) else member
