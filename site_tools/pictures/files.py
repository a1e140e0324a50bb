"""What callbacks leave on disk: models, backups, steps, rows and event files, by when they are written."""

from __future__ import annotations

from typing import Any

from site_tools.pictures.drawing import WIDTH, Scale, arrow, chip, cross, curve, line, rect, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]


def model_checkpoint(language: str) -> str:
    """Draw the value of each epoch, and below it the file that each of three savers wrote at its end."""
    epochs = trace("model_checkpoint")
    values = [epoch["val_loss"] for epoch in epochs]
    scale = Scale(len(epochs), min(values), max(values), left=66, right=WIDTH - 30, top=34, bottom=92)
    marked = [e | {"best_epoch": e["epoch"] if e["written"]["best"] else None} for e in epochs]
    body = [text(6, 16, "val_loss", "code curve-name"), *curve(scale, marked)]
    for epoch in epochs:
        x, y = scale.x(epoch["epoch"]), scale.y(epoch["val_loss"])
        body.append(text(x, y - 10 if y > 50 else y + 20, f"{epoch['val_loss']:g}", "number", "middle"))
        body.append(text(x, 122, str(epoch["epoch"] + 1), "number", "middle"))
    body.append(text(6, 122, "epoch", "code"))
    names = {"every": '"{epoch}.keras"', "best": '"{epoch}.keras", save_best_only=True'}
    names["one"] = '"best.keras", save_best_only=True'
    for number, (saver, call) in enumerate(names.items()):
        y = 150 + 58 * number
        body += [text(6, y, call, "code"), *_saved(scale, epochs, saver, y + 22)]
    body.append(text(6, 330, say("model-checkpoint-key", language), "label"))
    return svg("model-checkpoint", language, 338, body)


def _saved(scale: Scale, epochs: list[dict[str, Any]], saver: str, y: float) -> list[str]:
    """Return a tile for each epoch: a file that stays, a file that is replaced later, or none."""
    wrote = [epoch["epoch"] for epoch in epochs if epoch["written"][saver]]
    parts = []
    for epoch in epochs:
        number, name = epoch["epoch"], epoch["written"][saver]
        stays = name and not any(epochs[later]["written"][saver] == name for later in wrote if later > number)
        style = "kept" if stays else "tile" if name else "gone"
        x = scale.x(number)
        parts.append(chip(x, y, 44, str(number + 1) if name else "", style))
        if name and not stays:
            parts.append(line(x - 9, y + 6, x + 9, y - 6, "cross"))
    return parts


def backup_and_restore(language: str) -> str:
    """Draw the same program run twice: its epochs, the backup after each, the interruption, and the end."""
    first, second = trace("backup_and_restore")
    body = [text(6, 18, say("epoch", language), "label")]
    body += [text(_column(epoch), 18, str(epoch), "number", "middle") for epoch in range(5)]
    for top, run, word in ((30, first, "backup-first"), (160, second, "backup-second")):
        body.append(text(6, top + 16, say(word, language), "label"))
        body += [chip(_column(epoch), top + 12, 44, "", "wrote") for epoch, _ in run["epochs"]]
        body += [_backup(epoch, named, top + 66) for epoch, named in run["epochs"]]
        body.append(text(6, top + 70, say("backup-file", language), "label"))
    stop, kept = first["fails_at"], _column(first["fails_at"] - 1)
    body += [
        cross(_column(stop), 42),
        text(_column(stop), 70, say("backup-interrupted", language), "label stop", "middle"),
    ]
    body.append(f'<path d="M {kept} 112 C {kept} 150, {_column(stop)} 130, {_column(stop)} 150" class="back"/>')
    body.append(f'<path d="M {_column(stop) - 4} 149 h 8 l -4 8 z" class="back-head"/>')
    body += [cross(_column(4), 226, 10), text(WIDTH - 4, 262, say("backup-removed", language), "label stop", "end")]
    return svg("backup-and-restore", language, 270, body, stop=stop)


def _column(epoch: int) -> int:
    """Return where an epoch stands."""
    return 96 + 58 * epoch


def _backup(epoch: int, named: int, y: float) -> str:
    """Return the backup after an epoch, with the epoch that it names."""
    x = _column(epoch)
    return arrow(x, y - 40, x, y - 14) + chip(x, y, 44, f"→ {named}", "kept")


def orbax_checkpoint(language: str) -> str:
    """Draw the directory after each epoch: the steps in it, and those that are removed again."""
    epochs = trace("orbax_checkpoint")
    body = [text(WIDTH / 2, 16, "max_to_keep=2", "code", "middle")]
    for epoch in epochs:
        y = 46 + 34 * epoch["epoch"]
        body.append(text(6, y + 4, f"{say('epoch', language)} {epoch['epoch']}", "label"))
        for step in range(epoch["epoch"] + 1):
            there = step in epoch["steps"]
            body.append(
                chip(_column(step), y, 44, str(step), "kept" if there else "gone", "number" if there else "faint")
            )
    body.append(text(6, 230, say("orbax-checkpoint-key", language), "label"))
    return svg("orbax-checkpoint", language, 238, body)


def csv_logger(language: str) -> str:
    """Draw what the logs held after each epoch, and the row that came into the file."""
    epochs = trace("csv_logger")
    body = [text(6, 18, "logs", "code strong"), text(168, 18, "log.csv", "code strong")]
    for number, row in enumerate(epochs[-1]["rows"]):
        y = 42 + 44 * number
        for cell, words in enumerate(row):
            style = "wrote" if number == 0 else "kept" if words != "NA" else "gone"
            body.append(chip(192 + 62 * cell + 4 * (cell > 1), y, 58 + 8 * (cell > 1), words, style, "code"))
    for epoch in epochs:
        y = 86 + 44 * epoch["epoch"]
        known = [name for name in epoch["logs"] if name != "late"]
        body += [text(6, y + 4, ", ".join(known), "code"), arrow(134, y, 158, y)]
        if "late" in epoch["logs"]:
            body += [text(48, y + 4, "late", "code bad"), line(46, y, 80, y, "cross")]
    body.append(text(6, 212, say("csv-logger-key", language), "label"))
    return svg("csv-logger", language, 220, body)


LANES = {0: 24, 1: 92, 2: 144, 3: 238, 4: 290}
ENDS = (176, 322)
TAGS = ("keras", "batch_loss", "epoch_loss", "epoch_learning_rate", "epoch_loss", "evaluation_loss_vs_iterations")


def tensorboard(language: str) -> str:
    """Draw the tags of the two runs, and on the timeline of a fit when each value is written, with its step."""
    tags = {entry["tag"]: entry["steps"] for entry in trace("tensorboard")}
    rows = [("train", tag) for tag in TAGS[:4]] + [("validation", tag) for tag in TAGS[4:]]
    body = [text(128 + 146 * n, 18, f"{say('epoch', language)} {n}", "label", "middle") for n in (0, 1)]
    y, before = 20, ""
    for run, tag in rows:
        if run != before:
            y, before = y + 24, run
            body.append(text(6, y, f"{run}/", "code strong"))
        body += [text(18, y + 20, tag, "code"), *_steps(tag, tags[f"{run}/{tag}"], y + 38)]
        y += 50
    return svg("tensorboard", language, 376, body)


def _steps(tag: str, steps: list[int], y: float) -> list[str]:
    """Return a tile with its step for each value of a tag."""
    after = tag.startswith(("epoch", "evaluation"))
    places = ENDS if after else [LANES[step] for step in steps]
    bands = [rect(58 + 146 * number, y - 14, 140, 28, "screen") for number in (0, 1)]
    style = "kept" if after else "wrote"
    return bands + [chip(x, y, 26, str(step), style) for x, step in zip(places, steps, strict=True)]


PICTURES = {
    "model-checkpoint": model_checkpoint,
    "backup-and-restore": backup_and_restore,
    "orbax-checkpoint": orbax_checkpoint,
    "csv-logger": csv_logger,
    "tensorboard": tensorboard,
}
