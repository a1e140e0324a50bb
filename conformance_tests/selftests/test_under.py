"""The pages under "Understand": every callback is found, every figure comes from a file, every link leads somewhere."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

bs4 = pytest.importorskip("bs4", reason="install the dev group: it brings Beautiful Soup")

import callback_reference  # noqa: E402
from site_tools import endings, tags  # noqa: E402
from site_tools.pictures import figure  # noqa: E402
from site_tools.pictures.drawing import trace  # noqa: E402
from site_tools.pictures.which_callback import WISHES, which_callback  # noqa: E402
from site_tools.places import DATA, DOCS, LANGUAGES  # noqa: E402

in_every_language = pytest.mark.parametrize("language", LANGUAGES)
CALLBACKS = (
    {
        name
        for name in callback_reference.__all__
        if isinstance(getattr(callback_reference, name), type) and (DOCS / "en" / "callbacks" / page(name)).exists()
    }
    if (page := lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() + ".md")
    else set()
)


def links(language: str, name: str = "which-callback.md") -> list[object]:
    """Return the links of the decision picture."""
    soup = bs4.BeautifulSoup(which_callback(language, name), "html.parser")
    return soup.select("svg a")
