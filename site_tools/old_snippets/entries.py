"""The entries of `docs/data/old_snippets/*.toml`: an old line each, the line that works, and words on both."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "OPTIONAL", "TOPICS", "WORDS", "Entry", "entries", "read", "setups"]

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "data" / "old_snippets"
LANGUAGES = ("en", "it", "zh", "ko")  # named here too: the recorder runs where the site's packages are missing
TOPICS = (
    "model_checkpoint",
    "file_names",
    "early_stopping",
    "reduce_lr_on_plateau",
    "learning_rate_scheduler",
    "tensorboard",
    "fit_and_compile",
    "own_callbacks",
    "transfer_learning",
)
SETUPS = "setups.toml"
WORDS = ("claim", "today")
OPTIONAL = ("keras2", "do")  # without `keras2` it does the same on Keras 2
KEYS = {"rows", "clauses", "pages", "setup", "old", "check", "works", "works_check", "graph", "without"}


@dataclass(frozen=True)
class Entry:
    """One thing that a reader would paste into a search box."""

    id: str
    topic: str
    rows: tuple[str, ...]
    setup: str
    old: str
    works: str
    words: dict[str, dict[str, str]]
    check: str = "True"  # what the old text promises, as an expression over the snippet's names
    works_check: str = "True"
    clauses: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    graph: bool = False  # run compiled, because the error reads otherwise in eager mode
    without: str = ""  # a package that this snippet must not find

    def say(self, what: str, language: str) -> str:
        """Return one of the texts of the entry, or nothing if it has no such text."""
        return self.words[what][language] if what in self.words else ""


@cache
def setups() -> dict[str, str]:
    """Return the code that the snippets begin with, by name."""
    found: dict[str, str] = tomllib.loads((FOLDER / SETUPS).read_text(encoding="utf-8"))
    return found


@cache
def entries() -> tuple[Entry, ...]:
    """Return every entry, in the order of the page."""
    found = [entry for topic in TOPICS for entry in read(FOLDER / f"{topic}.toml")]
    twice = {entry.id for entry in found if [other.id for other in found].count(entry.id) > 1}
    if twice:
        raise ValueError(f"{FOLDER.name}: these ids come twice: {', '.join(sorted(twice))}")
    return tuple(found)


def read(path: Path) -> list[Entry]:
    """Read the entries of one topic; a key that is missing, unknown or not in four languages is refused."""
    tables: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_entry(path, name, dict(table)) for name, table in tables.items()]


def _entry(path: Path, name: str, table: dict[str, Any]) -> Entry:
    """Return one entry."""
    words = {key: table.pop(key) for key in (*WORDS, *OPTIONAL) if key in table}
    problems = [f"no {key!r}" for key in ("rows", "setup", "old", "works") if key not in table]
    problems += [f"no {key!r}" for key in WORDS if key not in words]
    problems += [f"unknown key {key!r}" for key in table if key not in KEYS]
    problems += [f"{key!r} lacks {code}" for key, texts in words.items() for code in LANGUAGES if not texts.get(code)]
    if table.get("setup") not in setups():
        problems.append(f"setup {table.get('setup')!r} is none of {', '.join(setups())}")
    if problems:
        raise ValueError(f"{path.name}, [{name}]: {'; '.join(problems)}")
    table |= {key: tuple(table.get(key, ())) for key in ("rows", "clauses", "pages")}
    return Entry(id=name, topic=path.stem, words=words, **table)
