"""Every Python snippet of the English pages runs, and prints what the page says.

A snippet runs in this process, unless its fence says otherwise: `python { .process }` gets a process of its own,
`python { .jax }` and `python { .torch }` one with that backend.
A `console` fence with an output is run too, if its command is the suite's own.
What runs in a process of its own finds the files of the page: the blocks above it whose title is `name.py`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from site_tools.fences import Fence, fences
from site_tools.places import DOCS, LANGUAGES, ROOT

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

BACKENDS = {"python process": "tensorflow", "python jax": "jax", "python torch": "torch", "console": "tensorflow"}
"""The kinds that run in a process of their own, each with its backend."""

COMMAND = "callback-conformance "
"""What a command begins with that is run."""

KINDS = {"python", *BACKENDS, "text", "csv", "json", "toml"}
"""What a fence may hold."""

OUTPUTS = {"Output", "输出", "출력"}
"""The titles of what a snippet printed."""

TORCH = os.environ.get("TORCH_PYTHON") or (sys.executable if importlib.util.find_spec("torch") else "")
NO_TORCH = (
    "torch is not installed: its default build takes several GB, so the project does not pin it; "
    "install it, or set TORCH_PYTHON to the Python of an environment that has torch and keras"
)


def pages(language: str) -> Iterator[tuple[str, list[Fence]]]:
    """Yield each page that is written by hand, with its blocks."""
    for page in sorted((DOCS / language).rglob("*.md")):
        name = page.relative_to(DOCS / language)
        if name.parts[0] != "tutorials":
            yield name.as_posix(), list(fences(page.read_text(encoding="utf-8")))


def snippets(*kinds: str) -> list[object]:
    """Return each snippet of these kinds with the output that stands under it, if any, and the files of its page."""
    found = []
    for page, blocks in pages("en"):
        files = {}
        for block, after in zip(blocks, [*blocks[1:], None], strict=False):
            output = after.code if after and after.title == "Output" else None
            if block.kind in kinds and (block.kind != "console" or (output and block.code.startswith(COMMAND))):
                found.append(pytest.param(block.kind, block.code, output, dict(files), id=f"{page}:{block.line}"))
            if block.title.endswith(".py"):
                files[block.title] = block.code
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("kind", "code", "output", "files"), snippets("python"))
def test_a_snippet_prints_what_the_page_says(
    kind: str, code: str, output: str | None, files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader who pastes the snippet sees the printed output."""
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "snippet", "exec"), {"__name__": "__main__"})
    if output is not None:
        assert printed.getvalue() == output


Running = dict[str, "Future[subprocess.CompletedProcess[str]]"]


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start the processes of all snippets that were chosen, two at a time: each spends seconds on imports alone."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        chosen = [item for item in request.session.items if "running" in getattr(item, "fixturenames", ())]
        calls = {item.name: item.callspec.params for item in chosen}
        yield {
            name: pool.submit(run, call["kind"], call["code"], call["files"], tmp_path_factory.mktemp("snippet"))
            for name, call in calls.items()
            if call["kind"] != "python torch" or TORCH
        }


def run(kind: str, code: str, files: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a snippet as a script, in a folder that holds nothing but the files of its page."""
    script, place = folder / "snippet.py", folder / "place"
    script.write_text(code, encoding="utf-8")
    place.mkdir()
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    paths = [str(place), str(ROOT / "reference"), str(ROOT / "conformance_tests"), os.environ.get("PYTHONPATH", "")]
    settings = {"KERAS_BACKEND": BACKENDS[kind], "PYTHONPATH": os.pathsep.join(filter(None, paths)), "COLUMNS": "80"}
    return subprocess.run(
        command(kind, code, script),
        cwd=place,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def command(kind: str, code: str, script: Path) -> list[str]:
    """Return what runs a snippet; a command of the suite is run by the Python that runs this test."""
    if kind == "console":
        return [sys.executable, "-m", "callback_conformance", *shlex.split(code)[1:]]
    return [TORCH if kind == "python torch" else sys.executable, str(script)]


@pytest.mark.parametrize(("kind", "code", "output", "files"), snippets(*BACKENDS))
def test_a_snippet_in_a_process_of_its_own_prints_what_the_page_says(
    kind: str, code: str, output: str | None, files: dict[str, str], running: Running, request: pytest.FixtureRequest
) -> None:
    """A reader who saves the snippet and runs it with that backend sees the printed output."""
    if kind == "python torch" and not TORCH:
        pytest.skip(NO_TORCH)
    done = running[request.node.name].result()
    assert done.returncode == 0 or kind == "console", done.stderr
    if output is not None:
        assert done.stdout == output


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fence_is_of_a_known_kind_so_that_no_code_escapes_being_run(language: str) -> None:
    strange = [f"{page}:{block.line} {block.kind!r}" for page, found in pages(language) for block in found
               if block.kind not in KINDS]  # fmt: skip
    assert strange == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_output_stands_under_the_code_that_printed_it(language: str) -> None:
    stray = []
    for page, found in pages(language):
        kinds = ["", *(block.kind for block in found)]
        stray += [f"{page}:{block.line}" for block, before in zip(found, kinds, strict=False)
                  if block.title in OUTPUTS and not before.startswith(("python", "console"))]  # fmt: skip
    assert stray == []


def test_there_are_snippets() -> None:
    """The parser still finds them, those inside lists and admonitions too."""
    assert len(snippets("python")) >= 8
    text = '!!! note "A"\n\n    ```python { .jax }\n    if 1:\n        print(2)\n    ```\n'
    text += '\n```text title="Output"\n2\n```\n'
    assert [(block.line, block.kind, block.title, block.code) for block in fences(text)] == [
        (3, "python jax", "", "if 1:\n    print(2)\n"),
        (8, "text", "Output", "2\n"),
    ]
