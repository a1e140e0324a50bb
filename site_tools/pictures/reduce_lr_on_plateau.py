"""The timeline of ReduceLROnPlateau."""

from __future__ import annotations

from typing import Any

from site_tools.pictures.drawing import Scale, arguments, axis, curve, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]


def reduce_lr_on_plateau(language: str) -> str:
    """Draw the monitored value, the learning rate as steps under it, and the two counters."""
    run = trace("reduce_lr_on_plateau")
    epochs = run["epochs"]
    values = [epoch["val_loss"] for epoch in epochs]
    scale = Scale(len(epochs), min(values), max(values), bottom=140)
    rates = Scale(len(epochs), 0, max(epoch["lr"] for epoch in epochs), top=186, bottom=246)
    reduced = [epoch for epoch in epochs if epoch["next_lr"] < epoch["lr"]]
    body = [
        *arguments(run["arguments"]),
        *axis(scale, values),
        *curve(scale, epochs),
        *_steps(rates, epochs),
        *(part for epoch in reduced for part in _reduction(scale, rates, epoch, run["arguments"]["factor"])),
        *_tiles(rates.bottom, rates, epochs, language),
    ]
    facts = {"first": reduced[0]["epoch"], "second": reduced[1]["epoch"], "patience": run["arguments"]["patience"]}
    rate = {"before": epochs[0]["lr"], "between": reduced[1]["lr"], "after": epochs[-1]["lr"]}
    return svg("reduce-lr-on-plateau", language, 368, body, **facts, **rate)


def _steps(scale: Scale, epochs: list[dict[str, Any]]) -> list[str]:
    """Return the learning rate of each epoch as steps, with its value above each."""
    half = (scale.x(1) - scale.x(0)) / 2
    path, parts, last = "", [text(6, scale.top - 24, "learning_rate", "code curve-name")], None
    for epoch in epochs:
        x, y = scale.x(epoch["epoch"]), scale.y(epoch["lr"])
        path += f"{' L' if path else 'M'} {x - half:g} {y:g} L {x + half:g} {y:g}"
        if epoch["lr"] != last:
            parts.append(text(x - half + 3, y - 5, f"{epoch['lr']:g}", "number"))
        last = epoch["lr"]
    return [f'<path d="{path}" class="restore"/>', *parts]


def _reduction(scale: Scale, rates: Scale, epoch: dict[str, Any], factor: float) -> list[str]:
    """Return the line at the end of an epoch that lowers the rate, and the factor beside it."""
    x = round((scale.x(epoch["epoch"]) + scale.x(epoch["epoch"] + 1)) / 2, 1)
    return [
        f'<line x1="{x}" x2="{x}" y1="{scale.top - 16}" y2="{rates.bottom}" class="stop-line"/>',
        text(x + 5, scale.top - 7, f"× {factor:g}", "label stop"),
    ]


def _tiles(bottom: float, scale: Scale, epochs: list[dict[str, Any]], language: str) -> list[str]:
    """Return the rows under the steps: the epoch, `wait`, and `cooldown_counter` under its own name."""
    rows = (bottom + 26, bottom + 54, bottom + 108)
    parts = [text(6, rows[0], say("epoch", language), "label"), text(6, rows[1], "wait", "code")]
    parts.append(text(6, rows[2] - 24, "cooldown_counter", "code"))
    for epoch in epochs:
        x = scale.x(epoch["epoch"])
        parts.append(text(x, rows[0], str(epoch["epoch"]), "number", "middle"))
        for y, name in ((rows[1], "wait"), (rows[2], "cooldown_counter")):
            style = f"tile wait-{min(epoch[name], 2)}"
            parts.append(f'<rect x="{x - 13:g}" y="{y - 17}" width="26" height="24" rx="4" class="{style}"/>')
            parts.append(text(x, y, str(epoch[name]), "number", "middle"))
    return parts


PICTURES = {"reduce-lr-on-plateau": reduce_lr_on_plateau}
