"""The results page: what each subject did with each clause, from the published JSON files.

Neighbouring versions of one verdict share one cell, so that the page bears two dozen runs.
What broke a clause stands in pages beside it, which `site_tools.traces` writes.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path

from callback_conformance.clauses import Clause
from callback_conformance.kinds import KINDS, Kind

from site_tools.columns import (
    Column,
    Segment,
    before,
    families,
    family,
    head,
    named,
    newest,
    read,
    segments,
    short,
    slug,
    status,
)
from site_tools.contract import clauses, in_group, range_of, sentence
from site_tools.inline import asset, html, linked, shared, translated
from site_tools.places import DATA
from site_tools.words import say

__all__ = ["GLYPHS", "anchor", "changes", "newest", "of_kind", "read", "results", "status", "told", "verdict"]

GLYPHS = {
    "pass": "✓",
    "fail": "✗",
    "known": "≈",
    "unsupported": "–",
    "blocked": "⊘",
    "error": "!",
    "not-run": "○",
}
HOLDS = {"pass"}
BROKEN = {"fail", "known", "unsupported"}


def results(language: str, page: str, folder: Path = DATA / "results") -> str:
    """Return the counts of each run, the filter, and the tables of clauses."""
    columns = read(folder)
    if not columns:
        return say("no-results", language)
    groups = families(columns)
    parts = [_style(language, page), _counts(columns, language), _runs(columns, language, page)]
    parts.append(_form(columns, language))
    parts += [_of_one(kind, columns, groups, language, page) for kind in KINDS.values()]
    script = f'<script src="{asset("js/results.js", language, page)}" defer></script>'
    return "\n\n".join([*parts, script])


def _style(language: str, page: str) -> str:
    """Return the link to the style of what broke a clause, which no other page needs."""
    return f'<link rel="stylesheet" href="{asset("css/traces.css", language, page)}">'


def of_kind(kind: Kind) -> list[Clause]:
    """Return the clauses by which a callback is judged, without those withdrawn."""
    own = [clause for group in kind.groups for clause in in_group(group)]
    return [clause for clause in own if clause.status != "withdrawn"]


def anchor(kind: Kind) -> str:
    """Return the id of a callback's section."""
    return kind.group.replace("_", "-")


def verdict(found: str, language: str, count: int | None = None) -> str:
    """Return a status as a glyph and a word."""
    number = "" if count is None else f"{count} "
    return (
        f'<span class="verdict verdict--{found}"><span aria-hidden="true">{GLYPHS[found]}</span> '
        f"{number}{say(found, language)}</span>"
    )


def told(column: Column, clause: str) -> bool:
    """Say whether a run tells more of a clause than its status."""
    entry = column["clauses"].get(clause, {})
    return bool(entry.get("reason") or entry.get("failure") or entry.get("case"))


def changes(column: Column, columns: list[Column]) -> tuple[list[str], list[str]]:
    """Return the clauses that began to hold in a column, and those that no longer hold, against the one before it.

    What was not judged in one of both is in neither.
    """
    earlier = before(column, columns)
    began: list[str] = []
    ended: list[str] = []
    for name in clauses() if earlier else ():
        was, now = status(earlier or {}, name), status(column, name)
        if was in BROKEN and now in HOLDS:
            began.append(name)
        elif was in HOLDS and now in BROKEN:
            ended.append(name)
    return began, ended


def _counts(columns: list[Column], language: str) -> str:
    """Return a table with a row for each run: its counts by profile, and what changed against the one before."""
    profiles = _profiles()
    heads = [say("matrix-run", language), say("matrix-change", language), *(say(name, language) for name in profiles)]
    top = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
    rows = "\n".join(_counted(column, columns, profiles, language) for column in columns)
    words = "".join(f"--{name}:&quot;{escape(say(name, language))}&quot;;" for name in GLYPHS)
    return (
        f'<div class="counts" role="region" tabindex="0" aria-label="{escape(say("matrix-counts", language))}">'
        f'<table class="counts__table" style="{words}"><thead><tr>{top}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _counted(column: Column, columns: list[Column], profiles: list[str], language: str) -> str:
    """Return the row of one run."""
    cells = []
    for profile in profiles:
        names = [clause.id for clause in clauses().values() if clause.profile == profile]
        cells.append(_count(Counter(status(column, name) for name in names), language))
    body = "".join(f"<td>{cell}</td>" for cell in [_change(column, columns, language), *cells])
    unfinished = "" if column.get("finished", True) else f" <small>{say('matrix-unfinished', language)}</small>"
    return f'<tr id="{slug(column)}"><th scope="row">{escape(named(column))}{unfinished}</th>{body}</tr>'


def _profiles() -> list[str]:
    """Return the profiles in the order of the clauses."""
    return list(dict.fromkeys(clause.profile for clause in clauses().values()))


def _count(found: Counter[str], language: str) -> str:
    """Return the counts of one cell, the same statuses always in the same order; the style sheet adds the glyphs."""
    return " ".join(f'<span class="{name}">{found[name]}</span>' for name in GLYPHS if found[name])


def _change(column: Column, columns: list[Column], language: str) -> str:
    """Return how many clauses changed against the column before, each number with the rows it counts."""
    earlier = before(column, columns)
    if earlier is None:
        return ""
    parts = []
    for name, found in zip(("began", "ended"), changes(column, columns), strict=True):
        if found:
            words = say(f"matrix-{name}-{'one' if len(found) == 1 else 'many'}", language, count=len(found))
            parts.append(f'<a href="?run={slug(column)}&amp;status={name}#filter">{escape(words)}</a>')
    said = ", ".join(parts) or escape(say("matrix-unchanged", language))
    beside = say("matrix-against", language, name=named(earlier)) + " " if family(column) == "backends" else ""
    return escape(beside) + said


def _runs(columns: list[Column], language: str, page: str) -> str:
    """Return, folded, one line on each run: what was judged, how, and the address of its badge."""
    lines = []
    for column in columns:
        facts = {key: column[key] for key in ("python", "platform", "seed", "examples")}
        badge = f'<a href="{shared(f"results/badge/{slug(column)}.json", language, page)}">{slug(column)}.json</a>'
        lines.append(
            f"<li>{escape(named(column))}: <code>{escape(column['subject']['name'])}</code>, "
            f"{escape(say('run-facts', language, **facts))}; {escape(say('matrix-badge', language))} {badge}"
            f"{''.join(f'<br>{translated(remark, language)}' for remark in column.get('remarks', []))}</li>"
        )
    return (
        f'<div class="unsearched"><details class="folded"><summary>{escape(say("matrix-how", language))}</summary>\n'
        f"<ul>{''.join(lines)}</ul></details></div>"
    )


def _form(columns: list[Column], language: str) -> str:
    """Return the filter; a page without JavaScript hides it and shows every row."""
    callbacks = {anchor(kind): kind.name for kind in KINDS.values()}
    profiles = {name: say(name, language) for name in _profiles()}
    boxes = [
        _choice("callback", "matrix-callback", _options(callbacks), language),
        _choice("profile", "profile", _options(profiles), language),
        _choice("run", "matrix-run", _versions(columns, language), language),
        _choice("status", "matrix-status", _options(_statuses(columns, language)), language),
    ]
    said = {"count": say("matrix-count", language, shown="{shown}", all="{all}")}
    said |= {name: say(f"matrix-{name}", language) for name in ("close", "loading", "unreachable")}
    data = "".join(f' data-{name}="{escape(words)}"' for name, words in said.items())
    return (
        "<noscript><style>.matrix-form{display:none}</style></noscript>\n"
        f'<form class="matrix-form" id="filter" role="search" aria-label="{say("matrix-filter", language)}"{data}>\n'
        + "".join(boxes)
        + f'<label>{say("matrix-text", language)}<input type="search" name="q" autocomplete="off"></label>'
        f'<button type="reset">{say("matrix-reset", language)}</button>'
        f'<output aria-live="polite">{_shown(language)}</output>\n'
        "</form>"
    )


def _statuses(columns: list[Column], language: str) -> dict[str, str]:
    """Return what the filter can ask of a verdict."""
    series = len([column for column in columns if family(column) == "keras-3"]) > 1
    names = ("differ", *(("versions", "began", "ended") if series else ()), "not-pass")
    words = {name: say(f"matrix-{name}", language) for name in names}
    return words | {name: f"{glyph} {say(name, language)}" for name, glyph in GLYPHS.items()}


def _versions(columns: list[Column], language: str) -> str:
    """Return the options for the runs, by family; each knows the run that it is compared with."""
    groups = []
    for name, members in families(columns).items():
        options = []
        for column in members:
            earlier = before(column, columns)
            data = f' data-before="{columns.index(earlier)}"' if earlier else ""
            options.append(f'<option value="{slug(column)}"{data}>{escape(named(column))}</option>')
        words = escape(head(members, language))
        groups.append(f'<optgroup label="{words}" data-family="{name}">{"".join(options)}</optgroup>')
    return "".join(groups)


def _shown(language: str) -> str:
    """Return the count of a table without a filter."""
    whole = sum(len(of_kind(kind)) for kind in KINDS.values())
    return say("matrix-count", language, shown=whole, all=whole)


def _options(values: dict[str, str]) -> str:
    """Return the options of a list."""
    return "".join(f'<option value="{value}">{escape(words)}</option>' for value, words in values.items())


def _choice(name: str, key: str, options: str, language: str) -> str:
    """Return a labelled list, with the option first that filters nothing."""
    whole = f'<option value="">{escape(say("matrix-any", language))}</option>{options}'
    return f'<label>{say(key, language)}<select name="{name}">{whole}</select></label>'


def _of_one(kind: Kind, columns: list[Column], groups: dict[str, list[Column]], language: str, page: str) -> str:
    """Return the clauses of one callback as a table inside a box that scrolls by itself."""
    shown = of_kind(kind)
    words = [escape(head(members, language)) for members in groups.values()]
    heads = "".join(f'<th scope="col">{said.replace("_", "_<wbr>")}</th>' for said in words)
    labels = "".join(f"--head-{place}:&quot;{said}&quot;;" for place, said in enumerate(words))
    rows = "\n".join(_row(kind, clause, columns, groups, language, page) for clause in shown)
    return (
        f'<details class="matrix" open><summary><h3 id="{anchor(kind)}">{kind.name}</h3> '
        f'<span class="matrix__count">{len(shown)}</span></summary>\n'
        f'<div class="matrix__scroll" role="region" tabindex="0" aria-labelledby="{anchor(kind)}">'
        f'<table class="matrix__table" style="{labels}"><thead><tr>'
        f'<th scope="col">{say("clause", language)}</th>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div></details>"
    )


def _row(
    kind: Kind, clause: Clause, columns: list[Column], groups: dict[str, list[Column]], language: str, page: str
) -> str:
    """Return one clause: its sentence and versions, a cell for each family, and every run's verdict as a letter."""
    name = clause.id.lower()
    letters = "".join(status(column, clause.id)[0] for column in columns)
    cells = "".join(_cell(kind, clause, members, language) for members in groups.values())
    versions = range_of(clause, language)
    since = f" <small>{escape(versions)}</small>" if versions else ""
    row = f'<th scope="row" abbr="{clause.id}">{linked(clause, page)} {html(sentence(clause, language))}{since}</th>'
    return f'<tr id="{name}" data-profile="{clause.profile}" data-v="{letters}">{row}{cells}</tr>'


def _cell(kind: Kind, clause: Clause, members: list[Column], language: str) -> str:
    """Return the verdicts of a family: one word where its runs agree; the glyph comes from the style sheet."""
    found = segments(members, clause.id)
    if len(found) == 1:
        return f'<td class="{found[0][0]}">{_word(kind, clause, found[0], language)}</td>'
    parts = [f"{_word(kind, clause, one, language)} {escape(short(one[1], members))}" for one in found]
    return "<td>" + "".join(f'<p class="{one[0]}">{part}</p>' for one, part in zip(found, parts, strict=True)) + "</td>"


def _word(kind: Kind, clause: Clause, segment: Segment, language: str) -> str:
    """Return a verdict as a word, with a link to what broke the clause where there is something to tell."""
    name, members = segment
    telling = next((column for column in members if told(column, clause.id)), None)
    if telling is None:
        return say(name, language)
    return f'<a href="{anchor(kind)}/#{clause.id.lower()}-{slug(telling)}">{say(name, language)}</a>'
