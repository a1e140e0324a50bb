"""The lessons: equal in four languages but for their words, and with checks that judge rightly."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "agg")

from tutorial_tools.lessons import (  # noqa: E402
    ENGLISH,
    FENCE,
    OTHERS,
    TUTORIALS,
    Cell,
    Notebook,
    lessons,
    read,
    text_of,
    write,
)
from tutorial_tools.lines import with_comments  # noqa: E402
from tutorial_tools.parity import check  # noqa: E402
from tutorial_tools.sync import stamp, sync  # noqa: E402

LESSON = "stop-at-the-right-time.ipynb"
LANGUAGES = (ENGLISH, *OTHERS)
WRONG = {
    1: ["stop_at, best_at = 3, 1", "stop_at, best_at = 8, 8", "stop_at, best_at = 8, 4", "stop_at, best_at = 7, 6"],
    2: [
        "arguments['monitor'] = 'val_acc'",
        "arguments['mode'] = 'min'",
        "arguments['min_delta'] = 0.5",
        "arguments['patience'] = 5",
        "arguments['start_from_epoch'] = 4",
        "arguments['restore_best_weights'] = False",
        "arguments['patienc'] = 4",
        "del arguments['mode']",
    ],
    3: ["was_stopped = True", "epoch_with = epochs - 1", "epoch_without = stopper_with.best_epoch"],
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the lessons that a test may spoil."""
    return Path(shutil.copytree(TUTORIALS, tmp_path / "tutorials"))


def cell_of(notebook: Notebook, name: str) -> Cell:
    """Return the cell with an id."""
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def change(tutorials: Path, language: str, name: str, edit: Callable[[str], str]) -> None:
    """Edit the source of one cell."""
    path = tutorials / language / LESSON
    notebook = read(path)
    cell = cell_of(notebook, name)
    before, cell["source"] = cell["source"], edit(cell["source"])
    assert cell["source"] != before
    write(path, notebook)


def found(tutorials: Path) -> set[tuple[str, str]]:
    """Return language and cell of every problem."""
    return {(problem.language, problem.cell) for problem in check(tutorials)}


def test_the_languages_agree() -> None:
    """Nothing differs, nothing is stale, nothing is forbidden."""
    assert check() == []


def test_every_lesson_has_its_requirements() -> None:
    """A learner installs from the folder of the notebook, and no line names a host."""
    for language in LANGUAGES:
        lines = (TUTORIALS / language / "requirements.txt").read_text(encoding="utf-8").splitlines()
        packages = [line for line in lines if not line.startswith("#")]
        assert "callback-conformance[tensorflow]>=0.1" in packages
        assert not any("://" in line for line in lines)


@pytest.mark.parametrize("language", OTHERS)
def test_a_change_of_code_in_one_language_is_found(copied: Path, language: str) -> None:
    """The number of a layer's units differs."""
    change(copied, language, "model", lambda source: source.replace("256", "255", 1))
    assert found(copied) == {(language, "model")}


def test_a_change_of_a_comment_is_no_change_of_code(copied: Path) -> None:
    """A translator is free to reword a comment."""
    change(copied, "it", "data", lambda source: source.replace("# un'etichetta", "# sì, un'etichetta"))
    assert found(copied) == set()


def test_a_missing_text_is_found(copied: Path) -> None:
    """A key of TEXT is gone from one language."""
    change(copied, "zh", "text", lambda source: source.replace('    "right": "正确！",\n', ""))
    assert found(copied) == {("zh", "text")}


def test_a_lost_field_of_a_text_is_found(copied: Path) -> None:
    """A number would be missing from what the lesson prints."""
    change(copied, "ko", "text", lambda source: source.replace("{best}, 마지막", "5, 마지막"))
    assert found(copied) == {("ko", "text")}


@pytest.mark.parametrize("name", ["recap", "text", "data"])
def test_a_change_of_english_words_makes_the_translations_stale(copied: Path, name: str) -> None:
    """Prose, printed texts and comments count alike; a stamp says that they are translated anew."""
    words = {"recap": "shows overfitting", "text": "Right!", "data": "becomes wrong"}[name]
    change(copied, ENGLISH, name, lambda source: source.replace(words, words + " now", 1))
    assert found(copied) == {(language, name) for language in OTHERS}
    stamp(tutorials=copied)
    assert found(copied) == set()


@pytest.mark.parametrize(
    ("language", "prose"),
    [("it", "Conta ogni epoch."), ("zh", "耐心是一种美德。"), ("ko", "인내심을 가지세요."), ("it", "`x` qui.")],
)
def test_a_forbidden_wording_or_another_code_span_is_found(copied: Path, language: str, prose: str) -> None:
    """The glossary holds for lessons too."""
    change(copied, language, "recap", lambda source: f"{source}\n\n{prose}")
    assert found(copied) == {(language, "recap")}


def test_a_stored_output_is_found(copied: Path) -> None:
    """Outputs differ from machine to machine."""
    path = copied / ENGLISH / LESSON
    notebook = read(path)
    cell_of(notebook, "data")["execution_count"] = 3
    write(path, notebook)
    assert found(copied) == {(ENGLISH, "data")}


def test_sync_changes_nothing_when_the_languages_agree(copied: Path) -> None:
    """What it writes is what Jupyter wrote."""
    before = {path: path.read_bytes() for path in copied.rglob("*.ipynb")}
    assert sync(copied) == []
    assert {path: path.read_bytes() for path in copied.rglob("*.ipynb")} == before


def test_sync_carries_code_and_keeps_translated_comments(copied: Path) -> None:
    """The comments of unchanged lines stay translated; a new one comes in English and is reported."""
    change(copied, ENGLISH, "data", lambda source: source.replace("default_rng(0)", "default_rng(7)  # a new seed"))
    assert sync(copied) == [f"{language}/{LESSON} [data] comment in English: # a new seed" for language in OTHERS]
    italian = cell_of(read(copied / "it" / LESSON), "data")["source"]
    assert "# un'etichetta su dieci diventa sbagliata\nrandom = np.random.default_rng(7)  # a new seed\n" in italian
    assert found(copied) == {(language, "data") for language in OTHERS}


def test_sync_brings_a_new_cell_in_english(copied: Path) -> None:
    """The check then calls it stale, until somebody translates it."""
    path = copied / ENGLISH / LESSON
    notebook = read(path)
    new = {"cell_type": "markdown", "id": "new", "metadata": {}, "source": "A new thought."}
    notebook["cells"].insert(3, new)
    write(path, notebook)
    assert sync(copied) == [f"{language}/{LESSON} [new] new, in English" for language in OTHERS]
    assert found(copied) == {(language, "new") for language in OTHERS}


def test_a_comment_follows_its_line() -> None:
    """Lines that move take their translated comments along."""
    english = "# first\na = 1\nb = '# no comment'  # second\nc = 3  # third"
    italian = "# primo\na = 1\nb = '# no comment'  # secondo"
    merged = "# primo\na = 1\nb = '# no comment'  # secondo\nc = 3  # third"
    assert with_comments(english, italian) == (merged, ["# third"])


def test_a_comment_above_stays_when_its_line_changes() -> None:
    """It speaks of what follows; the hash of the English comments tells when it has to change."""
    assert with_comments("# first\na = 2", "# primo\na = 1") == ("# primo\na = 2", [])


# The exercises


def run(source: str, names: dict[str, Any]) -> str:
    """Run a cell and return what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.parse(source), "<cell>", "exec"), names)
    return printed.getvalue().strip()


@pytest.fixture(scope="module")
def lesson() -> tuple[Notebook, dict[str, Any]]:
    """Run the English lesson as shipped; return it and its names."""
    for package in ("keras", "sklearn", "matplotlib"):
        pytest.importorskip(package)
    notebook, names = read(TUTORIALS / ENGLISH / LESSON), dict[str, Any]()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            run(cell["source"], names)
    return notebook, names


def judge(lesson: tuple[Notebook, dict[str, Any]], number: int, answer: str = "") -> str:
    """Return what the check of an exercise prints: for the unsolved cell, and then what is given."""
    notebook, names = lesson
    run(cell_of(notebook, f"answer-{number}")["source"], names)
    run(answer, names)
    return run(cell_of(notebook, f"check-{number}")["source"], names)


def solution(notebook: Notebook, number: int) -> str:
    """Return the code of a solution."""
    (block,) = FENCE.findall(cell_of(notebook, f"solution-{number}")["source"])
    return str(block)


@pytest.mark.parametrize("number", WRONG)
def test_an_unsolved_exercise_is_called_unsolved(lesson: tuple[Notebook, dict[str, Any]], number: int) -> None:
    """The notebook runs from top to bottom as it is shipped."""
    assert judge(lesson, number) == lesson[1]["TEXT"]["not_solved"]


@pytest.mark.parametrize("number", WRONG)
def test_the_solution_is_right(lesson: tuple[Notebook, dict[str, Any]], number: int) -> None:
    """A learner who copies the solution is told so."""
    assert judge(lesson, number, solution(lesson[0], number)) == lesson[1]["TEXT"]["right"]


@pytest.mark.parametrize(("number", "mistake"), [(number, wrong) for number in WRONG for wrong in WRONG[number]])
def test_a_wrong_answer_is_not_right(lesson: tuple[Notebook, dict[str, Any]], number: int, mistake: str) -> None:
    """Each mistake is made in an otherwise right solution."""
    said = judge(lesson, number, f"{solution(lesson[0], number)}\n{mistake}")
    assert said.split(":")[0].split(".")[0] == "Not right yet"


def test_every_language_says_the_three_verdicts_in_its_own_words() -> None:
    """No verdict stays in English, and no two are alike."""
    texts = [text_of(cell_of(read(TUTORIALS / language / LESSON), "text")) for language in LANGUAGES]
    verdicts = [text[key] for text in texts for key in ("not_solved", "right", "wrong_1", "wrong_2", "wrong_3")]
    assert len(set(verdicts)) == len(verdicts)


def test_every_lesson_is_known_to_these_tests() -> None:
    """A new lesson needs the checks of its exercises here."""
    assert lessons() == [LESSON]
