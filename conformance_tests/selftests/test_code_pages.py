"""The how-to pages about code: what they say that is not the output of a snippet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from site_tools import backends, translation
from site_tools.fences import fences
from site_tools.places import DOCS, LANGUAGES, ROOT
from site_tools.recordings.two_workers import LOSSES

PAGE = DOCS / "en" / "how-to" / "test-your-own.md"


def test_the_pytest_file_of_the_page_passes_once_the_mistake_is_mended(tmp_path: Path) -> None:
    files = {block.title: block.code for block in fences(PAGE.read_text(encoding="utf-8")) if ".py" in block.title}
    wrong, right = "self.wait > self.patience", "self.wait >= self.patience"
    assert files["mypkg/stop.py"].count(wrong) == 1
    (tmp_path / "mypkg").mkdir()
    (tmp_path / "mypkg" / "stop.py").write_text(files["mypkg/stop.py"].replace(wrong, right), encoding="utf-8")
    (tmp_path / "test_stop.py").write_text(files["test_stop.py"], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_stop.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 xfailed" in done.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_the_backends_has_a_cell_for_each_callback_on_each_backend(language: str) -> None:
    table = [line for line in backends.every(language).splitlines() if line.startswith("| `")]
    assert len(table) == 16
    assert {line.count("|") for line in table} == {5}


def test_the_two_differences_that_the_page_explains_are_all_there_are() -> None:
    text = (DOCS / "en" / "how-to" / "jax-and-torch.md").read_text(encoding="utf-8")
    for backend in backends.BACKENDS:
        report = json.loads((ROOT / "docs" / "data" / "backends" / f"{backend}.json").read_text())
        for name, result in report["callbacks"].items():
            library = report["library"].split()[0].replace("tensorflow", "TensorFlow")
            assert (result["status"] != "equal") == (f"**{name} on {library}.**" in text), (backend, name)


def test_a_translation_whose_snippet_asks_for_another_backend_is_told() -> None:
    english, other = "```python { .jax }\nx = 1\n```\n", "```python { .torch }\nx = 1\n```\n"
    assert translation.shape(english).code != translation.shape(other).code
    assert translation.shape(english).code == translation.shape(english.replace("x =", "# y\nx =")).code


def test_the_picture_of_two_workers_shows_the_run_of_the_snippet() -> None:
    page = (DOCS / "en" / "how-to" / "several-workers.md").read_text(encoding="utf-8")
    assert all(str(list(losses)) in page for losses in LOSSES)
