"""The net under the laws: whatever is played, the subject's trace equals that of the reference."""

import functools
import importlib.util
import sys
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from .checks import Bench, Broken, check, search
from .kinds import KINDS
from .play import Row, driver
from .scenarios import Scenario
from .subjects import Unsupported

__all__ = ["any_value", "draws_numpy", "is_plain", "keeps_the_direction", "net", "same", "survives", "touches"]

IGNORED = ("hook", "printed", "warned", "message")
Strategy = Callable[..., Any]


def net(  # noqa: C901 - four checks that share their arguments, none of them complex
    clause: str,
    group: str,
    strategy: Strategy,
    scripts: Callable[[int], Iterator[Scenario]],
    arguments: dict[str, Any] | None,
) -> None:
    """Register the checks that compare everything: generated and enumerated scripts, hooks in any order, a real fit.

    Args:
        clause: the clause that says "nothing else matters".
        group: the stem of the clause file.
        strategy: takes `bench.supports` and `numpy`, and returns a strategy of scenarios.
        scripts: returns every script up to a length.
        arguments: of the callback whose hooks are called in any order; None where an order is part of the contract.
    """
    register = functools.partial(check, clause, group=group)

    def given(bench: Bench) -> Any:
        return strategy(bench.supports, numpy=draws_numpy(bench))

    @register(kind="difference", given=given)
    def generated_scripts_give_the_reference_trace(bench: Bench, scenario: Scenario) -> None:
        """Arguments, NaN, infinities, ties, missing keys, NumPy scalars, second fits: the traces are equal."""
        same(bench, scenario)

    @register(kind="enumeration")
    def every_short_script_gives_the_reference_trace(bench: Bench) -> None:
        """All short series of a few values, for a few arguments."""
        for scenario in scripts(3 if bench.quick else 4):
            if not bench.excluded(scenario) and all(bench.supports(name) for name in scenario.arguments):
                same(bench, scenario)

    if arguments is not None:
        _any_order(register, arguments)

    @register(kind="difference")
    def a_real_fit_gives_the_trace_of_the_stub_host(bench: Bench) -> None:
        """The same scripts through a real `model.fit`: without this, what the stub host shows is hearsay."""
        if not bench.subject.is_keras and "keras" not in _loaded():
            return
        if bench.subject.is_keras_2:
            raise Unsupported("the fit of Keras 2 takes no callbacks but its own, and the script is none")
        with bench.drawing(max(3 if bench.quick else 6, bench.examples // 20)):
            search(bench, given(bench).one, lambda scenario: same(bench, scenario, "fit"))


def _any_order(register: Callable[..., Callable[..., Any]], arguments: dict[str, Any]) -> None:
    @register(kind="stateful")
    def hooks_in_any_order_leave_the_reference_state(bench: Bench) -> None:
        """A machine whose rules are the hooks keeps subject and reference in step."""
        from .machine import run_machine

        run_machine(bench, same, arguments)


def survives(clause: str, group: str, scripts: Callable[[], list[Scenario]], begins: bool = True) -> None:
    """Register the check of a saved state: at any hook boundary, a new instance that loads it goes on as the old one.

    Args:
        clause: the clause that says so.
        group: the stem of the clause file.
        scripts: returns scenarios of `steps`, whose first is `on_train_begin`.
        begins: also load the state before a training that then calls `on_train_begin` again.
    """

    @check(clause, kind="law", group=group)
    def a_new_instance_with_the_saved_state_goes_on_as_the_old_one(bench: Bench) -> None:
        """The state is saved at every hook boundary in turn; nothing that follows is different."""
        for whole in scripts():
            expected = _effects(bench.play(whole))
            for cut in range(1, len(whole.steps)):
                _require_the_same_rest(bench, whole, cut, [["reload"]], expected)
                if begins:
                    _require_the_same_rest(bench, whole, cut, [["reload"], ["on_train_begin", {}]], expected)


def is_plain(value: Any) -> bool:
    """Tell whether a member of a state is what a file of JSON and arrays can hold: no function, no object."""
    if isinstance(value, dict):
        return all(is_plain(member) for member in value.values())
    if isinstance(value, (list, tuple)):
        return all(is_plain(member) for member in value)
    return value is None or isinstance(value, (bool, int, float, str)) or hasattr(value, "dtype")


def keeps_the_direction(clause: str, group: str) -> None:
    """Register the check that a direction which was found goes into the state, and that the state can be written."""

    @check(clause, kind="law", group=group)
    def the_direction_survives_on_another_model(bench: Bench) -> None:
        """A metric that is to be high; the new instance trains a model that has no metrics, and need not ask."""
        made = [bench.subject.build(monitor="score", patience=9) for _ in range(2)]
        if not hasattr(made[0], "state_dict"):
            raise Unsupported(f"{bench.subject.name} has no method state_dict")
        bench.played += 1
        for callback, metrics, values in zip(made, ({"score": "up"}, {}), ((1.0, 2.0), (1.5, 3.0)), strict=True):
            callback.set_model(driver(bench.subject, metrics, "stub").model)
            if not metrics:
                state = made[0].state_dict()
                callback.load_state_dict(state)
            callback.on_train_begin()
            got = [_best_after(callback, epoch, value) for epoch, value in enumerate(values)]
        if got != [2.0, 3.0] or not is_plain(state):
            rows = [{"best": [2.0, 3.0], "plain": True}], [{"best": got, "plain": is_plain(state)}]
            raise Broken("the direction was lost, or the state cannot be written", Scenario(), *rows)


def _best_after(callback: Any, epoch: int, value: float) -> Any:
    try:
        callback.on_epoch_end(epoch, {"score": value})
    except Exception as error:
        return type(error).__name__
    return getattr(callback, "best", "nothing")


def _require_the_same_rest(
    bench: Bench, whole: Scenario, cut: int, between: list[list[Any]], expected: list[Row]
) -> None:
    scenario = msgspec.structs.replace(whole, steps=[*whole.steps[:cut], *between, *whole.steps[cut:]])
    got = _effects(bench.play(scenario))
    if len(between) > 1:
        del got[cut + 1]  # of the second `on_train_begin`
        expected, got = _without_count(expected), _without_count(got)
    if got != expected:
        rows = [[{"at": _at(row), **_shown(row)} for row in trace[1:]] for trace in (expected, got)]
        raise Broken(f"after the state was loaded at step {cut}, the run went another way", scenario, *rows)


def _effects(trace: list[Row]) -> list[Row]:
    return [
        {name: value for name, value in row.items() if name not in ("printed", "warned", "message")} for row in trace
    ]


def _without_count(trace: list[Row]) -> list[Row]:
    """Leave out the weights, which count the hooks called, and so what is in the files."""
    kept = [{name: value for name, value in row.items() if name not in ("weights", "best_weights")} for row in trace]
    return [{**row, "files": sorted(row["files"])} if "files" in row else row for row in kept]


def same(bench: Bench, scenario: Scenario, host: str | None = None) -> None:
    """Compare the subject's trace with the reference's.

    Raises:
        Broken: they differ.
    """
    expected, got = bench.reference(scenario), bench.play(scenario, host)
    if host == "fit":
        expected, got = ([_as_a_real_model(row, scenario) for row in trace] for trace in (expected, got))
    pairs = [_comparable(bench, left, right) for left, right in zip(expected[1:], got[1:], strict=False)]
    if len(expected) != len(got) or any(left != right for left, right in pairs):
        rows = [[{"at": _at(row), **_shown(row)} for row in trace[1:]] for trace in (expected, got)]
        raise Broken("the trace differs from the reference's", scenario, *rows)


def draws_numpy(bench: Bench) -> bool:
    """A third party is not asked for NumPy's precisions, and without NumPy nobody can be."""
    return bench.is_ours and importlib.util.find_spec("numpy") is not None


def touches(argument: str, usual: Any) -> Callable[[Scenario], bool]:
    """Return a test of scenarios: is an argument given another value than usual?"""
    return lambda scenario: scenario.arguments.get(argument, usual) != usual


def any_value(test: Callable[[Any], bool]) -> Callable[[Scenario], bool]:
    """Return a test of scenarios: does any monitored value pass a test?"""
    return lambda scenario: any(test(value) for value in monitored(scenario) if value is not None)


def monitored(scenario: Scenario) -> list[Any]:
    """Return the monitored value of each epoch, None where there is none."""
    monitor = scenario.arguments.get("monitor", "val_loss")
    by_hand = [step[2] for step in scenario.steps if step[0] == "on_epoch_end"]
    return [logs.get(monitor) for logs in [*by_hand, *(logs for run in scenario.runs for logs in run.logs)]]


def _as_a_real_model(row: Row, scenario: Scenario) -> Row:
    """Leave out what a stub model cannot show: the type of an exception, and what a saved model consists of.

    A real model also warns at the end of data whose length nobody knows, and tries to train on what is not there.
    """
    if not all(run.known_steps for run in scenario.runs):
        row = {name: value for name, value in row.items() if name not in ("weights", "warns")}
    files = {"files": sorted(row["files"])} if "files" in row else {}
    return {**row, "raise": bool(row["raise"]), **files}


def _comparable(bench: Bench, left: Row, right: Row) -> tuple[Row, Row]:
    owners = KINDS[bench.subject.kind].owners
    shared = [
        name for name in left if name in right and name not in IGNORED and owners.get(name, "") not in bench.ignored
    ]
    return {name: left[name] for name in shared}, {name: right[name] for name in shared}


def _at(row: Row) -> str:
    return str(row["epoch"]) if row["epoch"] is not None else row["hook"]


def _shown(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in (*IGNORED, "epoch")}


def _loaded() -> set[str]:
    return set(sys.modules)
