"""Checks of ReduceLROnPlateau: laws that need no other implementation, and the difference to the reference as a net."""

import functools
import math
import warnings
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from .. import strategies
from ..difference import any_value, keeps_the_direction, monitored, net, survives, touches
from ..hosts.stub import Optimizer, StubModel
from ..play import Trace, driver
from ..scenarios import Action, Run, Scenario, plain
from ..subjects import Unsupported
from . import Bench, Broken, check, mentions

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="reduce_lr_on_plateau")
HALF: dict[str, Any] = {"factor": 0.5, "mode": "min", "min_delta": 0}


def _below(name: str, usual: float, bound: float) -> Callable[[Scenario], bool]:
    return lambda scenario: scenario.arguments.get(name, usual) < bound


TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "RL-01": touches("monitor", "val_loss"),
    "RL-03": lambda scenario: scenario.arguments.get("mode") == "max" or bool(scenario.metrics),
    "RL-06": _below("factor", 0.1, 1e-9),
    "RL-09": any_value(math.isnan),
    "RL-10": touches("min_delta", 0),
    "RL-11": touches("min_delta", 0),
    "RL-12": touches("min_delta", 0),
    "RL-16": _below("patience", 10, 1),
    "RL-17": touches("min_lr", 0.0),
    "RL-18": lambda scenario: scenario.arguments.get("min_lr", 0) > 0 or scenario.arguments.get("factor", 0.1) <= 0,
    "RL-19": lambda scenario: scenario.arguments.get("cooldown", 0) > 0,
    "RL-20": lambda scenario: scenario.arguments.get("cooldown", 0) > 0,
    "RL-23": lambda scenario: None in monitored(scenario),
    "RL-24": any_value(math.isnan),
    "RL-26": lambda scenario: scenario.arguments.get("monitor") == "learning_rate",
    "RL-27": touches("verbose", 0),
    "RL-28": _below("verbose", 0, 1),
    "RL-30": lambda scenario: bool(scenario.metrics),
    "RL-31": lambda scenario: len(scenario.runs) > 1,
    "RL-33": lambda scenario: len(scenario.runs) > 1,
    "RL-42": any_value(lambda value: hasattr(value, "dtype") or 0.9 < value < 1),
    "RL-51": any_value(lambda value: hasattr(value, "dtype")),
    "RL-45": lambda scenario: scenario.copies > 1,
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


def _script(arguments: dict[str, Any], values: list[Any], **more: Any) -> Scenario:
    return Scenario(arguments=arguments, runs=[Run(logs=[{"val_loss": value} for value in values], **more)])


def _rates(trace: Trace) -> list[float]:
    return [row["lr"] for row in trace if row["hook"] == "on_epoch_end"]


def _require_rates(why: str, scenario: Scenario, expected: list[float], trace: Trace) -> None:
    got = _rates(trace)
    if got != expected:
        rows = [[{"at": str(i), "lr": rate} for i, rate in enumerate(rates)] for rates in (expected, got)]
        raise Broken(why, scenario, *rows)


def _given_series(bench: Bench) -> Any:
    return strategies.series()


@law("RL-14", given=_given_series)
def without_improvement_the_rate_falls_every_patience_epochs(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """On a flat series, the rate has been halved once for each whole `patience` epochs after the first."""
    patience, values = drawn
    scenario = _script({**HALF, "patience": patience}, [1.0] * len(values))
    expected = [0.5 ** (epoch // patience) for epoch in range(len(values))]
    _require_rates("the rate fell at another epoch", scenario, expected, bench.play(scenario))


@law("RL-02", given=_given_series)
def no_reduction_at_a_new_minimum(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """With patience 1, the rate is halved at each epoch but those whose value is below all before."""
    _, values = drawn
    scenario = _script({**HALF, "patience": 1}, values)
    expected, rate = [], 1.0
    for epoch, value in enumerate(values):
        rate = rate if not epoch or value < min(values[:epoch]) else rate / 2
        expected.append(rate)
    _require_rates("the rate fell at another epoch", scenario, expected, bench.play(scenario))


@law("RL-03", given=_given_series)
def negating_the_values_and_the_mode_changes_nothing(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """A series in min mode and its negation in max mode have the same rates."""
    patience, values = drawn
    low = _script({**HALF, "patience": patience}, values)
    high = _script({**HALF, "patience": patience, "mode": "max"}, [-value for value in values])
    _require_rates("max mode does not mirror min mode", high, _rates(bench.play(low)), bench.play(high))


@law("RL-10", given=_given_series)
def doubling_values_and_min_delta_changes_nothing(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """A series and its double, with a doubled `min_delta`, have the same rates."""
    patience, values = drawn
    once = _script({**HALF, "patience": patience, "min_delta": 1}, values)
    twice = _script({**HALF, "patience": patience, "min_delta": 2}, [2 * value for value in values])
    _require_rates("scaling changed a decision", twice, _rates(bench.play(once)), bench.play(twice))


@law("RL-17", given=_given_series)
def the_rate_never_rises_and_never_falls_below_min_lr(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """Every rate is at least `min_lr`, and at most the one before."""
    patience, values = drawn
    scenario = _script({**HALF, "patience": patience, "min_lr": 0.375}, values)
    rates = _rates(bench.play(scenario))
    _require_rates("a rate rose, or fell too far", scenario, sorted(max(rate, 0.375) for rate in rates)[::-1],
                   bench.play(scenario))  # fmt: skip


@law("RL-19", given=_given_series)
def a_cooldown_only_delays(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """On a flat series with `cooldown`, reductions lie `patience` plus `cooldown` minus 1 epochs apart."""
    patience, values = drawn
    cooldown = 1 + len(values) % 4
    scenario = _script({**HALF, "patience": patience, "cooldown": cooldown}, [1.0] * 12)
    apart = patience + cooldown - 1
    expected = [0.5 ** (0 if epoch < patience else 1 + (epoch - patience) // apart) for epoch in range(12)]
    _require_rates("the cooldown had another length", scenario, expected, bench.play(scenario))


@law("RL-25", given=_given_series)
def the_logs_hold_the_rate_of_the_epoch_before(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """What is logged at an epoch is the rate that was set when the epoch began."""
    patience, values = drawn
    scenario = _script({**HALF, "patience": patience}, values)
    trace = [row for row in bench.play(scenario) if row["hook"] == "on_epoch_end"]
    expected = [1.0, *_rates(trace)][: len(trace)]
    got = [row.get("logged") for row in trace]
    if got != expected:
        raise Broken("another rate was logged", scenario, [{"logged": expected}], [{"logged": got}])


@law("RL-44", given=_given_series)
def stop_training_is_left_as_it_is(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """It is False after each epoch, and a True that another callback set stays."""
    patience, values = drawn
    last = len(values) - 1
    scenario = _script({**HALF, "patience": patience}, values, actions=[Action("on_epoch_end", "stop", last)])
    expected = [epoch == last for epoch in range(len(values))]
    got = [row["stop"] for row in bench.play(scenario) if row["hook"] == "on_epoch_end"]
    if got != expected:
        raise Broken("the flag was changed", scenario, [{"stop": expected}], [{"stop": got}])


@law("RL-05")
def the_error_names_the_factor(bench: Bench) -> None:
    """The message of the ValueError holds the factor."""
    scenario = Scenario(arguments={"factor": 1.75})
    mentions("the error", bench.play(scenario)[-1]["message"], ("factor", "1.75"), scenario)


@law("RL-23")
def the_warning_names_what_is_missing_and_what_there_is(bench: Bench) -> None:
    """The warning names the monitored key, and the keys that the logs hold."""
    scenario = Scenario(arguments={"monitor": "val_auc", "mode": "max"}, runs=[Run(logs=[{"loss": 1.0, "mae": 2.0}])])
    warned = " ".join(row_text for row in bench.play(scenario) for row_text in row["warned"])
    mentions("the warning", warned, ("val_auc", "loss", "mae"), scenario)


@law("RL-32")
def the_error_names_the_metric_and_the_way_out(bench: Bench) -> None:
    """The ValueError names the monitored key and `mode`."""
    scenario = Scenario(arguments={"monitor": "nobody_knows"}, runs=[Run(logs=[{"nobody_knows": 1.0}])])
    mentions("the error", bench.play(scenario)[-1]["message"], ("nobody_knows", "mode"), scenario)


@law("RL-22")
def in_cooldown_follows_the_counter(bench: Bench) -> None:
    """Called after each epoch of a run with cooldown 2."""
    callback, _ = _by_hand(bench, {"cooldown": 2})
    if not hasattr(callback, "in_cooldown"):
        raise Unsupported("it has no method in_cooldown")
    got = []
    for epoch, value in enumerate([5.0, 5.0, 4.0, 3.0]):
        callback.on_epoch_end(epoch, {"loss": value})
        got.append(bool(callback.in_cooldown()))
    _require_answers("in_cooldown answered otherwise", [False, True, True, False], got)


@law("RL-40")
def monitor_op_tells_which_of_two_values_is_better(bench: Bench) -> None:
    """It is None at first; after an epoch, `monitor_op(a, b)` holds if a is better than b."""
    got: list[Any] = []
    for mode in ("min", "max"):
        callback, _ = _by_hand(bench, {"mode": mode})
        if not hasattr(callback, "monitor_op"):
            raise Unsupported("it has no attribute monitor_op")
        got.append(callback.monitor_op is None)
        callback.on_epoch_end(0, {"loss": 1.0})
        got += [bool(callback.monitor_op(first, second)) for first, second in ((1.0, 2.0), (2.0, 1.0), (1.0, 1.0))]
    _require_answers("monitor_op answered otherwise", [True, True, False, False, True, False, True, False], got)


@law("RL-39")
def another_optimizer_keeps_its_rate(bench: Bench) -> None:
    """A second optimizer of the model is left alone."""
    callback, model = _by_hand(bench, {})
    model.other = Optimizer()
    for epoch in range(2):
        callback.on_epoch_end(epoch, {"loss": 1.0})
    _require_answers(
        "another rate changed", [0.5, 1.0], [float(each.learning_rate) for each in (model.optimizer, model.other)]
    )


class _Several:
    """An optimizer that holds two others, and has no rate of its own."""

    def __init__(self, *rates: float) -> None:
        self.optimizers = [Optimizer() for _ in rates]
        for optimizer, name, rate in zip(self.optimizers, ("first", "second"), rates, strict=True):
            optimizer.name, optimizer.learning_rate = name, rate


def _with_several(bench: Bench) -> list[tuple[dict[str, Any], list[float]]]:
    """Return the logs and the rates after each epoch of a flat run, with one rate at the floor from the start."""
    several, seen = _Several(0.5, 2.0), []
    arguments = {"monitor": "loss", "mode": "min", "factor": 0.5, "patience": 1, "min_lr": 0.5}
    callback, model = bench.subject.build(**arguments), StubModel([])
    model.optimizer = several
    callback.set_model(model)
    bench.played += 1
    try:
        callback.on_train_begin()
        for epoch in range(4):
            logs: dict[str, Any] = {"loss": 1.0}
            callback.on_epoch_end(epoch, logs)
            seen.append((logs, [float(optimizer.learning_rate) for optimizer in several.optimizers]))
    except Exception as error:
        raise Broken("several optimizers failed", Scenario(arguments=arguments), [{"raise": None}],
                     [{"raise": type(error).__name__}]) from error  # fmt: skip
    return seen


@law("RL-49")
def each_of_several_rates_is_lowered(bench: Bench) -> None:
    """One is at `min_lr` from the start, the other reaches it."""
    got = [rates for _, rates in _with_several(bench)]
    _require_answers("the rates fell otherwise", [[0.5, 2.0], [0.5, 1.0], [0.5, 0.5], [0.5, 0.5]], got)


@law("RL-50")
def each_of_several_rates_is_logged(bench: Bench) -> None:
    """Under `learning_rate_` and the optimizer's name, as it was before the reduction."""
    got = [logs for logs, _ in _with_several(bench)]
    seconds = (2.0, 2.0, 1.0, 0.5)
    expected = [{"loss": 1.0, "learning_rate_first": 0.5, "learning_rate_second": rate} for rate in seconds]
    _require_answers("the logs differ", expected, got)


@law("RL-48")
def logs_may_be_left_out(bench: Bench) -> None:
    """`on_epoch_end(0)`, with None, and with an empty dictionary: a warning, nothing counted, nothing written."""
    empty: dict[str, Any] = {}
    for logs in ([], [None], [empty]):
        steps: list[list[Any]] = [["on_train_begin"], ["on_epoch_end", 0, *logs], ["on_epoch_end", 1, *logs]]
        scenario = Scenario(arguments={**HALF, "monitor": "loss", "patience": 1}, steps=steps)
        rows = bench.play(scenario)[2:]
        expected = [{"raise": None, "warns": True, "lr": 1.0, "wait": 0}] * 2
        got = [{name: row.get(name, wanted) for name, wanted in expected[0].items()} for row in rows]
        if got != expected:
            raise Broken("it failed, was silent, or counted", scenario, expected, got)
    callback, _ = _by_hand(bench, {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        callback.on_epoch_end(0, empty)
    _require_answers("the empty dictionary was written to", {}, empty)


class _Fixed(Optimizer):
    """An optimizer whose rate cannot be set, as with a schedule."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "learning_rate" and hasattr(self, "_rate"):
            raise TypeError("the learning rate is not settable")
        super().__setattr__(name, value)


@law("RL-37")
def a_rate_that_cannot_be_set_is_refused_as_training_begins(bench: Bench) -> None:
    """`on_train_begin` raises TypeError."""
    _require_answers("training began", "TypeError", _begins(bench, _Fixed()))


@law("RL-38")
def a_model_without_an_optimizer_is_refused_as_training_begins(bench: Bench) -> None:
    """`on_train_begin` raises AttributeError, whether there is none or one without a rate."""
    _require_answers("training began", ["AttributeError"] * 2, [_begins(bench, None), _begins(bench, object())])


def _begins(bench: Bench, optimizer: Any) -> str:
    callback = bench.subject.build()
    model = StubModel([])
    model.optimizer = optimizer
    callback.set_model(model)
    bench.played += 1
    try:
        callback.on_train_begin()
    except Exception as error:
        return type(error).__name__
    return "nothing"


def _by_hand(bench: Bench, more: dict[str, Any]) -> tuple[Any, Any]:
    arguments = {"monitor": "loss", "mode": "min", "factor": 0.5, "patience": 1, **more}
    callback, model = bench.subject.build(**arguments), driver(bench.subject, {}, "stub").model
    callback.set_model(model)
    callback.on_train_begin()
    bench.played += 1
    return callback, model


def _require_answers(why: str, expected: Any, got: Any) -> None:
    if got != expected:
        raise Broken(why, Scenario(), [{"answers": expected}], [{"answers": got}])


ARGUMENTS: dict[str, Any] = {
    "monitor": "loss", "factor": 0.25, "patience": 3, "verbose": 1, "mode": "max", "min_delta": 0.5, "cooldown": 2,
    "min_lr": 0.125,
}  # fmt: skip


@law("RL-43")
def every_argument_is_an_attribute(bench: Bench) -> None:
    """What was passed reads back under the same name."""
    for arguments in (ARGUMENTS, {"patience": 0, "factor": 0, "cooldown": -1, "min_lr": 2}):
        _reads_back(bench, arguments, arguments)


@law("RL-07")
def the_defaults_read_back(bench: Bench) -> None:
    """An instance without arguments."""
    _reads_back(bench, {}, {"patience": 10, "min_delta": 1e-4, "cooldown": 0, "min_lr": 0.0})


def _reads_back(bench: Bench, arguments: dict[str, Any], expected: dict[str, Any]) -> None:
    callback = bench.subject.build(**arguments)
    bench.played += 1
    got = {name: plain(getattr(callback, name, "nothing")) for name in expected}
    if got != plain(expected):
        raise Broken("an attribute differs", Scenario(arguments=arguments), [plain(expected)], [got])


@law("RL-36")
def a_misspelt_argument_is_refused_by_name(bench: Bench) -> None:
    """`patienc=2` raises a TypeError that mentions `patience`."""
    bench.played += 1
    raised, message = None, ""
    try:
        bench.subject.make(patienc=2)
    except Exception as error:
        raised, message = type(error).__name__, str(error)
    scenario = Scenario(arguments={"patienc": 2})
    if raised != "TypeError":
        raise Broken("it raised something else, or nothing", scenario, [{"raise": "TypeError"}], [{"raise": raised}])
    mentions("the error", message, ("'patience'",), scenario)


def _whole_runs() -> list[Scenario]:
    cases: list[tuple[dict[str, Any], list[Any]]] = [
        ({"patience": 2, "cooldown": 2}, [5.0, 4.0, 4.5, 4.5, 4.0, None, 4.5, 3.0, 4.0, 4.0]),
        ({"patience": 1, "cooldown": 3, "mode": "max", "min_delta": 0.5, "verbose": 1}, [1.0, 1.4, 1.6, 1.7, 1.0, 1.0]),
    ]
    return [
        Scenario(
            arguments={**HALF, "monitor": "loss", **arguments},
            steps=[
                ["on_train_begin", {}],
                *(["on_epoch_end", epoch, {"loss": value}] for epoch, value in enumerate(values)),
                ["on_train_end", {}],
            ],
        )
        for arguments, values in cases
    ]


survives("RL-47", "reduce_lr_on_plateau", _whole_runs)
keeps_the_direction("RL-47", "reduce_lr_on_plateau")


def _short_scripts(longest: int) -> Iterator[Scenario]:
    for length in range(1, longest + 3):
        for values in product((0.0, 1.0, math.nan, None) if length < 5 else (0.0, 1.0), repeat=length):
            for patience, cooldown in ((1, 0), (1, 2), (2, 0), (2, 3), (0, 1)):
                yield _script({**HALF, "patience": patience, "cooldown": cooldown, "min_lr": 0.2}, list(values))


net(
    "RL-46",
    "reduce_lr_on_plateau",
    strategies.reduce_lr_on_plateau,
    _short_scripts,
    {"monitor": "loss", "mode": "min", "factor": 0.5, "patience": 2, "cooldown": 3, "min_lr": 0.2},
)
