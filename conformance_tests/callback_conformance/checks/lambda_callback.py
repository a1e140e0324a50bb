"""Checks of LambdaCallback: which functions are called, and with what."""

import functools
from typing import Any

from callback_reference import CallbackList

from ..scenarios import Scenario
from . import Bench, Broken, by_hand, check, mentions, reference_subject
from .by_hand import HOOKS, Recording, arguments_of, given, outcome, require

__all__ = ["TOUCHES"]

TOUCHES: dict[str, Any] = {}
SIX = ("on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end", "on_train_batch_begin", "on_train_batch_end")
OTHERS = tuple(hook for hook in HOOKS if hook not in SIX)

law = functools.partial(by_hand.law, group="lambda_callback")


def _call(callback: Any, *hooks: str) -> None:
    for hook in hooks:
        positional, named = arguments_of(hook, {"loss": 1.0})
        getattr(callback, hook)(*positional, **named)


def _all_called(bench: Bench, names: tuple[str, ...]) -> tuple[Any, list[Any]]:
    """Return what functions of these names were called with when a list calls every hook, and what they had to be."""
    bench.played += 1
    recording = Recording()
    callback = bench.subject.make(**{name: recording.function(name) for name in names})
    _call(callback, *HOOKS)
    expected = []
    for hook in HOOKS:
        positional, named = arguments_of(hook, {"loss": 1.0})
        expected += [[hook, list(positional), named]] if hook in names else []
    return expected, recording.calls


def _as_a_hook(names: tuple[str, ...], why: str, bench: Bench) -> None:
    require(why, *_all_called(bench, names))


@law("LA-01")
def epoch_functions_get_epoch_and_logs(bench: Bench) -> None:
    """Both functions, with every hook called."""
    _as_a_hook(SIX[:2], "an epoch function got something else", bench)


@law("LA-02")
def begin_and_end_functions_get_logs(bench: Bench) -> None:
    """Both functions, with every hook called."""
    _as_a_hook(SIX[2:4], "a function got something else", bench)


@law("LA-03")
def batch_functions_get_logs_by_keyword(bench: Bench) -> None:
    """Both functions, with every hook called."""
    _as_a_hook(SIX[4:], "a batch function got something else", bench)


@law("LA-04")
def the_second_parameter_must_be_called_logs(bench: Bench) -> None:
    """Three functions: with `logs`, with `l`, and without, each in a list."""
    bench.played += 1
    functions = [lambda batch, logs: None, lambda batch, l: None, lambda batch: None]  # noqa: E741 - as users write
    got = []
    for function in functions:
        listed = CallbackList([bench.subject.make(on_train_batch_end=function)])
        got.append(outcome(listed.on_train_batch_end, 0, {"loss": 1.0}))
    require("another function was refused", [None, "TypeError", "TypeError"], got)


@law("LA-05")
def other_hooks_are_given_by_keyword(bench: Bench) -> None:
    """Each of the other ten, alone, with every hook called."""
    for name in OTHERS:
        expected, got = _all_called(bench, (name,))
        if name.startswith("on_batch"):  # which the training hook of the base class calls too
            expected = expected * 2
        require(f"{name} got something else", expected, got)


@law("LA-06")
def six_functions_go_by_position(bench: Bench) -> None:
    """Six, and seven."""
    bench.played += 1
    recording = Recording()
    callback = bench.subject.make(*(recording.function(name) for name in SIX))
    _call(callback, *SIX)
    require("another order", list(SIX), [name for name, *_ in recording.calls])
    seven = [recording.function(name) for name in HOOKS[:7]]
    require("a seventh was taken", "TypeError", outcome(lambda: bench.subject.make(*seven)))


def _does_nothing(bench: Bench, names: tuple[str, ...]) -> None:
    bench.played += 1
    callback = bench.subject.make(**dict.fromkeys(names))
    recording = Recording()
    callback.set_model(recording)
    got = {name: outcome(_call, callback, name) for name in names}
    require("None was called", dict.fromkeys(names), got)


@law("LA-07")
def none_is_as_if_not_given(bench: Bench) -> None:
    """None for each of the six; then every one of them is called, and the old names still are."""
    _does_nothing(bench, SIX)
    recording = Recording()
    callback = bench.subject.make(on_train_batch_end=None, on_batch_end=recording.function("on_batch_end"))
    _call(callback, "on_train_batch_end")
    require("the base class was not called", ["on_batch_end"], [name for name, *_ in recording.calls])


@law("LA-08")
def none_for_another_hook_is_as_if_not_given(bench: Bench) -> None:
    """None for each of the other ten; then each is called."""
    _does_nothing(bench, OTHERS)


@law("LA-09")
def the_function_is_the_attribute(bench: Bench) -> None:
    """Of one of the six, and of another hook."""
    bench.played += 1
    functions = {name: Recording().function(name) for name in ("on_epoch_end", "on_test_end")}
    callback = bench.subject.make(**functions)
    got = [getattr(callback, name) is function for name, function in functions.items()]
    got += [outcome(lambda: callback.on_epoch_end(0, {})), outcome(lambda: callback.on_test_end({}))]
    require("the attribute is something else", [True, True, *functions], got)


@law("LA-10")
def a_later_function_takes_the_place(bench: Bench) -> None:
    """Of a hook that was given, and of one that was not."""
    bench.played += 1
    recording = Recording()
    callback = bench.subject.make(on_epoch_end=recording.function("first"))
    callback.on_epoch_end, callback.on_test_end = recording.function("second"), recording.function("third")
    _call(callback, "on_test_end", "on_epoch_end")
    require("another function ran", ["third", "second"], [name for name, *_ in recording.calls])


class _Mine(Exception):
    """What a user's function raises."""


@law("LA-11")
def exceptions_pass(bench: Bench) -> None:
    """From every hook: the very exception comes out."""
    bench.played += 1
    error = _Mine("as it is")

    def fails(*positional: Any, **named: Any) -> None:
        raise error

    got = {}
    for hook in HOOKS:
        try:
            _call(bench.subject.make(**{hook: fails}), hook)
        except Exception as caught:
            got[hook] = caught is error
    require("an exception was changed, or swallowed", dict.fromkeys(HOOKS, True), got)


@law("LA-12")
def the_old_names_run_for_training_batches(bench: Bench) -> None:
    """Alone, and beside the training hook of the same moment."""
    bench.played += 1
    recording = Recording()
    old = {name: recording.function(name) for name in ("on_batch_begin", "on_batch_end")}
    batches = ("on_train_batch_begin", "on_train_batch_end", "on_test_batch_end", "on_predict_batch_end")
    _call(bench.subject.make(**old), *batches)
    _call(bench.subject.make(**old, on_train_batch_end=recording.function("on_train_batch_end")), *batches)
    expected = ["on_batch_begin", "on_batch_end", "on_batch_begin", "on_train_batch_end"]
    require("others ran", expected, [name for name, *_ in recording.calls])


@law("LA-13")
def a_function_stands_before_a_method(bench: Bench) -> None:
    """A subclass with two methods, one of which a function replaces."""
    bench.played += 1
    recording = Recording()
    methods: dict[str, Any] = {name: recording.function("method") for name in ("on_epoch_begin", "on_epoch_end")}
    base: Any = bench.subject.make
    callback = type("Derived", (base,), methods)(on_epoch_end=recording.function("function"))
    _call(callback, "on_epoch_begin", "on_epoch_end")
    require("another ran", ["method", "function"], [name for name, *_ in recording.calls])


@law("LA-14")
def what_is_no_function_is_refused(bench: Bench) -> None:
    """A number, a word, a list, and two values that count as false, for one of the six and for another hook."""
    for name in ("on_epoch_end", "on_test_end"):
        for value in (3, "print", [print], 0, ""):
            _refused(bench, {name: value}, name)


@law("LA-15")
def a_misspelt_hook_is_refused_by_name(bench: Bench) -> None:
    """Slips of the pen, and names that are no hook: the message holds the nearest."""
    slips = {"on_epoc_end": "on_epoch_end", "on_epoch_ends": "on_epoch_end", "on_test_begins": "on_test_begin",
             "on_train_batch_ended": "on_train_batch_end", "epoch_begin": "on_epoch_begin"}  # fmt: skip
    for name, nearest in slips.items():
        _refused(bench, {name: print}, f"'{nearest}'")


def _refused(bench: Bench, arguments: dict[str, Any], word: str) -> None:
    bench.played += 1
    scenario = Scenario(
        arguments={name: "print" if value is print else str(value) for name, value in arguments.items()}
    )
    raised, message = None, ""
    try:
        bench.subject.make(**arguments)
    except Exception as error:
        raised, message = type(error).__name__, str(error)
    if raised != "TypeError":
        raise Broken("it raised something else, or nothing", scenario, [{"raise": "TypeError"}], [{"raise": raised}])
    mentions("the error", message, (word,), scenario)


@law("LA-16")
def the_setters_can_be_given(bench: Bench) -> None:
    """Both, in the place of the methods."""
    bench.played += 1
    recording = Recording()
    setters = {name: recording.function(name) for name in ("set_model", "set_params")}
    callback = bench.subject.make(**setters)
    callback.set_model("the model")
    callback.set_params({"epochs": 1})
    require("they were called otherwise", [["set_model", ["the model"], {}], ["set_params", [{"epochs": 1}], {}]],
            recording.calls)  # fmt: skip
    require("the methods ran too", [None, None], [callback.model, callback.params])


def _subsets(bench: Bench) -> Any:
    from hypothesis import strategies as st

    return st.tuples(st.lists(st.sampled_from(HOOKS), unique=True), given(longest=12))


@check("LA-17", kind="difference", group="lambda_callback", given=_subsets)
def generated_orders_call_what_the_reference_calls(bench: Bench, drawn: tuple[list[str], list[str]]) -> None:
    """A generated subset of functions, and a generated order of hooks."""
    names, hooks = drawn
    seen = []
    for subject in (reference_subject("LambdaCallback"), bench.subject):
        recording = Recording()
        _call(subject.make(**{name: recording.function(name) for name in names}), *hooks)
        seen.append(recording.calls)
    bench.played += 1
    require(f"with {', '.join(names) or 'no function'}, other calls were made", seen[0], seen[1])
