"""The results page: what each subject did with each clause, from the published JSON files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
from callback_conformance import report
from callback_conformance.clauses import Clause
from callback_conformance.kinds import KINDS

from site_tools.contract import clauses, in_group, link, sentence
from site_tools.places import DATA
from site_tools.words import say

__all__ = ["GLYPHS", "read", "results"]

GLYPHS = {
    "pass": "✓",
    "fail": "✗",
    "known": "≈",
    "unsupported": "–",
    "blocked": "⊘",
    "error": "!",
    "not-run": "○",
}


def read(folder: Path) -> list[dict[str, Any]]:
    """Read the results files of `folder`, as the suite itself reads them; one of another schema is refused."""
    return [msgspec.to_builtins(report.read(path)) for path in sorted(folder.glob("*.json"))]


def results(language: str, page: str, folder: Path = DATA / "results") -> str:
    """Return the runs, the counts by profile and the table of clauses as Markdown."""
    columns = read(folder)
    if not columns:
        return say("no-results", language)
    parts = [_runs(columns, language), _counts(columns, language), _matrix(columns, language, page)]
    return "\n\n".join(parts)


def _title(column: dict[str, Any]) -> str:
    """Return who was judged: subject, version, backend."""
    subject = column["subject"]
    return "<br>".join([f"`{subject['name']}`", f"{subject['package']} {subject['version']}", *_backend(subject)])


def _backend(subject: dict[str, str]) -> list[str]:
    """Return the backend, if there is one."""
    return [] if subject["backend"] == "none" else [subject["backend"]]


def _runs(columns: list[dict[str, Any]], language: str) -> str:
    """Return one line on each run."""
    lines = []
    for column in columns:
        subject = column["subject"]
        facts = {key: column[key] for key in ("python", "platform", "seed", "examples")}
        packages = ", ".join([f"{subject['package']} {subject['version']}", *_backend(subject)])
        who = f"`{subject['name']}` ({packages})"
        lines.append(f"- {who}: {say('run-facts', language, **facts)}")
    return "\n".join(lines)


def _status(column: dict[str, Any], clause: str) -> str:
    """Return the status of a clause; one without an entry was not run."""
    return str(column["clauses"].get(clause, {}).get("status", "not-run"))


def verdict(status: str, language: str, count: int | None = None) -> str:
    """Return a status as a glyph and a word."""
    number = "" if count is None else f"{count} "
    return (
        f'<span class="verdict verdict--{status}"><span aria-hidden="true">{GLYPHS[status]}</span> '
        f"{number}{say(status, language)}</span>"
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _counts(columns: list[dict[str, Any]], language: str) -> str:
    """Return how many clauses of each profile had each status."""
    head = [say("profile", language), *map(_title, columns)]
    profiles = dict.fromkeys(clause.profile for clause in clauses().values())
    rows = []
    for profile in profiles:
        names = [clause.id for clause in clauses().values() if clause.profile == profile]
        cells = [_count(Counter(_status(column, name) for name in names), language) for column in columns]
        rows.append([say(profile, language), *cells])
    return _table(head, rows)


def _count(found: Counter[str], language: str) -> str:
    """Return the counts of one cell, the same statuses always in the same order."""
    return "<br>".join(verdict(status, language, found[status]) for status in GLYPHS if found[status])


def _matrix(columns: list[dict[str, Any]], language: str, page: str) -> str:
    """Return a table of clause by subject for each callback, under a heading of its own."""
    parts = []
    for kind in KINDS.values():
        own = [clause for group in kind.groups for clause in in_group(group)]
        shown = [clause for clause in own if clause.status != "withdrawn"]
        parts.append(f"### {kind.name} {{ #{kind.group.replace('_', '-')} }}")
        parts.append(_of_one(shown, columns, language, page))
    return "\n\n".join(parts)


def _of_one(shown: list[Clause], columns: list[dict[str, Any]], language: str, page: str) -> str:
    """Return the table of a callback's clauses."""
    head = [say("clause", language), *map(_title, columns), say("says", language)]
    rows = []
    for clause in shown:
        cells = [verdict(_status(column, clause.id), language) for column in columns]
        says = sentence(clause, language).replace("|", "\\|")
        rows.append([link(clause, page), *cells, says])
    return _table(head, rows)
