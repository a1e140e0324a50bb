"""One search index for each language, made from the one that the search plugin writes.

The index holds prose, headings, clauses and what pages print. It leaves out what would only make it heavy: evidence,
the reference's source beside its notes, the words in pictures, the cells of the results table, and every
`<div class="unsearched">`.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from site_tools.places import LANGUAGES

__all__ = ["lean", "mend", "split"]

DEFAULT = LANGUAGES[0]
INDEX = Path("search") / "search_index.json"
WORKER = "assets/javascripts/workers/search.*.min.js"
AMBIGUOUS, CLEAR = "e=e+s+o.id}return e}", 'e=e+s+o.id+","}return e}'
WEIGHTS = {
    "tutorials/": 2.0,
    "callbacks/": 1.5,
    "old-snippets/": 0.5,
    "surprises/": 0.3,
    "keras-2/": 0.5,
    "api/": 0.3,
    "glossary/": 0.5,
    "results/": 0.3,
    "contributing/": 0.5,
}
"""How much a page counts among those that hold a word: what teaches comes before what lists."""
HEAVY = re.compile(r'<svg\b.*?</svg>|<details class="evidence".*?</details>', re.DOTALL)
TABLE = re.compile(r"<(table|form)\b.*?</\1>", re.DOTALL)
UNSEARCHED = re.compile(r'<div class="(?:beside|unsearched)\b')
DIV = re.compile(r"<(/?)div\b")


def lean(content: str, path: str, description: str) -> str:
    """Return the content of a page without what search leaves out; under its title stands its description."""
    content = HEAVY.sub("", content).replace("</h1>", f"</h1><p>{html.escape(description)}</p>", 1)
    return _without_blocks(TABLE.sub("", content) if path == "results.md" else content)


def _without_blocks(content: str) -> str:
    """Return the content without the blocks that are marked, whatever blocks they hold."""
    parts, place = [], 0
    while found := UNSEARCHED.search(content, place):
        parts.append(content[place : found.start()])
        place = _end(content, found.start())
    return "".join([*parts, content[place:]])


def _end(content: str, start: int) -> int:
    """Return where the block that begins at `start` is over."""
    depth = 0
    for tag in DIV.finditer(content, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return content.index(">", tag.end()) + 1
    return len(content)


def split(site: Path) -> None:
    """Write the index of each language below its own root, with locations relative to it."""
    whole = json.loads((site / INDEX).read_text(encoding="utf-8"))
    for language in LANGUAGES:
        prefix = "" if language == DEFAULT else f"{language}/"
        docs = [_below(entry, prefix) for entry in whole["docs"] if _language(entry) == language]
        pipeline = ["stopWordFilter"] if language == "en" else []
        config = {**whole["config"], "lang": ["en"], "pipeline": pipeline}
        path = site / prefix / INDEX
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**whole, "config": config, "docs": docs}, ensure_ascii=False), encoding="utf-8")


def mend(site: Path) -> None:
    """Let texts with digits be found: end the number of each edge where the search tells two nodes of its tree apart.

    It writes label and number of each edge one after another: "1" and 23 read like "12" and 3. Two nodes then pass as
    one, and a query that meets them finds nothing at all.
    """
    for path in site.glob(WORKER):
        code = path.read_text(encoding="utf-8")
        if AMBIGUOUS not in code and CLEAR not in code:
            raise LookupError(f"{path.name}: this theme writes its search otherwise; look whether it needs mending")
        path.write_text(code.replace(AMBIGUOUS, CLEAR), encoding="utf-8")


def _language(entry: dict[str, Any]) -> str:
    """Return the language of an entry, from its location."""
    first = str(entry["location"]).split("/", 1)[0]
    return first if first in LANGUAGES else DEFAULT


def _below(entry: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Return an entry with its location relative to the language's root, and with the weight of its page."""
    location = str(entry["location"]).removeprefix(prefix)
    weight = next((weight for start, weight in WEIGHTS.items() if location.startswith(start)), 1.0)
    return {**entry, "location": location, "boost": weight}
