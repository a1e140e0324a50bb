"""Show a report: a table by callback and profile, and for each failure the text that lets a stranger fix it."""

import io
import os
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from . import clauses
from .runner import SCHEMA, Failure, Report

__all__ = ["ReportError", "Row", "badge", "call", "failure_text", "read", "replay", "rows", "summary", "word", "write"]

STATUSES = ("pass", "fail", "known", "unsupported", "blocked", "error", "not-run")
COLOURS = (("fail", "red"), ("error", "red"), ("known", "yellowgreen"), ("pass", "brightgreen"))
"""The colour of a badge: that of the first status that the report has."""


class ReportError(ValueError):
    """A results file cannot be read; the message names the file and what is accepted."""


def write(report: Report, path: Path) -> None:
    """Write a report as JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(report), indent=1)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(text + b"\n")
    beside.replace(path)


def read(path: Path) -> Report:
    """Read a report.

    Raises:
        ReportError: the file is no report, or one of another schema.
    """
    try:
        data = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise ReportError(f"{path}: not a report: {error}") from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise ReportError(f"{path}: schema {schema!r}; this version reads schema {SCHEMA}")
    try:
        return msgspec.convert(data, Report)
    except msgspec.ValidationError as error:
        raise ReportError(f"{path}: {error}") from error


def summary(report: Report) -> Table:
    """Return a table of how many clauses of each callback and profile have which status."""
    subject = report.subject
    backend = "" if subject["backend"] == "none" else f" on {subject['backend']}"
    version = "" if subject["version"] == "unknown" else f" {subject['version']}"
    scenarios = sum(result.scenarios for result in report.clauses.values())
    table = Table(
        title=f"{subject['name']}{version}{backend}",
        caption=f"{_count(len(report.clauses), 'clause')}, {_count(scenarios, 'scenario')}, seed {report.seed}",
    )
    counts: Counter[tuple[str, str, str]] = Counter(
        (result.callback, result.profile, result.status) for result in report.clauses.values()
    )
    shown = [status for status in STATUSES if any(key[2] == status for key in counts)]
    for column in ("callback", "profile", *shown):
        table.add_column(column, justify="left" if column in ("callback", "profile") else "right")
    for callback, profile in dict.fromkeys(key[:2] for key in counts):
        table.add_row(callback, profile, *(str(counts[callback, profile, status] or "·") for status in shown))
    return table


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def badge(report: Report) -> dict[str, Any]:
    """Return a badge as shields.io reads it from an address: counts, never a percentage.

    A run that did not finish is grey, and says so.
    """
    subject = report.subject
    backend = [] if subject["backend"] == "none" else [subject["backend"]]
    counts: Counter[str] = Counter(result.status for result in report.clauses.values())
    parts = [f"{counts[status]} {status}" for status in STATUSES if counts[status]]
    parts += [] if report.finished else ["not finished"]
    colour = next((colour for status, colour in COLOURS if counts[status]), "lightgrey")
    return {
        "schemaVersion": 1,
        "label": " ".join([_named(subject), *backend]),
        "message": ", ".join(parts) or "no clauses",
        "color": colour if report.finished else "lightgrey",
    }


def failure_text(failure: Failure, subject: dict[str, str]) -> str:
    """Return the clause, what was played, both traces with the first difference marked, and how to replay it."""
    clause = clauses.load()[failure.clause]
    lines = [
        f"{failure.clause} {subject['kind']}: {clause.en}",
        f"  {_named(subject)}      {call(subject, failure.scenario)}",
        f"  {failure.why}",
        *(f"  {line}" for line in _rows(failure)),
        f"  replay: {replay(failure, subject)}",
    ]
    return "\n".join(line.rstrip() for line in lines)


def replay(failure: Failure, subject: dict[str, str]) -> str:
    """Return the command that shows a failure again."""
    return f"callback-conformance {subject['name']} --as {subject['kind']} {_again(failure)}"


def _again(failure: Failure) -> str:
    """Return the option that shows this failure again; a check that calls the class by hand has no script to replay."""
    scripted = failure.scenario.get("runs") or failure.scenario.get("steps") or failure.kind == "vector"
    return f"--case {failure.clause}/{failure.case}" if scripted else f"--clause {failure.clause}"


def _named(subject: dict[str, str]) -> str:
    version = "" if subject["version"] == "unknown" else f" {subject['version']}"
    return f"{subject['package']}{version}"


def call(subject: dict[str, str], scenario: Any) -> str:
    """Return how the subject was built, as a line of Python."""
    if subject["kind"] == "CallbackList":
        return msgspec.json.encode(scenario).decode()
    arguments = ", ".join(f"{name}={value!r}" for name, value in scenario.get("arguments", {}).items())
    metrics = scenario.get("metrics")
    return f"{subject['name'].rpartition(':')[2]}({arguments})" + (f"   compiled metrics: {metrics}" if metrics else "")


class Row(NamedTuple):
    """Both traces at one place.

    Args:
        at: the epoch, counted from 0, or a word such as "begin".
        value: the monitored value of that epoch, if there is one.
        expected: what the contract asks for; of a long row, only what differs.
        subject: what the subject did.
        differs: both are not the same.
    """

    at: str
    value: str
    expected: dict[str, Any]
    subject: dict[str, Any]
    differs: bool


def rows(failure: Failure) -> list[Row]:
    """Return both traces side by side; the first row that differs is the first difference."""
    values = _values(failure.scenario)
    found = []
    for index in range(max(len(failure.expected), len(failure.got))):
        left, right = (side[index] if index < len(side) else {} for side in (failure.expected, failure.got))
        names = [name for name in {**left, **right} if name != "at"]
        differs = [name for name in names if left.get(name) != right.get(name)]
        shown = differs if len(names) > 3 else names
        at = str({**left, **right}.get("at", ""))
        value = values.pop(0) if at.isdigit() and values else ""
        expected, subject = ({name: side[name] for name in shown if name in side} for side in (left, right))
        found.append(Row(at, value, expected, subject, bool(differs)))
    return found


def _rows(failure: Failure) -> list[str]:
    table = Table(box=None, pad_edge=False)
    for column in ("at", "value", "expected", "subject", ""):
        table.add_column(column, no_wrap=column in ("at", ""))
    first = True
    for row in rows(failure):
        mark = "<- first difference" if row.differs and first else ""
        first = first and not row.differs
        table.add_row(*map(escape, (row.at, row.value, _cell(row.expected), _cell(row.subject), mark)))
    return _plain(table)


def _values(scenario: Any) -> list[str]:
    monitor = scenario.get("arguments", {}).get("monitor", "val_loss")
    key = monitor if isinstance(monitor, str) else "val_loss"
    return [word(logs.get(key, "missing")) for run in scenario.get("runs", []) for logs in run.get("logs", [])]


def _cell(row: dict[str, Any]) -> str:
    words = {True: "STOP", False: "goes on"}
    parts = []
    for name, value in row.items():
        said = words[value] if name == "stop" and isinstance(value, bool) else f"{name}={word(value)}"
        parts.append(str(value) if name == "seen" else said)
    return ", ".join(parts) or "the same"


def word(value: Any) -> str:
    """Return a value of a trace as a person writes it: 2, not 2.0; float64(1.0) for a NumPy scalar."""
    if isinstance(value, list):
        return f"[{', '.join(word(member) for member in value)}]"
    if isinstance(value, dict) and len(value) == 1:
        return "".join(f"{kind}({member})" for kind, member in value.items())
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else str(value)


def _plain(table: Table) -> list[str]:
    console = Console(file=io.StringIO(), width=110, color_system=None)
    console.print(table)
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]
