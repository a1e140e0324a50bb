"""What the callbacks do on each backend, from the fits that `backends_fit.py` recorded."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from site_tools.places import DATA
from site_tools.words import say

__all__ = ["BACKENDS", "every", "one"]

BACKENDS = ("tensorflow", "jax", "torch")
GLYPHS = {"equal": "✓", "different": "≠", "keras raises": "✗"}
"""The statuses that a published comparison may have; another one stops the build."""


@cache
def _reports() -> tuple[dict[str, Any], ...]:
    """Return the published results, one for each backend."""
    return tuple(json.loads((DATA / "backends" / f"{name}.json").read_text(encoding="utf-8")) for name in BACKENDS)


def every(language: str) -> str:
    """Return the table of all callbacks: a line for each, a column for each backend."""
    first = _reports()[0]
    lines = [[say("backends-callback", language), *(report["library"] for report in _reports())], ["---"] * 4]
    names = [name for name in first["callbacks"] if name[0].isupper()]
    lines += [[f"`{name}`", *(_cell(report["callbacks"][name], language) for report in _reports())] for name in names]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{table}\n\n{say('backends-keras', language, version=first['keras'])}"


def one(name: str, language: str) -> str:
    """Return one sentence if Keras's callback and the reference did the same everywhere, or else a table."""
    found = [report["callbacks"].get(name) for report in _reports()]
    if None in found:
        known = ", ".join(key for key in _reports()[0]["callbacks"] if " " not in key)
        raise LookupError(f"no callback {name!r} in docs/data/backends; known are {known}")
    facts = {"keras": _reports()[0]["keras"], "libraries": ", ".join(report["library"] for report in _reports())}
    if all(result["status"] == "equal" for result in found):
        return say("backends-same", language, **facts)
    pairs = zip(_reports(), found, strict=True)
    rows = [f"| {report['library']} | {_cell(result, language)} |" for report, result in pairs]
    head = f"| {say('backend', language)} | {say('backends-result', language)} |"
    return "\n".join([say("backends-table", language, **facts), "", head, "|---|---|", *rows])


def _cell(result: dict[str, Any], language: str) -> str:
    """Return a sign and words for one comparison."""
    status = result["status"]
    words = say(f"backends-{status.replace(' ', '-')}", language, error=result["keras"].get("raised", ""))
    return f"{GLYPHS[status]} {words}"
