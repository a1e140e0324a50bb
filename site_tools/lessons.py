"""The list of the lessons, with what each is about and how long it takes."""

from __future__ import annotations

from pathlib import Path

from site_tools import downloads, notebooks
from site_tools.places import NOTEBOOKS
from site_tools.words import say

__all__ = ["course_download", "lessons"]


def lessons(language: str, page: str) -> str:
    """Return the lessons in their order, as a list: name, what each is about, and time, from its first cell."""
    paths = sorted((NOTEBOOKS / language).glob("*.ipynb"))
    return "\n\n".join(f"{number}. {_entry(path)}" for number, path in enumerate(paths, start=1))


def _entry(path: Path) -> str:
    """Return one lesson; what its first cell says after the time is left out."""
    title, *lines = (line.strip() for line in notebooks.first_cell(path).splitlines() if line.strip())
    time = next(number for number, line in enumerate(lines) if line.startswith("**"))
    head = f"**[{title.removeprefix('# ')}](tutorials/{notebooks.name_of(path)}.md)**"
    return "\n    ".join([head, *lines[: time + 1]])


def course_download(language: str, page: str) -> str:
    """Return the link to the whole course of a language."""
    name = downloads.archive(language)
    return f"[{say('download-course', language)}](tutorials/{name}){{ .md-button download }}"
