"""The words that the tools print, in the language of the page."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

__all__ = ["known", "say"]


@cache
def _table() -> dict[str, dict[str, str]]:
    """Return the tables of all files in `strings/` as one; a key that two files hold is refused."""
    whole: dict[str, dict[str, str]] = {}
    for path in sorted((Path(__file__).parent / "strings").glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        twice = table.keys() & whole.keys()
        if twice:
            raise LookupError(f"{path.name}: {', '.join(sorted(twice))} stands in another file of strings/ too")
        whole |= table
    return whole


def say(key: str, language: str, **values: object) -> str:
    """Return the words stored under `key`, with the placeholders filled in.

    Raises:
        LookupError: no file of `strings/` has the key, or its table lacks the language.
    """
    words = _table().get(key)
    if words is None:
        raise LookupError(f"strings/: no table [{key}]")
    if language not in words:
        raise LookupError(f"strings/: [{key}] has no {language!r}; it has {', '.join(words)}")
    return words[language].format(**values)


def known(key: str) -> bool:
    """Say whether there are words under `key`."""
    return key in _table()
