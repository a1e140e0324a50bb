"""Find the renderings of a term that the glossary forbids."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache

from tutorial_tools.lessons import ROOT

__all__ = ["forbidden", "unused"]

GLOSSARY = ROOT / "docs" / "data" / "glossary.toml"
CODE = re.compile(r"(?<=\])\([^)\s]*\)|^```.*?^```$|`[^`\n]*`|\{\w*(?::[^}]*)?\}", re.MULTILINE | re.DOTALL)
OFTEN = 3  # a term met less often may have been told in other words
PARTICLES = "은는이가을를의에도와과로만"  # what a Korean noun may carry at its end


def forbidden(language: str, prose: str) -> Iterator[str]:
    """Yield a message for every forbidden rendering outside code and placeholders."""
    bare = CODE.sub(" ", prose)
    for term, wrong, right, pattern in _patterns(language):
        if pattern.search(bare):
            yield f"the glossary forbids {wrong!r} for {term!r}; say {right!r}"


@cache
def _patterns(language: str) -> list[tuple[str, str, str, re.Pattern[str]]]:
    """Return each forbidden rendering with its term, the right one, and what finds it."""
    entries = tomllib.loads(GLOSSARY.read_text(encoding="utf-8")).values()
    return [
        (entry["en"], wrong, entry[language], re.compile(_pattern(wrong, language), re.IGNORECASE))
        for entry in entries
        for wrong in entry.get("forbidden", {}).get(language, ())
    ]


def _pattern(wrong: str, language: str) -> str:
    """Return what finds a rendering: anywhere in Chinese, a whole word in Italian, one with its particle in Korean."""
    if language == "zh":
        return re.escape(wrong)
    ending = f"(?:[{PARTICLES}]|에서|으로|까지|부터)?" if language == "ko" else ""
    return rf"(?<!\w){re.escape(wrong)}{ending}(?!\w)"


def unused(language: str, english: str, own: str) -> Iterator[str]:
    """Yield a message for every term that the English page uses and for which its translation never uses the word."""
    entries = tomllib.loads(GLOSSARY.read_text(encoding="utf-8")).values()
    for entry in (entry for entry in entries if not entry.get("loose")):
        times = len(re.findall(rf"\b{re.escape(entry['en'])}\b", CODE.sub(" ", english), re.IGNORECASE))
        if times >= OFTEN and not re.search(_stem(entry[language], language), CODE.sub(" ", own), re.IGNORECASE):
            yield f"the glossary says {entry[language]!r} for {entry['en']!r}; the English page has it {times} times"


def _stem(word: str, language: str) -> str:
    """Return what finds a word in its other forms: Italian words change their last letters, and spaces may break."""
    parts = [part[:-2] if language == "it" and len(part) > 4 else part for part in word.split()]
    return r"\w*\s*".join(map(re.escape, parts)) if language == "it" else r"\s*".join(map(re.escape, parts))
