"""The table of the backends: whether each callback of the reference and its namesake of Keras did the same."""

from __future__ import annotations

import json
from typing import Any

from site_tools.places import DATA
from site_tools.words import say

__all__ = ["backends"]

BACKENDS = ("tensorflow", "jax", "torch")
GLYPHS = {"equal": "✓", "different": "≠", "keras raises": "✗"}
"""The statuses that a published comparison may have; another one stops the build."""


def backends(language: str, page: str) -> str:
    """Return the table: a line for each callback, a column for each backend."""
    reports = [json.loads((DATA / "backends" / f"{name}.json").read_text(encoding="utf-8")) for name in BACKENDS]
    keras = ", ".join(sorted({report["keras"] for report in reports}))
    lines = [[say("backends-callback", language), *(report["library"] for report in reports)], ["---"] * 4]
    names = [name for name in reports[0]["callbacks"] if name[0].isupper()]
    lines += [[f"`{name}`", *(_cell(report, name, language) for report in reports)] for name in names]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{table}\n\n{say('backends-keras', language, version=keras)}"


def _cell(report: dict[str, Any], name: str, language: str) -> str:
    """Return a sign and a word for one comparison."""
    status = report["callbacks"][name]["status"]
    return f"{GLYPHS[status]} {say('backends-' + status.replace(' ', '-'), language)}"
