"""Find what a translator overlooks: comments in code, titles, descriptions, alternative texts, labels of pictures.

Chinese and Korean text holds a Chinese or Korean character; Italian text differs from the English.
Where equal is right, `docs/data/same_in_all_languages.toml` says so.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from site_tools.blocks import FRONT, Block, blocks
from site_tools.places import DATA, LANGUAGES

__all__ = ["page", "words"]

SCRIPT = {"zh": re.compile("[\u4e00-\u9fff]"), "ko": re.compile("[\uac00-\ud7a3]")}
NAMES = {"zh": "Chinese", "ko": "Korean"}
FIELD = re.compile(r"^(title|description): *(.*?) *$", re.MULTILINE)
IMAGE = re.compile(r"!\[([^\]]*)\]")
FENCED = re.compile(r"^ *(?:`{3,}|~{3,})[^\n]*?(?:title=\"([^\"]*)\")?[^\n\"]*$", re.MULTILINE)
COMMENT = re.compile(r"^ *# *(.*?) *$")
STRINGS = Path(__file__).parent / "strings"


NOTHING_TO_TRANSLATE = re.compile(r"`[^`]*`|\{[^}]*\}|[\w/]+\.(?:py|toml|csv)\b|[^\w]|\d|_")
"""Code spans, placeholders, names of files, signs and numbers: what is left of a text after these are words."""


@cache
def _same() -> dict[str, frozenset[str]]:
    """Return the texts that may be equal, by kind."""
    table = tomllib.loads((DATA / "same_in_all_languages.toml").read_text(encoding="utf-8"))
    return {kind: frozenset(texts) for kind, texts in table.items()}


def _verdict(language: str, kind: str, english: str, own: str) -> Iterator[str]:
    """Yield a message if a text looks as if nobody had translated it."""
    if english in _same()[kind] and own == english:
        return
    if english and not NOTHING_TO_TRANSLATE.sub("", english):
        return
    script = SCRIPT.get(language)
    if not own.strip():
        yield f"the {kind} is empty or missing"
    elif script and not script.search(own):
        yield f"the {kind} has no {NAMES[language]} character: {own!r}"
    elif not script and own == english:
        yield f"the {kind} is the English one: {own!r}"


def page(language: str, english: str, own: str) -> Iterator[tuple[int, str]]:
    """Yield what a page has left in English, each with its line."""
    for source, target in ((_fields(english), _fields(own)), (_texts(english), _texts(own))):
        for (kind, wanted, _), (other, given, line) in zip(source, target, strict=False):
            if kind == other:
                yield from ((line, message) for message in _verdict(language, kind, wanted, given))


def _fields(text: str) -> list[tuple[str, str, int]]:
    """Return title and description of the front matter; one that is absent is empty."""
    front = FRONT.match(text)
    fields = {name: (value.strip("\"'"), line) for name, value, line in _named(front[0] if front else "")}
    return [(name, *fields.get(name, ("", 1))) for name in ("title", "description")]


def _named(front: str) -> Iterator[tuple[str, str, int]]:
    """Yield the fields of front matter with their lines."""
    for found in FIELD.finditer(front):
        yield found[1], found[2], front[: found.start()].count("\n") + 1


def _texts(text: str) -> list[tuple[str, str, int]]:
    """Return the alternative texts, the titles of code blocks and the comments in them, in order."""
    return [found for block in blocks(text) for found in (_code(block) if _is_code(block) else _images(block))]


def _is_code(block: Block) -> bool:
    """Say whether a block is fenced code."""
    return block.text.lstrip().startswith(("```", "~~~"))


def _images(block: Block) -> Iterator[tuple[str, str, int]]:
    """Yield the alternative texts of a paragraph."""
    for number, line in enumerate(block.text.splitlines()):
        yield from (("alternative text", alt, block.line + number) for alt in IMAGE.findall(line))


def _code(block: Block) -> Iterator[tuple[str, str, int]]:
    """Yield the title of a code block, and its comments that fill a line."""
    first, *lines = block.text.splitlines()
    title = FENCED.match(first)
    if title and title[1]:
        yield "title of code", title[1], block.line
    if "python" in first:
        for number, line in enumerate(lines, start=block.line + 1):
            comment = COMMENT.match(line)
            if comment and comment[1]:
                yield "comment", comment[1], number


def words() -> Iterator[tuple[str, int, str]]:
    """Yield the words of pictures and tools that are left in English, with file and line."""
    for path in sorted(STRINGS.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        for key, row in tomllib.loads(text).items():
            place = re.search(rf'^\["?{re.escape(key)}"?\]', text, re.MULTILINE)
            line = text[: place.start()].count("\n") + 1 if place else 1
            for language in LANGUAGES[1:]:
                for message in _verdict(language, "label", row["en"], row.get(language, "")):
                    yield f"site_tools/strings/{path.name}", line, f"{key}, {language}: {message}"
