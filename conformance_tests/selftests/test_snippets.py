"""Every Python snippet of the English pages runs, and prints what the page says."""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

PAGES = Path(__file__).resolve().parents[2] / "docs" / "en"
SNIPPET = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n*^```(?:text|\{ ?\.text) title=\"Output\" ?\}?\n(?P<output>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)


def snippets() -> list[object]:
    """Return each snippet with the output that stands under it, if any."""
    found = []
    for page in sorted(PAGES.rglob("*.md")):
        if "tutorials" in page.relative_to(PAGES).parts:
            continue
        text = page.read_text(encoding="utf-8")
        for snippet in SNIPPET.finditer(text):
            line = text[: snippet.start()].count("\n") + 1
            name = f"{page.relative_to(PAGES)}:{line}"
            found.append(pytest.param(snippet["code"], snippet["output"], id=name))
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("code", "output"), snippets())
def test_a_snippet_prints_what_the_page_says(
    code: str, output: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader who pastes the snippet sees the printed output."""
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "snippet", "exec"), {"__name__": "__main__"})
    if output is not None:
        assert printed.getvalue() == output


def test_there_are_snippets() -> None:
    """The pattern above still finds the snippets."""
    assert len(snippets()) >= 8
