"""What the how-to pages show is what was recorded."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from site_tools.pictures import PICTURES
from site_tools.places import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "en" / "how-to" / "schedule-the-rate.md"
TRACE = json.loads((ROOT / "docs" / "data" / "traces" / "schedules.json").read_text(encoding="utf-8"))


def schedules_of_the_page() -> dict[str, Any]:
    [code] = [code for code in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S) if "EPOCHS" in code]
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, names)
    return names


@pytest.mark.parametrize("name", ["exponential", "step", "warm_up_cosine"])
def test_the_picture_shows_the_schedules_of_the_page(name: str) -> None:
    schedule = schedules_of_the_page()[name]
    expected = [schedule(epoch["epoch"], None) for epoch in TRACE["epochs"]]
    assert [epoch[name] for epoch in TRACE["epochs"]] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_of_schedules_has_a_stair_for_each(language: str) -> None:
    drawing = PICTURES["schedules"](language)
    assert [len(points.split()) for points in re.findall(r'points="([^"]*)"', drawing)] == [40, 40, 40]
