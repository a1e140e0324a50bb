"""Learning rates: when a schedule is asked, and what the next callback of the list sees."""

from __future__ import annotations

from typing import Any

from site_tools.pictures.drawing import WIDTH, Scale, arrow, chip, line, rect, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]


def learning_rate_scheduler(language: str) -> str:
    """Draw the rate as steps, and under each epoch what the schedule was asked and what it returned."""
    epochs = trace("learning_rate_scheduler")
    scale = Scale(len(epochs), 0, epochs[0]["returned"], left=106, right=WIDTH - 36, top=40, bottom=112)
    half = (scale.x(1) - scale.x(0)) / 2
    corners = [f"{scale.x(e['epoch']) + side:g} {scale.y(e['returned']):g}" for e in epochs for side in (-half, half)]
    rows = {"epoch": 140, "lr": 168, "returned": 212}
    body = [text(6, 20, "learning_rate", "code curve-name"), f'<path d="M {" L ".join(corners)}" class="restore"/>']
    body.append(text(6, rows["epoch"] + 4, say("epoch", language), "label"))
    body.append(text(6, rows["lr"] + 4, "lr", "code"))
    body.append(text(6, rows["returned"] + 4, say("learning-rate-scheduler-returned", language), "label"))
    for epoch in epochs:
        x = scale.x(epoch["epoch"])
        body.append(line(x - half, 30, x - half, 126, "grid"))
        body.append(text(x, rows["epoch"] + 4, str(epoch["epoch"]), "number", "middle"))
        body.append(text(x, rows["lr"] + 4, f"{epoch['lr']:g}", "number", "middle"))
        body += [arrow(x, 178, x, 197), chip(x, rows["returned"], 47, f"{epoch['returned']:g}", "kept")]
    return svg("learning-rate-scheduler", language, 228, body, values=_list(epochs))


def _list(epochs: list[dict[str, Any]]) -> str:
    """Return the rates in words for those who do not see the steps."""
    return ", ".join(f"{epoch['returned']:g}" for epoch in epochs)


def combinations(language: str) -> str:
    """Draw one list in both orders, with the keys of `logs` between its members and the header of the file."""
    body = []
    for number, run in enumerate(trace("combinations")):
        body += _order(run, 4 + 182 * number)
    return svg("combinations", language, 362, body)


def _order(run: dict[str, Any], top: float) -> list[str]:
    """Return one list from top to bottom."""
    parts = [_keys(run["logs"][0], top + 12)]
    for number, name in enumerate(run["callbacks"]):
        y = top + 38 + 58 * number
        parts += [arrow(26, y - 20, 26, y - 14), chip(100, y, 180, f"{number + 1}  {name}", "wrote", "code")]
        parts.append(_keys(run["logs"][number + 1], y + 28))
        if name == "CSVLogger":
            parts.append(_file(run["header"], y, top + 144))
    return parts


def _keys(keys: list[str], y: float) -> str:
    """Return the keys of `logs`."""
    style = "code small good" if "learning_rate" in keys else "code small keys"
    return text(10, y, "logs: " + ", ".join(keys), style)


def _file(header: list[str], y: float, bottom: float) -> str:
    """Return the arrow to the file and its first line."""
    style = "kept" if "learning_rate" in header else "gone"
    path = f'<path d="M 190 {y:g} H 330 V {bottom - 16:g}" class="arrow"/>'
    head = f'<path d="M 326 {bottom - 18:g} h 8 l -4 6 z" class="arrow-head"/>'
    box = rect(72, bottom - 10, WIDTH - 76, 26, style)
    words = text(WIDTH - 12, bottom + 7, ",".join(header), "code", "end") + text(10, bottom + 7, "log.csv", "code")
    return path + head + box + words


PICTURES = {"learning-rate-scheduler": learning_rate_scheduler, "combinations": combinations}
