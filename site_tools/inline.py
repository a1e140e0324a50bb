"""Words and addresses as HTML, for the long tables that Markdown would take too long to read."""

from __future__ import annotations

import posixpath
import re
from html import escape

from callback_conformance.clauses import Clause
from callback_conformance.messages import Words

from site_tools.contract import page_of
from site_tools.places import LANGUAGES

__all__ = ["address", "asset", "english", "html", "linked", "shared", "translated"]

CODE = re.compile(r"`+([^`]+)`+")


def html(words: str) -> str:
    """Return words as HTML; what stands between backticks becomes code."""
    parts = CODE.split(words)
    escaped = [escape(part, quote=False) for part in parts]
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(escaped))


def english(words: str, language: str) -> str:
    """Return English words as HTML, marked as English where the page is in another language."""
    return f'<span lang="en">{html(words)}</span>' if language != LANGUAGES[0] else html(words)


def translated(sentence: str, language: str) -> str:
    """Return a sentence of the suite as HTML in a language; what it cannot translate is marked as English."""
    known = Words(language).known(sentence)
    return english(sentence, language) if known is None else html(known)


def address(target: str, page: str) -> str:
    """Return the relative address of one page of a language from another; both are paths inside its folder."""
    return posixpath.relpath(_folder(target), _folder(page)) + "/"


def asset(path: str, language: str, page: str) -> str:
    """Return the relative address of a file below `docs/assets` from a page."""
    return shared(f"assets/{path}", language, page)


def shared(path: str, language: str, page: str) -> str:
    """Return the relative address of a file below the root of the site, which all languages share, from a page."""
    root = "" if language == LANGUAGES[0] else "../"
    return root + posixpath.relpath("root", posixpath.join("root", _folder(page))) + f"/{path}"


def linked(clause: Clause, page: str) -> str:
    """Return a link to a clause."""
    path = "" if page_of(clause) == page else address(page_of(clause), page)
    return f'<a href="{path}#{clause.id.lower()}">{clause.id}</a>'


def _folder(page: str) -> str:
    """Return the folder that a page is served from."""
    return "." if page == "index.md" else page.removesuffix("/index.md").removesuffix(".md")
