"""The tables of what is left when training has ended, in good order or in the middle."""

from __future__ import annotations

import json
from typing import Any

from site_tools.pictures.drawing import trace
from site_tools.pictures.which_weights import callback_name, weights
from site_tools.places import DATA
from site_tools.recordings.crash import EVERY
from site_tools.words import say

__all__ = ["crash_figures", "crash_table", "which_weights"]

ENDINGS = ("kill", "exception", "interrupt", "disk")


def table(lines: list[list[str]]) -> str:
    """Return a table of Markdown; the first line is its head."""
    rows = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def which_weights(language: str, page: str, ending: str) -> str:
    """Return the table of one ending: a row for each callback, a column for each place."""
    head = [say("callbacks-in-list", language)]
    head += [say(f"place-{place}", language) for place in ("model", "optimizer", "file", "memory")]
    cases = [case for case in trace("which_weights") if case["ending"] == ending]
    if not cases:
        known = sorted({case["ending"] for case in trace("which_weights")})
        raise ValueError(f"ending {ending!r} is not recorded; known are {', '.join(known)}")
    return table([head, *(_weights_row(case, language) for case in cases)])


def _weights_row(case: dict[str, Any], language: str) -> list[str]:
    """Return one row."""
    name = callback_name(case["callback"], language)
    file = weights(case["file"], language)
    if case["file"]:
        updates = say("updates", language, count=case["file_updates"])
        file = say("with-note", language, words=file, note=updates)
    return [
        name if case["callback"] == "none" else f"`{name}`",
        weights(case["model"], language),
        say("updates", language, count=case["updates"]),
        file,
        weights(case["memory"], language),
    ]


def crash_table(language: str, page: str) -> str:
    """Return the table of what is left after each kind of accident."""
    head = [say("what-is-left", language), *(say(f"ending-{ending}", language) for ending in ENDINGS)]
    lines = [[say(f"left-{name}", language), *(_left(name, ending, language) for ending in ENDINGS)] for name in EVERY]
    lines += [[say(f"left-{name}", language), *_memory(name, language)] for name in ("best", "history")]
    return table([head, *lines])


def _left(name: str, ending: str, language: str) -> str:
    """Return one cell: what all implementations leave, or what each of them does."""
    found = {case["by"]: case[name] for case in trace("crash") if case["ending"] == ending and name in case["members"]}
    said = {owner: _epoch(value, language) for owner, value in found.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return say("by-each", language, **said)


def _epoch(value: int | str, language: str) -> str:
    """Return up to which epoch something goes."""
    return say("unreadable", language) if value == "unreadable" else say("up-to-epoch", language, epoch=value)


def _memory(name: str, language: str) -> list[str]:
    """Return the cells of what lives in memory."""
    cells = []
    for ending in ("kill", "exception", "interrupt"):
        memory = next(case["memory"] for case in trace("crash") if case["ending"] == ending)
        epoch = memory and (memory["best"] if name == "best" else memory["history"][-1])
        cells.append(say("gone", language) if epoch is None else _epoch(epoch, language))
    return [*cells, say("while-alive", language)]


def crash_figures(language: str, page: str) -> str:
    """Return what the two experiments with killed processes counted."""
    saving = read("kill_while_saving")["found"]
    keras = next(found for name, found in saving.items() if name != "reference")
    resumed = read("crash_and_resume")
    lines = [[say("experiment", language), "tf.keras", say("reference-short", language)]]
    for key, field in (("kills-saving", "kills"), ("kills-unreadable", "unreadable")):
        lines.append([say(key, language), str(keras[field]), str(saving["reference"][field])])
    for key, field in (
        ("crashes", "killed"),
        ("crashes-not-resumed", "not_resumed"),
        ("crashes-different", "different"),
    ):
        lines.append([say(key, language), str(resumed["tf.keras"][field]), str(resumed["reference"][field])])
    plain = str(resumed["tf.keras without Dropout"]["different"])
    lines.append(
        [say("crashes-plain", language), plain, f'<span class="absent">{say("not-measured", language)}</span>']
    )
    return table(lines)


def read(name: str) -> Any:
    """Return the result of an experiment."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
