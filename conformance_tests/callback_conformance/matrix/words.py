"""What the matrix says, in the language of its reader."""

import functools
import tomllib
from pathlib import Path

__all__ = ["LANGUAGES", "MatrixError", "say"]

LANGUAGES = ("en", "it", "zh", "ko")


class MatrixError(Exception):
    """Something that keeps the matrix, or a part of it, from running: words of `strings.toml`, and what fills them."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(say(key, "en", **values))
        self.key, self.values = key, values

    def text(self, language: str) -> str:
        """Return the message in a language."""
        return say(self.key, language, **self.values)


@functools.cache
def _table() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("strings.toml").read_text("utf-8"))
    return table


def say(key: str, language: str, **values: object) -> str:
    """Return the words stored under `key`, with the placeholders filled in.

    Raises:
        LookupError: there are no such words, or not in this language.
    """
    words = _table().get(key)
    if words is None or language not in words:
        raise LookupError(f"strings.toml: no [{key}] in {language!r}")
    return words[language].format(**values)
