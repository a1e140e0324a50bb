"""What all lessons have in common: cells, and texts that they print; one file for each language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tutorial_tools.lessons import Cell, Notebook, has_tag, text_of

__all__ = ["cells", "differences", "texts", "with_shared"]

FOLDER = Path(__file__).parent


@cache
def _file(language: str) -> dict[str, dict[str, Any]]:
    """Return the file of a language."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def cells(language: str) -> dict[str, str]:
    """Return the source of each shared cell, by the id that it has in every lesson."""
    return {name: source.strip("\n") for name, source in _file(language)["cells"].items()}


def texts(language: str) -> dict[str, Any]:
    """Return the texts that a lesson has in `TEXT` if it prints them, by key."""
    return _file(language)["text"]


def with_shared(notebook: Notebook, language: str) -> Notebook:
    """Return a notebook whose shared cells are up to date."""
    known = cells(language)
    return {
        **notebook,
        "cells": [{**cell, "source": known.get(cell["id"], cell["source"])} for cell in notebook["cells"]],
    }


def differences(notebook: Notebook, language: str) -> Iterator[tuple[str, str]]:
    """Yield a cell's id and a message for every shared cell or text that differs from the file."""
    known, where = cells(language), f"tutorial_tools/shared/{language}.toml"
    for cell in notebook["cells"]:
        if cell["id"] in known and cell["source"] != known[cell["id"]]:
            yield cell["id"], f"differs from {where}; change that file and run `python -m tutorial_tools sync`"
        if has_tag(cell, "text"):
            yield from ((cell["id"], f"TEXT[{key!r}] differs from {where}") for key in _other(cell, language))


def _other(cell: Cell, language: str) -> list[str]:
    """Return the keys of a cell's texts that are shared and read otherwise."""
    own, known = text_of(cell), texts(language)
    return [key for key in own if key in known and own[key] != known[key]]
