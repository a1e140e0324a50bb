"""What broke a clause, run by run: for each callback and language one plain page beside the results.

A cell of the results leads to its entry here.
The script of the results page shows the same entry in place, so that the big page need not hold it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import msgspec
from callback_conformance import report
from callback_conformance.clauses import Clause
from callback_conformance.kinds import KINDS, Kind
from callback_conformance.runner import Failure, Report

from site_tools.columns import Column, named, read, slug, spans, status
from site_tools.contract import page_of, sentence
from site_tools.inline import address, html, shared, translated
from site_tools.places import DATA, LANGUAGES
from site_tools.results import GLYPHS, anchor, of_kind, told
from site_tools.words import say

__all__ = ["document", "script", "write"]

PLACE = re.compile(r"(batch )?(\d+)")
MOMENTS = {"construct": "case-construct", "begin": "case-begin", "end": "case-end", "whole run": "case-whole"}
OVER = "no such epoch"
Group = list[Column]


def write(site: Path, folder: Path = DATA / "results") -> None:
    """Write the pages of all callbacks, in all languages, and the badges, below the built site."""
    columns = read(folder)
    for language in LANGUAGES:
        results = site / ("" if language == LANGUAGES[0] else language) / "results"
        for kind in KINDS.values():
            _save(results / anchor(kind) / "index.html", document(kind, columns, language))
    for column in columns:
        badge = report.badge(msgspec.convert(column, Report))
        _save(site / "results" / "badge" / f"{slug(column)}.json", msgspec.json.encode(badge).decode())


def _save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def document(kind: Kind, columns: list[Column], language: str) -> str:
    """Return the whole page of one callback."""
    page = f"results/{anchor(kind)}.md"
    title = escape(say("case-title", language, name=kind.name))
    sections = [_section(kind, clause, columns, language, page) for clause in of_kind(kind)]
    body = "\n".join(filter(None, sections)) or f"<p>{escape(say('case-none', language))}</p>"
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'<meta name="description" content="{escape(say("case-intro", language))}">\n'
        f'<link rel="icon" href="{shared("assets/mark.svg", language, page)}">\n'
        f'<link rel="stylesheet" href="{shared("assets/css/traces.css", language, page)}">\n</head>\n'
        f'<body class="cases">\n<main>\n<p><a href="../#{anchor(kind)}">{escape(say("case-back", language))}</a></p>\n'
        f"<h1>{title}</h1>\n<p>{escape(say('case-intro', language))}</p>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _section(kind: Kind, clause: Clause, columns: list[Column], language: str, page: str) -> str:
    """Return the entries of one clause, or nothing where every run has only a status."""
    groups = _groups(columns, clause.id)
    if not groups:
        return ""
    name = clause.id.lower()
    articles = "\n".join(_article(kind, clause, groups, place, columns, language) for place in range(len(groups)))
    return (
        f'<section class="case-clause" id="{name}">\n<header><h2>{clause.id}</h2> '
        f"<p>{html(sentence(clause, language))}</p>\n"
        f'<p><a href="{address(page_of(clause), page)}#{name}">{escape(say("case-clause", language))}</a> · '
        f'<a class="case-row" href="../#{name}">{escape(say("case-row", language))}</a></p></header>\n'
        f"{articles}\n</section>"
    )


def _groups(columns: list[Column], clause: str) -> list[Group]:
    """Return the columns that have something to tell of a clause; those that tell the same stand together."""
    found: dict[bytes, Group] = {}
    for column in columns:
        if told(column, clause):
            entry = column["clauses"][clause]
            key = msgspec.json.encode([entry.get(name) for name in ("status", "reason", "case", "failure")])
            found.setdefault(key, []).append(column)
    return list(found.values())


def _article(kind: Kind, clause: Clause, groups: list[Group], place: int, columns: list[Column], language: str) -> str:
    """Return one entry: the runs, their verdict, the reason, the case and both traces."""
    own = groups[place]
    entry = own[0]["clauses"][clause.id]
    found = status(own[0], clause.id)
    marks = "".join(f'<span id="{clause.id.lower()}-{slug(column)}"></span>' for column in own)
    parts = [
        *_why(entry, language),
        *_case(kind, entry, own[0], spans(own, columns), language),
        _others(clause, groups, place, columns, language),
    ]
    return (
        f'<article class="case">{marks}<h3><span class="{found}"><span aria-hidden="true">{GLYPHS[found]}</span> '
        f"{say(found, language)}</span> {escape(spans(own, columns))}</h3>\n"
        + "\n".join(filter(None, parts))
        + "</article>"
    )


def _why(entry: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the reason and the check, each once."""
    failure = entry.get("failure") or {}
    checks = dict.fromkeys([failure.get("check"), failure.get("why")])
    if entry.get("reason"):
        yield f"<p>{say('case-reason', language)} {translated(entry['reason'], language)}</p>"
    said = [translated(text, language) for text in checks if text and text != f"not so: {failure.get('check')}"]
    if said:
        yield f"<p>{say('case-check', language)} {say('semicolon', language).join(said)}</p>"


def _case(kind: Kind, entry: dict[str, Any], column: Column, runs: str, language: str) -> Iterator[str]:
    """Yield the case as a call, both traces, and the command that plays it again."""
    if not entry.get("failure"):
        return
    failure = msgspec.convert(entry["failure"], Failure)
    subject = _subject(kind, column)
    lines = "\n".join(script(failure.scenario, kind.name))
    yield f"<h4>{escape(say('case-played', language, case=f'{failure.clause}/{failure.case}'))}</h4>"
    yield f'<pre lang="en"><code>{escape(lines)}</code></pre>'
    yield _table(failure, column, runs, language)
    yield f"<p>{say('case-replay', language)} <code>{escape(report.again(failure, subject))}</code></p>"


def _subject(kind: Kind, column: Column) -> dict[str, str]:
    """Return who failed, as one class: a run of all callbacks names their module."""
    subject = column["subject"]
    name = subject["name"] if ":" in subject["name"] else f"{subject['name']}:{kind.name}"
    return {**subject, "name": name, "kind": kind.name}


def _others(clause: Clause, groups: list[Group], place: int, columns: list[Column], language: str) -> str:
    """Return links to the other entries of the clause."""
    rest = [group for number, group in enumerate(groups) if number != place]
    if not rest:
        return ""
    links = "; ".join(
        f'<a href="#{clause.id.lower()}-{slug(group[0])}">{escape(spans(group, columns))}</a>' for group in rest
    )
    return f'<p class="case__others">{escape(say("case-others", language))} {links}</p>'


def script(scenario: Any, kind: str) -> list[str]:
    """Return a scenario as lines that read like the code of a run."""
    if not isinstance(scenario, dict):
        return [report.word(scenario)]
    given = {name: value for name, value in scenario.items() if name not in ("arguments", "runs", "steps")}
    lines = [f"{name} = {_literal(value)}" for name, value in given.items()]
    lines.append(f"{kind}({_arguments(scenario.get('arguments', {}))})")
    lines += [f"{step[0]}({', '.join(map(_literal, step[1:]))})" for step in scenario.get("steps", [])]
    return lines + [_run(run) for run in scenario.get("runs", [])]


def _run(run: dict[str, Any]) -> str:
    """Return one run as a call of `fit`, `evaluate` or `predict`; logs with the same keys are lists by key."""
    given = {name: value for name, value in run.items() if name not in ("kind", "logs")}
    logs = run.get("logs", [])
    same = len({tuple(log) for log in logs}) == 1 and all(key.isidentifier() for key in logs[0])
    values = {key: [log[key] for log in logs] for key in logs[0]} if same else {"logs": logs} if logs else {}
    return f"{run.get('kind', 'fit')}({_arguments({**values, **given})})"


def _arguments(given: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_literal(value)}" for name, value in given.items())


def _literal(value: Any) -> str:
    """Return a value as Python writes it, with `nan` and `inf` as numbers, and functions and scalars by their name."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)) in ("function", "float32", "float64", "float16"):
            ((name, member),) = value.items()
            return str(member) if name == "function" else f"{name}({_literal(member)})"
        return "{" + ", ".join(f"{name!r}: {_literal(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if value in ("nan", "inf", "-inf"):
        return str(value)
    return report.word(value) if isinstance(value, float) else repr(value)


def _table(failure: Failure, column: Column, runs: str, language: str) -> str:
    """Return both traces side by side, with the first difference marked in words."""
    rows = report.rows(failure)
    valued = any(row.value for row in rows)
    keys = ["case-at", *(["case-value"] if valued else []), "case-expected", "case-got"]
    heads = [escape(say(key, language)) for key in keys]
    heads[-1] += f" ({escape(named(column))})"
    top = "".join(f'<th scope="col">{head}</th>' for head in heads)
    first = next((index for index, row in enumerate(rows) if row.differs), -1)
    body = "\n".join(_tr(row, index == first, valued, language) for index, row in enumerate(rows))
    return (
        f'<div class="case__scroll" role="region" tabindex="0" aria-label="{escape(f"{failure.clause}: {runs}")}">'
        f'<table class="case__table"><caption>'
        f"{escape(say('case-traces', language))}</caption><thead><tr>{top}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _tr(row: report.Row, first: bool, valued: bool, language: str) -> str:
    """Return one place of both traces."""
    mark = f" <mark>{escape(say('case-first', language))}</mark>" if first else ""
    value = f"<td>{escape(row.value)}</td>" if valued else ""
    sides = [_side(side, language) for side in (row.expected, row.subject)]
    cells = value + f"<td>{sides[0]}</td><td>{sides[1]}{mark}</td>"
    kind = ' class="differs"' if row.differs else ""
    return f'<tr{kind}><th scope="row">{escape(_moment(row.at, language))}</th>{cells}</tr>'


def _moment(at: str, language: str) -> str:
    """Return in words where in the run a row stands."""
    found = PLACE.fullmatch(at)
    if found:
        return say("case-batch" if found[1] else "case-epoch", language, number=found[2])
    return say(MOMENTS[at], language) if at in MOMENTS else at


def _side(side: dict[str, Any], language: str) -> str:
    """Return what one of both did at one place."""
    if set(side.values() if all(isinstance(value, str) for value in side.values()) else ()) == {OVER}:
        return escape(say("case-ended", language))
    parts = [_effect(name, value, language) for name, value in side.items()]
    return "<br>".join(parts) or escape(say("case-same", language))


def _effect(name: str, value: Any, language: str) -> str:
    """Return one effect: the word for a stop, or the name with its value."""
    if name == "stop" and isinstance(value, bool):
        return escape(say("case-stops" if value else "case-goes-on", language))
    if value == OVER:
        return f"{escape(name)}: {escape(say('case-ended', language))}"
    said = str(value) if name == "seen" else f"{name}={_literal(value)}"
    return f"<code>{escape(said)}</code>"
