"""Pictures as SVG, drawn from recorded runs.

Inside a page the colours come from CSS variables, so one picture serves the light and the dark scheme.
Each module of this package holds one family of pictures and names them in `PICTURES`; its words are in `strings/`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from site_tools.pictures.drawing import WIDTH
from site_tools.places import DOCS

__all__ = ["PICTURES", "figure", "standalone"]

STYLE = DOCS / "assets" / "css" / "pictures.css"
PICTURES: dict[str, Callable[[str], str]] = {}
for _module in pkgutil.iter_modules(__path__):
    if not _module.name.startswith("_"):
        PICTURES |= getattr(importlib.import_module(f"{__name__}.{_module.name}"), "PICTURES", {})


def figure(name: str, language: str) -> str:
    """Return a picture for a page."""
    return f'<figure class="picture-frame">{PICTURES[name](language)}</figure>'


def standalone(name: str, language: str, scheme: str) -> str:
    """Return a picture with its own colours, for a place that has no style sheet."""
    style = STYLE.read_text(encoding="utf-8")
    drawing = PICTURES[name](language)
    root = f'<svg data-md-color-scheme="{"slate" if scheme == "dark" else "default"}" width="{2 * WIDTH}" '
    return drawing.replace("<svg ", root, 1).replace("</title>", f"</title><style>{style}</style>", 1) + "\n"
