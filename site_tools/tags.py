"""The tags that a page may use; each stands alone on a line and becomes Markdown in the page's language.

| tag | becomes |
|---|---|
| `{{ clauses("early_stopping") }}` | the clauses of one file, each with its anchor |
| `{{ versions("early_stopping") }}` | those of them that do not hold in every Keras version |
| `{{ source("early_stopping.py") }}` | a file of the reference with its clauses beside the code |
| `{{ picture("early-stopping") }}` | a picture of `site_tools.pictures` |
| `{{ log_keys() }}` | which keys are in `logs` at each hook |
| `{{ backends("EarlyStopping") }}` | what this callback does on each backend; without a name, a table of all |
| `{{ which_callback() }}` | the decision picture with its links |
| `{{ which_weights("stopped") }}` | where the weights are after one ending of `which_weights.json` |
| `{{ crash_table() }}` | what is left after each kind of accident |
| `{{ crash_figures() }}` | what the experiments with killed processes counted |
| `{{ results() }}` | the published runs of the suite |
| `{{ old_snippets() }}` | old lines, what they do today, and the lines that work |
| `{{ coverage() }}` | what old tutorials teach, and the page that teaches it now |
| `{{ surprises() }}` | the contested clauses, with what tf.keras and the reference do |
| `{{ keras_2("files") }}` | what Keras 2 and Keras 3 do with the same lines, for one group of lines |
| `{{ keras_2_clauses() }}` | the clauses that Keras 2 does not keep |
| `{{ glossary() }}` | the terms in four languages |
| `{{ api("callback_reference") }}` | the classes of a package |
| `{{ command() }}` | the options of the command line |
| `{{ schema() }}` | the fields of a results file |
| `{{ lessons() }}` | the lessons in their order, with what each is about |
| `{{ course_download() }}` | the link to the whole course as one archive |
| `{{ playground("EarlyStopping") }}` | a playground for one callback; without a name, for all five |
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from site_tools import api, backends, beside, contract, coverage, endings, moving, playground, results, surprises, terms
from site_tools.lessons import course_download, lessons
from site_tools.old_snippets.page import old_snippets
from site_tools.pictures import figure
from site_tools.pictures.drawing import trace
from site_tools.pictures.which_callback import which_callback
from site_tools.words import say

__all__ = ["TAG", "replace"]

TAG = re.compile(r"^\{\{ (\w+)\((.*)\) \}\}$", re.MULTILINE)


def replace(markdown: str, language: str, page: str) -> str:
    """Replace the tags of a page; `page` is its path inside the language's folder."""

    def one(found: re.Match[str]) -> str:
        name, arguments = found.groups()
        if name not in TAGS:
            raise LookupError(f"there is no tag {name!r}; known are {', '.join(TAGS)}")
        return TAGS[name](language, page, *ast.literal_eval(f"({arguments},)" if arguments else "()"))

    return TAG.sub(one, markdown)


def log_keys(language: str, page: str) -> str:
    """Return the table of hooks by run: the keys in `logs`, or the word that says why there are none."""
    runs = {f"`{name}`": _keys(trace(name)) for name in ("fit", "evaluate", "predict")}
    hooks = dict.fromkeys(hook for keys in runs.values() for hook in keys)
    lines = [[say("hook", language), *runs], ["---"] * (1 + len(runs))]
    lines += [[f"`{hook}`", *(_cell(keys.get(hook), language) for keys in runs.values())] for hook in hooks]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _keys(events: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the log keys by hook."""
    return {event["hook"]: event["logs"] for event in events}


def _cell(keys: list[str] | None, language: str) -> str:
    """Return one cell."""
    if keys:
        return ", ".join(f"`{key}`" for key in keys)
    word = say("not-called" if keys is None else "no-keys", language)
    return f'<span class="absent">{word}</span>'


TAGS: dict[str, Callable[..., str]] = {
    "clauses": lambda language, page, group: contract.clause_list(group, language),
    "versions": lambda language, page, group: contract.version_table(group, language, page),
    "source": lambda language, page, name: beside.beside(name, language, page),
    "picture": lambda language, page, name: figure(name, language),
    "log_keys": log_keys,
    "which_callback": which_callback,
    "which_weights": endings.which_weights,
    "crash_table": endings.crash_table,
    "crash_figures": endings.crash_figures,
    "playground": playground.playground,
    "results": lambda language, page: results.results(language, page),
    "backends": lambda language, page, name="": backends.one(name, language) if name else backends.every(language),
    "old_snippets": old_snippets,
    "coverage": coverage.coverage,
    "surprises": surprises.surprises,
    "keras_2": moving.lines,
    "keras_2_clauses": moving.clauses,
    "glossary": terms.glossary,
    "api": api.classes,
    "command": api.command,
    "schema": api.schema,
    "lessons": lessons,
    "course_download": course_download,
}
