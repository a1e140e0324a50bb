"""Read and write the lessons of `tutorials/<language>/`, and say which parts of a cell are words."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from site_tools.places import LANGUAGES
from tutorial_tools.lines import comments

__all__ = [
    "ENGLISH",
    "OTHERS",
    "ROOT",
    "TUTORIALS",
    "Cell",
    "Notebook",
    "fingerprint",
    "has_tag",
    "lessons",
    "read",
    "text_of",
    "words",
    "write",
]

ROOT = Path(__file__).resolve().parents[1]
TUTORIALS = ROOT / "tutorials"
ENGLISH, OTHERS = LANGUAGES[0], LANGUAGES[1:]
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

Cell = dict[str, Any]
Notebook = dict[str, Any]


def lessons(tutorials: Path = TUTORIALS) -> list[str]:
    """Return the file name of every English lesson."""
    return sorted(path.name for path in (tutorials / ENGLISH).glob("*.ipynb"))


def read(path: Path) -> Notebook:
    """Return a notebook, with the source of each cell as one string."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def write(path: Path, notebook: Notebook) -> None:
    """Write a notebook in the form that Jupyter gives it: one line of source to a line of the file."""
    cells = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    text = json.dumps({**notebook, "cells": cells}, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def has_tag(cell: Cell, tag: str) -> bool:
    """Tell whether a cell bears a tag."""
    return tag in cell["metadata"].get("tags", [])


def text_of(cell: Cell) -> dict[str, Any]:
    """Return the dictionary of a cell that reads `TEXT = {...}`; raise ValueError if it reads otherwise."""
    match ast.parse(cell["source"]).body:
        case [ast.Assign(targets=[ast.Name(id="TEXT")], value=value)]:
            return dict(ast.literal_eval(value))
    raise ValueError("the cell tagged `text` must hold nothing but `TEXT = {...}`")


def words(cell: Cell) -> str:
    """Return what a translator turns into another language: prose, or the texts or comments and `alt` of code."""
    if cell["cell_type"] == "markdown" or has_tag(cell, "text"):
        return str(cell["source"])
    return "\n".join([*comments(cell["source"]), cell["metadata"].get("alt", "")]).strip()


def fingerprint(cell: Cell) -> str:
    """Return the hash of a cell's words, or nothing for a cell without any."""
    found = words(cell)
    return hashlib.sha256(found.encode()).hexdigest()[:16] if found else ""
