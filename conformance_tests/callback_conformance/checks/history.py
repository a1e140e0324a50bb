"""Checks of History: what it records when its hooks are called by hand."""

import functools
from collections.abc import Iterator
from itertools import product
from typing import Any

import msgspec

from .. import strategies
from ..difference import net, survives
from ..scenarios import Run, Scenario
from ..subjects import Unsupported
from . import Bench, by_hand
from .by_hand import HOOKS, arguments_of, outcome, require

__all__ = ["TOUCHES"]

TOUCHES: dict[str, Any] = {"HI-02": lambda scenario: bool(scenario.steps)}

law = functools.partial(by_hand.law, group="history")


class _Model:
    """A model that keeps nothing but its history."""

    stop_training = False


def _built(bench: Bench, begun: bool = True) -> Any:
    bench.played += 1
    history = bench.subject.build()
    if begun:
        history.set_model(_Model())
        history.on_train_begin()
    return history


def _recorded(bench: Bench, *epochs: tuple[int, dict[str, Any]]) -> Any:
    history = _built(bench)
    for epoch, logs in epochs:
        history.on_epoch_end(epoch, logs)
    return history


@law("HI-01")
def it_begins_empty(bench: Bench) -> None:
    """A new instance, and one with an argument."""
    history = _built(bench, begun=False)
    require("it began otherwise", [{}, "TypeError"], [history.history, outcome(lambda: bench.subject.make(1))])


@law("HI-02")
def it_has_an_epoch_list_before_training(bench: Bench) -> None:
    """Read at once, and after an epoch that no training began."""
    history = _built(bench, begun=False)
    history.set_model(_Model())
    got = [outcome(lambda: list(history.epoch)), outcome(lambda: history.on_epoch_end(3, {"loss": 1.0}))]
    got += [outcome(lambda: list(history.epoch)), history.history]
    require("it could not be used", [[], None, [3], {"loss": [1.0]}], got)


@law("HI-03")
def epochs_are_noted_as_they_come(bench: Bench) -> None:
    """With a gap, a repetition, and a step back."""
    history = _recorded(bench, (0, {}), (5, {}), (5, {}), (2, {}))
    require("it noted others", [0, 5, 5, 2], history.epoch)


@law("HI-04")
def values_are_kept_as_they_are(bench: Bench) -> None:
    """Objects of several types: the very objects are in the lists."""
    values: dict[str, Any] = {"a": object(), "b": [1.0], "c": None, "d": "text", "e": float("nan"), "f": 7}
    history = _recorded(bench, (0, values))
    got = {name: len(kept) == 1 and kept[0] is values[name] for name, kept in history.history.items()}
    require("a value was changed", dict.fromkeys(values, True), got)


@law("HI-05")
def a_late_key_has_a_shorter_list(bench: Bench) -> None:
    """A key in the last two of four epochs, and one in the first and the last."""
    rows: list[dict[str, Any]] = [{"a": 1.0}, {"b": 2.0}, {"b": 3.0, "late": 4.0}, {"a": 5.0, "late": 6.0}]
    history = _recorded(bench, *enumerate(rows))
    require("the lists differ", {"a": [1.0, 5.0], "b": [2.0, 3.0], "late": [4.0, 6.0]}, history.history)


@law("HI-06")
def no_other_hook_records(bench: Bench) -> None:
    """Every hook but `on_epoch_end`, with logs."""
    history = _built(bench)
    for hook in HOOKS:
        if hook != "on_epoch_end":
            positional, named = arguments_of(hook, {"loss": 1.0})
            getattr(history, hook)(*positional, **named)
    require("it recorded something", [[], {}], [history.epoch, history.history])


@law("HI-07")
def the_model_gets_it_at_an_epochs_end(bench: Bench) -> None:
    """A model without a history, and one that has another."""
    history = _built(bench)
    got = [hasattr(history.model, "history")]
    for _ in range(2):
        history.on_epoch_end(0, {})
        got.append(history.model.history is history)
        history.model.history = "another"
    require("the model holds something else", [False, True, True], got)


@law("HI-08")
def it_records_without_a_model(bench: Bench) -> None:
    """Nobody called `set_model`."""
    history = _built(bench, begun=False)
    history.on_train_begin()
    got = [outcome(lambda: history.on_epoch_end(0, {"loss": 1.0})), history.epoch, history.history]
    require("it failed", [None, [0], {"loss": [1.0]}], got)


@law("HI-09")
def a_second_training_starts_new_epochs(bench: Bench) -> None:
    """The old list of epochs stays with whoever kept it."""
    history = _recorded(bench, (0, {"loss": 1.0}), (1, {"loss": 2.0}))
    epochs, values = history.epoch, history.history
    history.on_train_begin()
    got = [epochs, history.epoch, history.history is values, values]
    require("it began otherwise", [[0, 1], [], True, {"loss": [1.0, 2.0]}], got)


@law("HI-10")
def twice_in_a_list_it_records_twice(bench: Bench) -> None:
    """The same instance twice, one run of two epochs."""
    scenario = Scenario(runs=[Run(logs=[{"loss": 1.0}, {"loss": 2.0}])], copies=2)
    got = bench.play(scenario)[-1].get("history")
    require("it recorded otherwise", {"loss": [1.0, 1.0, 2.0, 2.0]}, got, scenario)


@law("HI-11")
def what_stands_in_history_stays(bench: Bench) -> None:
    """A value set by hand before training."""
    history = _built(bench, begun=False)
    history.history = {"loss": [9.0], "old": [1.0]}
    history.set_model(_Model())
    history.on_train_begin()
    history.on_epoch_end(0, {"loss": 2.0})
    require("it was lost", {"loss": [9.0, 2.0], "old": [1.0]}, history.history)


@law("HI-12")
def keys_stand_in_the_order_of_their_first_value(bench: Bench) -> None:
    """Keys that are not in alphabetical order."""
    history = _recorded(bench, (0, {"z": 1.0, "m": 1.0}), (1, {"a": 1.0, "m": 1.0, "z": 1.0}))
    require("another order", ["z", "m", "a"], list(history.history))


@law("HI-13")
def an_epoch_without_logs_is_noted(bench: Bench) -> None:
    """No argument, and None."""
    history = _built(bench)
    got = [outcome(lambda: history.on_epoch_end(0)), outcome(lambda: history.on_epoch_end(1, None))]
    require("it failed", [None, None, [0, 1], {}], [*got, history.epoch, history.history])


@law("HI-15")
def a_state_is_a_copy(bench: Bench) -> None:
    """Two more epochs after the state was taken."""
    history = _recorded(bench, (0, {"loss": 1.0}))
    if not hasattr(history, "state_dict"):
        raise Unsupported(f"{bench.subject.name} has no method state_dict")
    state = history.state_dict()
    again = _built(bench)
    again.load_state_dict(state)
    for each in (history, again):
        each.on_epoch_end(1, {"loss": 2.0, "new": 3.0})
    require("the state changed", {"epoch": [0], "history": {"loss": [1.0]}}, state)


def _two_trainings() -> list[Scenario]:
    begin, end = ["on_train_begin", {}], ["on_train_end", {}]
    epochs = [["on_epoch_end", epoch, {"loss": 1.0 * epoch, **({"late": 1.0} if epoch else {})}] for epoch in range(3)]
    return [Scenario(steps=[begin, *epochs]), Scenario(steps=[begin, *epochs[:2], end])]


survives("HI-14", "history", _two_trainings)


def _short_scripts(longest: int) -> Iterator[Scenario]:
    rows: list[dict[str, Any]] = [{"a": 1.0}, {"b": 2.0}, {"a": 3.0, "b": float("nan")}, {}]
    for length in range(1, longest):
        for logs in product(rows, repeat=length):
            whole = Scenario(runs=[Run(logs=list(logs), initial_epoch=length % 2)])
            yield whole
            yield msgspec.structs.replace(whole, runs=[*whole.runs, *whole.runs], copies=1 + length % 2)


net("HI-16", "history", strategies.history, _short_scripts, {})
