"""Where each epoch's weights are when training has ended."""

from __future__ import annotations

from functools import partial
from typing import Any

from site_tools.pictures.drawing import WIDTH, svg, text, trace
from site_tools.recordings.which_weights import SUBJECTS, VALUES
from site_tools.words import say

__all__ = ["PICTURES", "callback_name", "weights"]

PLACES = ("model", "file", "memory")
SHOWN = ("stopper", "restoring", "every", "best", "averages", "swapping", "backup")
LAST = 4
CHIP, COLUMN, LEFT = 18, (WIDTH - 12) / (LAST + 1), 6


def callback_name(name: str, language: str) -> str:
    """Return the call that makes a callback of the recording."""
    return say("no-callback", language) if name == "none" else SUBJECTS[name]


def weights(held: str | None, language: str) -> str:
    """Return which weights are meant: "end-2" is "end of epoch 2"."""
    if held is None:
        return "–"
    kind, _, epoch = held.rpartition("-")
    return say(f"weights-{kind or 'nan'}", language, epoch=epoch)


def which_weights(language: str, ending: str) -> str:
    """Draw a column for each epoch and a row for each callback, with a tile for each place that holds weights."""
    cases = {case["callback"]: case for case in trace("which_weights") if case["ending"] == ending}
    body, y = _head(language), 44.0
    for name in SHOWN:
        parts, y = _row(cases[name], language, y)
        body += parts
    legend = [say("dashed-average", language), *([say("half-epoch", language)] if ending == "exception" else [])]
    for words in legend:
        body.append(text(LEFT, y + 14, words, "label"))
        y += 18
    rows = say("list-semicolon", language).join(_spoken(cases[name], language) for name in SHOWN)
    return svg(f"which-weights-{ending}", language, y + 8, body, rows=rows)


def _x(epoch: int) -> float:
    """Return the middle of a column."""
    return LEFT + COLUMN * (epoch + 0.5)


def _head(language: str) -> list[str]:
    """Return the numbers of the epochs, and a mark at the best."""
    best = min(range(len(VALUES)), key=VALUES.__getitem__)
    parts = [text(LEFT, 14, say("epoch", language), "label")]
    parts += [text(_x(epoch), 30, str(epoch), "number", "middle") for epoch in range(LAST + 1)]
    return [*parts, text(_x(best), 14, say("best-epoch", language), "label best", "middle")]


def _row(case: dict[str, Any], language: str, top: float) -> tuple[list[str], float]:
    """Return one callback with its tiles, and where the next begins."""
    parts = [
        f'<line x1="{LEFT}" x2="{WIDTH - 6}" y1="{top - 6:g}" y2="{top - 6:g}" class="grid"/>',
        text(LEFT, top + 9, callback_name(case["callback"], language), "code"),
    ]
    stacked: dict[int, int] = {}
    for place in PLACES:
        if case[place] and case[place] != "nan":
            kind, epoch = case[place].rsplit("-", 1)
            level = stacked[int(epoch)] = stacked.get(int(epoch), -1) + 1
            parts += _tile(_x(int(epoch)), top + 16 + level * (CHIP + 3), kind, place, language)
    return parts, top + 16 + (max(stacked.values()) + 1) * (CHIP + 3) + 12


def _tile(x: float, y: float, kind: str, place: str, language: str) -> list[str]:
    """Return one tile."""
    style = f"place {place}" + (" average" if "average" in kind else "") + (" inside" if "inside" in kind else "")
    width = COLUMN - 6
    return [
        f'<rect x="{x - width / 2:g}" y="{y:g}" width="{width:g}" height="{CHIP}" rx="4" class="{style}"/>',
        text(x, y + 13, say(f"place-{place}", language), "place-name", "middle"),
    ]


def _spoken(case: dict[str, Any], language: str) -> str:
    """Return one row for those who do not see the picture."""
    held = [f"{say(f'place-{place}', language)} {weights(case[place], language)}" for place in PLACES if case[place]]
    name = callback_name(case["callback"], language)
    return say("spoken-row", language, name=name, held=say("list-comma", language).join(held))


PICTURES = {f"which-weights-{ending}": partial(which_weights, ending=ending) for ending in ("stopped", "exception")}
