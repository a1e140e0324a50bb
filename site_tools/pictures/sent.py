"""What leaves the process: lines on the terminal, requests to a server."""

from __future__ import annotations

from site_tools.pictures.drawing import WIDTH, arrow, chip, cross, line, rect, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]

CELL = "\u2501"


def progbar_logger(language: str) -> str:
    """Draw two terminals: the line that is drawn over itself, and the one that is written once."""
    body, top = [], 6.0
    for run in trace("progbar_logger"):
        over = f"progbar-logger-verbose-{run['verbose']}"
        body.append(text(6, top + 10, f"verbose={run['verbose']}", "code strong"))
        body.append(text(WIDTH - 4, top + 10, say(over, language), "label", "end"))
        parts, bottom = _terminal(run["lines"], top + 18)
        body += parts
        top = bottom + 16
    return svg("progbar-logger", language, top - 12, body)


def _terminal(lines: list[str], top: float) -> tuple[list[str], float]:
    """Return a frame with the lines of an epoch, and its lower edge; all but the last are faint."""
    parts, y = [], top + 18
    for words in lines:
        style = "code small" if words in (lines[0], lines[-1]) else "code small faint"
        shown, _, validation = words.partition(" - val_loss")
        parts += _line(shown, y, style)
        if validation:
            y += 16
            parts.append(text(WIDTH - 12, y, f"- val_loss{validation}", style, "end"))
        y += 18
    return [rect(2, top, WIDTH - 4, y - top - 6, "screen"), *parts], y - 6


def _line(words: str, y: float, style: str) -> list[str]:
    """Return a line; the bar in it is drawn as one."""
    if CELL not in words:
        return [text(12, y, words, style)]
    count, rest = words.split(f" {CELL}", 1)
    done, steps = map(int, count.split("/"))
    bar = [rect(40, y - 7, 84, 5, "bar-left"), rect(40, y - 7, 84 * done / steps, 5, "bar-done")]
    return [text(12, y, count, style), *bar, text(132, y, rest.strip(f"{CELL} "), style)]


def remote_monitor(language: str) -> str:
    """Draw the requests of two epochs between training and server, and the third, which nobody answers."""
    *requests, end = trace("remote_monitor")
    body = [
        text(40, 16, "fit", "code strong", "middle"),
        text(WIDTH - 40, 16, say("remote-server", language), "label", "middle"),
    ]
    body += [line(40, 24, 40, 290, "grid"), line(WIDTH - 40, 24, WIDTH - 40, 222, "grid")]
    for epoch in end["epochs"]:
        y = 56 + 88 * epoch
        body += [chip(40, y, 66, f"{say('epoch', language)} {epoch}", "wrote", "number")]
        if epoch < len(requests):
            body += _request(requests[epoch]["request"], requests[epoch]["body"], requests[epoch]["answer"], y)
    y = 56 + 88 * len(requests)
    body += [arrow(76, y, WIDTH - 64, y), cross(WIDTH - 40, y)]
    body.append(text(76, y + 24, say("remote-warning", language), "label stop"))
    return svg("remote-monitor", language, 296, body)


def _request(request: str, sent: str, answer: int, y: float) -> list[str]:
    """Return a request and its answer."""
    middle, far = (76 + WIDTH - 44) / 2, WIDTH - 44
    return [
        text(middle, y - 8, request, "code", "middle"),
        arrow(76, y, far, y),
        text(middle, y + 17, sent, "code small keys", "middle"),
        arrow(far, y + 28, 76, y + 28, "back"),
        text(middle, y + 43, str(answer), "code small good", "middle"),
    ]


PICTURES = {"progbar-logger": progbar_logger, "remote-monitor": remote_monitor}
