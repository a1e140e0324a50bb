"""Where things are in the repository, and the languages of the book."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DATA", "DOCS", "LANGUAGES", "NOTEBOOKS", "REFERENCE", "ROOT", "SITE"]

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
DATA = DOCS / "data"
NOTEBOOKS = ROOT / "tutorials"
REFERENCE = ROOT / "reference" / "callback_reference"
SITE = ROOT / "build" / "site"
LANGUAGES = ("en", "it", "zh", "ko")
"""The first is the one that the others are made from; the clauses, which are shipped alone, keep the same list."""
