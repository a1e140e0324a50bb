"""Checks of the base class: what it promises to those who derive from it."""

import copy
import functools
import pickle
from typing import Any

from ..scenarios import Scenario
from ..subjects import Unsupported
from . import Bench, Broken, by_hand, check, mentions
from .by_hand import HOOKS, arguments_of, given, outcome, require

__all__ = ["TOUCHES"]

TOUCHES: dict[str, Any] = {}

_NO_SCRIPT = Scenario()

law = functools.partial(by_hand.law, group="callback")


def _built(bench: Bench) -> Any:
    bench.played += 1
    return bench.subject.build()


def _derived(bench: Bench, **methods: Any) -> Any:
    bench.played += 1
    base: Any = bench.subject.make
    return type("Derived", (base,), methods)()


@law("CB-01")
def every_hook_does_nothing(bench: Bench) -> None:
    """All sixteen, by position: they return None, and change no public attribute and no logs."""
    callback, logs = _built(bench), {"loss": 1.0}
    before = _public(callback)
    got = {hook: outcome(getattr(callback, hook), *((2, logs) if _counted(hook) else (logs,))) for hook in HOOKS}
    require("a hook returned something, or raised", dict.fromkeys(HOOKS), got)
    require("a hook changed something", (before, {"loss": 1.0}), (_public(callback), logs))
    names = sorted(name for name in dir(bench.subject.make) if name.startswith("on_"))
    require("it has other hooks", sorted(HOOKS), names)


def _public(callback: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(callback).items() if not name.startswith("_")}


@law("CB-02")
def hooks_take_keywords(bench: Bench) -> None:
    """`epoch=`, `batch=` and `logs=`, and without logs."""
    callback = _built(bench)
    got = {}
    for hook in HOOKS:
        call, index = getattr(callback, hook), _counted(hook)
        got[hook] = [outcome(call, **index, logs={}), outcome(call, **index)]
    require("a hook refused them", {hook: [None, None] for hook in HOOKS}, got)


def _counted(hook: str) -> dict[str, int]:
    """Return the number that a hook gets, by the name of its parameter."""
    return {"epoch": 2} if "epoch" in hook else {"batch": 3} if "batch" in hook else {}


@law("CB-03")
def model_and_params_are_none_at_first(bench: Bench) -> None:
    """A new instance, and one with an argument."""
    callback = _built(bench)
    got = [outcome(lambda: callback.model), outcome(lambda: callback.params), outcome(lambda: bench.subject.make(1))]
    require("it began otherwise", [None, None, "TypeError"], got)


@law("CB-04")
def the_model_is_the_very_object(bench: Bench) -> None:
    """By position, by keyword, of any type, and None."""
    callback = _built(bench)
    models: list[Any] = [object(), 3, _Wrapper(), None]
    got = []
    for model in models:
        callback.set_model(model)
        got.append(callback.model is model)
        callback.set_model(model=model)
        got.append(callback.model is model)
    require("another object is the model", [True] * len(got), got)


class _Wrapper:
    """Looks like what wraps a model in parallel training."""

    module = "inner"


@law("CB-05")
def the_parameters_are_the_very_dictionary(bench: Bench) -> None:
    """A second dictionary takes the place of the first."""
    callback = _built(bench)
    first, second = {"epochs": 1}, {"steps": 2}
    callback.set_params(first)
    got = [callback.params is first]
    callback.set_params(params=second)
    require("it holds another dictionary", [True, True, {"steps": 2}], [*got, callback.params is second, second])


@law("CB-06")
def the_model_cannot_be_assigned(bench: Bench) -> None:
    """`callback.model = 4` raises, and the model stays."""
    callback, model = _built(bench), object()
    callback.set_model(model)
    raised = outcome(lambda: setattr(callback, "model", 4))
    require("it was assigned", ["AttributeError", True], [raised, callback.model is model])


def _noting(called: list[Any], name: str) -> Any:
    def hook(self: Any, *positional: Any, **named: Any) -> None:
        called.append([name, list(positional), named])

    return hook


@law("CB-07")
def training_batches_reach_the_old_names(bench: Bench) -> None:
    """A subclass that overrides `on_batch_begin` and `on_batch_end`, called at every batch hook."""
    called: list[Any] = []
    old = {name: _noting(called, name) for name in ("on_batch_begin", "on_batch_end")}
    callback = _derived(bench, **old)
    for hook in HOOKS[:14]:
        positional, named = arguments_of(hook, {"loss": 1.0})
        getattr(callback, hook)(*positional, **named)
    expected = [[name, [3], {"logs": {"loss": 1.0}}] for name in ("on_batch_begin", "on_batch_end")]
    require("the old hooks got something else", expected, called)


@law("CB-08")
def only_the_base_class_calls_the_old_names(bench: Bench) -> None:
    """A subclass that overrides both, called by the new name and by the old."""
    called: list[Any] = []
    names = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")
    callback = _derived(bench, **{name: _noting(called, name) for name in names})
    plain = _derived(bench, **{name: _noting(called, name) for name in names[2:]})
    for name in names:
        getattr(callback, name)(0, logs={})
    for name in names[:2]:
        getattr(plain, name)(0, logs={})
    require("another hook was called", list(names), [name for name, *_ in called])


@law("CB-09")
def a_subclass_may_forget_its_base(bench: Bench) -> None:
    """Its constructor does nothing; then the setters and every hook are called."""
    callback, model, params = _derived(bench, __init__=lambda self: None), object(), {"epochs": 1}

    def run() -> Any:
        callback.set_model(model)
        callback.set_params(params)
        for hook in HOOKS:
            positional, named = arguments_of(hook, {})
            getattr(callback, hook)(*positional, **named)
        return callback.model is model and callback.params is params

    require("it did not work", True, outcome(run))


@law("CB-10")
def it_survives_pickle_and_copy(bench: Bench) -> None:
    """With parameters set."""
    callback = _built(bench)
    callback.set_params({"epochs": 2})
    again = [outcome(lambda: pickle.loads(pickle.dumps(callback)).params), outcome(lambda: copy.copy(callback).params)]
    require("the copy differs", [{"epochs": 2}] * 2, again)


def _stateful(bench: Bench) -> Any:
    callback = _built(bench)
    if not hasattr(callback, "state_dict"):
        raise Unsupported(f"{bench.subject.name} has no method state_dict")
    return callback


@law("CB-11")
def the_state_is_empty(bench: Bench) -> None:
    """Before and after it has a model; and it is taken back."""
    callback = _stateful(bench)
    early = outcome(callback.state_dict)
    callback.set_model(object())
    state = outcome(callback.state_dict)
    require("the state holds something", [{}, {}], [early, state])
    require("its own state was refused", None, outcome(lambda: callback.load_state_dict(state)))


@law("CB-12")
def another_state_is_refused(bench: Bench) -> None:
    """The message names what was got, and what is wanted."""
    callback = _stateful(bench)
    try:
        callback.load_state_dict({"wait": 1, "best": 2})
    except ValueError as error:
        return mentions("the error", str(error), ("wait", "best", "nothing"), _NO_SCRIPT)
    except Exception as error:
        raise Broken("another error", _NO_SCRIPT, [{"raise": "ValueError"}], [{"raise": repr(error)}]) from error
    raise Broken("it was taken", _NO_SCRIPT, [{"raise": "ValueError"}], [{"raise": None}])


@check("CB-13", kind="difference", group="callback", given=lambda bench: given())
def no_sequence_of_hooks_changes_anything(bench: Bench, hooks: list[str]) -> None:
    """Hooks in generated orders."""
    callback, model, params, logs = _built(bench), object(), {"epochs": 1}, {"loss": 1.0}
    callback.set_model(model)
    callback.set_params(params)
    for hook in hooks:
        positional, named = arguments_of(hook, logs)
        getattr(callback, hook)(*positional, **named)
    got = [callback.model is model, callback.params is params, params, logs]
    require(f"after {', '.join(hooks)} something had changed", [True, True, {"epochs": 1}, {"loss": 1.0}], got)
