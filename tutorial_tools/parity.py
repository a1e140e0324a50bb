"""Compare every translated lesson with the English one."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutorial_tools.glossary import forbidden
from tutorial_tools.lessons import (
    ENGLISH,
    FENCE,
    OTHERS,
    TUTORIALS,
    Cell,
    Notebook,
    fingerprint,
    has_tag,
    lessons,
    read,
    text_of,
    words,
)
from tutorial_tools.lines import comments, is_prose
from tutorial_tools.shared import differences

__all__ = ["METADATA", "Problem", "check", "compare"]

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
HEADING = re.compile(r"^#{1,6}(?= )", re.MULTILINE)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
FIELD = re.compile(r"\{[^}]*\}")
OWN_PAGES = re.compile(rf"(?<=/)docs/(?:{'|'.join(OTHERS)})/")
"""Where a link leads to a page of the reader's own language."""
PARTS = {"heading levels": HEADING, "code spans": SPAN, "links": LINK}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where."""

    file: str
    language: str
    cell: str
    message: str

    def __str__(self) -> str:
        """Return file, cell, language and message, as a line."""
        return f"{self.file} [{self.cell}] {self.language}: {self.message}"


def check(tutorials: Path = TUTORIALS) -> list[Problem]:
    """Return all that is wrong with the lessons."""
    found = [problem for name in lessons(tutorials) for problem in _lesson(tutorials, name)]
    known = set(lessons(tutorials))
    for language in OTHERS:
        strange = sorted({path.name for path in (tutorials / language).glob("*.ipynb")} - known)
        found += [Problem(f"{language}/{name}", language, "-", "English has no such lesson") for name in strange]
    return found


def _lesson(tutorials: Path, name: str) -> Iterator[Problem]:
    """Yield what is wrong with one lesson, in all languages."""
    english = read(tutorials / ENGLISH / name)
    for language in (ENGLISH, *OTHERS):
        path = tutorials / language / name
        other = read(path) if path.exists() else None
        found = compare(english, other, language) if other else [("-", "the lesson is missing")]
        yield from (Problem(f"{language}/{name}", language, cell, message) for cell, message in found)


def compare(english: Notebook, other: Notebook, language: str) -> Iterator[tuple[str, str]]:
    """Yield a cell's id and a message for everything that is wrong with a lesson."""
    yield from _clean(other)
    yield from differences(other, language)
    if language == ENGLISH:
        return
    if _order(english) != _order(other):
        yield "-", "cells differ in order, type, id or tags; run `python -m tutorial_tools sync`"
    sources = {cell["id"]: cell for cell in english["cells"]}
    for cell in other["cells"]:
        source = sources.get(cell["id"])
        if source is not None and source["cell_type"] == cell["cell_type"]:
            yield from ((cell["id"], message) for message in _cell(source, cell, language))


def _order(notebook: Notebook) -> list[tuple[str, str, list[str]]]:
    """Return what must be equal in every language."""
    return [(cell["id"], cell["cell_type"], cell["metadata"].get("tags", [])) for cell in notebook["cells"]]


def _clean(notebook: Notebook) -> Iterator[tuple[str, str]]:
    """Yield what a stored notebook must not hold."""
    if notebook["metadata"] != METADATA:
        yield "-", "the metadata of the notebook must be those of `tutorial_tools.parity.METADATA`"
    for cell in notebook["cells"]:
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield cell["id"], "stored output; clear it"


def _cell(english: Cell, other: Cell, language: str) -> Iterator[str]:
    """Yield what is wrong with one translated cell."""
    if other["metadata"].get("source_hash", "") != fingerprint(english):
        yield "stale: the English words have changed; translate them and run `python -m tutorial_tools stamp`"
    if has_tag(english, "text"):
        yield from _texts(english, other, language)
        return
    yield from _code(english, other) if english["cell_type"] == "code" else _prose(english["source"], other["source"])
    yield from forbidden(language, words(other))


def _texts(english: Cell, other: Cell, language: str) -> Iterator[str]:
    """Yield what is wrong with the texts that the lesson prints."""
    source, target = text_of(english), text_of(other)
    if list(source) != list(target):
        yield f"TEXT: keys differ or stand in another order: {sorted(source.keys() ^ target.keys())}"
    for key in source.keys() & target.keys():
        if type(source[key]) is not type(target[key]) or _fields(source[key]) != _fields(target[key]):
            yield f"TEXT[{key!r}]: the type or the fields in braces differ"
        yield from (f"TEXT[{key!r}]: {message}" for message in forbidden(language, str(target[key])))


def _fields(value: Any) -> Counter[str]:
    """Return the fields in braces of a text."""
    return Counter(FIELD.findall(value)) if isinstance(value, str) else Counter()


def _code(english: Cell, other: Cell) -> Iterator[str]:
    """Yield what is wrong with the code, the comments and the alternative text of a cell."""
    if not _same_code(english["source"], other["source"]):
        yield "the code differs; run `python -m tutorial_tools sync`"
    ours, theirs = comments(english["source"]), comments(other["source"])
    if bool(ours) != bool(theirs):
        yield "comments are missing or too many"
    yield from (f"comment still in English: {row}" for row in theirs if row in ours and is_prose(row))
    if ("alt" in english["metadata"]) != ("alt" in other["metadata"]):
        yield "`alt` is missing or too much"


def _same_code(ours: str, theirs: str) -> bool:
    """Tell whether two pieces of Python are equal but for comments and layout."""
    try:
        return ast.dump(ast.parse(ours)) == ast.dump(ast.parse(theirs))
    except SyntaxError:
        return False


def _prose(english: str, other: str) -> Iterator[str]:
    """Yield what differs in the parts of a text that are not translated."""
    ours, theirs = FENCE.findall(english), FENCE.findall(other)
    if len(ours) != len(theirs) or not all(map(_same_code, ours, theirs)):
        yield "the code block differs; run `python -m tutorial_tools sync`"
    english, other = FENCE.sub("", english), FENCE.sub("", other)
    for name, pattern in PARTS.items():
        source, target = pattern.findall(english), [OWN_PAGES.sub("docs/en/", part) for part in pattern.findall(other)]
        if Counter(source) != Counter(target) or (pattern is HEADING and source != target):
            differ = sorted(((Counter(source) - Counter(target)) + (Counter(target) - Counter(source))).elements())
            yield f"{name} differ: {', '.join(differ) or 'their order'}"
