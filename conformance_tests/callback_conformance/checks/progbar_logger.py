"""Checks of ProgbarLogger: laws that need no other implementation, and the difference to the reference as a net."""

import contextlib
import functools
import io
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from .. import strategies
from ..difference import net
from ..play import driver
from ..progress import CODES, Clock, parse
from ..scenarios import Run, Scenario
from . import Bench, Broken, check

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="progbar_logger")
ONE_STEP: dict[str, Any] = {"verbose": 1, "epochs": 1, "steps": 1}


def _any_run(test: Callable[[Run], bool]) -> Callable[[Scenario], bool]:
    return lambda scenario: any(test(run) for run in scenario.runs)


def _verbose(*values: Any) -> Callable[[Scenario], bool]:
    return _any_run(lambda run: run.verbose in values)


def _varies(run: Run) -> bool:
    """Tell whether lines are drawn after batches, and the logs hold more than one value of a key."""
    rows = [*(row for epoch in run.batch_logs for row in epoch), *run.logs]
    names = {name for row in rows for name in row}
    return run.verbose in (1, "auto") and any(len({repr(row.get(name)) for row in rows}) > 1 for name in names)


TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "PB-02": _verbose("auto"),
    "PB-03": _verbose(2),
    "PB-04": _verbose(0),
    "PB-05": _any_run(lambda run: run.epochs > 1),
    "PB-08": _any_run(lambda run: run.seconds < 1),
    "PB-09": _any_run(lambda run: run.seconds < 1),
    "PB-10": _any_run(_varies),
    "PB-15": _any_run(lambda run: not run.known_steps),
    "PB-16": _any_run(lambda run: not run.known_steps),
    "PB-18": _any_run(lambda run: run.validation > 0),
    "PB-19": _any_run(lambda run: bool(run.actions)),
    "PB-20": _any_run(lambda run: run.kind == "predict"),
    "PB-22": _any_run(lambda run: run.kind == "evaluate"),
    "PB-23": _any_run(lambda run: run.steps_per_execution > 1),
    "PB-28": lambda scenario: len(scenario.runs) > 1,
    "PB-35": _verbose(3),
    "PB-36": lambda scenario: len(scenario.runs) > 1,
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


def _series(bench: Bench) -> Any:
    return strategies.series()


def _script(values: list[float], **more: Any) -> Scenario:
    rows = [{"loss": 1 + value} for value in values]
    return Scenario(runs=[Run(verbose=1, batches=len(rows), batch_logs=[rows], logs=rows[-1:], **more)])


@law("PB-01", given=_series)
def every_batch_draws_its_step_and_its_values(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """With a second between them, batch i of n draws i/n and its own loss, and the end draws n/n."""
    _, values = drawn
    scenario, count = _script(values), len(values)
    expected = [(step, count, {"loss": 1 + value}) for step, value in enumerate(values, 1)]
    _require("another line was drawn", scenario, [*expected, expected[-1]], _lines(bench, scenario))


@law("PB-10", given=_series)
def a_value_does_not_depend_on_those_before(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """Two runs whose last batch reports the same end with the same value."""
    _, values = drawn
    shorter, longer = _script(values[-1:]), _script(values)
    last = [_lines(bench, scenario)[-1][2] for scenario in (shorter, longer)]
    _require("what came before shows in the last value", longer, last[0], last[1])


@law("PB-12")
def names_stand_in_the_order_of_their_first_appearance(bench: Bench) -> None:
    """Logs with b and a, then with c, a and b: b, a, c."""
    rows = [{"b": 1.0, "a": 2.0}, {"c": 3.0, "a": 2.0, "b": 1.0}]
    scenario = Scenario(runs=[Run(verbose=1, batches=2, batch_logs=[rows], logs=rows[:1])])
    _require("the names stand otherwise", scenario, ["b", "a", "c"], list(_lines(bench, scenario)[-1][2]))


@law("PB-16", given=_series)
def from_the_second_epoch_on_unknown_steps_are_drawn_as_known_ones(
    bench: Bench, drawn: tuple[int, list[float]]
) -> None:
    """The second epoch of a fit with unknown steps draws what that of one with known steps draws."""
    _, values = drawn
    rows = [{"loss": 1 + value} for value in values]
    runs = [
        Run(verbose=1, batches=len(rows), epochs=2, batch_logs=[rows] * 2, logs=[rows[-1]] * 2, known_steps=known)
        for known in (True, False)
    ]
    known, unknown = (_progress(bench, Scenario(runs=[run])) for run in runs)
    heading = {"epoch": 2, "epochs": 2}
    _require(
        "the second epoch was drawn otherwise", Scenario(runs=runs[1:]), known[known.index(heading) :],
        unknown[unknown.index(heading) :] if heading in unknown else unknown,
    )  # fmt: skip


def _progress(bench: Bench, scenario: Scenario) -> list[dict[str, Any]]:
    return [line for row in bench.play(scenario) for line in row["progress"]]


def _lines(bench: Bench, scenario: Scenario) -> list[tuple[int, int | None, dict[str, Any]]]:
    drawn = [line for line in _progress(bench, scenario) if "step" in line]
    if not drawn:
        raise Broken("nothing was drawn", scenario)
    return [(line["step"], line["total"], line["values"]) for line in drawn]


@law("PB-29")
def a_terminal_that_knows_only_ascii_gets_a_line_all_the_same(bench: Bench) -> None:
    """With an ASCII stdout, and a metric named in Korean, the line holds the step and the number."""
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, encoding="ascii", write_through=True)
    try:
        _draw(bench, terminal, {"손실": 1.0, "loss": 2.0})
    except UnicodeEncodeError as error:
        raise Broken(f"it raised {type(error).__name__}", Scenario()) from error
    lines = parse(written.getvalue().decode("ascii"))["progress"]
    got = [(line["step"], line["total"], line["values"].get("loss")) for line in lines]
    _require("another line was drawn", Scenario(), [(1, 1, 2.0)] * 2, got)


@law("PB-30")
def without_a_stdout_nothing_is_drawn_and_nothing_raised(bench: Bench) -> None:
    """`sys.stdout` is None."""
    raised = None
    try:
        _draw(bench, None, {"loss": 1.0})
    except Exception as error:
        raised = type(error).__name__
    _require("it raised", Scenario(), None, raised)


class _Screen(io.StringIO):
    """A stdout that says whether it is a terminal."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@law("PB-31")
def the_text_goes_to_the_stdout_of_that_time_and_is_the_same_on_a_terminal(bench: Bench) -> None:
    """A stdout put in place after the constructor ran gets the text, and a terminal gets the same."""
    texts = []
    for terminal in (False, True):
        screen = _Screen(terminal)
        _draw(bench, screen, {"loss": 1.0})
        texts.append(screen.getvalue())
    _require("nothing arrived", Scenario(), True, bool(texts[0]))
    _require("a terminal got another text", Scenario(), texts[0], texts[1])


@law("PB-32")
def the_parameters_read_back(bench: Bench) -> None:
    """`params` after `set_params`."""
    callback = bench.subject.build()
    callback.set_params(dict(ONE_STEP))
    bench.played += 1
    _require("params holds something else", Scenario(), ONE_STEP, getattr(callback, "params", "nothing"))


@law("PB-34")
def the_constructor_takes_no_count_mode(bench: Bench) -> None:
    """`count_mode="steps"` raises TypeError."""
    bench.played += 1
    raised = None
    try:
        bench.subject.make(count_mode="steps")
    except Exception as error:
        raised = type(error).__name__
    _require("it raised something else, or nothing", Scenario(), "TypeError", raised)


@law("PB-37")
def the_logs_are_left_as_they_are(bench: Bench) -> None:
    """The logs of a batch and of an epoch, before and after."""
    batch, epoch = {"loss": 1.0, "acc": 0.5}, {"loss": 2.0}
    _draw(bench, io.StringIO(), batch, epoch)
    _require("the logs changed", Scenario(), [{"loss": 1.0, "acc": 0.5}, {"loss": 2.0}], [batch, epoch])


@law("PB-38")
def nothing_of_a_longer_line_is_left_on_the_screen(bench: Bench) -> None:
    """Of 123456789.0 and then 1.0, the screen holds only the second."""
    screen = io.StringIO()
    _draw(bench, screen, {"loss": 123456789.0}, {"loss": 1.0})
    last = _as_on_a_screen(screen.getvalue())
    _require("digits of the old value are left", Scenario(), {"loss": 1.0}, parse(last)["progress"][-1]["values"])
    _require("something of the old line is left", Scenario(), "", last.rstrip().partition("1.0000")[2])


def _as_on_a_screen(text: str) -> str:
    """Return the line on which a terminal ends up after a text, before its last line feed."""
    line: list[str] = []
    place = 0
    for character in CODES.sub("", text).rstrip("\n"):
        if character == "\n":
            line, place = [], 0
        elif character == "\r":
            place = 0
        elif character == "\x08":
            place = max(0, place - 1)
        else:
            line[place : place + 1] = [character]
            place += 1
    return "".join(line)


def _draw(bench: Bench, stdout: Any, batch: dict[str, Any], epoch: dict[str, Any] | None = None) -> None:
    """Draw an epoch of one step on a stdout."""
    callback, clock = bench.subject.build(), Clock(scripted=True)
    bench.played += 1
    callback.set_model(driver(bench.subject, {}, "stub").model)
    with contextlib.redirect_stdout(stdout), clock():
        callback.set_params(dict(ONE_STEP))
        callback.on_epoch_begin(0, {})
        clock.tick(1.0)
        callback.on_train_batch_end(0, batch)
        callback.on_epoch_end(0, batch if epoch is None else epoch)


def _require(why: str, scenario: Scenario, expected: Any, got: Any) -> None:
    if expected != got:
        raise Broken(why, scenario, [{"answers": expected}], [{"answers": got}])


def _short_scripts(longest: int) -> Iterator[Scenario]:
    for batches, verbose, known, validation, spe in product(range(1, longest), (1, 2), (True, False), (0, 1), (1, 2)):
        rows = [{"loss": float(batch), **({"late": 0.5} if batch > 1 else {})} for batch in range(longest + 2)]
        for epochs, seconds in product((1, 2), (1.0, 0.03125)):
            yield Scenario(
                runs=[
                    Run(
                        verbose=verbose, batches=batches, epochs=epochs, known_steps=known, validation=validation,
                        steps_per_execution=spe, seconds=seconds, batch_logs=[rows] * epochs,
                        logs=[{"loss": 0.5, "val_loss": 2.0}] * epochs,
                    )
                ]
            )  # fmt: skip


net("PB-39", "progbar_logger", strategies.progbar_logger, _short_scripts, None)
