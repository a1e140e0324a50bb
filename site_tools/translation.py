"""Keep the four languages equal.

`python -m site_tools.translation check` names every page that is missing, stale or built differently from the
English one, and every wording that the glossary forbids, with file and line; it exits 1 if it finds any.
`python -m site_tools.translation stamp it` writes into each Italian page the hash of the English page it is made from.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from site_tools.fences import FENCE, kind
from site_tools.places import DOCS, LANGUAGES
from tutorial_tools.glossary import forbidden

__all__ = ["Problem", "check", "fingerprint", "main", "stamp"]

ENGLISH, *OTHERS = LANGUAGES
GENERATED = "tutorials"
STAMP = re.compile(r"^source_hash: *(\w+) *\n", re.MULTILINE)
FRONT = re.compile(r"\A---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) .*?(?:\{ *#([\w-]+) *\})? *$")
LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)")
TAG = re.compile(r"^\{\{ .* \}\}$")
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|<[^>]*>|\{ *#[^}]*\}")


@dataclass(frozen=True)
class Problem:
    """Something that a translator has to mend."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        """Return the problem in the form that editors can follow."""
        return f"{self.file}:{self.line}: {self.says}"


Found = list[tuple[int, str]]


@dataclass
class Shape:
    """What has to be the same in every language, each thing with its line."""

    headings: Found = field(default_factory=list)
    code: Found = field(default_factory=list)
    links: Found = field(default_factory=list)
    tables: Found = field(default_factory=list)
    admonitions: Found = field(default_factory=list)
    tags: Found = field(default_factory=list)


def pages(docs: Path, language: str) -> list[str]:
    """Return the pages of a language, as paths inside its folder, without those made from notebooks."""
    folder = docs / language
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*.md")))
    return [path.as_posix() for path in found if path.parts[0] != GENERATED]


def fingerprint(path: Path) -> str:
    """Return the hash of an English page."""
    return hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()[:16]


def check(docs: Path = DOCS) -> list[Problem]:
    """Return all that is wrong with the translations below `docs`."""
    english = pages(docs, ENGLISH)
    problems = [
        Problem(f"tutorials/{language}/{notebook.name}", 1, "the notebook is missing")
        for notebook in sorted((docs.parent / "tutorials" / ENGLISH).glob("*.ipynb"))
        for language in OTHERS
        if not (docs.parent / "tutorials" / language / notebook.name).exists()
    ]
    for language in OTHERS:
        own = pages(docs, language)
        extra = [page for page in own if page not in english]
        problems += [Problem(f"{language}/{page}", 1, "no English page has this name") for page in extra]
        for page in english:
            if page in own:
                problems += _page(docs, language, page)
            else:
                problems.append(Problem(f"{language}/{page}", 1, "the page is missing"))
    return problems


def _page(docs: Path, language: str, page: str) -> Iterator[Problem]:
    """Yield what is wrong with one page."""
    name, source, path = f"{language}/{page}", docs / ENGLISH / page, docs / language / page
    text = path.read_text(encoding="utf-8")
    stamped = STAMP.search(text)
    if not stamped:
        yield Problem(name, 1, "front matter has no source_hash")
    elif stamped[1] != fingerprint(source):
        line = text[: stamped.start()].count("\n") + 1
        yield Problem(name, line, "stale: the English page has changed since this translation")
    if "\ndescription: " not in text.split("\n---\n", 1)[0]:
        yield Problem(name, 1, "front matter has no description")
    for what, line, says in _differences(shape(source.read_text(encoding="utf-8")), shape(text)):
        yield Problem(name, line, f"{what}: {says}")
    for line, says in _forbidden(language, text):
        yield Problem(name, line, says)


def _differences(english: Shape, own: Shape) -> Iterator[tuple[str, int, str]]:
    """Yield the first difference of each kind."""
    for what, expected in vars(english).items():
        got: Found = getattr(own, what)
        for (_, wanted), (line, given) in zip(expected, got, strict=False):
            if wanted != given:
                yield what, line, f"English has {wanted!r}, here is {given!r}"
                break
        else:
            if len(expected) != len(got):
                yield what, got[-1][0] if got else 1, f"English has {len(expected)}, here are {len(got)}"


def shape(text: str) -> Shape:
    """Return what a page is built of."""
    found = Shape()
    table: list[str] = []
    for line, words, block in _lines(text):
        if block is not None:
            found.code.append((line, block))
            continue
        _single(found, line, words)
        if words.startswith("|"):
            table.append(str(words.replace("\\|", "").count("|") - 1))
        elif table:
            found.tables.append((line - len(table), " ".join(table)))
            table = []
    return found


def _single(found: Shape, line: int, words: str) -> None:
    """Note what one line outside code holds."""
    heading = HEADING.match(words)
    if heading:
        found.headings.append((line, f"{heading[1]} {heading[2] or 'no id'}"))
    found.links += [(line, target) for target in LINK.findall(words)]
    if words.startswith(("!!! ", "??? ")):
        found.admonitions.append((line, words.split()[1]))
    if TAG.match(words):
        found.tags.append((line, words))


def _lines(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Yield each line outside the front matter with its number; a fenced block comes as one, without comments."""
    front = FRONT.match(text)
    first = front[0].count("\n") if front else 0
    fence: str | None = None
    block: list[str] = []
    for number, words in enumerate([*text.splitlines(), ""], start=1):
        if number <= first:
            continue
        mark = FENCE.match(words)
        if fence is None and mark:
            fence, block = mark[2], [kind(mark[3])]
        elif fence is not None and words.strip() == fence:
            yield number - len(block), "", "\n".join(line for line in block if not line.lstrip().startswith("#"))
            fence = None
        elif fence is not None:
            block.append(words)
        else:
            yield number, words, None


def _forbidden(language: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield the wordings that the glossary forbids, outside code."""
    for line, words, block in _lines(text):
        if block is None:
            yield from ((line, message) for message in forbidden(language, CODE.sub(" ", words)))


def stamp(language: str, docs: Path = DOCS) -> None:
    """Write the hash of the English page into each page of a language."""
    for page in pages(docs, language):
        source, path = docs / ENGLISH / page, docs / language / page
        text = STAMP.sub("", path.read_text(encoding="utf-8"), count=1)
        if source.exists():
            text = text.replace("---\n", f"---\nsource_hash: {fingerprint(source)}\n", 1)
            path.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands."""
    parser = argparse.ArgumentParser(prog="python -m site_tools.translation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="name all that is wrong with the translations")
    stamping = commands.add_parser("stamp", help="mark the pages of a language as up to date")
    stamping.add_argument("language", choices=OTHERS)
    given = parser.parse_args(arguments)
    if given.command == "stamp":
        stamp(given.language)
        return 0
    problems = check()
    print("\n".join(map(str, problems)) or "the four languages agree")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
