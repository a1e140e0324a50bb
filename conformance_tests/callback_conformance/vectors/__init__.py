"""Cases as data: arguments and values, and the trace that a clause demands of them.

A case is one JSON object. `values` are the monitored value of each epoch; `logs` the whole logs; or `scenario` holds a
full scenario; `files` what the folder holds at first. `expect` holds columns: a name of an effect, and its value at
each checked moment (`on_epoch_end`, or after each training batch in `batches`);
`whole` holds lists that every row adds to, such as `progress`, joined over the whole trace;
`hooks` holds columns for each time that a named hook ran;
`construct`, `begin` and `end` hold effects after the constructor, the last `on_train_begin` and the last
`on_train_end`. `otherwise` is another reading, which a third party may follow where the documentation is silent or
says otherwise; in it, "*" stands for any exception.
"""

import functools
from pathlib import Path
from typing import Any

import msgspec

from ..play import Row, Trace
from ..scenarios import Run, Scenario, decode, from_json, plain

__all__ = ["Case", "VectorError", "absent", "load", "mismatch", "rows"]

HERE = Path(__file__).parent
Moment = tuple[str, dict[str, Any], Row | None]
"""Where in a run, the effects wanted, and the row seen there, if any."""


class VectorError(Exception):
    """A file of vectors is malformed; the message names the file and the member."""


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the trace must hold."""

    epochs: dict[str, list[Any]] = {}
    batches: dict[str, list[Any]] = {}
    hooks: dict[str, dict[str, list[Any]]] = {}
    construct: dict[str, Any] = {}
    begin: dict[str, Any] = {}
    end: dict[str, Any] = {}
    whole: dict[str, list[Any]] = {}


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case of one clause."""

    clause: str
    name: str
    expect: Expect
    arguments: dict[str, Any] = {}
    values: list[Any] = []
    logs: list[dict[str, Any]] = []
    scenario: dict[str, Any] = {}
    files: dict[str, str] = {}
    otherwise: list[Expect] = []

    def script(self) -> Scenario:
        """Return the scenario to play."""
        if self.scenario:
            return from_json({"arguments": self.arguments, "files": self.files, **self.scenario})
        named = self.arguments.get("monitor", "val_loss")
        monitor = named if isinstance(named, str) else "val_loss"
        logs = self.logs or [{monitor: value} for value in self.values]
        runs = [Run(logs=decode(logs))] if logs else []
        return Scenario(arguments=decode(self.arguments), runs=runs, files=self.files)


@functools.cache
def load(group: str, folder: Path = HERE) -> list[Case]:
    """Return the cases for a group of clauses.

    Raises:
        VectorError: naming the file and what is wrong.
    """
    path = folder / f"{group}.json"
    if not path.exists():
        return []
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Case])
    except msgspec.DecodeError as error:
        raise VectorError(f"{path.name}: {error}") from error


def mismatch(expect: Expect, trace: Trace) -> tuple[list[Row], list[Row]] | None:
    """Return the expected rows and the rows seen, or None if the trace holds what is expected."""
    expected, got = rows(expect, trace)
    return None if expected == got else (expected, got)


def rows(expect: Expect, trace: Trace) -> tuple[list[Row], list[Row]]:
    """Return the expected rows and the rows seen.

    An attribute that the subject does not have at all is not held against it; an exception that nobody expects is.
    """
    expected, got = [], []
    for moment, wanted, row in _moments(expect, trace):
        wanted = {name: plain(value) for name, value in wanted.items() if _had(name, trace)}
        seen = _seen(wanted, row, trace)
        if wanted or row is None:
            expected.append({"at": moment, **wanted})
            got.append({"at": moment, **seen})
    return expected, got


def _seen(wanted: dict[str, Any], row: Row | None, trace: Trace) -> Row:
    """Return what a row shows of the effects wanted, and the exception that kept it from showing them."""
    if row is None:
        raised = [_raised(other) for other in trace if other["raise"]]
        return {"seen": raised[0] if raised else "did not run"}
    seen = {name: row.get(name, "nothing") for name in wanted}
    if row["raise"] and "raise" not in wanted:
        seen["seen"] = _raised(row)
    return {name: "*" if wanted.get(name) == "*" and value else value for name, value in seen.items()}


def _raised(row: Row) -> str:
    return f"{row['hook']} raised {row['raise']}: {row['message']}"


def absent(expect: Expect, trace: Trace) -> list[str]:
    """Return the names of what is expected if a trace without an error holds none of it: nothing could be compared."""
    of_hooks = {name for columns in expect.hooks.values() for name in columns}
    named = (*expect.epochs, *expect.batches, *expect.construct, *expect.begin, *expect.end, *expect.whole)
    names = sorted({*of_hooks, *named})
    return [] if any(row["raise"] for row in trace) or any(_had(name, trace) for name in names) else names


def _last(by_hook: dict[str, list[Row]], hook: str) -> Row | None:
    return by_hook[hook][-1] if hook in by_hook else None


def _had(name: str, trace: Trace) -> bool:
    return any(name in row for row in trace)


def _moments(expect: Expect, trace: Trace) -> list[Moment]:
    by_hook: dict[str, list[dict[str, Any]]] = {}
    for row in trace:
        by_hook.setdefault(row["hook"], []).append(row)
    moments: list[Moment] = []
    for name, hook in (("construct", "construct"), ("begin", "on_train_begin")):
        if getattr(expect, name):
            moments.append((name, getattr(expect, name), _last(by_hook, hook)))
    moments += _columns("batch ", expect.batches, by_hook.get("on_train_batch_end", []))
    moments += _columns("", expect.epochs, by_hook.get("on_epoch_end", []))
    for hook, columns in expect.hooks.items():
        moments += _columns(f"{hook} ", columns, by_hook.get(hook, []))
    if expect.end:
        moments.append(("end", expect.end, _last(by_hook, "on_train_end")))
    if expect.whole:
        moments.append(("whole run", expect.whole, _joined(expect.whole, trace)))
    return moments


def _joined(columns: dict[str, list[Any]], trace: Trace) -> Row:
    """Return one row for a whole trace: its lists joined, and the exception that ended it, if any."""
    last: Row = next((row for row in trace if row["raise"]), trace[-1])
    return {**last, **{name: [member for row in trace for member in row.get(name, [])] for name in columns}}


def _columns(what: str, columns: dict[str, list[Any]], ends: list[Row]) -> list[Moment]:
    moments: list[Moment] = []
    count = max((len(column) for column in columns.values()), default=0)
    for index in range(max(count, len(ends) if columns else 0)):
        wanted = {
            name: column[index] if index < len(column) else f"no such {what or 'epoch'}".strip()
            for name, column in columns.items()
        }
        seen = ends[index] if index < len(ends) else None
        moments.append((f"{what}{seen['epoch'] if seen and not what else index}", wanted, seen))
    return moments
