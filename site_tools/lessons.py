"""The list of the lessons, with what each is about and how long it takes."""

from __future__ import annotations

from site_tools import downloads, notebooks
from site_tools.places import NOTEBOOKS
from site_tools.words import say

__all__ = ["course_download", "lessons"]


def lessons(language: str, page: str) -> str:
    """Return the lessons in their order: name, first sentences, and time."""
    return "\n\n".join(
        _entry(number, path.name, language)
        for number, path in enumerate(sorted((NOTEBOOKS / language).glob("*.ipynb")), start=1)
    )


def _entry(number: int, name: str, language: str) -> str:
    """Return one lesson as an item of a list, from the notebook's first cell."""
    path = NOTEBOOKS / language / name
    first = notebooks.first_cell(path)
    title, *rest = [line.strip() for line in first.splitlines() if line.strip()]
    words = [line for line in rest if not line.startswith("**")]
    time = next(line for line in rest if line.startswith("**"))
    head = f"{number}. **[{title.removeprefix('# ')}](tutorials/{notebooks.name_of(path)}.md)**"
    before = rest.index(time)
    return "\n".join([head, *(f"    {line}" for line in words[:before]), f"    {time}"])


def course_download(language: str, page: str) -> str:
    """Return the link to the whole course of a language."""
    name = downloads.archive(language)
    return f"[{say('download-course', language)}](tutorials/{name}){{ .md-button download }}"
