"""What the pictures share: text, frames, scales, curves; and the recorded runs they are drawn from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any

from site_tools.places import DATA
from site_tools.words import say

__all__ = [
    "WIDTH",
    "Scale",
    "arguments",
    "arrow",
    "axis",
    "chip",
    "cross",
    "curve",
    "line",
    "rect",
    "svg",
    "text",
    "trace",
]

WIDTH = 360


def trace(name: str) -> Any:
    """Return a recorded run."""
    return json.loads((DATA / "traces" / f"{name}.json").read_text(encoding="utf-8"))


def text(x: float, y: float, words: str, style: str, anchor: str = "start") -> str:
    """Return a line of text."""
    return f'<text x="{x:g}" y="{y:g}" class="{style}" text-anchor="{anchor}">{escape(words)}</text>'


def rect(x: float, y: float, width: float, height: float, style: str) -> str:
    """Return a box with round corners."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4" class="{style}"/>'


def line(x: float, y: float, x2: float, y2: float, style: str) -> str:
    """Return a straight line."""
    return f'<line x1="{x:g}" y1="{y:g}" x2="{x2:g}" y2="{y2:g}" class="{style}"/>'


def arrow(x: float, y: float, x2: float, y2: float, style: str = "arrow") -> str:
    """Return a level or upright line whose end has a head."""
    along, across = ((x2 > x) - (x2 < x)) * 6, ((y2 > y) - (y2 < y)) * 6
    back = f"{x2 - along:g} {y2 - across:g}"
    side = f"{across * 0.7:g} {along * 0.7:g}", f"{-across * 1.4:g} {-along * 1.4:g}"
    head = f'<path d="M {x2:g} {y2:g} L {back} m {side[0]} l {side[1]} L {x2:g} {y2:g} z" class="{style}-head"/>'
    return line(x, y, x2 - along, y2 - across, style) + head


def cross(x: float, y: float, size: float = 7) -> str:
    """Return a cross, for what ends or fails."""
    left, right, high, low = f"{x - size:g}", f"{x + size:g}", f"{y - size:g}", f"{y + size:g}"
    return f'<path d="M {left} {high} L {right} {low} M {left} {low} L {right} {high}" class="cross"/>'


def chip(x: float, y: float, width: float, words: str, style: str = "tile", letters: str = "number") -> str:
    """Return a box, 24 high and centred on `x` and `y`, with a word in it."""
    return rect(x - width / 2, y - 12, width, 24, style) + text(x, y + 4.5, words, letters, "middle")


def svg(name: str, language: str, height: float, body: list[str], **values: object) -> str:
    """Wrap the parts of a picture, with a title and a description for those who do not see it."""
    title = say(f"{name}-title", language)
    description = say(f"{name}-desc", language, **values)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" viewBox="0 0 {WIDTH} {height:g}" '
        f'lang="{language}" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
        + "".join(body)
        + "</svg>"
    )


@dataclass(frozen=True)
class Scale:
    """Where an epoch and a value lie in the picture."""

    epochs: int
    low: float
    high: float
    left: float = 62
    right: float = WIDTH - 18
    top: float = 52
    bottom: float = 190

    def x(self, epoch: int) -> float:
        """Return the column of an epoch."""
        return round(self.left + (self.right - self.left) * epoch / max(self.epochs - 1, 1), 1)

    def y(self, value: float) -> float:
        """Return the height of a value."""
        return round(self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low), 1)


def arguments(arguments: dict[str, Any]) -> list[str]:
    """Return the call that was recorded."""
    given = ", ".join(f"{name}={value}" for name, value in arguments.items())
    return [text(WIDTH / 2, 16, given, "code", "middle")]


def axis(scale: Scale, values: list[float]) -> list[str]:
    """Return the name of the curve and two lines to read its height by."""
    parts = [text(6, 38, "val_loss", "code curve-name")]
    for value in (max(values), min(values)):
        y = scale.y(value)
        parts.append(f'<line x1="{scale.left - 12:g}" x2="{scale.right + 10:g}" y1="{y}" y2="{y}" class="grid"/>')
        parts.append(text(scale.left - 18, y + 4, f"{value:.2f}", "number", "end"))
    return parts


def curve(scale: Scale, epochs: list[dict[str, Any]]) -> list[str]:
    """Return the curve: a full point where the value improved, a hollow one where it did not."""
    points = [(scale.x(epoch["epoch"]), scale.y(epoch["val_loss"])) for epoch in epochs]
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    parts = [f'<polyline points="{path}" class="curve"/>']
    for (x, y), epoch in zip(points, epochs, strict=True):
        style = "improved" if epoch["best_epoch"] == epoch["epoch"] else "waited"
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="5" class="point {style}"/>')
    return parts
