"""The words that the tools print, in the language of the page."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

__all__ = ["say"]


@cache
def _table() -> dict[str, dict[str, str]]:
    """Return the table of `strings.toml`."""
    return tomllib.loads((Path(__file__).parent / "strings.toml").read_text(encoding="utf-8"))


def say(key: str, language: str, **values: object) -> str:
    """Return the words stored under `key`, with the placeholders filled in."""
    return _table()[key][language].format(**values)
