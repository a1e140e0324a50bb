"""Two workers that decide each for itself, and the same two that decide on their mean."""

from __future__ import annotations

from typing import Any

from site_tools.pictures.drawing import svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]

LEFT, STEP, TILE = 92, 44, 36


def two_workers(language: str) -> str:
    """Draw a tile for each epoch that a worker ran, with its `wait`, and the epoch at which it stopped."""
    events = trace("two_workers")
    columns = range(max(event["epoch"] for event in events) + 1)
    body = [text(6, 20, say("epoch", language), "label")]
    body += [text(_middle(epoch), 20, str(epoch), "number", "middle") for epoch in columns]
    for decides, top in (("own", 48), ("mean", 148)):
        body.append(text(6, top, say(f"two-workers-{decides}", language), "strong"))
        for worker in (0, 1):
            chosen = [event for event in events if (event["decides"], event["worker"]) == (decides, worker)]
            body += _row(chosen, worker, top + 14 + 32 * worker, language)
    return svg("two-workers", language, 234, body, **_ends(events))


def _middle(epoch: int) -> float:
    """Return the column of an epoch."""
    return LEFT + STEP * epoch + TILE / 2


def _row(events: list[dict[str, Any]], worker: int, y: float, language: str) -> list[str]:
    """Return the tiles of one worker."""
    parts = [text(6, y + 17, say("two-workers-worker", language, number=worker), "faint")]
    for event in events:
        tile = "tile stopped" if event["stop"] else f"tile wait-{min(event['wait'], 2)}"
        x = LEFT + STEP * event["epoch"]
        parts.append(f'<rect x="{x}" y="{y:g}" width="{TILE}" height="24" rx="4" class="{tile}"/>')
        style = "number on-stop" if event["stop"] else "number"
        parts.append(text(_middle(event["epoch"]), y + 17, str(event["wait"]), style, "middle"))
    return parts


def _ends(events: list[dict[str, Any]]) -> dict[str, int]:
    """Return the epoch at which each worker stopped, by what it decided on."""
    return {f"{event['decides']}_{event['worker']}": event["epoch"] for event in events if event["stop"]}


PICTURES = {"two-workers": two_workers}
