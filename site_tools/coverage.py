"""The topics that old tutorials teach, each with the pages that teach it now."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from site_tools.old_snippets.page import to_page
from site_tools.places import DATA
from site_tools.words import say

__all__ = ["coverage", "topics"]


@cache
def topics() -> dict[str, dict[str, Any]]:
    """Return every topic by its name."""
    return tomllib.loads((DATA / "coverage.toml").read_text(encoding="utf-8"))


def coverage(language: str, page: str) -> str:
    """Return the table of topics and pages."""
    head = f"| {say('coverage-topic', language)} | {say('coverage-where', language)} |"
    rows = [
        f"| {topic[language]} | {'<br>'.join(to_page(name, language, page) for name in topic['pages'])} |"
        for topic in topics().values()
    ]
    return "\n".join([head, "|---|---|", *rows])
