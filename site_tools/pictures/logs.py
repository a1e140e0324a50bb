"""How `logs` fills up over the hooks of one epoch."""

from __future__ import annotations

from typing import Any

from site_tools.pictures.drawing import WIDTH, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]

COPIED = "Gap"
"""The last callback before `History`."""
LEFT, RIGHT, LETTER = 26, WIDTH - 6, 6.7


def logs_filling(language: str) -> str:
    """Draw each hook with the entries of its `logs`; entries that are new at a hook stand out."""
    events = trace("logs")
    body: list[str] = []
    y, before = 12.0, dict[str, Any]()
    for event in events:
        top = y
        parts, y = _event(event, before, language, y)
        body += [f'<circle cx="12" cy="{top:g}" r="4" class="improved"/>', *parts]
        before = event["logs"]
    line = f'<line x1="12" x2="12" y1="12" y2="{y - 40:g}" class="grid"/>'
    steps = say("list-semicolon", language).join(_spoken(event, language) for event in events)
    return svg("logs-filling", language, y - 8, [line, *body], steps=steps)


def _event(event: dict[str, Any], before: dict[str, Any], language: str, y: float) -> tuple[list[str], float]:
    """Return one hook and where the next begins."""
    parts = [text(LEFT, y + 4, _name(event), "code strong")]
    note = _note(event, language)
    if note:
        y += 16
        parts.append(text(LEFT, y + 4, note, "label"))
    chips, y = _chips(event["logs"], before, y + 10)
    if event["after"] == COPIED:
        y += 16
        parts.append(text(LEFT, y, say("logs-history", language), "label restored"))
    return parts + chips, y + 20


def _name(event: dict[str, Any]) -> str:
    """Return the hook with its batch, if it has one."""
    return str(event["hook"]) + ("" if event["index"] is None else f"({event['index']})")


def _note(event: dict[str, Any], language: str) -> str:
    """Return what is to be said of a hook."""
    if event["after"]:
        return say("logs-after", language, callback=event["after"])
    if event["hook"] == "on_train_batch_end" and event["index"] == 1:
        return say("logs-running", language)
    return say("logs-without", language) if event["hook"] == "on_train_end" else ""


def _chips(logs: dict[str, Any], before: dict[str, Any], y: float) -> tuple[list[str], float]:
    """Return the entries as tiles in lines, and the lower edge."""
    entries = [(f"{key} {value:g}", before.get(key) != value) for key, value in logs.items()] or [("{}", False)]
    parts, x = [], float(LEFT)
    for words, new in entries:
        width = len(words) * LETTER + 10
        if x + width > RIGHT:
            x, y = float(LEFT), y + 23
        style = "chip new" if new else "chip"
        parts.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="19" rx="4" class="{style}"/>')
        parts.append(text(x + 5, y + 13.5, words, "code chip-text"))
        x += width + 5
    return parts, y + 19


def _spoken(event: dict[str, Any], language: str) -> str:
    """Return one step for those who do not see the picture."""
    note = _note(event, language)
    logs = say("list-comma", language).join(f"{key} {value:g}" for key, value in event["logs"].items()) or "{}"
    name = say("with-note", language, words=_name(event), note=note) if note else _name(event)
    return say("spoken-row", language, name=name, held=logs)


PICTURES = {"logs-filling": logs_filling}
