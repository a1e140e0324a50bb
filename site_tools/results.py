"""The results page: what each subject did with each clause, from the published JSON files."""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

import msgspec
from callback_conformance import report
from callback_conformance.clauses import Clause
from callback_conformance.kinds import KINDS, Kind

from site_tools.contract import clauses, in_group, sentence
from site_tools.inline import asset, html, linked
from site_tools.places import DATA, LANGUAGES
from site_tools.words import say

__all__ = ["GLYPHS", "anchor", "of_kind", "read", "results", "status", "verdict"]

GLYPHS = {
    "pass": "✓",
    "fail": "✗",
    "known": "≈",
    "unsupported": "–",
    "blocked": "⊘",
    "error": "!",
    "not-run": "○",
}
Column = dict[str, Any]


def read(folder: Path) -> list[Column]:
    """Read the results files of `folder`, as the suite itself reads them; one of another schema is refused."""
    return [msgspec.to_builtins(report.read(path)) for path in sorted(folder.glob("*.json"))]


def results(language: str, page: str, folder: Path = DATA / "results") -> str:
    """Return the runs, the counts by profile, the filter and the tables of clauses."""
    columns = read(folder)
    if not columns:
        return say("no-results", language)
    parts = [_runs(columns, language), _counts(columns, language), _form(columns, language)]
    parts += [_of_one(kind, columns, language, page) for kind in KINDS.values()]
    script = f'<script src="{asset("js/results.js", language, page)}" defer></script>'
    return "\n\n".join([*parts, script])


def of_kind(kind: Kind) -> list[Clause]:
    """Return the clauses by which a callback is judged, without those withdrawn."""
    own = [clause for group in kind.groups for clause in in_group(group)]
    return [clause for clause in own if clause.status != "withdrawn"]


def anchor(kind: Kind) -> str:
    """Return the id of a callback's section."""
    return kind.group.replace("_", "-")


def status(column: Column, clause: str) -> str:
    """Return the status of a clause; one without an entry was not run."""
    return str(column["clauses"].get(clause, {}).get("status", "not-run"))


def verdict(found: str, language: str, count: int | None = None) -> str:
    """Return a status as a glyph and a word."""
    number = "" if count is None else f"{count} "
    return (
        f'<span class="verdict verdict--{found}"><span aria-hidden="true">{GLYPHS[found]}</span> '
        f"{number}{say(found, language)}</span>"
    )


def _names(column: Column) -> list[str]:
    """Return who was judged, in short: the package with its version, and the backend if there is one."""
    subject = column["subject"]
    backend = [] if subject["backend"] == "none" else [subject["backend"]]
    return [f"{subject['package']} {subject['version']}", *backend]


def _runs(columns: list[Column], language: str) -> str:
    """Return one line on each run."""
    lines = []
    for column in columns:
        facts = {key: column[key] for key in ("python", "platform", "seed", "examples")}
        who = f"`{column['subject']['name']}` ({', '.join(_names(column))})"
        lines.append(f"- {who}: {say('run-facts', language, **facts)}")
    return "\n".join(lines)


def _counts(columns: list[Column], language: str) -> str:
    """Return how many clauses of each profile had each status, as a Markdown table."""
    rows = [[say("profile", language), *("<br>".join(_names(column)) for column in columns)], ["---"] * _width(columns)]
    for profile in _profiles():
        names = [clause.id for clause in clauses().values() if clause.profile == profile]
        cells = [_count(Counter(status(column, name) for name in names), language) for column in columns]
        rows.append([say(profile, language), *cells])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _width(columns: list[Column]) -> int:
    """Return how many columns a table has: the words, and one for each run."""
    return 1 + len(columns)


def _profiles() -> list[str]:
    """Return the profiles in the order of the clauses."""
    return list(dict.fromkeys(clause.profile for clause in clauses().values()))


def _count(found: Counter[str], language: str) -> str:
    """Return the counts of one cell, the same statuses always in the same order."""
    return "<br>".join(verdict(name, language, found[name]) for name in GLYPHS if found[name])


def _form(columns: list[Column], language: str) -> str:
    """Return the filter; a page without JavaScript hides it and shows every row."""
    callbacks = {anchor(kind): kind.name for kind in KINDS.values()}
    profiles = {name: say(name, language) for name in _profiles()}
    statuses = {"differ": say("matrix-differ", language), "not-pass": say("matrix-not-pass", language)}
    statuses |= {name: f"{glyph} {say(name, language)}" for name, glyph in GLYPHS.items()}
    runs = {_slug(column): " · ".join(_names(column)) for column in columns}
    boxes = [
        _choice("callback", "matrix-callback", callbacks, language),
        _choice("profile", "profile", profiles, language),
        _choice("status", "matrix-status", statuses, language),
        _choice("run", "matrix-run", runs, language),
    ]
    count = escape(say("matrix-count", language, shown="{shown}", all="{all}"))
    return (
        "<noscript><style>.matrix-form{display:none}</style></noscript>\n"
        f'<form class="matrix-form" role="search" aria-label="{say("matrix-filter", language)}">\n'
        + "".join(boxes)
        + f'<label>{say("matrix-text", language)}<input type="search" name="q" autocomplete="off"></label>'
        f'<button type="reset">{say("matrix-reset", language)}</button>'
        f'<output aria-live="polite" data-count="{count}">{_shown(language)}</output>\n'
        "</form>"
    )


def _shown(language: str) -> str:
    """Return the count of a table without a filter."""
    whole = sum(len(of_kind(kind)) for kind in KINDS.values())
    return say("matrix-count", language, shown=whole, all=whole)


def _choice(name: str, key: str, values: dict[str, str], language: str) -> str:
    """Return a labelled list of values, with the one first that filters nothing."""
    whole = {"": say("matrix-any", language), **values}
    options = "".join(f'<option value="{value}">{escape(words)}</option>' for value, words in whole.items())
    return f'<label>{say(key, language)}<select name="{name}">{options}</select></label>'


def _slug(column: Column) -> str:
    """Return the name of a run, for addresses: `keras-3-15-1-tensorflow`."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(_names(column)).lower())


def _of_one(kind: Kind, columns: list[Column], language: str, page: str) -> str:
    """Return the clauses of one callback as a table inside a box that scrolls by itself."""
    shown = of_kind(kind)
    heads = "".join(f'<th scope="col">{_head(column)}</th>' for column in columns)
    rows = "\n".join(_row(clause, columns, language, page) for clause in shown)
    return (
        f'<details class="matrix" open><summary><h3 id="{anchor(kind)}">{kind.name}</h3> '
        f'<span class="matrix__count">{len(shown)}</span></summary>\n'
        f'<div class="matrix__scroll" role="region" tabindex="0" aria-labelledby="{anchor(kind)}">'
        f'<table class="matrix__table"><thead><tr><th scope="col">{say("clause", language)}</th>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div></details>"
    )


def _head(column: Column) -> str:
    """Return who was judged, for the head of a narrow column: the name may break after its underscore."""
    return "<br>".join(_names(column)).replace("_", "_<wbr>")


def _row(clause: Clause, columns: list[Column], language: str, page: str) -> str:
    """Return one clause: the sentence with its id, and a cell for each run."""
    name = clause.id.lower()
    cells = "".join(_cell(name, column, clause.id, language) for column in columns)
    head = f'<th scope="row" abbr="{clause.id}">{linked(clause, page)} {html(sentence(clause, language))}</th>'
    return f'<tr id="{name}" data-profile="{clause.profile}">{head}{cells}</tr>'


def _cell(row: str, column: Column, clause: str, language: str) -> str:
    """Return a verdict, which opens where there is more to say; the glyph comes from the style sheet."""
    found = status(column, clause)
    more = _more(column["clauses"].get(clause, {}), language)
    if not more:
        return f'<td class="{found}">{say(found, language)}</td>'
    box = f"<details><summary>{say(found, language)}</summary>{more}</details>"
    return f'<td class="{found}" id="{row}-{_slug(column)}">{box}</td>'


def _more(entry: dict[str, Any], language: str) -> str:
    """Return why a clause is not kept, in the English of the run, and how to replay its case."""
    failure = entry.get("failure") or {}
    mark = "" if language == LANGUAGES[0] else ' lang="en"'
    reason = entry.get("reason") or failure.get("why")
    said = f"<p{mark}>{html(reason)}</p>" if reason else ""
    return said + (f"<p><code>--case {entry['case']}</code></p>" if entry.get("case") else "")
