"""Checks of SwapEMAWeights: laws that need no other implementation, and the difference to the reference as a net."""

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from .. import strategies
from ..difference import net, survives
from ..hosts.stub import AveragingOptimizer, StubModel, Variable
from ..play import Row, Trace, driver
from ..scenarios import Action, Run, Scenario
from . import Bench, Broken, check, mentions

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="swap_ema_weights")
UNUSUAL = (0.1, 0.3)
"""A weight and an average whose difference no 32-bit number holds exactly."""


def _acts(*what: str) -> Callable[[Scenario], bool]:
    return lambda scenario: any(action.do in what for run in scenario.runs for action in run.actions)


def _runs(kind: str) -> Callable[[Scenario], bool]:
    return lambda scenario: any(run.kind == kind for run in scenario.runs)


def _evaluates(scenario: Scenario) -> bool:
    return any(run.kind == "evaluate" or run.validation > 0 for run in scenario.runs)


def _swaps_on_epoch(scenario: Scenario) -> bool:
    return bool(scenario.arguments.get("swap_on_epoch", False))


TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "SE-01": _evaluates,
    "SE-02": _evaluates,
    "SE-03": _runs("predict"),
    "SE-04": _swaps_on_epoch,
    "SE-06": _swaps_on_epoch,
    "SE-07": _acts("stop"),
    "SE-08": lambda scenario: not scenario.optimizer.get("use_ema", True),
    "SE-10": lambda scenario: not scenario.optimizer.get("use_ema", True),
    "SE-12": lambda scenario: "start" in scenario.optimizer,
    "SE-13": _runs("predict"),
    "SE-14": _acts("raise"),
    "SE-15": lambda scenario: any(run.fresh_model for run in scenario.runs),
    "SE-17": lambda scenario: scenario.copies > 1,
    "SE-18": _acts("evaluate"),
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


def _given(bench: Bench) -> Any:
    return strategies.swap_ema_weights(bench.supports)


def _plain_fit(scenario: Scenario) -> Scenario:
    """Return the first run alone, without anything that happens in it."""
    run = scenario.runs[0]
    whole = Run(epochs=run.epochs, batches=run.batches, validation=run.validation)
    optimizer = {name: value for name, value in scenario.optimizer.items() if name != "use_ema"}
    return Scenario(arguments=scenario.arguments, optimizer=optimizer, runs=[whole])


@law("SE-05", given=_given)
def training_goes_on_as_if_nothing_had_been_swapped(bench: Bench, drawn: Scenario) -> None:
    """At the beginning of each epoch, weights and averages are those of an optimizer left alone."""
    scenario = _plain_fit(drawn)
    alone, (run,) = StubModel([]), scenario.runs
    alone.optimizer = AveragingOptimizer(alone, **scenario.optimizer)
    expected = []
    for _ in range(run.epochs):
        held = alone.optimizer._averages()
        expected.append({"weights": alone.trained, "average": held[0].value if held else None})
        alone.train(run.batches)
    _require("an epoch began with other weights", scenario, expected, bench.play(scenario), "on_epoch_begin")


@law("SE-06", given=_given)
def it_does_not_change_what_training_ends_with(bench: Bench, drawn: Scenario) -> None:
    """A fit with the callback ends with the same weights as one with an optimizer that averages and nothing else."""
    scenario = _plain_fit(drawn)
    made = driver(bench.subject, {}, "stub")
    made.use_optimizer(**scenario.optimizer)
    made.play([], scenario.runs[0])
    expected = [{"weights": made.trained(), "average": made.average()}]
    _require("training ended with other weights", scenario, expected, bench.play(scenario), "on_train_end")


@law("SE-04", given=_given)
def two_and_no_more_are_in_the_model_and_the_optimizer(bench: Bench, drawn: Scenario) -> None:
    """At the end of each epoch but the last, model and average hold what they held at its last batch, exchanged."""
    scenario = _plain_fit(drawn)
    swaps = bool(scenario.arguments.get("swap_on_epoch"))
    left = Scenario(optimizer=scenario.optimizer, runs=scenario.runs)
    ends = _seen(bench.play(left), "on_epoch_end")[:-1]
    exchanged = [{"weights": row["average"], "average": row["weights"]} for row in ends]
    got = _seen(bench.play(scenario), "on_epoch_end")[:-1]
    if got != (exchanged if swaps else ends):
        raise Broken("the end of an epoch showed other weights", scenario, exchanged if swaps else ends, got)


def _seen(trace: Trace, hook: str) -> list[Row]:
    return [{name: row[name] for name in ("weights", "average")} for row in trace if row["hook"] == hook]


def _require(why: str, scenario: Scenario, expected: list[Row], trace: Trace, hook: str) -> None:
    got = _seen(trace, hook)
    if got != expected:
        raise Broken(why, scenario, expected, got)


@law("SE-12")
def an_evaluation_leaves_every_bit_as_it_was(bench: Bench) -> None:
    """Weights and averages of very different size, infinite and undefined ones, before and after an evaluation."""
    for weight, average in (UNUSUAL, (1e8, 1.0), (1.0, 1e-9), (1.0, float("inf")), (3e38, -3e38), (float("nan"), 1.0)):
        scenario = Scenario(optimizer={"start": [weight, average]}, runs=[Run(kind="evaluate")])
        trace = bench.play(scenario)
        inside, after = trace[-2:]
        rounded = [Variable(weight).value, Variable(average).value]
        got = [[row["weights"], row["average"]] for row in (inside, after)]
        if repr(_words(got)) != repr(_words([rounded[::-1], rounded])):
            raise Broken("a value was changed", scenario, [{"values": _words(rounded)}], [{"values": _words(got)}])


def _words(values: Any) -> Any:
    return [_words(value) for value in values] if isinstance(values, list) else str(value_of(values))


def value_of(value: Any) -> float:
    """Return a number that the trace may hold as a word."""
    return float(value)


@law("SE-21")
def each_weight_changes_places_with_its_own_average(bench: Bench) -> None:
    """The first of two layers was frozen after the optimizer was built for both."""
    bench.played += 1
    model = StubModel([])
    model.optimizer = optimizer = AveragingOptimizer(model)
    weights, held = [Variable(1.0), Variable(2.0)], [Variable(10.0), Variable(20.0)]
    optimizer._trainable_variables, optimizer._model_variables_moving_average = weights, held
    model.trainable_variables = weights[1:]
    callback = bench.subject.build()
    callback.set_model(model)
    callback.on_test_begin()
    got = [variable.value for variable in (*weights, *held)]
    if got != [10.0, 20.0, 1.0, 2.0]:
        raise Broken("a weight got another's average", Scenario(), [{"values": [10, 20, 1, 2]}], [{"values": got}])


@law("SE-08")
def the_error_names_use_ema(bench: Bench) -> None:
    """The ValueError of an evaluation without averages mentions `use_ema`."""
    scenario = Scenario(optimizer={"use_ema": False, "start": [1.0, 2.0]}, runs=[Run(kind="evaluate")])
    mentions("the error", bench.play(scenario)[-1]["message"], ("use_ema",), scenario)


@law("SE-11")
def the_error_says_that_nothing_was_trained(bench: Bench) -> None:
    """Before the first batch, the message does not ask for what is already there."""
    scenario = Scenario(runs=[Run(kind="evaluate")])
    message = bench.play(scenario)[-1]["message"]
    if "use_ema" in message or not any(word in message for word in ("yet", "first", "built", "train")):
        raise Broken("the error does not say what is missing", scenario, [{"says": "train first"}], [{"says": message}])


@law("SE-22")
def weights_that_were_set_between_two_fits_are_trained_on(bench: Bench) -> None:
    """A weight of 100 is put into the model after a fit; the next one begins with it."""
    scenario = Scenario(arguments={"swap_on_epoch": True}, runs=[Run(epochs=2), Run(epochs=1)])
    bench.played += 1
    callback, seen = bench.subject.build(swap_on_epoch=True), []
    made = driver(bench.subject, {}, "stub")
    made.use_optimizer()
    made.play([callback], Run(epochs=2))
    made.model.set_weights([100.0])
    callback.set_params({"epochs": 1})
    callback.on_train_begin({})
    callback.on_epoch_begin(0, {})
    seen.append(made.trained())
    if seen != [100.0]:
        raise Broken("training began with other weights", scenario, [{"weights": 100.0}], [{"weights": seen[0]}])


def _steps() -> list[Scenario]:
    """Return runs by hand, of an optimizer that was built before."""
    begin: list[Any] = ["on_train_begin", {}]
    epoch: list[list[Any]] = [["on_epoch_begin", 0, {}], ["on_test_begin", {}], ["on_test_end", {}]]
    tail: list[list[Any]] = [["on_epoch_end", 0, {}], ["on_epoch_begin", 1, {}], ["on_epoch_end", 1, {}]]
    steps = [begin, *epoch, *tail, ["on_predict_begin", {}], ["on_predict_end", {}], ["on_train_end", {}]]
    options = {"start": [5.0, 7.0]}
    return [Scenario(arguments={"swap_on_epoch": swap}, optimizer=options, steps=steps) for swap in (False, True)]


survives("SE-23", "swap_ema_weights", _steps, begins=False)


def _short_scripts(longest: int) -> Iterator[Scenario]:
    stops = (None, Action("on_epoch_end", "stop", 0), Action("on_epoch_end", "stop", 0, "after"))
    for swap, epochs, validation, stop in itertools.product((False, True), range(1, longest), (0, 1), stops):
        run = Run(epochs=epochs, batches=2, validation=validation, actions=[stop] if stop else [])
        for later in ([], [Run(kind="evaluate")], [Run(kind="predict"), Run(kind="evaluate")], [Run(epochs=2)]):
            yield Scenario(arguments={"swap_on_epoch": swap}, runs=[run, *later])


net("SE-25", "swap_ema_weights", strategies.swap_ema_weights, _short_scripts, None)
