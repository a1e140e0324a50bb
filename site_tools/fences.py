"""The fenced blocks of a page: which kind of code each holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["FENCE", "Fence", "fences", "kind"]

FENCE = re.compile(r"^( *)(`{3,}|~{3,})(.*)$")
"""The first line of a block: its indentation, the marks that its last line repeats, and what is said about it."""

OPTION = re.compile(r"(\w+)=\"([^\"]*)\"")


@dataclass(frozen=True)
class Fence:
    """One block, without its indentation."""

    line: int
    """The line of the page, from 1, on which it opens."""
    kind: str
    title: str
    code: str
    last: int
    """The line on which it closes."""


def kind(info: str) -> str:
    """Return the language of a block and its other classes, without its title.

    >>> kind('python { .jax }'), kind('{ .python .jax title="JAX" }'), kind('text title="Output"')
    ('python jax', 'python jax', 'text')
    """
    return " ".join(re.findall(r"[\w+-]+", OPTION.sub("", info)))


def fences(text: str) -> Iterator[Fence]:
    """Yield the blocks of a page in their order; one that is never closed reaches to the end of the page."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        opened = FENCE.match(lines[number])
        number += 1
        if opened:
            first = number
            while number < len(lines) and lines[number].strip() != opened[2]:
                number += 1
            yield _fence(opened, first, lines[first:number])
            number += 1


def _fence(opened: re.Match[str], first: int, body: list[str]) -> Fence:
    """Return the block that begins on the line `first`, counted from 1."""
    indentation = opened[1]
    code = "".join(f"{line.removeprefix(indentation)}\n" for line in body)
    return Fence(first, kind(opened[3]), dict(OPTION.findall(opened[3])).get("title", ""), code, first + len(body) + 1)
