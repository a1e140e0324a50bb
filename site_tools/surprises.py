"""The clauses where tf.keras and its documentation disagree, by callback, with what each side does."""

from __future__ import annotations

from html import escape
from typing import Any

from callback_conformance.clauses import Clause
from callback_conformance.kinds import KINDS, Kind

from site_tools.contract import sentence
from site_tools.inline import html, linked, translated
from site_tools.places import DATA
from site_tools.results import anchor, newest, of_kind, read, status, verdict
from site_tools.words import say

__all__ = ["contested", "surprises"]


def contested(kind: Kind) -> list[Clause]:
    """Return the contested clauses of one callback."""
    return [clause for clause in of_kind(kind) if clause.status == "contested"]


def surprises(language: str, page: str) -> str:
    """Return how many there are, an index of the callbacks, and a folded entry for each clause."""
    runs = newest(read(DATA / "results"))
    found = {kind.name: contested(kind) for kind in KINDS.values()}
    kinds = [kind for kind in KINDS.values() if found[kind.name]]
    links = " · ".join(f"[{kind.name}](#{anchor(kind)}) {len(found[kind.name])}" for kind in kinds)
    parts = [say("surprises-count", language, count=sum(map(len, found.values()))), links]
    for kind in kinds:
        parts.append(f"### {kind.name} {{ #{anchor(kind)} }}")
        parts.append("\n".join(_entry(clause, runs, language, page) for clause in found[kind.name]))
    return "\n\n".join(parts)


def _entry(clause: Clause, runs: dict[str, Any], language: str, page: str) -> str:
    """Return one clause: its sentence, and behind it what tf.keras does, what the reference does, and the evidence."""
    keras, reference = runs["keras"], runs["callback_reference"]
    behaves = status(keras, clause.id)
    facts = [
        _fact(say("surprises-keras", language, version=keras["subject"]["version"]), _keras(keras, clause, language)),
        _fact(say("surprises-reference", language), verdict(status(reference, clause.id), language)),
        _fact(say("evidence", language), html(clause.proof(language).strip())),
    ]
    return (
        f'<details class="surprise surprise--{behaves}"><summary>{html(sentence(clause, language))} '
        f"{verdict(behaves, language)}</summary>\n"
        f"<dl>{''.join(facts)}</dl><p>{linked(clause, page)}</p></details>"
    )


def _fact(name: str, said: str) -> str:
    """Return one line of an entry."""
    return f"<dt>{escape(name)}</dt><dd>{said}</dd>"


def _keras(run: dict[str, Any], clause: Clause, language: str) -> str:
    """Return what tf.keras does: as the sentence says, or otherwise and how."""
    entry = run["clauses"].get(clause.id, {})
    words = html(say("surprises-does" if entry.get("status") == "pass" else "surprises-does-not", language))
    reason = f" {translated(entry['reason'], language)}{say('full-stop', language)}" if entry.get("reason") else ""
    case = f" <code>--case {entry['case']}</code>" if entry.get("case") else ""
    return words + reason + case
