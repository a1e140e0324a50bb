"""Carry changes of the English code into the translations, and stamp translations as up to date."""

from __future__ import annotations

import copy
from pathlib import Path

from tutorial_tools.lessons import (
    ENGLISH,
    FENCE,
    OTHERS,
    TUTORIALS,
    Cell,
    Notebook,
    fingerprint,
    has_tag,
    lessons,
    read,
    write,
)
from tutorial_tools.lines import with_comments
from tutorial_tools.parity import METADATA
from tutorial_tools.shared import with_shared

__all__ = ["stamp", "sync", "synced"]


def sync(tutorials: Path = TUTORIALS) -> list[str]:
    """Bring the shared cells and every translated lesson's code up to date; return what is left for a translator."""
    left = []
    for name in lessons(tutorials):
        english = with_shared(read(tutorials / ENGLISH / name), ENGLISH)
        write(tutorials / ENGLISH / name, english)
        for language in OTHERS:
            path = tutorials / language / name
            other: Notebook = read(path) if path.exists() else {**english, "cells": []}
            result, notes = synced(english, other)
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, with_shared(result, language))
            left += [f"{language}/{name} {note}" for note in notes]
    return left


def synced(english: Notebook, other: Notebook) -> tuple[Notebook, list[str]]:
    """Return a translated lesson with the cells and code of the English one, and notes for the translator."""
    translated = {cell["id"]: cell for cell in other["cells"]}
    cells, notes = [], []
    for source in english["cells"]:
        cell = translated.pop(source["id"], None)
        if cell is None or cell["cell_type"] != source["cell_type"]:
            cells.append(copy.deepcopy(source))
            notes.append(f"[{source['id']}] new, in English")
            continue
        result, left = _cell(source, cell)
        cells.append(result)
        notes += [f"[{source['id']}] comment in English: {comment}" for comment in left]
    notes += [f"[{gone}] removed: English has no such cell" for gone in translated]
    return {**english, "metadata": METADATA, "cells": cells}, notes


def _cell(english: Cell, other: Cell) -> tuple[Cell, list[str]]:
    """Return a translated cell with the English code and tags, and the comments that came in English."""
    kept = {key: value for key, value in other["metadata"].items() if key in ("alt", "source_hash")}
    result = {**english, "metadata": {**english["metadata"], **kept}, "source": other["source"]}
    if has_tag(english, "text"):
        return result, []
    if english["cell_type"] == "code":
        result["source"], left = with_comments(english["source"], other["source"])
        return result, left
    result["source"], left = _blocks(english["source"], other["source"])
    return result, left


def _blocks(english: str, other: str) -> tuple[str, list[str]]:
    """Return translated prose with the Python blocks of the English one; leave it if their number differs."""
    blocks, left = FENCE.findall(english), list[str]()
    if len(blocks) != len(FENCE.findall(other)):
        return other, ["(all) the number of code blocks differs"]
    rest = iter(blocks)

    def block(found: object) -> str:
        code, new = with_comments(next(rest), found[1])  # type: ignore[index]
        left.extend(new)
        return f"```python\n{code}```"

    return FENCE.sub(block, other), left


def stamp(languages: tuple[str, ...] = OTHERS, tutorials: Path = TUTORIALS) -> None:
    """Write into each translated cell the hash of the English words that it was made from."""
    for name in lessons(tutorials):
        hashes = {cell["id"]: fingerprint(cell) for cell in read(tutorials / ENGLISH / name)["cells"]}
        for language in languages:
            path = tutorials / language / name
            notebook = read(path)
            for cell in notebook["cells"]:
                cell["metadata"].pop("source_hash", None)
                if hashes.get(cell["id"]):
                    cell["metadata"]["source_hash"] = hashes[cell["id"]]
            write(path, notebook)
