"""The clauses as Markdown: the list on a callback's page and the links to it from everywhere else."""

from __future__ import annotations

import posixpath
from functools import cache

from callback_conformance.clauses import Clause, load

from site_tools.words import say

__all__ = ["clause_list", "clauses", "in_group", "link", "page_of", "range_of", "sentence", "version_table"]

PAGES = {"early_stopping": "callbacks/early-stopping.md", "life_cycle": "who-runs-when.md"}


@cache
def clauses() -> dict[str, Clause]:
    """Return every clause by its id, as the suite itself reads them."""
    return load()


def in_group(group: str) -> list[Clause]:
    """Return the clauses of one file, in the order of the file."""
    found = [clause for clause in clauses().values() if clause.group == group]
    if not found:
        raise LookupError(f"no clauses are stored for {group!r}")
    return found


def page_of(clause: Clause) -> str:
    """Return the page that holds the anchor of a clause, as a path inside a language's folder."""
    return PAGES.get(clause.group, f"callbacks/{clause.group.replace('_', '-')}.md")


def link(clause: Clause, page: str) -> str:
    """Return a Markdown link from `page` to a clause."""
    target = page_of(clause)
    path = "" if target == page else posixpath.relpath(target, posixpath.dirname(page) or ".")
    return f"[{clause.id}]({path}#{clause.id.lower()})"


def sentence(clause: Clause, language: str) -> str:
    """Return what a clause says."""
    return clause.text(language)


def range_of(clause: Clause, language: str) -> str:
    """Return the Keras versions where a clause holds, in words, or nothing if it always does."""
    words = [
        say(name, language, version=version)
        for name, version in (("since", clause.since), ("until", clause.until))
        if version
    ]
    return ", ".join(words)


def clause_list(group: str, language: str) -> str:
    """Return the clauses of one file as a list of cards, each with its own anchor."""
    return "\n".join(_card(clause, language) for clause in in_group(group))


def _card(clause: Clause, language: str) -> str:
    """Return one clause: id, status, versions, sentence, evidence."""
    badge = f'<span class="badge badge--{clause.status}">{say(clause.status, language)}</span>'
    versions = range_of(clause, language)
    span = ' markdown="span"' if versions else ""
    if versions:
        path = posixpath.relpath("results.md", posixpath.dirname(page_of(clause)) or ".")
        badge += f' <span class="badge badge--range">[{versions}]({path}#{clause.id.lower()})</span>'
    lines = [
        '<div class="clause" markdown="1">',
        f"### {clause.id} {{ #{clause.id.lower()} }}",
        "",
        f'<p class="clause__badges"{span}>{badge}</p>',
        "",
        sentence(clause, language),
        "",
        *_evidence(clause, language),
        "</div>",
        "",
    ]
    return "\n".join(lines)


def _evidence(clause: Clause, language: str) -> list[str]:
    """Return what was run and seen, folded away."""
    if not clause.evidence:
        return []
    return [
        f'<details class="evidence" markdown="1"><summary>{say("evidence", language)}</summary>',
        "",
        clause.proof(language).strip(),
        "",
        "</details>",
    ]


def version_table(group: str, language: str, page: str) -> str:
    """Return the clauses of one file that do not hold in every Keras version."""
    rows = []
    for clause in in_group(group):
        if clause.since or clause.until:
            says = sentence(clause, language).replace("|", "\\|")
            rows.append(f"| {link(clause, page)} | {range_of(clause, language)} | {says} |")
    head = f"| {say('clause', language)} | {say('holds', language)} | {say('says', language)} |"
    return "\n".join([head, "|---|---|---|", *rows]) if rows else say("holds-everywhere", language)
