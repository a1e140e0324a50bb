"""Play one scenario again, and show what the reference and the subject did, side by side."""

from itertools import zip_longest
from typing import Any

from rich.markup import escape
from rich.table import Table

from .checks import Bench
from .play import play_loop
from .scenarios import Scenario
from .subjects import Subject

__all__ = ["side_by_side"]

HIDDEN = ("hook", "epoch", "warned", "printed")


def side_by_side(subject: Subject, scenario: Scenario) -> tuple[Table, bool]:
    """Return a table of both traces, and whether they are equal."""
    rows = _loop_rows(subject, scenario) if subject.kind == "CallbackList" else _rows(subject, scenario)
    table = Table(title=escape(f"{subject.name}  {scenario.arguments or ''}"))
    for column in ("at", "reference", subject.name, ""):
        table.add_column(column)
    same = True
    for at, left, right in rows:
        mark = "" if left == right else "<- first difference" if same else "<-"
        same = same and left == right
        table.add_row(*map(escape, (at, left, right, mark)))
    return table, same


def _rows(subject: Subject, scenario: Scenario) -> list[tuple[str, str, str]]:
    bench = Bench(subject)
    rows = []
    blank: dict[str, Any] = {}
    for left, right in zip_longest(bench.reference(scenario), bench.play(scenario), fillvalue=blank):
        row = left or right
        at = row["hook"] if row["epoch"] is None else f"{row['hook']} {row['epoch']}"
        rows.append((at, _text(left), _text(right)))
    return rows


def _text(row: dict[str, Any]) -> str:
    shown = {name: value for name, value in row.items() if name not in HIDDEN and value not in (None, [], "", False)}
    return ", ".join(f"{name}={value}" for name, value in shown.items()) or "did not run"


def _loop_rows(subject: Subject, scenario: Scenario) -> list[tuple[str, str, str]]:
    from .checks import reference_subject

    host = "fit" if subject.is_keras else "stub"
    left = _events(play_loop(reference_subject("CallbackList"), scenario, "stub"))
    right = _events(play_loop(subject, scenario, host))
    return [(str(index), *pair) for index, pair in enumerate(zip_longest(left, right, fillvalue="did not run"))]


def _events(runs: list[dict[str, Any]]) -> list[str]:
    return [_event(event) for run in runs for event in run["events"]]


def _event(event: dict[str, Any]) -> str:
    index = "" if event["index"] is None else event["index"]
    return f"{event['who']}: {event['hook']} {index} {event['keys'] or ''}".strip()
