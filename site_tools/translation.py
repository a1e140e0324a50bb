"""Keep the four languages equal.

`python -m site_tools.translation check` names every page that is missing, stale, built unlike the English one,
left in English somewhere, or worded against the glossary, with file and line; it exits 1 if it finds any.
`python -m site_tools.translation stamp it` says that the Italian pages are made from the English ones of now.
Name pages after the language to stamp only those.
`python -m site_tools.translation migrate` turns the stamps that stand in front matter, `source_hash`, into records.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from site_tools import left_in_english
from site_tools.blocks import FRONT, STAMP, blocks, changes, fingerprints, record_of
from site_tools.fences import FENCE, kind
from site_tools.places import DOCS, LANGUAGES
from tutorial_tools.glossary import forbidden, unused

__all__ = ["Problem", "check", "fingerprint", "main", "migrate", "stamp"]

ENGLISH, *OTHERS = LANGUAGES
GENERATED = "tutorials"
OWN_LESSONS = re.compile(rf"\btutorials/(?:{'|'.join(LANGUAGES)})\b")
"""A command that opens the lessons of the reader's own language."""
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
    """Return the hash of a whole English page, as stamps in front matter hold it."""
    return hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()[:16]


def check(docs: Path = DOCS) -> list[Problem]:
    """Return all that is wrong with the translations below `docs`."""
    english = pages(docs, ENGLISH)
    problems = [*_notebooks(docs), *(problem for page in english for problem in _ids(docs, page))]
    problems += [Problem(*found) for found in left_in_english.words()]
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


def _notebooks(docs: Path) -> Iterator[Problem]:
    """Yield the lessons that a language lacks."""
    for notebook in sorted((docs.parent / "tutorials" / ENGLISH).glob("*.ipynb")):
        for language in OTHERS:
            if not (docs.parent / "tutorials" / language / notebook.name).exists():
                yield Problem(f"tutorials/{language}/{notebook.name}", 1, "the notebook is missing")


def _ids(docs: Path, page: str) -> Iterator[Problem]:
    """Yield the headings of an English page that have no id; the others are compared with it."""
    for line, heading in shape((docs / ENGLISH / page).read_text(encoding="utf-8")).headings:
        if heading.endswith(" no id"):
            yield Problem(f"{ENGLISH}/{page}", line, "the heading has no id; write one after it, { #like-this }")


def _page(docs: Path, language: str, page: str) -> Iterator[Problem]:
    """Yield what is wrong with one page."""
    name, source, path = f"{language}/{page}", docs / ENGLISH / page, docs / language / page
    text, english = path.read_text(encoding="utf-8"), source.read_text(encoding="utf-8")
    found = [
        *_stale(docs, language, page, text),
        *((line, f"{what}: {says}") for what, line, says in _differences(shape(english), shape(text))),
        *left_in_english.page(language, english, text),
        *_worded(language, english, text),
    ]
    for line, says in found:
        yield Problem(name, line, says)


def _stale(docs: Path, language: str, page: str, text: str) -> Found:
    """Return the English paragraphs that have changed since the translation, at their place in it."""
    source, record = docs / ENGLISH / page, record_of(docs, language, page)
    stamped = STAMP.search(text)
    if stamped and stamped[1] == fingerprint(source):
        return []
    if not record.exists():
        line = text[: stamped.start()].count("\n") + 1 if stamped else 1
        return [(line, "stale: the English page has changed" if stamped else "stale: the page was never stamped")]
    own = blocks(text)
    old = record.read_text(encoding="utf-8").split()
    return [(own[min(place, len(own) - 1)].line, says) for place, says in changes(old, source)]


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
            found.code.append((line, OWN_LESSONS.sub("tutorials/*", block)))
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


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines outside code, without code spans, targets and ids."""
    yield from ((line, CODE.sub(" ", words)) for line, words, block in _lines(text) if block is None)


def _worded(language: str, english: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield the wordings that the glossary forbids, and the terms for which the page uses no word of the glossary."""
    for line, words in _prose(text):
        yield from ((line, message) for message in forbidden(language, words))
    whole = ["\n".join(words for _, words in _prose(page)) for page in (english, text)]
    yield from ((1, message) for message in unused(language, *whole))


def stamp(language: str, docs: Path = DOCS, only: list[str] | None = None) -> None:
    """Say that the pages of a language are made from the English ones of now.

    Raises:
        ValueError: `only` names a page that is not there in both languages.
    """
    both = [page for page in pages(docs, ENGLISH) if (docs / language / page).exists()]
    unknown = sorted(set(only or ()) - set(both))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: not a page in {ENGLISH} and {language}; say it like {both[0]!r}")
    for page in only or both:
        path, record = docs / language / page, record_of(docs, language, page)
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text("\n".join(fingerprints(docs / ENGLISH / page)) + "\n", encoding="utf-8")
        path.write_text(STAMP.sub("", path.read_text(encoding="utf-8"), count=1), encoding="utf-8")


def migrate(docs: Path = DOCS) -> list[str]:
    """Turn the stamps of all fresh pages into records, and return the pages that are stale and keep theirs."""
    kept = []
    for language in OTHERS:
        for page in pages(docs, language):
            stamped = STAMP.search((docs / language / page).read_text(encoding="utf-8"))
            if stamped and stamped[1] == fingerprint(docs / ENGLISH / page):
                stamp(language, docs, [page])
            elif stamped:
                kept.append(f"{language}/{page}")
    return kept


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(prog="python -m site_tools.translation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="name all that is wrong with the translations")
    commands.add_parser("migrate", help="turn the stamps in front matter into records")
    stamping = commands.add_parser("stamp", help="mark the pages of a language as up to date")
    stamping.add_argument("language", choices=OTHERS)
    stamping.add_argument("pages", nargs="*", help="for example callbacks/early-stopping.md; all, if none is named")
    given = parser.parse_args(arguments)
    if given.command == "stamp":
        return _stamp(given.language, given.pages)
    problems = list(map(str, check())) if given.command == "check" else [f"{page}: stale" for page in migrate()]
    print("\n".join(problems) or "the four languages agree")
    return 1 if problems else 0


def _stamp(language: str, only: list[str]) -> int:
    """Stamp pages; a wrong name is told, not raised."""
    try:
        stamp(language, only=only)
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
