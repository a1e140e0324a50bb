"""What reaches the members of a list: hooks by run, one call handed on, functions as hooks, lists that grow."""

from __future__ import annotations

from typing import Any

from site_tools.pictures.drawing import WIDTH, arrow, chip, line, rect, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]

RUNS = {"fit": 190, "evaluate": 252, "predict": 326}
ORDER = ("train_begin", "epoch_begin", "train_batch_begin", "batch_begin", "batch_end", "train_batch_end", "epoch_end",
         "train_end", "test_begin", "test_batch_begin", "test_batch_end", "test_end", "predict_begin",
         "predict_batch_begin", "predict_batch_end", "predict_end")  # fmt: skip
GROUPS = (("box train", 0, 8), ("box test", 8, 12), ("box train_batch", 12, 16))


def callback(language: str) -> str:
    """Draw a table of the sixteen hooks: how often each runs in `fit`, `evaluate` and `predict`."""
    counts = {entry["hook"]: entry for entry in trace("callback")}
    rows = [(f"on_{name}", 44 + 25 * number) for number, name in enumerate(ORDER)]
    body = [text(x, 16, run, "code strong", "middle") for run, x in RUNS.items()]
    body += [rect(2, rows[first][1] - 15, WIDTH - 4, 25 * (end - first) - 2, style) for style, first, end in GROUPS]
    for hook, y in rows:
        body.append(text(8, y + 1, hook, "code"))
        body += [_count(x, y - 3, counts[hook][run]) for run, x in RUNS.items()]
    return svg("callback", language, rows[-1][1] + 14, body)


def _count(x: float, y: float, times: int) -> str:
    """Return how often a hook ran, or a dot."""
    if not times:
        return f'<circle cx="{x:g}" cy="{y:g}" r="2" class="bar-left"/>'
    return text(x, y + 4, f"{times} ×", "number", "middle")


def callback_list(language: str) -> str:
    """Draw one call of the list, and below it the three members with what each of them gets."""
    run = trace("callback_list")
    body = [
        text(WIDTH / 2, 16, f"on_epoch_end(0, {_dictionary(run['given'])})", "code", "middle"),
        arrow(WIDTH / 2, 24, WIDTH / 2, 62),
        text(WIDTH / 2 + 10, 46, say("callback-list-copy", language), "label"),
    ]
    for number, member in enumerate(run["epochs"]):
        top = 66 + 66 * number
        body += [rect(2, top, WIDTH - 4, 48, "box epoch"), chip(22, top + 24, 28, str(number + 1), "wrote")]
        body += [text(46, top + 20, member["member"], "code strong"), _got(member, top + 38)]
        if member["adds"]:
            body.append(text(WIDTH - 12, top + 20, f"logs['{member['adds']}'] = 0.1", "code good", "end"))
        if number:
            body.append(arrow(22, top - 17, 22, top - 2))
    return svg("callback-list", language, 252, body)


def _got(member: dict[str, Any], y: float) -> str:
    """Return the logs that a member got."""
    return text(46, y, _dictionary(member["logs"]), "code keys")


def _dictionary(logs: dict[str, str]) -> str:
    """Return logs as they are written in Python, without quotation marks around the keys, for room."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in logs.items()) + "}"


def lambda_callback(language: str) -> str:
    """Draw the hooks of a short fit from top to bottom, and beside some of them the call of a function."""
    events = trace("lambda_callback")
    body = [line(14, 36, 14, 36 + 28 * (len(events) - 1), "grid"), text(30, 16, say("hook", language), "label")]
    body.append(text(212, 16, say("lambda-callback-call", language), "label"))
    for number, event in enumerate(events):
        y = 36 + 28 * number
        style = "improved" if event["call"] else "waited"
        body.append(f'<circle cx="14" cy="{y}" r="5" class="point {style}"/>')
        body.append(text(30, y + 4, event["hook"], "code" if event["call"] else "code faint"))
        if event["call"]:
            body += [arrow(182, y, 206, y), text(212, y + 4, event["call"], "code strong")]
    return svg("lambda-callback", language, 50 + 28 * (len(events) - 1), body)


def history(language: str) -> str:
    """Draw the epochs with what they logged, and below them the list of `val_loss`, whose index is another."""
    run = trace("history")
    columns = [106 + 70 * epoch["epoch"] for epoch in run["epochs"]]
    values = {name: iter(kept) for name, kept in run["history"].items()}
    body = [text(6, 20, say("epoch", language), "label")]
    places = []
    for x, epoch in zip(columns, run["epochs"], strict=True):
        body.append(text(x, 20, str(epoch["epoch"]), "number", "middle"))
        for y, name in ((48, "loss"), (84, "val_loss")):
            logged = name in epoch["logged"]
            body.append(chip(x, y, 44, str(next(values[name])) if logged else "", "wrote" if logged else "gone"))
        places += [x] if "val_loss" in epoch["logged"] else []
    body += [text(6, y + 4, name, "code") for y, name in ((48, "loss"), (84, "val_loss"))]
    return svg("history", language, 204, [*body, *_packed(places, run["history"]["val_loss"], language)])


def _packed(places: list[int], values: list[float], language: str) -> list[str]:
    """Return the list as it is kept: its values side by side, each below the arrow from its epoch."""
    parts = [text(6, 164, 'history["val_loss"]', "code"), text(6, 196, say("history-index", language), "label")]
    for index, (x, value) in enumerate(zip(places, values, strict=True)):
        to = 176 + 46 * index
        path = f"M {x} 97 C {x} 122, {to} 112, {to} 138"
        parts += [f'<path d="{path}" class="back"/>', f'<path d="M {to - 4} 136 h 8 l -4 7 z" class="back-head"/>']
        parts += [chip(to, 160, 44, str(value), "kept"), text(to, 196, f"[{index}]", "code", "middle")]
    return parts


PICTURES = {
    "callback": callback,
    "callback-list": callback_list,
    "lambda-callback": lambda_callback,
    "history": history,
}
