"""The timeline of EarlyStopping."""

from __future__ import annotations

from typing import Any

from site_tools.pictures.drawing import Scale, arguments, axis, curve, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]


def early_stopping(language: str) -> str:
    """Draw the monitored value, the counter under it, the stop and the way back."""
    run = trace("early_stopping")
    epochs, restored = run["epochs"], run["restored_epoch"]
    values = [epoch["val_loss"] for epoch in epochs]
    scale = Scale(len(epochs), min(values) - 0.1, max(values))
    best, stop = epochs[restored], epochs[-1]
    body = [
        *arguments(run["arguments"]),
        *axis(scale, values),
        *curve(scale, epochs),
        *_marks(scale, best, stop, language),
        *_counters(scale, epochs, language),
    ]
    facts = {"best": best["val_loss"], "best_epoch": restored, "patience": run["arguments"]["patience"]}
    return svg("early-stopping", language, 268, body, stop_epoch=stop["epoch"], restored_epoch=restored, **facts)


def _marks(scale: Scale, best: dict[str, Any], stop: dict[str, Any], language: str) -> list[str]:
    """Return the best point, the stop, and the arrow from one back to the other."""
    best_x, best_y = scale.x(best["epoch"]), scale.y(best["val_loss"])
    stop_x, stop_y = scale.x(stop["epoch"]), scale.y(stop["val_loss"])
    high = min(best_y, stop_y) - 34
    middle = (best_x + stop_x) / 2
    return [
        f'<line x1="{stop_x}" x2="{stop_x}" y1="{scale.top - 8}" y2="{scale.bottom + 12}" class="stop-line"/>',
        text(stop_x - 6, scale.top, say("stop", language), "label stop", "end"),
        f'<circle cx="{best_x}" cy="{best_y}" r="9" class="best-ring"/>',
        text(best_x, best_y + 24, f"{say('best', language)} {best['val_loss']}", "label best", "middle"),
        f'<path d="M {stop_x - 4} {stop_y - 9} Q {middle} {high - 14} {best_x + 5} {best_y - 14}" class="restore"/>',
        f'<path d="M {best_x + 3} {best_y - 11} l 10 -2 l -6 -9 z" class="restore-head"/>',
        text(middle - 6, high - 4, say("restored", language), "label restored", "middle"),
    ]


def _counters(scale: Scale, epochs: list[dict[str, Any]], language: str) -> list[str]:
    """Return the rows under the curve: the epoch, and `wait` as a number on a tile that grows darker."""
    rows = (scale.bottom + 28, scale.bottom + 58)
    parts = [text(6, rows[0], say("epoch", language), "label"), text(6, rows[1], "wait", "code")]
    for epoch in epochs:
        x = scale.x(epoch["epoch"])
        parts.append(text(x, rows[0], str(epoch["epoch"]), "number", "middle"))
        tile = "tile stopped" if epoch["stop"] else f"tile wait-{min(epoch['wait'], 2)}"
        parts.append(f'<rect x="{x - 13:g}" y="{rows[1] - 17}" width="26" height="24" rx="4" class="{tile}"/>')
        style = "number on-stop" if epoch["stop"] else "number"
        parts.append(text(x, rows[1], str(epoch["wait"]), style, "middle"))
    return parts


PICTURES = {"early-stopping": early_stopping}
