"""Split Python source into code and comments, and put translated comments into changed code."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

__all__ = ["Line", "comments", "is_prose", "join", "split", "with_comments"]


@dataclass(frozen=True)
class Line:
    """A line of code with the comment at its end and the comment lines above it."""

    code: str
    above: tuple[str, ...] = ()
    beside: str = ""


def _places(source: str) -> dict[int, int]:
    """Return the column at which the comment of a line begins, by line number."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.start[1] for token in tokens if token.type == tokenize.COMMENT}


def split(source: str) -> list[Line]:
    """Return the lines of a piece of Python; comment lines belong to the line below them."""
    places, lines = _places(source), []
    above: list[str] = []
    for number, line in enumerate([*source.split("\n"), ""], start=1):
        code, comment = line[: places.get(number)], line[places.get(number, len(line)) :]
        if comment and not code.strip():
            above.append(line)
            continue
        lines.append(Line(code.rstrip() if comment else code, tuple(above), comment))
        above = []
    return lines


def join(lines: list[Line]) -> str:
    """Return the source again."""
    rows = [row for line in lines for row in (*line.above, f"{line.code}  {line.beside}" if line.beside else line.code)]
    return "\n".join(rows[:-1])


def comments(source: str) -> list[str]:
    """Return every comment, without the space before it."""
    return [row.strip() for line in split(source) for row in (*line.above, line.beside) if row]


def is_prose(comment: str) -> bool:
    """Tell whether a comment has a word to translate."""
    return re.search(r"[a-z]{3}", re.sub(r"`[^`]*`", "", comment)) is not None


def _partners(old: list[Line], new: list[Line]) -> dict[int, Line]:
    """Return what is known of the new lines, by place: the same line, or what stood above a line that has changed."""
    matcher = SequenceMatcher(None, [line.code for line in old], [line.code for line in new], autojunk=False)
    found = {}
    for kind, start, end, first, last in matcher.get_opcodes():
        if end - start == last - first:
            for step in range(end - start):
                line = old[start + step]
                found[first + step] = line if kind == "equal" else replace(line, beside="")
    return found


def with_comments(english: str, translated: str) -> tuple[str, list[str]]:
    """Return English code with the translated comments, and the comments that come in English."""
    old, new = split(translated), split(english)
    found = _partners(old, new)
    merged, left = [], []
    for number, line in enumerate(new):
        kept = found.get(number, Line(line.code))
        above, beside = line.above and (kept.above or line.above), line.beside and (kept.beside or line.beside)
        merged.append(replace(line, above=above, beside=beside))
        left += [row.strip() for row in line.above if row in above and is_prose(row)]
        left += [line.beside] if line.beside == beside and is_prose(beside) else []
    return join(merged), left
