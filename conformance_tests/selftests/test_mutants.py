"""Wrong callbacks die of the clauses that they break, and nothing that a callback does breaks the suite."""

import os
from pathlib import Path
from typing import Any

import pytest
from callback_conformance import clauses, difference, report, runner
from callback_conformance.__main__ import main
from callback_conformance.checks import reference_subject
from mutants import MUTANTS, load_all, subject
from mutants.fakes import FAKES
from mutants.fakes import subject as pretender

load_all()
NETS = tuple(clause.id for clause in clauses.load().values() if clause.slug == "nothing-else")
"""The clauses that compare everything: what only they see is rare, so they get more scenarios."""

PATIENCE = 120.0
"""Seconds that a scenario may take here."""


@pytest.fixture(autouse=True)
def without_real_fits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another test may have imported Keras; a mutant need not be played through it."""
    monkeypatch.setattr(difference, "_loaded", set)
    monkeypatch.chdir(tmp_path)


def judge(judged: Any, only: set[str] | None = None, examples: int = 30) -> dict[str, runner.Result]:
    """Judge in haste: only the verdict on each clause matters; and patiently, for another test may keep us waiting."""
    return runner.judge(
        judged, examples=examples, quick=True, only=only, strict=True, hasty=True, limit=PATIENCE
    ).clauses


PAIRS = [
    pytest.param(mutant, clause, id=f"{clause}-{mutant.__name__}") for mutant, ids in MUTANTS.items() for clause in ids
]


@pytest.mark.parametrize(("mutant", "clause"), PAIRS)
def test_a_mutant_fails_the_clause_that_it_breaks(mutant: type[Any], clause: str) -> None:
    result = judge(subject(mutant), {clause}, examples=200 if clause in NETS else 100)[clause]
    assert (result.status, result.failure is not None) == ("fail", True), result.reason


@pytest.mark.parametrize("kind", runner.GROUPS)
def test_every_clause_is_named_by_a_mutant(kind: str) -> None:
    named = {clause for ids in MUTANTS.values() for clause in ids}
    assert [clause.id for clause, _ in runner.selected(kind) if clause.id not in named] == []


def test_mutants_name_clauses_that_exist() -> None:
    assert sorted({clause for ids in MUTANTS.values() for clause in ids} - set(clauses.load())) == []


@pytest.mark.parametrize("kind", runner.GROUPS)
def test_the_reference_passes_what_the_mutants_fail(kind: str) -> None:
    result = judge(reference_subject(kind))
    assert {name: member.reason for name, member in result.items() if member.status != "pass"} == {}


@pytest.mark.parametrize(
    "mutant", [mutant for mutant, ids in MUTANTS.items() if set(ids) <= set(NETS)], ids=lambda mutant: mutant.__name__
)
def test_what_no_other_clause_sees_falls_into_the_net(mutant: type[Any]) -> None:
    kind = subject(mutant).kind
    others = {clause.id for clause, _ in runner.selected(kind)} - set(NETS)
    assert [name for name, member in judge(subject(mutant), others).items() if member.status == "fail"] == []


UNUSABLE = {"HasNothing", "RaisesInTheConstructor", "RaisesTheUnspeakable", "LeavesPython", "ReducerHasNothing"}


@pytest.mark.parametrize("fake", [fake for fake in FAKES if fake.__name__ in UNUSABLE], ids=lambda fake: fake.__name__)
def test_what_cannot_be_built_or_lacks_hooks_gets_one_sentence_and_no_report(
    fake: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"{fake.__module__}:{fake.__name__}"
    assert main([name, "--as", fake.pretends_to_be, "--json", str(tmp_path / "report.json")]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"callback-conformance: {name}")
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "fake", [fake for fake in FAKES if fake.__name__ not in UNUSABLE], ids=lambda fake: fake.__name__
)
def test_a_fake_gets_a_whole_report_that_says_no(fake: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_keras(tmp_path / "hidden", monkeypatch)
    name = f"{fake.__module__}:{fake.__name__}"
    path = tmp_path / "reports" / "report.json"
    assert main([name, "--as", fake.pretends_to_be, "--examples", "10", "--json", str(path)]) == 1
    written = report.read(path)
    ids = {clause.id for clause, _ in runner.selected(fake.pretends_to_be)}
    assert (written.finished, set(written.clauses), written.exit_code) == (True, ids, 1)
    assert not list(path.parent.glob(".report*"))


def hide_keras(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processes that are started from here find no Keras, whose import takes longer than all the rest."""
    folder.mkdir()
    (folder / "keras.py").write_text("raise ModuleNotFoundError(\"No module named 'keras'\", name='keras')\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH")))))


@pytest.mark.parametrize(
    "name",
    [
        "DoesNothing",
        "HasNothing",
        "ListDoesNothing",
        "ListHasNothing",
        "ListRaisesInTheConstructor",
        "ReducerDoesNothing",
        "ReducerHasNothing",
        "SchedulerDoesNothing",
    ],
)
def test_what_does_nothing_passes_no_clause_that_asks_for_something(name: str) -> None:
    fake = next(fake for fake in FAKES if fake.__name__ == name)
    passed = {clause for clause, result in judge(pretender(fake)).items() if result.status == "pass"}
    harmless = {"ES-24", "ES-40", "ES-42"}  # it restores nothing, lowers no flag, and does nothing at an exception
    stored = {"ES-45"}  # its constructor keeps all arguments
    other_readings = {"ES-33"}  # nothing that a third party must do
    passing = {
        "DoesNothing": harmless | stored | other_readings,
        "ReducerDoesNothing": {"RL-33", "RL-43"},  # the same two
        "SchedulerDoesNothing": {"LS-09", "LS-29"},  # it prints nothing, and has no state
    }
    assert passed <= passing.get(name, set())
