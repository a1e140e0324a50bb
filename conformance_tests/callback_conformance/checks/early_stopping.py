"""Checks of EarlyStopping: laws that need no other implementation, and the difference to the reference as a net."""

import functools
import math
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from .. import strategies
from ..difference import any_value, draws_numpy, keeps_the_direction, monitored, net, same, survives, touches
from ..play import Row, Trace
from ..scenarios import Action, Run, Scenario, plain
from ..subjects import Unsupported
from . import Bench, Broken, check, mentions

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="early_stopping")
TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "ES-01": touches("monitor", "val_loss"),
    "ES-03": lambda scenario: scenario.arguments.get("mode") == "max",
    "ES-05": any_value(lambda value: 0.9 < value < 1),
    "ES-06": any_value(lambda value: hasattr(value, "dtype")),
    "ES-07": any_value(math.isinf),
    "ES-08": any_value(math.isnan),
    "ES-09": any_value(math.isnan),
    "ES-10": touches("min_delta", 0),
    "ES-11": touches("min_delta", 0),
    "ES-12": touches("min_delta", 0),
    "ES-14": lambda scenario: scenario.arguments.get("patience", 0) < 1,
    "ES-16": touches("baseline", None),
    "ES-43": touches("baseline", None),
    "ES-17": lambda scenario: None in monitored(scenario),
    "ES-18": lambda scenario: None in monitored(scenario),
    "ES-20": lambda scenario: None in monitored(scenario),
    "ES-19": touches("start_from_epoch", 0),
    "ES-22": touches("restore_best_weights", False),
    "ES-23": touches("restore_best_weights", False),
    "ES-25": lambda scenario: len(scenario.runs) > 1,
    "ES-52": lambda scenario: len(scenario.runs) > 1,
    "ES-26": touches("verbose", 0),
    "ES-27": touches("verbose", 0),
    "ES-30": lambda scenario: scenario.arguments.get("mode", "auto") == "auto",
    "ES-31": lambda scenario: bool(scenario.metrics),
    "ES-33": lambda scenario: len(scenario.runs) > 1,
    "ES-37": any_value(lambda value: hasattr(value, "dtype")),
    "ES-56": lambda scenario: None in monitored(scenario),
    "ES-51": lambda scenario: scenario.copies > 1,
    "ES-53": any_value(math.isinf),
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


def _script(arguments: dict[str, Any], values: list[Any], **more: Any) -> Scenario:
    return Scenario(arguments=arguments, runs=[Run(logs=[{"val_loss": value} for value in values], **more)])


def _stops(trace: Trace) -> list[bool]:
    return [bool(row["stop"]) for row in _ends(trace)]


def _ends(trace: Trace) -> list[Row]:
    return [row for row in trace if row["hook"] == "on_epoch_end"]


def _column(trace: Trace, name: str) -> list[Any]:
    return [row[name] for row in _ends(trace) if name in row]


def _require(why: str, scenario: Scenario, name: str, expected: list[Any], trace: Trace) -> None:
    """Raise `Broken` unless a column of the trace is as expected; an attribute that is missing is not compared."""
    got = _column(trace, name)
    if got and got != expected:
        epochs = [row["epoch"] for row in _ends(trace)]
        length = max(len(expected), len(got))
        rows = [
            [{"at": str(epochs[i] if i < len(epochs) else i), name: column[i] if i < len(column) else "no such epoch"}
             for i in range(length)]
            for column in (expected, got)
        ]  # fmt: skip
        raise Broken(why, scenario, *rows)


def _given_series(bench: Bench) -> Any:
    return strategies.series()


def _checked_minimum(values: list[float]) -> list[float]:
    return [min(values[: index + 1]) for index in range(len(values))]


def _stop_epoch(values: list[float], patience: int) -> int | None:
    """Return the first epoch that ends `patience` epochs of which none is below all values before them."""
    for epoch in range(1, len(values)):
        first = epoch - patience + 1
        if first >= 1 and min(values[first : epoch + 1]) >= min(values[:first]):
            return epoch
    return None


@law("ES-13", given=_given_series)
def training_stops_after_patience_epochs_without_a_new_minimum(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """The run ends with the first `patience` epochs in a row of which none is below everything before them."""
    patience, values = drawn
    scenario = _script({"patience": patience}, values)
    epoch = _stop_epoch(values, patience)
    count = len(values) if epoch is None else epoch + 1
    expected = [number == epoch for number in range(count)]
    _require("training stopped at another epoch", scenario, "stop", expected, bench.play(scenario))


@law("ES-02", given=_given_series)
def best_is_the_minimum_of_what_was_seen(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """In min mode `best` is the least of the values so far."""
    _, values = drawn
    scenario = _script({"patience": 99, "mode": "min"}, values)
    _require("best is not the minimum so far", scenario, "best", _checked_minimum(values), bench.play(scenario))


@law("ES-03", given=_given_series)
def negating_the_values_and_the_mode_changes_nothing(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """A series in min mode and its negation in max mode stop at the same epoch."""
    patience, values = drawn
    low = _script({"patience": patience, "mode": "min"}, values)
    high = _script({"patience": patience, "mode": "max"}, [-value for value in values])
    expected = _stops(bench.play(low))
    _require("max mode does not mirror min mode", high, "stop", expected, bench.play(high))


@law("ES-15", given=_given_series)
def only_the_minimum_so_far_matters(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """Replacing each value that does not improve by the best so far plus one changes no decision."""
    patience, values = drawn
    minima = _checked_minimum(values)
    flat = [
        value if index == 0 or value < minima[index - 1] else minima[index] + 1 for index, value in enumerate(values)
    ]
    scenario = _script({"patience": patience}, flat)
    expected = _stops(bench.play(_script({"patience": patience}, values)))
    _require("a value that is not the best changed a decision", scenario, "stop", expected, bench.play(scenario))


@law("ES-10", given=_given_series)
def doubling_values_and_min_delta_changes_nothing(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """A series and its double, with a doubled `min_delta`, stop at the same epoch."""
    patience, values = drawn
    once = _script({"patience": patience, "min_delta": 1}, values)
    twice = _script({"patience": patience, "min_delta": 2}, [2 * value for value in values])
    _require("scaling changed a decision", twice, "stop", _stops(bench.play(once)), bench.play(twice))


@law("ES-11", given=_given_series)
def the_sign_of_min_delta_changes_nothing(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """`min_delta` and its negation stop at the same epoch."""
    patience, values = drawn
    positive = _script({"patience": patience, "min_delta": 1}, values)
    negative = _script({"patience": patience, "min_delta": -1}, values)
    _require("the sign of min_delta mattered", negative, "stop", _stops(bench.play(positive)), bench.play(negative))


@law("ES-08", given=_given_series)
def a_later_nan_acts_as_a_value_that_does_not_improve(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """Replacing 6, which never improves on a first 5, by NaN changes no decision."""
    patience, values = drawn
    values = [5.0, *values]
    scenario = _script({"patience": patience}, [math.nan if value == 6 else value for value in values])
    expected = _stops(bench.play(_script({"patience": patience}, values)))
    _require("a NaN did not count as a wait", scenario, "stop", expected, bench.play(scenario))


@law("ES-19", given=_given_series)
def a_warm_up_only_shifts_the_run(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """Two epochs put before, with `start_from_epoch=2`, shift every decision by two."""
    patience, values = drawn
    late = _script({"patience": patience, "start_from_epoch": 2}, [9.0, -9.0, *values])
    expected = [False, False, *_stops(bench.play(_script({"patience": patience}, values)))]
    _require("the warm-up changed a decision", late, "stop", expected, bench.play(late))


@law("ES-17", given=_given_series)
def an_epoch_without_the_key_changes_nothing(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """Between every two epochs, one without the monitored key: training stops as it does without them."""
    patience, values = drawn
    logs: list[dict[str, Any]] = []
    for value in values:
        logs += [{"val_loss": value}, {"loss": 1.0}]
    gaps = Scenario(arguments={"patience": patience}, runs=[Run(logs=logs[:-1])])
    whole = _stops(bench.play(_script({"patience": patience}, values)))
    expected = [stop for member in whole for stop in (member, member)][:-1]
    _require("an epoch without the key counted", gaps, "stop", expected, bench.play(gaps))


@law("ES-17")
def the_warning_names_what_is_missing_and_what_there_is(bench: Bench) -> None:
    """The warning names the monitored key, and the keys that the logs hold."""
    scenario = Scenario(arguments={"monitor": "val_auc", "mode": "max"}, runs=[Run(logs=[{"loss": 1.0, "mae": 2.0}])])
    warned = " ".join(_ends(bench.play(scenario))[0]["warned"])
    mentions("the warning", warned, ("val_auc", "loss", "mae"), scenario)


@law("ES-32")
def the_error_names_the_metric_and_the_way_out(bench: Bench) -> None:
    """The ValueError names the monitored key and `mode`."""
    scenario = Scenario(arguments={"monitor": "nobody_knows"}, runs=[Run(logs=[{"nobody_knows": 1.0}])])
    mentions("the error", bench.play(scenario)[-1]["message"], ("nobody_knows", "mode"), scenario)


@law("ES-25", given=_given_series)
def a_second_fit_equals_a_fit_of_a_new_instance(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """The stops of a second run are those of the same run on its own."""
    patience, values = drawn
    run = Run(logs=[{"val_loss": value} for value in values])
    first = Run(logs=[{"val_loss": -1.0}] * 2)
    alone = Scenario(arguments={"patience": patience}, runs=[run])
    again = Scenario(arguments={"patience": patience}, runs=[first, run])
    expected = _stops(bench.play(alone))
    got = bench.play(again)
    if _stops(got)[-len(expected) :] != expected:
        raise Broken(
            "the second fit was decided differently",
            again,
            [{"at": "second fit", "stop": expected}],
            [{"at": "second fit", "stop": _stops(got)[2:]}],
        )


@law("ES-22", given=_given_series)
def the_model_ends_with_the_weights_of_the_first_minimum(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """The model's weight, which counts its epochs, ends at the epoch of the least value among those run."""
    patience, values = drawn
    scenario = _script({"patience": patience, "restore_best_weights": True}, values)
    trace = bench.play(scenario)
    seen = values[: len(_ends(trace))]
    expected = float(seen.index(min(seen)) + 1)
    if trace[-1]["weights"] != expected:
        raise Broken(
            "the model did not end with the best epoch's weights",
            scenario,
            [{"at": "end", "weights": expected}],
            [{"at": "end", "weights": trace[-1]["weights"]}],
        )


@law("ES-40", given=_given_series)
def stop_training_is_never_set_to_false(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """A flag that another callback raised at an epoch's end is still up after the subject has looked."""
    _, values = drawn
    scenario = _script({"patience": 99}, values, actions=[Action(at="on_epoch_end", do="stop", index=len(values) - 1)])
    expected = [False] * (len(values) - 1) + [True]
    _require("the flag was lowered", scenario, "stop", expected, bench.play(scenario))


@law("ES-44")
def get_monitor_value_returns_the_value_or_none(bench: Bench) -> None:
    """Called by hand, it answers with the value, or with None."""
    import warnings

    callback = bench.subject.build(monitor="loss", mode="min")
    if not hasattr(callback, "get_monitor_value"):
        raise Unsupported(f"{bench.subject.name} has no get_monitor_value")
    bench.played += 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        got = [_answer(callback, logs) for logs in ({"loss": 3.0}, {"mae": 1.0}, None)]
    if got != [3.0, None, None]:
        raise Broken(
            "get_monitor_value answered otherwise", Scenario(), [{"answers": [3.0, None, None]}], [{"answers": got}]
        )


def _answer(callback: Any, logs: dict[str, Any] | None) -> Any:
    try:
        return callback.get_monitor_value(logs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


ARGUMENTS: dict[str, Any] = {
    "monitor": "loss", "min_delta": 0.5, "patience": 3, "verbose": 1, "mode": "max", "baseline": 0.25,
    "restore_best_weights": True, "start_from_epoch": 2,
}  # fmt: skip


@law("ES-54")
def monitor_op_tells_which_of_two_values_is_better(bench: Bench) -> None:
    """After an epoch, `monitor_op(a, b)` holds if a is better than b."""
    from ..hosts.stub import StubModel

    bench.played += 1
    got = []
    for mode in ("min", "max"):
        callback = bench.subject.build(monitor="loss", mode=mode)
        if not hasattr(callback, "monitor_op"):
            raise Unsupported("it has no attribute monitor_op")
        callback.set_model(StubModel([]))
        callback.on_train_begin()
        callback.on_epoch_end(0, {"loss": 1.0})
        got.append([bool(callback.monitor_op(first, second)) for first, second in ((1.0, 2.0), (2.0, 1.0), (1.0, 1.0))])
    expected = [[True, False, False], [False, True, False]]
    if got != expected:
        raise Broken("monitor_op answered otherwise", Scenario(), [{"answers": expected}], [{"answers": got}])


@law("ES-45")
def every_argument_is_an_attribute(bench: Bench) -> None:
    """What was passed reads back under the same name."""
    _reads_back(bench, ARGUMENTS)


@law("ES-45")
def a_patience_of_0_is_stored_as_it_is(bench: Bench) -> None:
    """Arguments that are 0 or None read back too, also where they act as another value."""
    _reads_back(bench, {"patience": 0, "baseline": None, "verbose": 0, "start_from_epoch": 0})


def _reads_back(bench: Bench, arguments: dict[str, Any]) -> None:
    callback = bench.subject.build(**arguments)
    bench.played += 1
    got = {name: plain(getattr(callback, name, "nothing")) for name in arguments}
    if got != plain(arguments):
        raise Broken("an attribute differs", Scenario(arguments=arguments), [plain(arguments)], [got])


@law("ES-46")
def a_misspelt_argument_is_refused(bench: Bench) -> None:
    """`patienc=2` raises TypeError."""
    bench.played += 1
    raised = None
    try:
        bench.subject.make(patienc=2)
    except Exception as error:
        raised = type(error).__name__
    if raised != "TypeError":
        scenario = Scenario(arguments={"patienc": 2})
        raise Broken("it raised something else, or nothing", scenario, [{"raise": "TypeError"}], [{"raise": raised}])


@law("ES-56")
def logs_may_be_left_out(bench: Bench) -> None:
    """`on_epoch_end(0)`, with None, and with an empty dictionary: a warning, and nothing counted."""
    left_out: list[list[Any]] = [[], [None], [{}]]
    for logs in left_out:
        steps: list[list[Any]] = [["on_train_begin"], ["on_epoch_end", 0, *logs], ["on_epoch_end", 1, *logs]]
        scenario = Scenario(arguments={"monitor": "loss", "mode": "min", "patience": 1}, steps=steps)
        rows = bench.play(scenario)[2:]
        expected = [{"raise": None, "warns": True, "stop": False, "wait": 0}] * 2
        got = [{name: row.get(name, wanted) for name, wanted in expected[0].items()} for row in rows]
        if got != expected:
            raise Broken("it failed, was silent, or counted", scenario, expected, got)


def _whole_runs() -> list[Scenario]:
    cases: list[tuple[dict[str, Any], list[Any]]] = [
        ({"patience": 2, "mode": "min", "restore_best_weights": True, "verbose": 1}, [5.0, 4.0, 4.5, None, 4.2]),
        ({"patience": 2, "mode": "max", "min_delta": 0.5, "restore_best_weights": True}, [1.0, 1.4, 1.6, 1.7]),
        ({"patience": 3, "mode": "min", "baseline": 3.0, "start_from_epoch": 1}, [9.0, 5.0, 2.0, 4.0, 4.0, 4.0]),
    ]
    return [
        Scenario(
            arguments={"monitor": "loss", **arguments},
            steps=[
                ["on_train_begin", {}],
                *(["on_epoch_end", epoch, {"loss": value}] for epoch, value in enumerate(values)),
                ["on_train_end", {}],
            ],
        )
        for arguments, values in cases
    ]


survives("ES-55", "early_stopping", _whole_runs)
keeps_the_direction("ES-55", "early_stopping")


def _short_scripts(longest: int) -> Iterator[Scenario]:
    for length in range(1, longest + 1):
        for values in product((0.0, 1.0, 2.0, math.nan, None), repeat=length):
            for patience, mode in ((length % 4, "min"), (1, "max"), (2, "min")):
                yield _script({"patience": patience, "mode": mode}, list(values))


net(
    "ES-48",
    "early_stopping",
    strategies.early_stopping,
    _short_scripts,
    {"monitor": "loss", "mode": "min", "patience": 2, "restore_best_weights": True},
)


@check("ES-48", kind="enumeration", group="early_stopping")
def every_pair_of_precisions_gives_the_reference_trace(bench: Bench) -> None:
    """1 and 1 - 1e-9 as Python floats and as NumPy scalars, in every order, in both modes."""
    if not draws_numpy(bench):
        return
    import numpy

    kinds = (float, numpy.float16, numpy.float32, numpy.float64)
    numbers = [kind(number) for kind in kinds for number in (1.0, 1 - 1e-9)]
    for mode, first, second in product(("min", "max"), numbers, numbers):
        scenario = _script({"mode": mode}, [first, second])
        if not bench.excluded(scenario) and bench.supports("mode"):
            same(bench, scenario)
