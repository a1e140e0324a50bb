"""Checks of LearningRateScheduler: laws that need no other implementation, and the difference as a net."""

import functools
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from .. import strategies
from ..difference import net, touches
from ..functions import FUNCTIONS
from ..hosts.stub import Optimizer
from ..play import driver
from ..scenarios import Action, Run, Scenario, plain
from ..subjects import Unsupported
from . import Bench, Broken, check, mentions

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="learning_rate_scheduler")


def _asks(*names: str) -> Callable[[Scenario], bool]:
    return lambda scenario: scenario.arguments.get("schedule") in [FUNCTIONS[name] for name in names]


TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "LS-03": _asks("one_over_epoch", "alternate_sign", "give_int", "give_nan"),
    "LS-04": _asks("halve_by_default", "count_arguments"),
    "LS-07": _asks("raise_type_error"),
    "LS-08": touches("verbose", 0),
    "LS-10": _asks("numpy_quarter"),
    "LS-11": _asks("scalar_array"),
    "LS-12": _asks("give_int", "give_none"),
    "LS-13": _asks("give_nan"),
    "LS-14": _asks("alternate_sign"),
    "LS-25": lambda scenario: len(scenario.runs) > 1 or any(run.initial_epoch for run in scenario.runs),
    "LS-26": lambda scenario: scenario.copies > 1,
    **dict.fromkeys(("LS-16", "LS-17", "LS-18", "LS-21", "LS-23", "LS-24", "LS-28"), lambda scenario: False),
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference.

Those that show in no scenario, since they need another optimizer or a hand that calls the hooks, keep none out.
"""


class _Fixed(Optimizer):
    """An optimizer whose rate cannot be set, as with a schedule."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "learning_rate" and hasattr(self, "_rate"):
            raise TypeError("the learning rate is not settable")
        super().__setattr__(name, value)


class _Several:
    """An optimizer that holds two others, and has no rate of its own."""

    def __init__(self) -> None:
        self.optimizers = [Optimizer(), Optimizer()]
        for optimizer, name, rate in zip(self.optimizers, ("first", "second"), (1.0, 4.0), strict=True):
            optimizer.name, optimizer.learning_rate = name, rate


_USUAL: Any = object()


def _driven(bench: Bench, schedule: Any, optimizer: Any = _USUAL) -> tuple[Any, Any]:
    """Return a callback on a stub model, after `on_train_begin`."""
    callback, model = bench.subject.build(schedule=schedule), driver(bench.subject, {}, "stub").model
    if optimizer is not _USUAL:
        model.optimizer = optimizer
    callback.set_model(model)
    callback.on_train_begin()
    bench.played += 1
    return callback, model


def _epochs(callback: Any, model: Any, count: int = 2) -> list[float]:
    """Call the hooks of some epochs, and return the rate of each.

    Raises:
        Broken: a hook raised something.
    """
    rates = []
    for epoch in range(count):
        _require(f"epoch {epoch} failed", "nothing", _attempt(functools.partial(callback.on_epoch_begin, epoch, {}))[0])
        rates.append(float(model.optimizer.learning_rate))
        callback.on_epoch_end(epoch, {"loss": 1.0})
    return rates


def _attempt(action: Callable[[], Any]) -> tuple[str, str]:
    """Return the type and the text of what an action raises."""
    try:
        action()
    except Exception as error:
        return type(error).__name__, str(error)
    return "nothing", ""


def _require(why: str, expected: Any, got: Any, scenario: Scenario | None = None) -> None:
    if got != expected:
        raise Broken(why, scenario or Scenario(), [{"answers": expected}], [{"answers": got}])


def _script(name: str, epochs: int, **more: Any) -> Scenario:
    return Scenario(arguments={"schedule": FUNCTIONS[name]}, runs=[Run(logs=[{}] * epochs, **more)])


def _given_series(bench: Bench) -> Any:
    return strategies.series()


@law("LS-01", given=_given_series)
def the_rates_are_those_of_the_schedule(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """A schedule that reads them off a list."""
    _, values = drawn
    callback, model = _driven(bench, lambda epoch, lr: values[epoch])
    _require("another rate was set", values, _epochs(callback, model, len(values)))


@law("LS-02", given=_given_series)
def halving_leaves_a_power_of_two(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """After as many epochs as there are values, the rate is a half to that power."""
    _, values = drawn
    got = [row["lr"] for row in bench.play(_script("halve", len(values))) if row["hook"] == "on_epoch_end"]
    _require("the schedule got another rate", [0.5 ** (epoch + 1) for epoch in range(len(values))], got,
             _script("halve", len(values)))  # fmt: skip


@law("LS-05")
def a_schedule_gets_an_int_and_a_float_that_is_the_rate_of_now(bench: Bench) -> None:
    """The rate is set to 3 between two epochs."""
    seen: list[Any] = []

    def schedule(epoch: int, lr: float) -> float:
        seen.append([type(epoch).__name__, type(lr).__name__, epoch, lr])
        return 0.5

    callback, model = _driven(bench, schedule)
    callback.on_epoch_begin(0)
    model.optimizer.learning_rate = 3.0
    callback.on_epoch_begin(1)
    _require("it got something else", [["int", "float", 0, 1.0], ["int", "float", 1, 3.0]], seen)


@law("LS-06")
def a_schedule_is_called_once_an_epoch(bench: Bench) -> None:
    """Every hook is called by hand; only `on_epoch_begin` asks."""
    seen: list[int] = []

    def schedule(epoch: int) -> float:
        seen.append(epoch)
        return 0.5

    callback, model = _driven(bench, schedule)
    for hook in ("on_test_begin", "on_test_end", "on_predict_begin", "on_predict_end"):
        getattr(callback, hook)({})
    for hook in ("on_train_batch_begin", "on_train_batch_end", "on_test_batch_begin", "on_test_batch_end"):
        getattr(callback, hook)(0, {})
    asked_early = len(seen)
    _epochs(callback, model, 3)
    callback.on_train_end({})
    _require("it was called at other times", [0, [0, 1, 2]], [asked_early, seen])


@law("LS-07")
def a_type_error_in_a_schedule_reaches_the_user(bench: Bench) -> None:
    """The schedule is called once, and its error is what is raised."""
    for error in (TypeError("a mistake"), ValueError("another")):
        calls: list[int] = []
        callback, _ = _driven(bench, functools.partial(_raising, error, calls))
        got = _attempt(functools.partial(callback.on_epoch_begin, 0))
        _require("it raised something else, or asked again", [(type(error).__name__, str(error)), 1], [got, len(calls)])


def _raising(error: Exception, calls: list[int], epoch: int, lr: float) -> float:
    calls.append(epoch)
    raise error


@law("LS-07")
def a_schedule_with_an_optional_rate_is_not_asked_again_without_it(bench: Bench) -> None:
    """One that fails with the rate and would not fail without it."""

    def schedule(epoch: int, lr: Any = None) -> float:
        return 0.25 if lr is None else lr["a mistake"]

    callback, _ = _driven(bench, schedule)
    _require("its error was hidden", "TypeError", _attempt(functools.partial(callback.on_epoch_begin, 0))[0])


@law("LS-11")
def a_scalar_of_floats_is_a_float(bench: Bench) -> None:
    """What has a `dtype` of floats and no dimensions, as a tensor of any library has."""
    callback, model = _driven(bench, lambda epoch, lr: _Tensor(lr / 2))
    _require("another rate was set", [0.5, 0.25], _epochs(callback, model))


class _Tensor:
    """The least that the tensors of all libraries have in common."""

    dtype, shape = "float32", ()

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return self.value


@law("LS-12")
def a_result_that_is_no_float_is_refused(bench: Bench) -> None:
    """The rate stays as it was, and the message holds the result."""
    results: list[Any] = [2, True, 0, None, "0.1", [0.25], (0.25,), {}, 1j]
    for result in results:
        callback, model = _driven(bench, functools.partial(_returning, result))
        raised, message = _attempt(functools.partial(callback.on_epoch_begin, 0))
        _require(f"{result!r} was taken", ["ValueError", 1.0], [raised, plain(float(model.optimizer.learning_rate))])
        mentions("the error", message, (str(result),), Scenario())


def _returning(result: Any, epoch: int) -> Any:
    return result


@law("LS-12")
def an_epoch_with_a_refused_result_trains_no_batch(bench: Bench) -> None:
    """Epoch 0 is trained; epoch 1 raises before its batch."""
    scenario = _script("give_int", 2)
    row = bench.play(scenario)[-1]
    _require("it raised elsewhere", ["on_epoch_begin", "ValueError", 1.0],
             [row["hook"], row["raise"], row["weights"]], scenario)  # fmt: skip


@law("LS-13")
def a_result_that_would_ruin_the_weights_is_refused(bench: Bench) -> None:
    """NaN, the infinities, and what is infinite as a 32-bit float; the rate stays as it was."""
    for result in (float("nan"), float("inf"), float("-inf"), 1e39, -1e39):
        callback, model = _driven(bench, functools.partial(_returning, result))
        raised, _ = _attempt(functools.partial(callback.on_epoch_begin, 0))
        _require(f"{result!r} was taken", ["ValueError", 1.0], [raised, plain(float(model.optimizer.learning_rate))])


@law("LS-16")
def the_rate_that_another_callback_set_is_logged(bench: Bench) -> None:
    """The rate is set to 3 within the epoch."""
    callback, model = _driven(bench, lambda epoch: 0.5)
    logs = {"loss": 1.0}
    callback.on_epoch_begin(0)
    model.optimizer.learning_rate = 3.0
    callback.on_epoch_end(0, logs)
    _require("another rate was logged", {"loss": 1.0, "learning_rate": 3.0}, logs)
    _require("it is no float", "float", type(logs["learning_rate"]).__name__)


@law("LS-17")
def a_rate_that_cannot_be_set_is_refused_before_the_first_batch(bench: Bench) -> None:
    """`on_epoch_begin` raises TypeError, at the latest."""
    _require("training began", "TypeError", _begins(bench, _Fixed()))


@law("LS-18")
def a_model_without_an_optimizer_is_refused_before_the_first_batch(bench: Bench) -> None:
    """`on_epoch_begin` raises ValueError, whether there is none or one without a rate."""
    _require("training began", ["ValueError"] * 2, [_begins(bench, None), _begins(bench, object())])


def _begins(bench: Bench, optimizer: Any) -> str:
    callback, _ = _driven(bench, lambda epoch, lr: lr / 2, optimizer)
    return _attempt(functools.partial(callback.on_epoch_begin, 0))[0]


@law("LS-19")
def each_of_several_optimizers_is_asked_for(bench: Bench) -> None:
    """The schedule is asked once for each, with its own rate."""
    seen: list[Any] = []

    def schedule(epoch: int, lr: float) -> float:
        seen.append([epoch, lr])
        return lr / 2

    several = _Several()
    callback, _ = _driven(bench, schedule, several)
    got = [_attempt(functools.partial(callback.on_epoch_begin, epoch))[0] for epoch in range(2)]
    rates = [float(optimizer.learning_rate) for optimizer in several.optimizers]
    asked = [[0, 1.0], [0, 4.0], [1, 0.5], [1, 2.0]]
    _require("it was asked otherwise", [["nothing"] * 2, asked, [0.25, 1.0]], [got, seen, rates])


@law("LS-20")
def each_of_several_rates_is_logged(bench: Bench) -> None:
    """Under `learning_rate_` and the optimizer's name, and not as `learning_rate`."""
    callback, _ = _driven(bench, lambda epoch, lr: lr / 2, _Several())
    logs: dict[str, Any] = {}
    logs["loss"] = 1.0
    raised = _attempt(lambda: (callback.on_epoch_begin(0), callback.on_epoch_end(0, logs)))[0]
    expected = {"loss": 1.0, "learning_rate_first": 0.5, "learning_rate_second": 2.0}
    _require("the logs differ", ["nothing", expected], [raised, logs])


class _Callable:
    """Schedules that are no functions."""

    def __call__(self, epoch: int, lr: float) -> float:
        return lr / 2

    def of_epoch(self, epoch: int) -> float:
        return 1 / (epoch + 2)

    def of_both(self, epoch: int, lr: float) -> float:
        return lr / 2

    @staticmethod
    def static(epoch: int) -> float:
        return 1 / (epoch + 2)


def _tenth(epoch: int, lr: float, by: float) -> float:
    return lr / by


@law("LS-21")
def any_callable_is_a_schedule(bench: Bench) -> None:
    """Objects, methods, partial functions, a cached function, classes and methods of built-in types."""
    made = _Callable()
    halves, ratios = [0.5, 0.25], [0.5, 1 / 3]
    for schedule, expected in (
        (made, halves),
        (made.of_both, halves),
        (made.of_epoch, ratios),
        (_Callable.static, ratios),
        (functools.partial(_tenth, by=2.0), halves),
        (functools.lru_cache(made.of_epoch), ratios),
        ([0.5, 0.25].__getitem__, halves),
        ({1: 0.25}.get, [1.0, 0.25]),
    ):
        callback, model = _driven(bench, schedule)
        got = [round(rate, 6) for rate in _epochs(callback, model)]
        _require(f"{schedule!r} was called otherwise", [round(rate, 6) for rate in expected], got)


@law("LS-22")
def what_cannot_be_called_is_refused_at_once(bench: Bench) -> None:
    """The constructor raises TypeError for a schedule that is no function, and a `verbose` that is no number."""
    cases: list[dict[str, Any]] = [{"schedule": value} for value in (0.5, None, "halve", [0.5], {0: 0.5})]
    cases += [{"schedule": FUNCTIONS["halve"], "verbose": value} for value in ("1", None)]
    for arguments in cases:
        bench.played += 1
        raised = _attempt(functools.partial(bench.subject.build, **arguments))[0]
        if raised == "Unsupported":
            raise Unsupported("it takes no argument verbose")
        _require("it was taken", "TypeError", raised, Scenario(arguments=arguments))


@law("LS-23")
def a_schedule_is_required_and_a_misspelt_argument_refused(bench: Bench) -> None:
    """No argument, and `verbos=1`: TypeError."""
    bench.played += 2
    makes: list[Callable[[], Any]] = [bench.subject.make]
    makes.append(functools.partial(bench.subject.make, schedule=FUNCTIONS["halve"], verbos=1))
    _require("it was built", ["TypeError"] * 2, [_attempt(make)[0] for make in makes])


@law("LS-24")
def the_arguments_are_attributes(bench: Bench) -> None:
    """Both read back, and a schedule that is put there later is asked from then on."""
    first, second = FUNCTIONS["halve"], FUNCTIONS["one_over_epoch"]
    arguments: dict[str, Any] = {"schedule": first, **({"verbose": 2} if bench.supports("verbose") else {})}
    callback = bench.subject.build(**arguments)
    got = {name: getattr(callback, name, "nothing") for name in arguments}
    _require("an attribute differs", True, got == arguments, Scenario(arguments=arguments))
    callback, model = _driven(bench, first)
    callback.on_epoch_begin(0)
    callback.schedule = second
    callback.on_epoch_begin(4)
    _require("the later schedule was not asked", 0.2, round(float(model.optimizer.learning_rate), 6))


@law("LS-27")
def stop_training_is_left_as_it_is(bench: Bench) -> None:
    """It is False after each epoch, and a True that another callback set stays."""
    scenario = _script("halve", 3, actions=[Action("on_epoch_end", "stop", 2)])
    got = [row["stop"] for row in bench.play(scenario) if row["hook"] == "on_epoch_end"]
    _require("the flag was changed", [False, False, True], got, scenario)


@law("LS-28")
def logs_may_be_left_out(bench: Bench) -> None:
    """`on_epoch_begin(0)` and `on_epoch_end(0)`, with None, and with an empty dictionary, which stays empty."""
    empty: dict[str, Any] = {}
    for logs in ((), (None,), (empty,)):
        callback, model = _driven(bench, FUNCTIONS["halve"])
        raised = [_attempt(functools.partial(callback.on_epoch_begin, 0, *logs))[0]]
        raised.append(_attempt(functools.partial(callback.on_epoch_end, 0, *logs))[0])
        _require("it failed", [["nothing"] * 2, 0.5], [raised, float(model.optimizer.learning_rate)])
    _require("it was written to", {}, empty)


@law("LS-29")
def there_is_no_state(bench: Bench) -> None:
    """`state_dict` is empty, and an empty one can be loaded."""
    callback = bench.subject.build(schedule=FUNCTIONS["halve"])
    bench.played += 1
    if not hasattr(callback, "state_dict"):
        raise Unsupported("it has no method state_dict")
    _require("it holds something", {}, callback.state_dict())
    _require("it was refused", "nothing", _attempt(lambda: callback.load_state_dict({}))[0])
    _require("a wrong one was taken", "ValueError", _attempt(lambda: callback.load_state_dict({"wait": 1}))[0])


def _short_scripts(longest: int) -> Iterator[Scenario]:
    names = ("halve", "halve_from_2_on", "one_over_epoch", "count_arguments", "alternate_sign", "halve_by_default")
    for name, epochs, first, copies in product(names, range(1, longest + 1), range(3), (1, 2)):
        runs = [Run(logs=[{}] * epochs, initial_epoch=first), Run(logs=[{}])]
        yield Scenario(arguments={"schedule": FUNCTIONS[name]}, runs=runs, copies=copies)


net("LS-30", "learning_rate_scheduler", strategies.learning_rate_scheduler, _short_scripts, None)
