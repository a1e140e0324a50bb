"""The playground: what the page gets, and the files of the reference that MicroPython loads.

The reader's browser runs the very files of `reference/callback_reference`; the build copies them, and rewrites nothing.
"""

from __future__ import annotations

import inspect
import json
import posixpath
import shutil
import tomllib
from html import escape
from pathlib import Path
from typing import Any

import callback_reference

from site_tools.places import LANGUAGES, REFERENCE

__all__ = ["ASSETS", "EXAMPLES", "KINDS", "MODULES", "copy_reference", "playground"]

ASSETS = "assets/playground"
KINDS = ("EarlyStopping", "ReduceLROnPlateau", "LearningRateScheduler", "ModelCheckpoint", "TerminateOnNaN")
MODULES = (
    "__init__.py",
    "backends.py",
    "callback.py",
    "callback_list.py",
    "early_stopping.py",
    "history.py",
    "improvement.py",
    "learning_rate_scheduler.py",
    "misspelt.py",
    "model_checkpoint.py",
    "monitoring.py",
    "naming.py",
    "reduce_lr_on_plateau.py",
    "terminate_on_nan.py",
)
"""What the five callbacks import."""

HIDDEN = ("verbose", "misspelt")
"""Arguments that the playground does not offer: nothing but what is printed depends on them."""

SAVES = ["ModelCheckpoint", {"filepath": "{epoch:02d}-{val_loss:.2f}.keras", "save_best_only": "True"}]
STOPS = [0.9, 0.68, 0.55, 0.57, 0.47, 0.5, 0.49, 0.52, 0.56, 0.6]
FLAT = [0.9, 0.7, 0.6, 0.61, 0.6, 0.62, 0.55, 0.56, 0.55, 0.57, 0.56, 0.58]
LONG = [0.9, 0.71, 0.6, 0.61, 0.6, 0.52, 0.53, 0.54, 0.48, 0.49, 0.5, 0.49, 0.52, 0.51, 0.55, 0.57]
EXPLODES = [0.9, 0.7, 0.6, 0.9, 2.4, "nan", "nan", "nan"]

EXAMPLES: dict[str, tuple[str, list[Any], list[Any]]] = {
    "EarlyStopping": ("val_loss", STOPS, [["EarlyStopping", {"patience": "3", "restore_best_weights": "True"}]]),
    "ReduceLROnPlateau": ("val_loss", FLAT, [["ReduceLROnPlateau", {"factor": "0.5", "patience": "2"}]]),
    "LearningRateScheduler": ("loss", FLAT, [["LearningRateScheduler", {"schedule": "lr * 0.8"}]]),
    "ModelCheckpoint": ("val_loss", STOPS, [SAVES]),
    "TerminateOnNaN": ("loss", EXPLODES, [["TerminateOnNaN", {}]]),
    "": (
        "val_loss",
        LONG,
        [
            ["ReduceLROnPlateau", {"factor": "0.5", "patience": "2"}],
            ["EarlyStopping", {"patience": "5", "restore_best_weights": "True"}],
            SAVES,
        ],
    ),
}
"""Where the reader begins: the curve's name, its values, and the callbacks with their arguments."""


def playground(language: str, page: str, kind: str = "") -> str:
    """Return the place of a playground for one callback, or for all five."""
    if kind not in EXAMPLES:
        raise LookupError(f"there is no playground for {kind!r}; there is one for {', '.join(KINDS)}")
    root = posixpath.relpath(
        ".", posixpath.join("" if language == LANGUAGES[0] else language, page.removesuffix(".md"))
    )
    data = json.dumps(_data(language, kind), ensure_ascii=False).replace("</", "<\\/")
    sentence = escape(_words(language)["needs-script"])
    return (
        f'<div class="play"><p class="play-wait">{sentence}</p>'
        f'<script type="application/json" class="play-data">{data}</script></div>\n\n'
        f'<script type="module" src="{root}/{ASSETS}/main.js"></script>\n'
    )


def _data(language: str, kind: str) -> dict[str, Any]:
    """Return what the scripts need: words, arguments, files, and the example to begin with."""
    name, values, callbacks = EXAMPLES[kind]
    example = {"curve": name, "values": values, "rate": "0.01", "batches": "1"}
    example["callbacks"] = [{"kind": chosen, "given": given} for chosen, given in callbacks]
    kinds = {chosen: arguments(chosen) for chosen in ([kind] if kind else KINDS)}
    return {
        "language": language,
        "words": _words(language),
        "files": MODULES,
        "kinds": kinds,
        "example": example,
        "all": not kind,
    }


def arguments(kind: str) -> list[dict[str, Any]]:
    """Return the arguments of a callback of the reference: name, default as Python writes it, and type of field."""
    parameters = inspect.signature(getattr(callback_reference, kind)).parameters.values()
    return [_argument(parameter) for parameter in parameters if parameter.name not in HIDDEN]


def _argument(parameter: inspect.Parameter) -> dict[str, Any]:
    default = parameter.default
    if default is inspect.Parameter.empty:
        return {"name": parameter.name, "type": "text", "default": ""}
    if isinstance(default, bool):
        return {"name": parameter.name, "type": "flag", "default": str(default)}
    if parameter.name == "mode":
        return {"name": "mode", "type": "mode", "default": default}
    text = isinstance(default, str) and parameter.name != "save_freq"
    return {"name": parameter.name, "type": "text" if text else "number", "default": str(default)}


def _words(language: str) -> dict[str, str]:
    """Return the words of the playground in a language."""
    path = Path(__file__).parent / "strings" / "playground.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {key.removeprefix("play-"): words[language] for key, words in table.items()}


def copy_reference(site: Path) -> None:
    """Put the files of the reference beside the scripts that load them, as they are."""
    folder = site / ASSETS / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for name in MODULES:
        shutil.copyfile(REFERENCE / name, folder / name)
