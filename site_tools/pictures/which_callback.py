"""The decision picture: from a wish to a callback, each callback a link to its page.

It holds links, so it is no image to a screen reader but a group, and it needs to know on which page it stands:
therefore it has a tag of its own and is not among the `PICTURES`.
"""

from __future__ import annotations

import posixpath
from html import escape

from site_tools.pictures.drawing import WIDTH, text
from site_tools.words import say

__all__ = ["WISHES", "which_callback"]

NAME = "which-callback"
LEAF, HEAD = 46, 34
WISHES = {
    "stop": {"EarlyStopping": "early-stopping", "TerminateOnNaN": "terminate-on-nan"},
    "disk": {
        "ModelCheckpoint": "model-checkpoint",
        "BackupAndRestore": "backup-and-restore",
        "OrbaxCheckpoint": "orbax-checkpoint",
    },
    "rate": {"ReduceLROnPlateau": "reduce-lr-on-plateau", "LearningRateScheduler": "learning-rate-scheduler"},
    "numbers": {
        "History": "history",
        "ProgbarLogger": "progbar-logger",
        "CSVLogger": "csv-logger",
        "TensorBoard": "tensorboard",
        "RemoteMonitor": "remote-monitor",
    },
    "weights": {"SwapEMAWeights": "swap-ema-weights"},
    "own": {"LambdaCallback": "lambda-callback", "Callback": "callback", "CallbackList": "callback-list"},
}
"""Each wish with the callbacks that fulfil it, and the page of each."""


def which_callback(language: str, page: str) -> str:
    """Return the picture for a page whose path inside the language's folder is `page`."""
    body: list[str] = []
    y = 4.0
    for wish, callbacks in WISHES.items():
        parts, y = _group(wish, callbacks, language, page, y)
        body += parts
    title, description = (escape(say(f"{NAME}-{what}", language)) for what in ("title", "desc"))
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture decision" role="group" lang="{language}" '
        f'viewBox="0 0 {WIDTH} {y:g}" aria-labelledby="{NAME}-title" aria-describedby="{NAME}-desc">'
        f'<title id="{NAME}-title">{title}</title><desc id="{NAME}-desc">{description}</desc>{"".join(body)}</svg>'
    )
    return f'<figure class="picture-frame">{drawing}</figure>'


def _group(wish: str, callbacks: dict[str, str], language: str, page: str, top: float) -> tuple[list[str], float]:
    """Return one wish with its callbacks, and where the next begins."""
    label = f"{NAME}-{wish}"
    last = top + HEAD + LEAF * (len(callbacks) - 1) + LEAF / 2 - 4
    parts = [
        f'<g role="group" aria-labelledby="{label}">',
        f'<rect x="2" y="{top:g}" width="{WIDTH - 4}" height="26" rx="6" class="wish"/>',
        f'<text id="{label}" x="12" y="{top + 18:g}" class="wish-label">{escape(say(f"wish-{wish}", language))}</text>',
        f'<path d="M 18 {top + 26:g} V {last:g}" class="branch"/>',
    ]
    for number, (name, target) in enumerate(callbacks.items()):
        parts += _leaf(name, _address(target, page), language, top + HEAD + LEAF * number)
    return [*parts, "</g>"], top + HEAD + LEAF * len(callbacks) + 8


def _leaf(name: str, address: str, language: str, top: float) -> list[str]:
    """Return one callback: a link around the condition and the class."""
    middle = top + LEAF / 2 - 4
    return [
        f'<path d="M 18 {middle:g} H 34" class="branch"/>',
        f'<a href="{address}"><rect x="34" y="{top:g}" width="{WIDTH - 36}" height="{LEAF - 8}" rx="6" class="leaf"/>',
        text(44, top + 15, say(f"wish-{name}", language), "condition"),
        text(44, top + 31, name, "code strong leaf-name"),
        "</a>",
    ]


def _address(target: str, page: str) -> str:
    """Return the address of a callback's page relative to that of the page that shows the picture."""
    return posixpath.relpath(f"callbacks/{target}", page.removesuffix(".md").removesuffix("index") or ".") + "/"
