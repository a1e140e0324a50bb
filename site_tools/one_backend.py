"""What one callback does on each backend, from the fits that `backends_fit.py` recorded."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from site_tools.places import DATA
from site_tools.words import say

__all__ = ["BACKENDS", "backends"]

BACKENDS = ("tensorflow", "jax", "torch")


@cache
def _reports() -> tuple[dict[str, Any], ...]:
    """Return the published results, one for each backend."""
    return tuple(json.loads((DATA / "backends" / f"{name}.json").read_text(encoding="utf-8")) for name in BACKENDS)


def backends(name: str, language: str) -> str:
    """Return one sentence if Keras's callback and the reference did the same everywhere, or else a table."""
    found = [report["callbacks"].get(name) for report in _reports()]
    if None in found:
        known = ", ".join(key for key in _reports()[0]["callbacks"] if " " not in key)
        raise LookupError(f"no callback {name!r} in docs/data/backends; known are {known}")
    facts = {
        "keras": _reports()[0]["keras"],
        "libraries": ", ".join(report["library"] for report in _reports()),
    }
    if all(result["status"] == "equal" for result in found):
        return say("backends-same", language, **facts)
    rows = [_row(report, result, language) for report, result in zip(_reports(), found, strict=True)]
    head = f"| {say('backend', language)} | {say('backends-result', language)} |"
    return "\n".join([say("backends-table", language, **facts), "", head, "|---|---|", *rows])


def _row(report: dict[str, Any], result: dict[str, Any], language: str) -> str:
    """Return the row of one backend."""
    error = result["keras"].get("raised", "")
    words = say(f"backends-{result['status'].replace(' ', '-')}", language, error=error)
    return f"| {report['library']} | {words} |"
