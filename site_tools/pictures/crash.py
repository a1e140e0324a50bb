"""The timeline of a process that is killed, and of the one that goes on."""

from __future__ import annotations

from site_tools.pictures.drawing import WIDTH, svg, text, trace
from site_tools.recordings.crash import EPOCHS, EVERY, FATAL
from site_tools.words import say

__all__ = ["PICTURES"]

LEFT, BAR = 8, 26
COLUMN = (WIDTH - 2 * LEFT) / EPOCHS
NAMES = {"checkpoint": "ModelCheckpoint", "backup": "BackupAndRestore", "rows": "CSVLogger", "events": "TensorBoard"}


def crash_timeline(language: str) -> str:
    """Draw the epochs of both processes, the kill between them, and what is on disk by then."""
    case = next(case for case in trace("crash") if case["ending"] == "kill")
    saved = case["backup"]
    body = [
        text(LEFT, 14, say("first-process", language), "label"),
        *_bars(range(FATAL), 22),
        *_half(language),
        *_disk(case, language),
        text(LEFT, 196, say("second-process", language), "label"),
        *_bars(range(saved + 1, EPOCHS), 204),
        text(LEFT, 252, say("begins-anew", language), "label stop"),
    ]
    return svg("crash-timeline", language, 262, body, fatal=FATAL, saved=saved, last=EPOCHS - 1)


def _bars(epochs: range, top: float) -> list[str]:
    """Return a box for each epoch that was trained to its end."""
    parts = []
    for epoch in epochs:
        x = LEFT + COLUMN * epoch
        parts.append(f'<rect x="{x + 2:g}" y="{top}" width="{COLUMN - 4:g}" height="{BAR}" rx="4" class="box test"/>')
        parts.append(text(x + COLUMN / 2, top + 18, str(epoch), "number", "middle"))
    return parts


def _half(language: str) -> list[str]:
    """Return the part of the fatal epoch that was trained, and the kill."""
    x = LEFT + COLUMN * FATAL
    end = x + COLUMN * 0.6
    return [
        f'<rect x="{x + 2:g}" y="22" width="{COLUMN * 0.6 - 2:g}" height="{BAR}" rx="4" class="tile stopped"/>',
        text(x + COLUMN * 0.3, 40, str(FATAL), "number on-stop", "middle"),
        f'<line x1="{end:g}" x2="{end:g}" y1="6" y2="54" class="stop-line"/>',
        text(end + 6, 16, say("killed", language), "label stop"),
        text(end + 6, 40, say("lost", language), "label stop"),
    ]


def _disk(case: dict[str, int], language: str) -> list[str]:
    """Return a line for each thing that is on disk, up to the epoch that it holds."""
    parts = [text(LEFT, 72, say("on-disk", language, epoch=case["backup"]), "label restored")]
    for number, name in enumerate(EVERY):
        y = 100 + 20 * number
        end = LEFT + COLUMN * (case[name] + 1)
        parts.append(f'<line x1="{LEFT + 2}" x2="{end:g}" y1="{y - 4}" y2="{y - 4}" class="kept"/>')
        parts.append(f'<circle cx="{end:g}" cy="{y - 4}" r="4" class="restore-head"/>')
        parts.append(text(LEFT + 4, y - 8, NAMES[name], "code small"))
    return parts


PICTURES = {"crash-timeline": crash_timeline}
