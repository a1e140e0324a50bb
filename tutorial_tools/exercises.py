"""Run a lesson as Jupyter would, and see whether the checks of its exercises judge rightly.

Each exercise has the cells `answer-N`, `check-N` and `solution-N`. The check must say `TEXT["not_solved"]` to the
answer as shipped, `TEXT["right"]` to the solution, and "Not right yet" to each mistake that `wrong_answers/` holds.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tutorial_tools.lessons import ENGLISH, FENCE, ROOT, TUTORIALS, Notebook, read

__all__ = ["TURNED_DOWN", "judge", "mistakes", "numbers"]

WRONG = ROOT / "conformance_tests" / "selftests" / "wrong_answers"
NUMBER = re.compile(r"answer-(\d+)$")
TURNED_DOWN = "Not right yet"


def numbers(notebook: Notebook) -> list[int]:
    """Return the numbers of the exercises, in their order."""
    return [int(found[1]) for cell in notebook["cells"] if (found := NUMBER.match(cell["id"]))]


def mistakes(lesson: str) -> dict[int, list[str]]:
    """Return the mistakes that each exercise's check must find, by number; each is code that follows the solution."""
    tables = tomllib.loads((WRONG / Path(lesson).with_suffix(".toml").name).read_text(encoding="utf-8"))
    return {int(name.removeprefix("exercise-")): table["wrong"] for name, table in tables.items()}


def judge(lesson: str) -> list[str]:
    """Run the English lesson as shipped, then each exercise; return what its checks judge wrongly.

    Run it in a process of its own: it leaves Keras, matplotlib and IPython as the lesson left them.
    """
    os.environ.setdefault("MPLBACKEND", "agg")
    notebook = read(TUTORIALS / ENGLISH / lesson)
    with TemporaryDirectory() as folder, chdir(folder):
        shell = _Shell()
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                shell.run(cell["source"])
        return list(_problems(shell, notebook, mistakes(lesson)))


class _Shell:
    """What runs cells: IPython, so that a class can ask for its source as it can in a notebook."""

    def __init__(self) -> None:
        from IPython.core.interactiveshell import InteractiveShell

        self.shell = InteractiveShell.instance()

    def run(self, source: str) -> str:
        """Run a cell and return what it prints; its exception goes on."""
        from IPython.utils.capture import capture_output

        with capture_output(stderr=False) as captured:
            result = self.shell.run_cell(source)  # type: ignore[no-untyped-call]
        result.raise_error()
        return str(captured.stdout).strip()

    def text(self, key: str) -> str:
        """Return one of the lesson's texts."""
        return str(self.shell.user_ns["TEXT"][key])


def _problems(shell: _Shell, notebook: Notebook, wrong: dict[int, list[str]]) -> Iterator[str]:
    """Yield what is wrong with each exercise."""
    cells = {cell["id"]: str(cell["source"]) for cell in notebook["cells"]}
    if list(wrong) != numbers(notebook):
        yield f"the lesson has the exercises {numbers(notebook)}, wrong_answers/ those with the numbers {list(wrong)}"
    for number in numbers(notebook):
        (solution,) = FENCE.findall(cells[f"solution-{number}"])
        answers = {"": shell.text("not_solved"), solution: shell.text("right")}
        answers |= {f"{solution}\n{mistake}": TURNED_DOWN for mistake in wrong.get(number, [])}
        for answer, expected in answers.items():
            said = _said(shell, cells, number, answer)
            if not said.startswith(expected):
                yield f"exercise {number}: the check says {said!r} instead of {expected!r} to\n{answer or '...'}"


def _said(shell: _Shell, cells: dict[str, str], number: int, answer: Any) -> str:
    """Return what a check prints when an answer is given after the unsolved cell."""
    try:
        shell.run(cells[f"answer-{number}"])
        shell.run(answer)
        return shell.run(cells[f"check-{number}"])
    except Exception as problem:  # a check must not raise, whatever the answer
        return f"{type(problem).__name__}: {problem}"
