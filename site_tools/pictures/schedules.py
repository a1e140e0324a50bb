"""Three learning-rate schedules, one frame below the other."""

from __future__ import annotations

from typing import Any

from site_tools.pictures.drawing import WIDTH, Scale, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]

FRAMES = ("exponential", "step", "warm_up_cosine")
TOP, HEIGHT, GAP = 34, 62, 44
LEFT, RIGHT = 58, WIDTH - 18
TICKS = (0, 5, 10, 15, 19)


def schedules(language: str) -> str:
    """Draw the learning rate of each epoch as steps, once for each schedule."""
    run = trace("schedules")
    epochs = run["epochs"]
    high = max(epoch[name] for epoch in epochs for name in FRAMES)
    body = [text(RIGHT, TOP - 14, "learning_rate", "code curve-name", "end")]
    body += [part for place, name in enumerate(FRAMES) for part in _frame(place, name, epochs, high, language)]
    bottom = _scale(len(FRAMES) - 1, epochs, high).bottom
    body += _ticks(_scale(0, epochs, high), bottom, language)
    facts = {"epochs": len(epochs), "high": high, "low": epochs[-1]["exponential"]}
    counts = {"warm_up": run["warm_up"], "step": run["step"]}
    return svg("schedules", language, bottom + 36, body, **facts, **counts)


def _scale(place: int, epochs: list[dict[str, Any]], high: float) -> Scale:
    """Return where the epochs and the rates of one frame lie."""
    top = TOP + place * (HEIGHT + GAP)
    return Scale(len(epochs), 0, high, left=LEFT + 8, right=RIGHT - 8, top=top, bottom=top + HEIGHT)


def _frame(place: int, name: str, epochs: list[dict[str, Any]], high: float, language: str) -> list[str]:
    """Return one frame: its name, the lines of the highest rate and of 0, and the steps."""
    scale = _scale(place, epochs, high)
    parts = [text(6, scale.top - 14, say(f"schedules-{name}", language), "strong")]
    for value in (high, 0):
        y = scale.y(value)
        parts.append(f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y:g}" y2="{y:g}" class="grid"/>')
        parts.append(text(LEFT - 8, y + 4, f"{value:g}", "number", "end"))
    return [*parts, _steps(scale, [epoch[name] for epoch in epochs])]


def _steps(scale: Scale, rates: list[float]) -> str:
    """Return the learning rate of each epoch as a stair."""
    half = (scale.x(1) - scale.x(0)) / 2
    points = [
        f"{scale.x(epoch) + side * half:.1f},{scale.y(rate):g}" for epoch, rate in enumerate(rates) for side in (-1, 1)
    ]
    return f'<polyline points="{" ".join(points)}" class="curve"/>'


def _ticks(scale: Scale, bottom: float, language: str) -> list[str]:
    """Return the numbers of some epochs under the lowest frame."""
    parts = [text(6, bottom + 22, say("epoch", language), "label")]
    return parts + [text(scale.x(tick), bottom + 22, str(tick), "number", "middle") for tick in TICKS]


PICTURES = {"schedules": schedules}
