"""Checks of TerminateOnNaN: laws that need no other implementation, and the difference to the reference as a net."""

import functools
import math
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from callback_reference import Callback

from .. import strategies
from ..difference import net
from ..play import driver
from ..scenarios import Run, Scenario
from . import Bench, Broken, check, mentions

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="terminate_on_nan")
INVALID = (math.nan, math.inf, -math.inf)


def _losses(scenario: Scenario) -> list[Any]:
    return [logs.get("loss") for run in scenario.runs for epoch in run.batch_logs for logs in epoch]


def _any_loss(test: Callable[[Any], bool]) -> Callable[[Scenario], bool]:
    return lambda scenario: any(test(loss) for loss in _losses(scenario))


def _is(*numbers: float) -> Callable[[Scenario], bool]:
    return _any_loss(lambda loss: loss is not None and (float(loss) in numbers))


TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "TN-01": _any_loss(lambda loss: loss is not None and math.isnan(loss)),
    "TN-02": _is(math.inf, -math.inf),
    "TN-03": _any_loss(lambda loss: loss is not None and abs(loss) > 1e30),
    "TN-05": _any_loss(lambda loss: loss is None),
    "TN-06": _any_loss(lambda loss: hasattr(loss, "dtype")),
    "TN-11": lambda scenario: bool(scenario.arguments),
    "TN-13": lambda scenario: bool(scenario.arguments),
    "TN-19": lambda scenario: len(scenario.runs) > 1,
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


def _script(*epochs: list[Any], **arguments: Any) -> Scenario:
    logs = [[{"loss": loss} for loss in epoch] for epoch in epochs]
    return Scenario(arguments=arguments, runs=[Run(batch_logs=logs, batches=len(epochs[0]))])


@law("TN-01", given=lambda bench: strategies.series())
def training_ends_with_the_first_invalid_loss(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """Losses in which each 6 becomes NaN: as many batches are trained as stand up to the first of those."""
    _, values = drawn
    losses = [math.nan if value == 6 else value for value in values]
    expected = next((number for number, loss in enumerate(losses, 1) if loss != loss), len(losses))
    scenario = _script(losses)
    ends = [row for row in bench.play(scenario) if row["hook"] == "on_train_batch_end"]
    _require("another number of batches was trained", scenario, expected, len(ends))


@law("TN-09")
def an_epoch_that_is_cut_short_is_validated_and_ends(bench: Bench) -> None:
    """After the invalid loss come the hooks of validation, of the epoch's end and of the training's end."""
    before, after = _Before(), _After()
    try:
        _fit(bench, [before, bench.subject.build(), after])
    except Exception as error:
        raise Broken(f"fit raised {type(error).__name__}", Scenario()) from error
    expected = ["on_test_begin", "on_test_end", "on_epoch_end", "on_train_end"]
    _require("other hooks were called", Scenario(), expected, after.hooks[-4:])


@law("TN-10")
def callbacks_after_it_get_the_end_of_that_batch(bench: Bench) -> None:
    """A recorder before it sees False at the invalid batch, one after it sees True."""
    before, after = _Before(), _After()
    _fit(bench, [before, bench.subject.build(), after])
    _require("the flag was seen otherwise", Scenario(), [[False, False], [False, True]], [before.flags, after.flags])


class _Before(Callback):
    """Makes the second batch's loss NaN, and writes down the flag."""

    def __init__(self) -> None:
        super().__init__()
        self.flags: list[bool] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        logs["loss"] = math.nan if batch == 1 else 1.0
        self.flags.append(bool(self.model.stop_training))


class _After(Callback):
    """Writes down the flag, and the hooks that a stopped epoch still calls."""

    def __init__(self) -> None:
        super().__init__()
        self.flags: list[bool] = []
        self.hooks: list[str] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.flags.append(bool(self.model.stop_training))

    def on_test_begin(self, logs: Any = None) -> None:
        self.hooks.append("on_test_begin")

    def on_test_end(self, logs: Any = None) -> None:
        self.hooks.append("on_test_end")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.hooks.append("on_epoch_end")

    def on_train_end(self, logs: Any = None) -> None:
        self.hooks.append("on_train_end")


def _fit(bench: Bench, callbacks: list[Any]) -> None:
    bench.played += 1
    driver(bench.subject, {}, "stub").play(callbacks, Run(epochs=2, batches=3, validation=1))


@law("TN-12")
def the_error_names_the_batch_and_the_loss(bench: Bench) -> None:
    """The message of the RuntimeError holds 7 and inf."""
    scenario = _script([1.0] * 7 + [math.inf], raise_error=True)
    mentions("the error", bench.play(scenario)[-1]["message"], ("7", "inf"), scenario)


@law("TN-20")
def the_error_names_the_loss(bench: Bench) -> None:
    """The message of the TypeError for text mentions the loss."""
    scenario = Scenario(runs=[Run(batch_logs=[[{"loss": "broken"}]])])
    mentions(
        "the error", next((row["message"] for row in bench.play(scenario) if row["raise"]), ""), ("loss",), scenario
    )


@law("TN-05")
def logs_that_are_none_stop_nothing(bench: Bench) -> None:
    """`on_train_batch_end(0, None)` leaves the flag alone."""
    _require("the flag is up", Scenario(), [False], [_flag(bench, "on_train_batch_end", 0, None)])


@law("TN-16")
def the_end_of_an_epoch_is_not_looked_at(bench: Bench) -> None:
    """`on_epoch_end` with each kind of invalid loss leaves the flag alone."""
    got = [_flag(bench, "on_epoch_end", 0, {"loss": loss, "val_loss": loss}) for loss in INVALID]
    _require("the flag is up", Scenario(), [False] * 3, got)


@law("TN-17")
def batches_of_evaluation_and_prediction_are_not_looked_at(bench: Bench) -> None:
    """Their hooks, called with an invalid loss, leave the flag alone."""
    hooks = ("on_test_batch_end", "on_predict_batch_end")
    got = [_flag(bench, hook, 0, {"loss": loss}) for hook in hooks for loss in INVALID]
    got += [_flag(bench, hook, {"loss": math.nan}) for hook in ("on_test_end", "on_predict_end")]
    _require("the flag is up", Scenario(), [False] * 8, got)


@law("TN-18")
def both_names_of_the_hook_look_at_the_loss(bench: Bench) -> None:
    """Each called by hand with NaN raises the flag."""
    got = [_flag(bench, hook, 0, {"loss": math.nan}) for hook in ("on_train_batch_end", "on_batch_end")]
    _require("the flag is down", Scenario(), [True, True], got)


def _flag(bench: Bench, hook: str, *arguments: Any) -> bool:
    """Return the model's flag after one call of one hook."""
    callback, model = bench.subject.build(), driver(bench.subject, {}, "stub").model
    callback.set_model(model)
    bench.played += 1
    getattr(callback, hook)(*arguments)
    return bool(model.stop_training)


def _require(why: str, scenario: Scenario, expected: Any, got: Any) -> None:
    if expected != got:
        raise Broken(why, scenario, [{"answers": expected}], [{"answers": got}])


def _short_scripts(longest: int) -> Iterator[Scenario]:
    for length in range(1, longest + 1):
        for losses in product((1.0, math.nan, math.inf, -math.inf, None), repeat=length):
            for raise_error in ({}, {"raise_error": True}):
                yield _script(list(losses), list(losses), **raise_error)


net("TN-22", "terminate_on_nan", strategies.terminate_on_nan, _short_scripts, None)
