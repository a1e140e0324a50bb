"""Checks of CSVLogger: laws that need no other implementation, and the difference to the reference as a net."""

import csv
import functools
import io
import os
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from .. import strategies
from ..difference import net, survives, touches
from ..hosts.stub import StubModel
from ..play import Trace, folder_of_its_own
from ..scenarios import Run, Scenario
from ..subjects import Unsupported
from . import Bench, Broken, check, mentions

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="csv_logger")
NAME = "log.csv"
ROW = {"loss": 0.5, "val_loss": 1.0}


def _appends(scenario: Scenario) -> bool:
    return bool(scenario.arguments.get("append")) and bool(scenario.files or len(scenario.runs) > 1)


def _rows(scenario: Scenario) -> list[dict[str, Any]]:
    return [logs for run in scenario.runs for logs in run.logs]


def _holds(*kinds: type) -> Callable[[Scenario], bool]:
    return lambda scenario: any(isinstance(value, kinds) for logs in _rows(scenario) for value in logs.values())


TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "CS-04": lambda scenario: any(not any(key[:4] == "val_" for key in run.logs[0]) for run in scenario.runs),
    "CS-05": lambda scenario: any(not isinstance(value, float) for row in _rows(scenario) for value in row.values()),
    "CS-06": _holds(list),
    "CS-07": lambda scenario: len({tuple(logs) for logs in _rows(scenario)}) > 1,
    "CS-10": touches("append", False),
    "CS-11": touches("append", False),
    "CS-12": _appends,
    "CS-13": _appends,
    "CS-14": _appends,
    "CS-15": lambda scenario: len(scenario.runs) > 1,
    "CS-16": touches("separator", ","),
    "CS-18": _holds(str),
    "CS-30": lambda scenario: scenario.copies > 1,
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


def _text(trace: Trace) -> str:
    return str(trace[-1]["files"].get(NAME, "(no file)"))


def _require(why: str, scenario: Scenario, expected: Any, got: Any) -> None:
    if expected != got:
        raise Broken(why, scenario, [{"answers": expected}], [{"answers": got}])


def _given_series(bench: Bench) -> Any:
    return strategies.series().one


@law("CS-03", given=_given_series)
def the_file_reads_back_as_the_logs(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """Read with the csv module, row after row holds the epoch and its values."""
    first, values = drawn
    logs = [{"val_loss": value, "loss": value / 3} for value in values]
    scenario = Scenario(arguments={"filename": NAME}, runs=[Run(logs=logs, initial_epoch=first)])
    read = csv.DictReader(io.StringIO(_text(bench.play(scenario)), newline=""))
    got = [[float(row.get(key) or "nan") for key in ("epoch", "loss", "val_loss")] for row in read]
    expected = [[float(first + i), row["loss"], row["val_loss"]] for i, row in enumerate(logs)]
    _require("the file reads back as something else", scenario, expected, got)


@law("CS-10", given=_given_series)
def a_training_in_two_parts_leaves_the_file_of_one(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """Cut after any epoch and continued with `append`, the file is that of an uninterrupted training."""
    cut, values = drawn
    logs = [{"val_loss": value, "loss": -value} for value in values]
    arguments = {"filename": NAME, "append": True}
    parts = [Run(logs=part, initial_epoch=at) for at, part in ((0, logs[:cut]), (cut, logs[cut:])) if part]
    whole, two = (Scenario(arguments=arguments, runs=runs) for runs in ([Run(logs=logs)], parts))
    _require("the file differs", two, _text(bench.play(whole)), _text(bench.play(two)))


@law("CS-18")
def any_text_reads_back(bench: Bench) -> None:
    """Texts of a few characters that mean something in such a file, as values."""
    texts = ["".join(letters) for letters in product('a,"\n; ', repeat=2)]
    for separator in ",;":
        logs = [{"val_text": text} for text in texts]
        arguments = {"filename": NAME, **({"separator": ";"} if separator == ";" else {})}
        scenario = Scenario(arguments=arguments, runs=[Run(logs=logs)])
        rows = list(csv.reader(io.StringIO(_text(bench.play(scenario)), newline=""), delimiter=separator))
        _require("a text reads back as another", scenario, texts, [row[-1] for row in rows[1:]])


@law("CS-08")
def the_warning_names_the_key(bench: Bench) -> None:
    """The late key stands in the warning."""
    scenario = Scenario(arguments={"filename": NAME}, runs=[Run(logs=[ROW, {**ROW, "late_key": 1.0}])])
    warned = " ".join(text for row in bench.play(scenario) for text in row["warned"])
    mentions("the warning", warned, ("late_key",), scenario)


@law("CS-12")
def the_error_names_the_file(bench: Bench) -> None:
    """The ValueError holds the file's name."""
    scenario = Scenario(
        arguments={"filename": NAME, "append": True}, files={NAME: "epoch,acc\r\n"}, runs=[Run(logs=[ROW])]
    )
    mentions("the error", bench.play(scenario)[-1]["message"], (NAME,), scenario)


@law("CS-24")
def the_error_names_the_argument(bench: Bench) -> None:
    """The TypeError holds the argument's name."""
    for wrong in ({"filename": 5}, {"separator": None}, {"append": "no"}):
        scenario = Scenario(arguments={"filename": NAME, **wrong})
        mentions("the error", bench.play(scenario)[0]["message"], (*wrong,), scenario)


class _Path:
    """A path of no known class."""

    def __fspath__(self) -> str:
        return "other.csv"


@law("CS-20")
def the_arguments_read_back(bench: Bench) -> None:
    """As a string, a path and an object with `__fspath__`."""
    for given, filename in ((NAME, NAME), (Path(NAME), NAME), (_Path(), "other.csv")):
        callback = _begun(bench, begin=False, filename=given, separator=";", append=True)
        got = [getattr(callback, name, "nothing") for name in ("filename", "sep", "append")]
        _require("an attribute differs", Scenario(), [filename, ";", True], got)
    callback = _begun(bench, begin=False, filename=NAME)
    _require(
        "a default differs", Scenario(), [",", False], [getattr(callback, name, None) for name in ("sep", "append")]
    )


@law("CS-20")
def a_path_is_written_to(bench: Bench) -> None:
    """The file of an object with `__fspath__`."""
    with folder_of_its_own():
        callback = _begun(bench, filename=_Path())
        callback.on_epoch_end(0, dict(ROW))
        callback.on_train_end({})
        _require("another file was written", Scenario(), ["other.csv"], os.listdir())


@law("CS-19")
def the_file_is_closed_when_training_ends(bench: Bench) -> None:
    """`csv_file` is open in training, and closed after it."""
    with folder_of_its_own():
        callback = _begun(bench, filename=NAME)
        if not hasattr(callback, "csv_file"):
            raise Unsupported("it has no attribute csv_file")
        callback.on_epoch_end(0, dict(ROW))
        before = callback.csv_file.closed
        callback.on_train_end({})
        _require("csv_file was closed at another time", Scenario(), [False, True], [before, callback.csv_file.closed])


@law("CS-27")
def append_header_tells_whether_a_header_is_written(bench: Bench) -> None:
    """For no file, an empty one and a log, with and without append."""
    got, expected = [], []
    for append, text in product((False, True), (None, "", "epoch,loss,val_loss\r\n")):
        with folder_of_its_own(files={} if text is None else {NAME: text}):
            callback = _begun(bench, filename=NAME, append=append)
            if not hasattr(callback, "append_header"):
                raise Unsupported("it has no attribute append_header")
            got.append(bool(callback.append_header))
            callback.on_train_end({})
        expected.append(not append or not text)
    _require("append_header differs", Scenario(), expected, got)


@law("CS-28")
def a_removed_file_gets_a_header_again(bench: Bench) -> None:
    """Three fits with append; the file is removed before the third."""
    with folder_of_its_own():
        callback = _begun(bench, begin=False, filename=NAME, append=True)
        for fit in range(3):
            if fit == 2:
                os.remove(NAME)
            callback.on_train_begin({})
            callback.on_epoch_end(fit, dict(ROW))
            callback.on_train_end({})
        text = Path(NAME).read_bytes().decode()
    _require("the file has no header", Scenario(), "epoch,loss,val_loss\r\n2,0.5,1.0\r\n", text)


@law("CS-31")
def evaluation_and_prediction_write_nothing(bench: Bench) -> None:
    """All their hooks are called: there is no file."""
    with folder_of_its_own():
        callback = _begun(bench, begin=False, filename=NAME)
        for kind in ("test", "predict"):
            getattr(callback, f"on_{kind}_begin")({})
            getattr(callback, f"on_{kind}_batch_begin")(0, {})
            getattr(callback, f"on_{kind}_batch_end")(0, dict(ROW))
            getattr(callback, f"on_{kind}_end")(dict(ROW))
        _require("a file was written", Scenario(), [], os.listdir())


@law("CS-31")
def the_logs_stay_as_they_are(bench: Bench) -> None:
    """They hold the same keys and values after the hook."""
    with folder_of_its_own():
        callback, logs = _begun(bench, filename=NAME), {"loss": 0.5, "several": [1, 2]}
        callback.on_epoch_end(0, logs)
        callback.on_train_end({})
        _require("the logs were changed", Scenario(), {"loss": 0.5, "several": [1, 2]}, logs)


def _begun(bench: Bench, begin: bool = True, **arguments: Any) -> Any:
    callback = bench.subject.build(**arguments)
    callback.set_model(StubModel([]))
    bench.played += 1
    if begin:
        callback.on_train_begin({})
    return callback


def _saved_scripts() -> list[Scenario]:
    late = [dict(ROW), {"loss": 0.25}, {"loss": 0.125, "val_loss": 2.0, "late": 1.0}, {**ROW, "late": 2.0}]
    scenarios = []
    for more, files in (
        ({}, {}),
        ({"append": True}, {}),
        ({"append": True}, {NAME: "epoch,loss,val_loss\r\n9,8,7\r\n"}),
    ):
        steps: list[list[Any]] = [["on_train_begin", {}]]
        steps += [["on_epoch_end", epoch, dict(logs)] for epoch, logs in enumerate(late)]
        steps.append(["on_train_end", {}])
        scenarios.append(Scenario(arguments={"filename": NAME, **more}, steps=steps, files=files))
    return scenarios


survives("CS-29", "csv_logger", _saved_scripts)


def _short_scripts(longest: int) -> Iterator[Scenario]:
    rows: list[dict[str, Any]] = [{"loss": 0.5}, {"loss": 1.0, "val_loss": 2}, {"acc": float("nan")}, {}]
    files = [{}, {NAME: "epoch,loss,val_loss\r\n0,1,2\r\n"}]
    for length in range(1, longest):
        for logs in product(rows, repeat=length):
            for append, there in product((False, True), files):
                arguments = {"filename": NAME, **({"append": True} if append else {})}
                yield Scenario(arguments=arguments, runs=[Run(logs=[dict(row) for row in logs])], files=there)


net("CS-32", "csv_logger", strategies.csv_logger, _short_scripts, None)
