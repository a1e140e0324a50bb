"""Show the matrix: columns and statuses, what begins or ceases to hold between neighbours, and what failed."""

from collections import Counter
from itertools import pairwise
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..report import STATUSES
from .missing import Missing, changes
from .run import Outcome
from .words import say

__all__ = ["as_data", "show"]

HELD = ("pass",)
BROKEN = ("fail", "known")
ROWS = 30
"""How many rows of a trace are shown."""


def show(outcomes: dict[str, Outcome], missing: list[Missing], console: Console, language: str) -> None:
    """Print everything that a person wants to know first."""
    console.print(_table(outcomes, language))
    for left, right, names in _steps(outcomes):
        for key, clauses in names.items():
            if clauses:
                line = say(key, language, left=left, right=right, clauses=", ".join(clauses))
                console.print(line, highlight=False, markup=False, soft_wrap=True)
    for name, outcome in outcomes.items():
        if outcome.lines:
            console.print(say("column-failed", language, column=name), highlight=False, markup=False)
            for line in outcome.lines:
                console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    for member in missing:
        _show_missing(member, console, language)


def as_data(outcomes: dict[str, Outcome], missing: list[Missing]) -> dict[str, Any]:
    """Return the same as data: columns with counts, differences between neighbours, and missing clauses."""
    columns = {
        name: {"file": outcome.file, "finished": bool(outcome.report and outcome.report.finished),
               "counts": _counts(outcome), "lines": outcome.lines}
        for name, outcome in outcomes.items()
    }  # fmt: skip
    steps = [{"left": left, "right": right, **names} for left, right, names in _steps(outcomes)]
    return {"columns": columns, "steps": steps, "missing": msgspec.to_builtins(missing)}


def _table(outcomes: dict[str, Outcome], language: str) -> Table:
    table = Table(title=say("table-title", language))
    counts = {name: _counts(outcome) for name, outcome in outcomes.items()}
    shown = [status for status in STATUSES if any(status in count for count in counts.values())]
    table.add_column(say("table-column", language))
    for status in shown:
        table.add_column(status, justify="right")
    for name, count in counts.items():
        table.add_row(escape(name), *(str(count.get(status, "·")) for status in shown))
    return table


def _counts(outcome: Outcome) -> dict[str, int]:
    if outcome.report is None:
        return {}
    return dict(Counter(result.status for result in outcome.report.clauses.values()))


def _steps(outcomes: dict[str, Outcome]) -> list[tuple[str, str, dict[str, list[str]]]]:
    """Return the clauses that begin or cease to hold, or stand otherwise, from one column to the next."""
    judged = {name: outcome.report for name, outcome in outcomes.items() if outcome.report is not None}
    steps = []
    for (left, one), (right, two) in pairwise(judged.items()):
        names: dict[str, list[str]] = {"begins": [], "ceases": [], "otherwise": []}
        for name, (before, after) in changes(one, two).items():
            names[_how(before.status, after.status)].append(name)
        if any(names.values()):
            steps.append((left, right, names))
    return steps


def _how(before: str, after: str) -> str:
    if after in HELD and before not in HELD:
        return "begins"
    return "ceases" if before in HELD and after not in HELD else "otherwise"


def _show_missing(member: Missing, console: Console, language: str) -> None:
    words = say(
        "clause-missing", language, kind=member.kind, left=member.left, right=member.right,
        effects=", ".join(member.effects),
    )  # fmt: skip
    console.print(words, style="bold", highlight=False, markup=False)
    console.print(f"  {msgspec.json.encode(member.scenario).decode()}", highlight=False, markup=False, soft_wrap=True)
    table = Table(box=None)
    for head in ("", member.left, member.right):
        table.add_column(escape(head))
    for index in range(min(ROWS, max(len(member.left_trace), len(member.right_trace)))):
        rows = [trace[index] if index < len(trace) else {} for trace in (member.left_trace, member.right_trace)]
        at = str(rows[0].get("hook") or rows[1].get("hook") or index)
        table.add_row(escape(at), *(escape(_cell(row, member.effects)) for row in rows))
    console.print(table)


def _cell(row: dict[str, Any], effects: list[str]) -> str:
    if not row:
        return "—"
    return ", ".join(f"{name}={row[name]}" for name in effects if name in row) or "…"
