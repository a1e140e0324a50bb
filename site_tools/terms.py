"""The glossary page, from `docs/data/glossary.toml`: each term in every language, with what it means in the page's."""

from __future__ import annotations

import tomllib
from functools import cache
from html import escape
from typing import Any

from site_tools.inline import html
from site_tools.places import DATA, LANGUAGES
from site_tools.words import say

__all__ = ["glossary", "terms"]


@cache
def terms() -> dict[str, dict[str, Any]]:
    """Return the terms by their names in the file.

    Raises:
        LookupError: a term lacks a rendering or a definition in one of the languages.
    """
    found: dict[str, dict[str, Any]] = tomllib.loads((DATA / "glossary.toml").read_text(encoding="utf-8"))
    for name, entry in found.items():
        for language in LANGUAGES:
            if not entry.get(language) or not entry.get("says", {}).get(language):
                raise LookupError(f"glossary.toml: [{name}] has no rendering or no definition in {language!r}")
    return found


def glossary(language: str, page: str) -> str:
    """Return the terms as a list of definitions, sorted as the page's language sorts them."""
    entries = sorted(terms().items(), key=lambda item: _place(item[1][language], language))
    return '<dl class="glossary">\n' + "\n".join(_entry(name, entry, language) for name, entry in entries) + "\n</dl>"


def _place(term: str, language: str) -> bytes:
    """Return what a term is sorted by: for Chinese its GBK code, where the common characters stand by their sound."""
    return term.strip("`").lower().encode("gbk" if language == "zh" else "utf-8", "replace")


def _entry(name: str, entry: dict[str, Any], language: str) -> str:
    """Return one term with its definition, its other languages and what it is not called."""
    others = ", ".join(f'<span lang="{other}">{html(entry[other])}</span>' for other in LANGUAGES if other != language)
    wrong = entry.get("forbidden", {}).get(language, [])
    words = say("glossary-not", language, words=", ".join(wrong))
    aside = f' <span class="glossary__not">{escape(words)}</span>' if wrong else ""
    return (
        f'<div id="term-{name.replace("_", "-")}"><dt>{html(entry[language])}</dt>'
        f'<dd>{html(entry["says"][language])} <span class="glossary__others">{others}</span>{aside}</dd></div>'
    )
