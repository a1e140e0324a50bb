"""The lessons: equal in four languages but for their words, and with checks that judge rightly."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "agg")

from tutorial_tools.exercises import TURNED_DOWN, judge, numbers  # noqa: E402
from tutorial_tools.lessons import (  # noqa: E402
    ENGLISH,
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
from tutorial_tools.shared import cells, texts  # noqa: E402
from tutorial_tools.sync import stamp, sync  # noqa: E402

LESSON = "03-stop-at-the-right-time.ipynb"
LANGUAGES = (ENGLISH, *OTHERS)
VERDICTS = ("not_solved", "right")
BEGINNING = ["title", "before", "text", "needs", "packages"]


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


def package_of(line: str) -> str:
    """Return the name in a requirement."""
    return re.split(r"[\[<>=]", line)[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", lessons())
def test_a_learner_can_install_what_a_lesson_needs_from_its_folder(lesson: str, language: str) -> None:
    """The project itself brings TensorFlow, TensorBoard and requests; no line names a host."""
    lines = (TUTORIALS / language / "requirements.txt").read_text(encoding="utf-8").splitlines()
    there = {package_of(line) for line in lines if not line.startswith(("#", "-"))}
    assert "callback-conformance[tensorflow,tensorboard,remote]>=0.1" in lines
    assert not any("://" in line for line in lines)
    names: dict[str, Any] = {}
    exec(cell_of(read(TUTORIALS / language / lesson), "needs")["source"], names)
    brought = {"tensorflow", "tensorboard", "requests", "hypothesis"}
    assert {package_of(line) for line in names["packages"].values()} <= there | brought


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
    words = {"recap": "shows overfitting", "text": "training stops here", "data": "becomes wrong"}[name]
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


def test_a_shared_cell_or_text_that_one_lesson_changes_is_found(copied: Path) -> None:
    """All lessons check their packages with the same code, and say the same when it fails."""
    change(copied, "it", "packages", lambda source: source.replace("nasconde", "copre"))
    change(copied, "ko", "text", lambda source: source.replace('"맞았습니다!"', '"맞았어요!"'))
    assert found(copied) == {("it", "packages"), ("ko", "text")}


def test_sync_brings_a_shared_cell_back(copied: Path) -> None:
    """The file of the language holds it."""
    before = (copied / "it" / LESSON).read_bytes()
    change(copied, "it", "packages", lambda source: source.replace("nasconde", "copre"))
    assert sync(copied) == []
    assert (copied / "it" / LESSON).read_bytes() == before


def test_a_link_may_lead_to_a_page_of_the_own_language(copied: Path) -> None:
    """Another page, or a link that only one language has, is a difference."""
    for language in LANGUAGES:
        page = f"[EarlyStopping](../../docs/{language}/callbacks/early-stopping.md)"
        change(copied, language, "recap", lambda source, page=page: f"{source}\n\n{page}")  # type: ignore[misc]
    stamp(tutorials=copied)
    assert found(copied) == set()
    change(copied, "zh", "recap", lambda source: source.replace("early-stopping.md", "history.md"))
    assert found(copied) == {("zh", "recap")}


# The cells that all lessons share


def shared_cell(language: str, name: str, **given: Any) -> dict[str, Any]:
    """Run a shared cell in a language, with the names that it needs; return the names it leaves."""
    names: dict[str, Any] = {"TEXT": texts(language), **given}
    exec(compile(ast.parse(cells(language)[name]), "<cell>", "exec"), names)
    return names


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_package_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with pytest.raises(ImportError) as caught:
        shared_cell(language, "packages", packages={"json": "json", "no_such_module": "no-such-package>=2"})
    said = texts(language)["missing"].format(packages='"no-such-package>=2"')
    assert str(caught.value) == said
    assert said.endswith('\n%pip install --find-links wheels "no-such-package>=2"')


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_old_keras_counts_as_missing(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setattr("importlib.metadata.version", lambda _: "2.15.0")
    with pytest.raises(ImportError, match='%pip install --find-links wheels "keras>=3"'):
        shared_cell(language, "packages", packages={"keras": "keras>=3"})


def test_each_run_has_a_new_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "files-1").write_text("the learner's own")
    new_folder = shared_cell(ENGLISH, "folder")["new_folder"]
    assert [str(new_folder("files")) for _ in range(2)] == ["files-2", "files-3"]
    assert texts(ENGLISH)["folder"].format(folder="files-2") in capsys.readouterr().out
    assert (tmp_path / "files-1").read_text() == "the learner's own"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_that_cannot_be_written_to_is_said_in_the_language_of_the_lesson(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    says = texts(language)["no_folder"].format(folder=Path.cwd(), problem="[Errno 13] Permission denied: 'files-1'")
    with pytest.raises(OSError, match=re.escape(says)):
        shared_cell(language, "folder")["new_folder"]("files")


# The exercises


@pytest.mark.parametrize("lesson", lessons())
def test_a_lesson_is_built_like_the_others(lesson: str) -> None:
    """It begins with what the learner needs, ends with a recap, and has three to five exercises with their checks."""
    notebook = read(TUTORIALS / ENGLISH / lesson)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids[: len(BEGINNING)] == BEGINNING
    assert ids[-1] == "recap"
    assert 3 <= len(numbers(notebook)) <= 5
    assert numbers(notebook) == list(range(1, len(numbers(notebook)) + 1))
    for number in numbers(notebook):
        parts = [ids.index(f"{part}-{number}") for part in ("exercise", "answer", "check", "solution")]
        assert parts == sorted(parts)
        assert parts[1] + 2 == parts[2] + 1 == parts[3]


@pytest.mark.parametrize("lesson", lessons())
def test_the_checks_of_a_lesson_judge_rightly(lesson: str) -> None:
    """Unsolved, solved, and each mistake in `wrong_answers/`: all in one run of the lesson, in its own process."""
    command = [sys.executable, "-m", "tutorial_tools", "exercises", lesson]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]


@pytest.mark.parametrize(
    ("check", "says"),
    [
        ("print(TEXT['right'] if a == 2 else 'Not right yet' if a == 3 else TEXT['not_solved'])", None),
        ("print(TEXT['right'])", "exercise 1: the check says 'Right!' instead of 'Unsolved.' to\n..."),
        ("print('Not right yet' if a == 3 else TEXT['not_solved'])", "instead of 'Right!' to\na = 2"),
        ("print(TEXT['not_solved'] if a is ... else TEXT['right'])", "instead of 'Not right yet' to\na = 2\n\na = 3"),
        ("print(TEXT['not_solved'] if a is ... else a.no_such)", 'the check says "AttributeError'),
    ],
    ids=["right", "calls-all-right", "refuses-the-solution", "accepts-a-mistake", "raises"],
)
def test_a_check_that_judges_wrongly_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: str, says: str | None
) -> None:
    sources = {
        "text": "TEXT = {'not_solved': 'Unsolved.', 'right': 'Right!'}",
        "answer-1": "a = ...",
        "check-1": check,
        "solution-1": "```python\na = 2\n```",
    }
    made = [
        {"cell_type": "markdown" if name == "solution-1" else "code", "id": name, "metadata": {}, "source": source}
        for name, source in sources.items()
    ]
    (tmp_path / ENGLISH).mkdir()
    write(tmp_path / ENGLISH / "lesson.ipynb", {"cells": made, "metadata": {}})
    (tmp_path / "lesson.toml").write_text('[exercise-1]\nwrong = ["a = 3"]\n')
    monkeypatch.setattr("tutorial_tools.exercises.TUTORIALS", tmp_path)
    monkeypatch.setattr("tutorial_tools.exercises.WRONG", tmp_path)
    problems = judge("lesson.ipynb")
    assert problems == [] if says is None else any(says in problem for problem in problems)


@pytest.mark.parametrize("lesson", lessons())
def test_every_language_says_the_verdicts_in_its_own_words(lesson: str) -> None:
    """No verdict stays in English, and no two are alike."""
    all_texts = [text_of(cell_of(read(TUTORIALS / language / lesson), "text")) for language in LANGUAGES]
    keys = [key for key in all_texts[0] if key in VERDICTS or key.startswith("wrong")]
    verdicts = [text[key] for text in all_texts for key in keys]
    assert len(set(verdicts)) == len(verdicts)
    assert all(all_texts[0][key].startswith(TURNED_DOWN) for key in keys if key.startswith("wrong"))
