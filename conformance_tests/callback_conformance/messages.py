"""What the command says, in four languages: the words of `words/`, and English sentences that it knows to translate."""

import functools
import re
import tomllib
from pathlib import Path
from typing import Any

from .book import language_of_the_locale, shows
from .clauses import LANGUAGES

__all__ = ["ENGLISH", "Words", "of_the_reader", "templates"]

FOLDER = Path(__file__).parent / "words"
FIELD = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
"""A placeholder; braces that the reader is to see are doubled, as for `str.format`."""
TOLD_AGAIN = ("rest", "what")
"""The placeholders that stand for a sentence of its own, or for a part that is translated by itself."""


class Words:
    """The words of one language.

    Args:
        language: "en", "it", "zh" or "ko".

    Raises:
        LookupError: there are no words in that language.
    """

    def __init__(self, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise LookupError(f"no words in {language!r}; there are {', '.join(LANGUAGES)}")
        self.language = language

    def __call__(self, key: str, **values: Any) -> str:
        """Return the words under a key, with the placeholders filled in.

        Raises:
            LookupError: no file of `words/` has the key.
        """
        words = _table(FOLDER).get(key)
        if words is None:
            raise LookupError(f"words/: no table [{key}]")
        return words[self.language].format(**values)

    def count(self, key: str, number: int) -> str:
        """Return a number with its noun: "1 clause", "2 clauses"."""
        return self(f"{key}-one" if number == 1 else key, number=number)

    def told(self, sentence: str) -> str:
        """Return a sentence that the suite composes in English, in this language; what it does not know is marked."""
        if self.language == "en" or not sentence:
            return sentence
        translated = self.known(sentence)
        return self("in-english", text=sentence) if translated is None else translated

    def known(self, sentence: str) -> str | None:
        """Return a sentence in this language, or None if `words/said/` has no template for it.

        The title of a check with what went wrong behind a colon is known if both are.
        """
        whole = _sentences().get(sentence)
        if whole:
            return whole[self.language].format()
        for pattern, words in _patterns():
            found = pattern.fullmatch(sentence)
            if found:
                values = found.groupdict()
                for name in values.keys() & set(TOLD_AGAIN):
                    values[name] = self.known(values[name]) or values[name]
                return words[self.language].format(**values)
        return self._of_two(sentence)

    def _of_two(self, sentence: str) -> str | None:
        for colon in re.finditer(": ", sentence):
            title = _sentences().get(sentence[: colon.start()])
            why = self.known(sentence[colon.end() :]) if title else None
            if title and why:
                return self("title-and-why", title=title[self.language].format(), why=why)
        return None


ENGLISH = Words()


def of_the_reader(asked: str | None) -> Words:
    """Return the words of the language that was asked for, or of the locale; English where they cannot be shown."""
    language = asked or language_of_the_locale()
    return Words(language) if shows(language) else ENGLISH


@functools.cache
def _table(folder: Path) -> dict[str, dict[str, str]]:
    """Return the tables of all files of a folder as one."""
    whole: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        twice = table.keys() & whole.keys()
        if twice:
            raise LookupError(f"{path.name}: {', '.join(sorted(twice))} stands in another file of {folder.name}/ too")
        whole |= table
    return whole


def templates() -> dict[str, dict[str, str]]:
    """Return the sentences of `words/said/`: what is English there is compared with what the suite says."""
    return _table(FOLDER / "said")


@functools.cache
def _sentences() -> dict[str, dict[str, str]]:
    """Return the templates without placeholders by what they say in English."""
    return {words["en"].format(): words for words in templates().values() if not FIELD.search(words["en"])}


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    """Return the templates with placeholders as patterns, the one with the most fixed text first."""
    templated = [words for words in templates().values() if FIELD.search(words["en"])]
    ordered = sorted(templated, key=lambda words: len(FIELD.sub("", words["en"])), reverse=True)
    return [(_pattern(words["en"]), words) for words in ordered]


def _pattern(template: str) -> re.Pattern[str]:
    parts = FIELD.split(template)
    made = [re.escape(part.format()) if index % 2 == 0 else f"(?P<{part}>.+?)" for index, part in enumerate(parts)]
    return re.compile("".join(made), re.DOTALL)
