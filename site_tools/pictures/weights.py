"""What happens to the weights: a loss of NaN, and averages that change places with them."""

from __future__ import annotations

from typing import Any

from site_tools.pictures.drawing import chip, line, rect, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]

CLOSING = ("on_test_begin", "on_epoch_end", "on_train_end")


def terminate_on_nan(language: str) -> str:
    """Draw the batches of three planned epochs, and which hooks still run after the one with NaN."""
    body = []
    for run, top in zip(trace("terminate_on_nan"), (4, 152), strict=True):
        given = "raise_error=True" if run["raise_error"] else ""
        body.append(text(6, top + 14, f"TerminateOnNaN({given})", "code strong"))
        body += _planned(run, top + 44, language)
        body.append(rect(244, top + 30, 114, 96, "screen"))
        body.append(text(252, top + 50, say("terminate-on-nan-after", language), "label"))
        for number, hook in enumerate(CLOSING):
            style = "code" if hook in run["after"] else "code faint"
            y = top + 72 + 22 * number
            body.append(text(252, y, hook, style))
            if hook not in run["after"]:
                body.append(line(250, y - 4, 252 + 7.3 * len(hook), y - 4, "cross"))
    return svg("terminate-on-nan", language, 288, body)


def _planned(run: dict[str, Any], top: float, language: str) -> list[str]:
    """Return a row for each planned epoch with a tile for each planned batch."""
    epochs, batches = run["planned"]
    parts = []
    for epoch in range(epochs):
        y = top + 34 * epoch
        trained = run["batches"][epoch] if epoch < len(run["batches"]) else []
        parts.append(text(6, y + 4, f"{say('epoch', language)} {epoch}", "label"))
        for batch in range(batches):
            bad = trained[batch : batch + 1] == ["NaN"]
            style = "tile stopped" if bad else "wrote" if batch < len(trained) else "gone"
            parts.append(chip(88 + 40 * batch, y, 36, "NaN" if bad else "", style, "number on-stop small"))
    return parts


WIDTHS = {"on_train_batch_end": 38, "on_test_begin": 72, "on_epoch_end": 34}
LEFT = 70


def swap_ema_weights(language: str) -> str:
    """Draw what the model holds along two epochs, as a line between two levels, without and with the argument."""
    body = [text(x, 16, say(word, language), "small label", "middle") for word, x in _heads()]
    middle = LEFT + sum(WIDTHS.values())
    for run, top in zip(trace("swap_ema_weights"), (34, 138), strict=True):
        body.append(text(LEFT, top + 10, f"swap_on_epoch={run['swap_on_epoch']}", "code strong"))
        for word, y in (("averages", top + 30), ("weights", top + 66)):
            body.append(text(6, y + 4, say(f"swap-{word}", language), "label"))
            body.append(line(LEFT, y, LEFT + 2 * sum(WIDTHS.values()), y, "grid"))
        body.append(f'<path d="{_path(run["held"], top)}" class="back"/>')
        body.append(line(middle, top + 20, middle, top + 76, "stop-line"))
    return svg("swap-ema-weights", language, 226, body)


def _heads() -> list[tuple[str, float]]:
    """Return the names of the stretches of an epoch and their middles, for both epochs."""
    words = ("train_batch", "test", "swap-end")
    found, x = [], float(LEFT)
    for word, width in zip(words * 2, list(WIDTHS.values()) * 2, strict=True):
        found.append((word, x + width / 2))
        x += width
    return found


def _path(held: list[list[str]], top: float) -> str:
    """Return the line: high where the model holds the averages."""
    x, corners, last = float(LEFT), [], ""
    for hook, what in held:
        if hook in WIDTHS and hook != last:
            y = top + (30 if what == "averages" else 66)
            corners += [f"{x:g} {y:g}", f"{x + WIDTHS[hook]:g} {y:g}"]
            x += WIDTHS[hook]
        last = hook
    return "M " + " L ".join(corners)


PICTURES = {"terminate-on-nan": terminate_on_nan, "swap-ema-weights": swap_ema_weights}
