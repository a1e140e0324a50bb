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
from .messages import ENGLISH, Words
from .runner import SCHEMA, Failure, Report

__all__ = [
    "Line",
    "ReportError",
    "Row",
    "again",
    "badge",
    "call",
    "failure_text",
    "read",
    "rows",
    "subject_of",
    "subject_title",
    "summary",
    "summary_rows",
    "to_bytes",
    "trace_lines",
    "why",
    "word",
    "write",
    "write_bytes",
]

MISSING = "missing"
"""Stands for a monitored value that the logs of an epoch do not hold."""

MOMENTS = {"construct": "at-construct", "begin": "at-begin", "end": "at-end", "whole run": "at-whole-run"}
STATUSES = ("pass", "fail", "known", "unsupported", "blocked", "error", "not-run")
COLOURS = (("fail", "red"), ("error", "red"), ("known", "yellowgreen"), ("pass", "brightgreen"))
"""The colour of a badge: that of the first status that the report has."""


class ReportError(ValueError):
    """A results file cannot be read; the message names the file and what is accepted."""


def write(report: Report, path: Path) -> None:
    """Write a report as JSON, whole or not at all."""
    write_bytes(to_bytes(report), path)


def to_bytes(report: Report) -> bytes:
    """Return a report as JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def write_bytes(data: bytes, path: Path) -> None:
    """Write a file, whole or not at all.

    Raises:
        OSError: it cannot be written; what was there before stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


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


def summary(report: Report, words: Words = ENGLISH) -> Table:
    """Return a table of how many clauses of each callback and profile have which status."""
    scenarios = sum(result.scenarios for result in report.clauses.values())
    table = Table(
        title=subject_title(report, words),
        caption=words(
            "caption", clauses=words.count("clauses", len(report.clauses)),
            scenarios=words.count("scenarios", scenarios), seed=report.seed,
        ),
    )  # fmt: skip
    head, *rows = summary_rows(report, words)
    for index, column in enumerate(head):
        table.add_column(column, justify="left" if index < 2 else "right")
    for row in rows:
        table.add_row(*row)
    return table


def subject_of(report: Report, callback: str) -> dict[str, str]:
    """Return the subject of one callback, also where a report is about a whole module."""
    name = report.subject["name"]
    return {**report.subject, "kind": callback, "name": name if ":" in name else f"{name}:{callback}"}


def subject_title(report: Report, words: Words = ENGLISH) -> str:
    """Return what was judged: name, version and backend, as far as they are known."""
    subject = report.subject
    version = "" if subject["version"] == "unknown" else f" {subject['version']}"
    name = f"{subject['name']}{version}"
    return name if subject["backend"] == "none" else words("subject-on", name=name, backend=subject["backend"])


def summary_rows(report: Report, words: Words = ENGLISH) -> list[list[str]]:
    """Return the head and the rows of the summary; a dot stands for none."""
    counts: Counter[tuple[str, str, str]] = Counter(
        (result.callback, result.profile, result.status) for result in report.clauses.values()
    )
    shown = [status for status in STATUSES if any(key[2] == status for key in counts)]
    rows = [[words("head-callback"), words("head-profile"), *(words(f"status-{status}") for status in shown)]]
    for callback, profile in dict.fromkeys(key[:2] for key in counts):
        numbers = (str(counts[callback, profile, status] or "·") for status in shown)
        rows.append([callback, words(f"profile-{profile}"), *numbers])
    return rows


class Line(msgspec.Struct, frozen=True):
    """One line of the table that sets both traces side by side.

    Args:
        at: the moment: an epoch, a batch or a hook.
        value: the monitored value, where there is one.
        expected: what had to be seen.
        subject: what was seen.
        first: this is the first difference.
        differs: the two differ.
    """

    at: str
    value: str
    expected: str
    subject: str
    first: bool
    differs: bool


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


def failure_text(failure: Failure, subject: dict[str, str], words: Words = ENGLISH) -> str:
    """Return the clause, what was played, both traces with the first difference marked, and how to replay it."""
    clause = clauses.load()[failure.clause]
    kind = subject["kind"]
    lines = [
        words("title-and-why", title=f"{failure.clause} {kind}", why=clause.text(words.language)),
        f"  {_named(subject)}      {call(subject, failure.scenario, words)}",
        f"  {why(failure, words)}",
        *(f"  {line}" for line in _rows(failure, words)),
        f"  {words('replay', command=again(failure, subject))}",
    ]
    return "\n".join(line.rstrip() for line in lines)


def why(failure: Failure, words: Words = ENGLISH) -> str:
    """Return what went wrong: the name of a case, or the sentence of a check."""
    if failure.kind == "vector" and failure.why == failure.check:
        return words("case-name", name=words.told(failure.why))
    return words.told(failure.why)


def again(failure: Failure, subject: dict[str, str]) -> str:
    """Return the command that shows this failure again: a check that calls the class by hand has no case to replay."""
    scripted = failure.scenario.get("runs") or failure.scenario.get("steps") or failure.kind == "vector"
    option = f"--case {failure.clause}/{failure.case}" if scripted else f"--clause {failure.clause}"
    return f"callback-conformance {subject['name']} --as {subject['kind']} {option}"


def _named(subject: dict[str, str]) -> str:
    version = "" if subject["version"] == "unknown" else f" {subject['version']}"
    return f"{subject['package']}{version}"


def call(subject: dict[str, str], scenario: Any, words: Words = ENGLISH) -> str:
    """Return how the subject was built."""
    if subject["kind"] == "CallbackList":
        return msgspec.json.encode(scenario).decode()
    arguments = ", ".join(f"{name}={value!r}" for name, value in scenario.get("arguments", {}).items())
    metrics = scenario.get("metrics")
    built = f"{subject['name'].rpartition(':')[2]}({arguments})"
    return f"{built}   {words('compiled-metrics', metrics=metrics)}" if metrics else built


def _rows(failure: Failure, words: Words) -> list[str]:
    table = Table(box=None, pad_edge=False)
    for column in ("at", "value", "expected", "subject"):
        table.add_column(words(f"row-{column}"), no_wrap=column == "at")
    table.add_column("", no_wrap=True)
    for line in trace_lines(failure, words):
        mark = words("first-difference") if line.first else ""
        table.add_row(*map(escape, (line.at, line.value, line.expected, line.subject, mark)))
    return _plain(table)


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


def trace_lines(failure: Failure, words: Words = ENGLISH) -> list[Line]:
    """Return both traces side by side, with what is equal left out where there is much of it."""
    lines: list[Line] = []
    for row in rows(failure):
        first = row.differs and not any(line.differs for line in lines)
        value = words("missing") if row.value == MISSING else row.value
        cells = _cell(row.expected, words), _cell(row.subject, words)
        lines.append(Line(_moment(row.at, words), value, *cells, first, row.differs))
    return lines


def _moment(at: str, words: Words) -> str:
    """Return a moment of a run; a hook and an epoch are called the same everywhere."""
    if at.startswith("batch "):
        return words("at-batch", index=at.removeprefix("batch "))
    return words(MOMENTS[at]) if at in MOMENTS else at


def _values(scenario: Any) -> list[str]:
    monitor = scenario.get("arguments", {}).get("monitor", "val_loss")
    key = monitor if isinstance(monitor, str) else "val_loss"
    return [word(logs.get(key, MISSING)) for run in scenario.get("runs", []) for logs in run.get("logs", [])]


def _cell(row: dict[str, Any], words: Words) -> str:
    parts = []
    for name, value in row.items():
        if name == "seen":
            parts.append(words.known(str(value)) or str(value))
        elif name == "stop" and isinstance(value, bool):
            parts.append(words("stops" if value else "goes-on"))
        else:
            parts.append(f"{name}={word(value)}")
    return ", ".join(parts) or words("the-same")


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
