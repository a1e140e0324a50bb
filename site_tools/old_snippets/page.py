"""The page of old snippets: a table of errors, one of symptoms, and every entry by topic."""

from __future__ import annotations

import json
import posixpath
import re
from functools import cache
from itertools import groupby
from typing import Any

from site_tools import notebooks
from site_tools.contract import clauses, link
from site_tools.old_snippets.entries import FOLDER, Entry, entries, setups
from site_tools.places import DOCS
from site_tools.words import say

__all__ = ["KERAS_2", "KERAS_3", "old_snippets", "results", "to_page"]

KERAS_3, KERAS_2 = "keras-3.15.1", "tf_keras-2.21.0"
VERSIONS = {KERAS_3: "3.15.1", KERAS_2: "2 (tf-keras 2.21.0)"}
GLYPHS = {"works": "✓", "other": "≠", "raises": "✗", "changed": "↻"}
TONES = {"works": "pass", "other": "known", "raises": "fail", "changed": "known"}
HEADING = 125
TITLE = re.compile(r'^title: *"?(.*?)"? *$', re.MULTILINE)


@cache
def results(name: str) -> dict[str, Any]:
    """Return what happened on one Keras, as it was recorded."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def old_snippets(language: str, page: str) -> str:
    """Return the two tables, the setups and the entries."""
    parts = [_errors(language), _symptoms(language), _setups(language)]
    for topic, found in groupby(entries(), key=lambda entry: entry.topic):
        parts.append(f"## {say(f'old-{topic}', language)} {{ #{_anchor(topic)} }}")
        parts += [_entry(entry, language, page) for entry in found]
    return "\n\n".join(parts)


def _anchor(topic: str) -> str:
    """Return the id of a topic's heading."""
    return topic.replace("_", "-")


def _old(entry: Entry, keras: str) -> dict[str, Any]:
    """Return what the old line did."""
    found: dict[str, Any] = results(keras)[entry.id]["old"]
    return found


def _raised(entry: Entry, keras: str = KERAS_3) -> str:
    """Return the error of the old line as its last line reads, or nothing if there was none."""
    old = _old(entry, keras)
    return f"{old['type']}: {old['message']}" if old["verdict"] == "raises" else ""


def _cut(text: str) -> str:
    """Return a text that is short enough for a heading."""
    return text if len(text) <= HEADING else text[:HEADING].rsplit(" ", 1)[0] + " …"


def _code(text: str) -> str:
    """Return a code span, also of a text that holds backticks."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _label(name: str, language: str) -> str:
    """Return a word with its colon, ready for what follows."""
    return say("old-label", language, name=say(name, language))


def _bold(name: str, language: str) -> str:
    """Return a label in bold; its space, if the language writes one, stays outside."""
    label = _label(name, language)
    bare = label.rstrip()
    return f"**{bare}**{label[len(bare) :]}"


def _claim(entry: Entry, language: str) -> str:
    """Return what the old text says, in quotes."""
    return say("old-quote", language, text=entry.say("claim", language))


def _errors(language: str) -> str:
    """Return the table of errors, each with a link to its entry."""
    head = f"## {say('old-errors', language)} {{ #errors }}"
    found = sorted((entry for entry in entries() if _raised(entry)), key=lambda entry: _raised(entry).lower())
    rows = [f"| [{_code(_cut(_raised(entry)))}](#{entry.id}) | {_claim(entry, language)} |" for entry in found]
    titles = f"| {say('old-last-line', language)} | {say('old-claim', language)} |"
    return "\n".join([head, "", '<div class="old-errors" markdown="1">', "", titles, "|---|---|", *rows, "", "</div>"])


def _symptoms(language: str) -> str:
    """Return the list of what runs otherwise than the old text says, by topic."""
    lines = [f"## {say('old-symptoms', language)} {{ #symptoms }}"]
    quiet = (entry for entry in entries() if not _raised(entry))
    for topic, found in groupby(quiet, key=lambda entry: entry.topic):
        lines += ["", f"**{say(f'old-{topic}', language)}**", ""]
        lines += [f"- [{_claim(entry, language)}](#{entry.id})" for entry in found]
    return "\n".join(lines)


def _setups(language: str) -> str:
    """Return the code that the snippets begin with."""
    parts = [f"## {say('old-setup', language)} {{ #setup }}", say("old-setup-says", language)]
    parts += [
        _fence("python", say("old-setup-title", language, name=name), code)
        for name, code in setups().items()
        if name != "empty"
    ]
    return "\n\n".join(parts)


def _fence(kind: str, title: str, code: str, look: str = "plain") -> str:
    """Return a fenced block with a title and a class."""
    return f'``` {{ .{kind} .old-code .old-code--{look} title="{title}" }}\n{code.strip()}\n```'


def _entry(entry: Entry, language: str, page: str) -> str:
    """Return one entry."""
    raised = _raised(entry)
    title = _code(_cut(raised)) if raised else _claim(entry, language)
    parts = [f"### {title} {{ #{entry.id} }}", _badges(entry, language)]
    if raised:
        parts.append(_label("old-claim", language) + _claim(entry, language))
    parts += [_fence("python", say("old-line", language), entry.old, "past"), *_outputs(entry, language)]
    parts += [entry.say("today", language), _words(entry, language)]
    parts += [_fence("python", say("old-new-line", language), entry.works, "now"), _links(entry, language, page)]
    return "\n\n".join(part for part in parts if part)


def _badges(entry: Entry, language: str) -> str:
    """Return the verdicts on both versions, each as a glyph and a word; whether they differ is seen, not said."""
    now, then = _old(entry, KERAS_3)["verdict"], _old(entry, KERAS_2)["verdict"]
    shown = [
        _label(f"old-keras-{number}", language) + _verdict(word, language) for number, word in ((3, now), (2, then))
    ]
    if now != then:
        shown.append(_verdict("changed", language))
    return f'<p class="old-badges">{" · ".join(shown)}</p>'


def _verdict(word: str, language: str) -> str:
    """Return one verdict."""
    return (
        f'<span class="verdict verdict--{TONES[word]}"><span aria-hidden="true">{GLYPHS[word]}</span> '
        f"{say(f'old-{word}', language)}</span>"
    )


def _outputs(entry: Entry, language: str) -> list[str]:
    """Return what a reader sees on Keras 3, and on Keras 2 where that is another thing."""
    now, then = (_seen(entry, keras, language) for keras in (KERAS_3, KERAS_2))
    shown = [(KERAS_3, now)] + [(KERAS_2, then)] * bool("keras2" in entry.words and then != now)
    titles = {name: say("old-output", language, version=VERSIONS[name]) for name, _ in shown}
    return [_fence("text", titles[name], text, "seen") for name, text in shown if text]


def _seen(entry: Entry, keras: str, language: str) -> str:
    """Return what the old line showed: its output, its warnings, its error, and its files where they matter."""
    old = _old(entry, keras)
    lines = [*old["printed"], *old["warned"], *filter(None, [_raised(entry, keras)])]
    if "files" in entry.check and old["verdict"] != "raises":
        names = ", ".join(old["files"]) or say("old-no-files", language)
        lines.append(say("old-files", language, names=names))
    return "\n".join(lines)


def _words(entry: Entry, language: str) -> str:
    """Return what Keras 2 does, and what to do."""
    same = say("old-same", language)
    lines = [_bold("old-keras-2", language) + (entry.say("keras2", language) or same)]
    if "do" in entry.words:
        lines.append(_bold("old-do", language) + entry.say("do", language))
    return "  \n".join(lines)


def _links(entry: Entry, language: str, page: str) -> str:
    """Return the clauses behind an entry, the pages to read on, and its setup."""
    setup = f"[{say('old-setup-title', language, name=entry.setup)}](#setup)"
    parts = {
        "old-clauses": ", ".join(_clause(name, language, page) for name in entry.clauses),
        "old-read-on": ", ".join(to_page(name, language, page) for name in entry.pages),
    }
    shown = [setup] if entry.setup != "empty" else []
    return " · ".join([*shown, *(_label(name, language) + links for name, links in parts.items() if links)])


def _clause(name: str, language: str, page: str) -> str:
    """Return a link to a clause, which says so if Keras and its documentation disagree on it."""
    if name not in clauses():
        raise LookupError(f"there is no clause {name!r}")
    found = clauses()[name]
    return link(found, page) + (f" ({say('contested', language)})" if found.status == "contested" else "")


def to_page(target: str, language: str, page: str) -> str:
    """Return a link to a page of the same language under its own title; `target` may end in an anchor."""
    name, _, anchor = target.partition("#")
    path = posixpath.relpath(name, posixpath.dirname(page) or ".")
    return f"[{_title(language, name)}]({path}{'#' * bool(anchor)}{anchor})"


def _title(language: str, name: str) -> str:
    """Return the title of a page; that of a lesson stands in its notebook, from which the page is made."""
    if name in notebooks.pages():
        return notebooks.title(language, name)
    found = TITLE.search((DOCS / language / name).read_text(encoding="utf-8").split("\n---\n", 1)[0])
    if found is None:
        raise LookupError(f"{language}/{name} has no title")
    return found[1]
