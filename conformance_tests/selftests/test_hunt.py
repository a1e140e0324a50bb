"""The command `hunt`: what it finds beyond the default run can be pasted into a file of vectors, and fails there."""

import json
from pathlib import Path
from typing import Any

import pytest
from callback_conformance import hunt, options, vectors
from callback_conformance.__main__ import main
from callback_conformance.checks import Bench, reference_subject
from callback_conformance.subjects import find

RARE = "mutants.early_stopping:IsTiredAtEpochSeven"
SECONDS = 1 / 3600


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(options.EXAMPLES, "default", 1)  # the default run finds it otherwise, and it is no news


def command(subject: str, *arguments: str) -> int:
    return main(["hunt", subject, "--as", "EarlyStopping", "--hours", str(SECONDS), *arguments])


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[hunt.Difference, Path]:
    """What a hunter found, and the database in which it left it."""
    folder = tmp_path_factory.mktemp("shared")
    hunter = hunt.Hunt(find(RARE, "EarlyStopping"), 0, folder, 1)
    hunter.learn()
    found = next(difference for number in range(100) if (difference := hunter.round(number)))
    assert hunter.bench.played > 100
    return found, folder


def test_a_rare_difference_becomes_a_vector_that_fails_for_the_subject_alone(
    tmp_path: Path, shared: tuple[hunt.Difference, Path]
) -> None:
    (tmp_path / "early_stopping.json").write_text(json.dumps([shared[0].vector]))
    (case,) = vectors.load("early_stopping", tmp_path)
    wrong, right = Bench(find(RARE, "EarlyStopping")), Bench(reference_subject("EarlyStopping"))
    assert vectors.mismatch(case.expect, wrong.play(case.script())) is not None
    assert vectors.mismatch(case.expect, right.play(case.script())) is None
    assert len(case.script().runs[0].logs) <= 10


def test_what_another_hunter_found_is_looked_at_first_and_written(
    shared: tuple[hunt.Difference, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(RARE, "--out", "early_stopping.json", "--database", str(shared[1])) == 1
    written = json.loads(Path("early_stopping.json").read_text())
    assert written[0] == shared[0].vector
    printed = capsys.readouterr().out
    assert json.dumps(written[0]["expect"], separators=(",", ":")) in printed
    assert "<- first difference" in printed


def test_what_the_default_run_finds_is_no_news() -> None:
    hunter = hunt.Hunt(find("handwritten:OffByOne", "EarlyStopping"), 0, None, 20)
    hunter.learn()
    assert [hunter.round(number) for number in range(2)] == [None, None] or hunter.blocked


def test_the_reference_differs_from_itself_in_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("callback_reference:EarlyStopping") == 0
    assert "new differences: 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no_such:Thing", "--as", "EarlyStopping"], "cannot import 'no_such'"),
        (["callback_reference:EarlyStopping", "--hours", "0"], "expected a number of hours above 0, such as 0.5"),
        (["callback_reference:EarlyStopping", "--out", "taken"], "--out taken: it exists"),
        (["callback_reference:EarlyStopping", "--database", "taken"], "--database taken: this is no folder"),
        (["callback_reference:EarlyStopping", "--out", "/proc/none/v.json"], "--out: cannot write into /proc/none"),
        (["callback_reference:CallbackList"], "--as CallbackList: no whole scenarios are generated for it"),
        (["callback_reference:EarlyStopping", "--as", "Stopping"], "expected Callback, "),
    ],
)
def test_bad_input_gets_one_line_before_any_work(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("taken").write_text("mine")
    try:
        code = main(["hunt", *arguments])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    error = capsys.readouterr().err
    assert code == 2
    assert message in error
    assert error.count("\n") == 1
    assert Path("taken").read_text() == "mine"


def test_an_interrupted_hunt_ends_with_what_it_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(self: Any, number: int) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(hunt.Hunt, "round", interrupted)
    assert command("callback_reference:EarlyStopping") == 0
    assert "interrupted; what was found" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["it", "zh", "ko"])
def test_the_help_speaks_the_readers_language(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--lang", language, "hunt", "--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert "Hunt beyond" not in shown
    assert "--database" in shown
