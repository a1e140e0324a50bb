"""The paragraphs of a page, and the record of which English paragraphs a translation was made from.

The record of `docs/it/logs.md` is `docs/it/.sources/logs.txt`: one short hash a line, in the order of the English page.
It stands beside the page, and holds a line for a paragraph, so that two branches which change different paragraphs
merge without a conflict.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from site_tools.fences import FENCE

__all__ = ["FRONT", "STAMP", "Block", "blocks", "changes", "fingerprints", "record_of"]

STAMP = re.compile(r"^source_hash: *(\w+) *\n", re.MULTILINE)
FRONT = re.compile(r"\A---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, table, list or fenced code, with the number of its first line."""

    line: int
    text: str


def blocks(text: str) -> list[Block]:
    """Return the blocks of a page: the front matter is the first, without the stamp."""
    front = FRONT.match(text)
    first = [Block(1, STAMP.sub("", front[0]))] if front else []
    return [*first, *_below(text.splitlines(), front[0].count("\n") if front else 0)]


def _below(lines: list[str], start: int) -> Iterator[Block]:
    """Yield the blocks under the front matter; an empty line ends one, but not inside fenced code."""
    held: list[str] = []
    fence = ""
    for number, line in enumerate([*lines[start:], ""], start=start + 1):
        mark = FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif mark:
            fence = mark[2]
        if line.strip() or fence:
            held.append(line)
        elif held:
            yield Block(number - len(held), "\n".join(held))
            held = []


def fingerprints(path: Path) -> list[str]:
    """Return the hash of every block of a page."""
    text = path.read_text(encoding="utf-8")
    return [hashlib.sha256(block.text.encode()).hexdigest()[:10] for block in blocks(text)]


def record_of(docs: Path, language: str, page: str) -> Path:
    """Return where the record of a translated page is kept."""
    return (docs / language / ".sources" / page).with_suffix(".txt")


def changes(recorded: list[str], source: Path) -> Iterator[tuple[int, str]]:
    """Yield each change of the English page since the record: the place in the old page, and what happened."""
    english = blocks(source.read_text(encoding="utf-8"))
    for kind, old, old_end, new, new_end in SequenceMatcher(
        None, recorded, fingerprints(source), autojunk=False
    ).get_opcodes():
        if kind == "delete":
            yield old, f"stale: {old_end - old} English paragraph(s) that stood here are gone"
        elif kind != "equal":
            for number, block in enumerate(english[new:new_end]):
                what = "has changed" if number < old_end - old else "is new"
                place = min(old + number, max(old, old_end - 1))
                yield place, f"stale: the English paragraph at line {block.line} {what}: {_start(block.text)!r}"


def _start(text: str) -> str:
    """Return the first words of a block."""
    line = next((line for line in text.splitlines() if line.strip() not in ("---", "")), "")
    return line if len(line) <= 70 else f"{line[:67]}..."
