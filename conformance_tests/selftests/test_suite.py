"""The suite itself: its data, its command line, its one line in a stranger's test file."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from callback_conformance import book, clauses, report, runner, strategies, vectors
from callback_conformance.__main__ import main
from callback_conformance.checks import Bench, Broken, search
from callback_conformance.hosts.stub import StubDriver
from callback_conformance.scenarios import Run, Scenario, case_id, from_json, to_json
from callback_conformance.subjects import SubjectError, describe, find
from handwritten import MyStop, OffByOne

HERE = Path(__file__).parent
RESULTS = HERE.parents[1] / "docs" / "data" / "results"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": path}
    line = [sys.executable, "-m", "callback_conformance", *arguments]
    return subprocess.run(line, capture_output=True, text=True, env=environment, check=False)


# --- clauses -----------------------------------------------------------------------------------------------------


def test_every_clause_has_its_three_translations_made_from_the_sentence_of_now() -> None:
    assert clauses.stale() == []


def test_every_clause_has_a_check_and_every_check_a_clause() -> None:
    known = clauses.load()
    for kind in runner.GROUPS:
        assert [clause.id for clause, checks in runner.selected(kind) if not checks] == []
    assert {check.clause for check in runner.CHECKS} | {case.clause for group in runner.GROUPS.values()
                                                        for case in vectors.load(group)} <= set(known)  # fmt: skip


def test_every_comment_of_the_reference_that_names_a_clause_names_one_that_exists() -> None:
    import re

    source = "".join(path.read_text() for path in (HERE.parents[1] / "reference").rglob("*.py"))
    assert sorted(set(re.findall(r"\b[A-Z]{2}-\d\d\b", source)) - set(clauses.load())) == []


CLAUSE = """
[ES-01]
slug = "s"
profile = "decision"
status = "agreed"
en = "A."
it = "A."
zh = "A."
ko = "A."
evidence = "e"
evidence_it = "e"
evidence_zh = "e"
evidence_ko = "e"
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CLAUSE.replace("decision", "magic"), r"a.toml: \[ES-01\]: Invalid enum value 'magic' - at `\$.profile`"),
        (CLAUSE.replace('slug = "s"', ""), r"a.toml: \[ES-01\]: .*missing required field `slug`"),
        (CLAUSE + 'colour = "red"', r"a.toml: \[ES-01\]: .*unknown field `colour`"),
        (CLAUSE + "en = 3", "a.toml: not TOML"),
        ("en = 3", r"a.toml: en: expected a table \[en\]"),
    ],
)
def test_a_malformed_clause_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(clauses.ClauseError, match=message):
        clauses.load(tmp_path)


def test_a_clause_defined_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(CLAUSE)
    with pytest.raises(clauses.ClauseError, match=r"b.toml: \[ES-01\] is defined twice"):
        clauses.load(tmp_path)


def test_a_changed_english_sentence_makes_its_translations_stale(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(CLAUSE)
    clauses.stamp(tmp_path)
    assert clauses.stale(tmp_path) == []
    (tmp_path / "a.toml").write_text(CLAUSE.replace('en = "A."', 'en = "B."').replace('ko = "A."', 'ko = ""'))
    assert clauses.stale(tmp_path) == [
        "ES-01: the it translation was made from another English text",
        "ES-01: the zh translation was made from another English text",
        "ES-01: no ko translation of the sentence or of its evidence",
    ]


def test_a_changed_evidence_makes_its_translations_stale_and_one_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(CLAUSE)
    clauses.stamp(tmp_path)
    (tmp_path / "a.toml").write_text(
        CLAUSE.replace('evidence = "e"', 'evidence = "f"').replace('_zh = "e"', '_zh = ""')
    )
    assert clauses.stale(tmp_path) == [
        "ES-01: the it translation was made from another English text",
        "ES-01: no zh translation of the sentence or of its evidence",
        "ES-01: the ko translation was made from another English text",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[ES-01]\nreason = 'r'", "missing required field `link`"),
        ("[XX-01]\nreason = 'r'\nlink = 'l'\ncase = 'c'", "no clause is called XX-01"),
        ("[", "keras-3.15.1-tensorflow.toml"),
    ],
)
def test_a_malformed_file_of_expectations_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "keras-3.15.1-tensorflow.toml").write_text(text)
    subject = msgspec.structs.replace(describe(MyStop, "EarlyStopping"), package="keras", version="3.15.1",
                                      backend="tensorflow")  # fmt: skip
    with pytest.raises(runner.ExpectationError, match=message):
        runner.expectations(subject, tmp_path)


def test_a_malformed_file_of_vectors_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"clause": "ES-01"}]')
    with pytest.raises(vectors.VectorError, match=r"x.json: .*missing required field"):
        vectors.load("x", tmp_path)


# --- scenarios and traces -------------------------------------------------------------------------------------------


def test_a_scenario_survives_json() -> None:
    import numpy as np

    logs = [{"loss": float("inf")}, {"loss": np.float32(0.5)}, {"loss": None}, {}]
    scenario = Scenario(arguments={"patience": 2}, runs=[Run(logs=logs, initial_epoch=1)])
    back = from_json(json.loads(json.dumps(to_json(scenario))))
    assert back == scenario
    assert type(back.runs[0].logs[1]["loss"]) is np.float32
    assert case_id(back) == case_id(scenario)


# --- subjects ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("no_such_module:Thing", None, "cannot import 'no_such_module'"),
        ("handwritten:NoSuch", None, "handwritten has no class NoSuch; it has .*MyStop"),
        ("handwritten", None, "names no class; expected module:Class"),
        (
            "handwritten:MyStop",
            None,
            "no clauses for 'MyStop'; choose one of Callback, .*OrbaxCheckpoint with --as",
        ),
    ],
)
def test_a_subject_that_cannot_be_found_is_named_with_what_is_accepted(name: str, kind: Any, message: str) -> None:
    with pytest.raises(SubjectError, match=message):
        find(name, kind)


# --- the command line ---------------------------------------------------------------------------------------------


def test_a_correct_class_written_by_hand_is_green_in_under_ten_seconds_without_tensorflow() -> None:
    code = (
        "import sys; from callback_conformance.__main__ import main; "
        "code = main(['handwritten:MyStop', '--as', 'EarlyStopping']); "
        "print('heavy:', sorted({'tensorflow', 'keras'} & set(sys.modules))); sys.exit(code)"
    )
    path = os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": path}
    start = time.process_time()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "heavy: []" in done.stdout
    assert time.process_time() - start < 10


def test_an_off_by_one_patience_is_shown_so_that_a_stranger_can_fix_it() -> None:
    done = command("handwritten:OffByOne", "--as", "EarlyStopping")
    first = done.stdout.split("\n\n")[0]
    assert done.returncode == 1
    assert first.splitlines() == [
        f"ES-13 EarlyStopping: {clauses.load()['ES-13'].en}",
        "  handwritten      OffByOne(patience=1)",
        "  patience 1",
        "  at  value  expected  subject",
        "  0   5      goes on   goes on",
        "  1   5      STOP      goes on  <- first difference",
        "  replay: callback-conformance handwritten:OffByOne --as EarlyStopping --case ES-13/ddbf",
    ]
    replayed = command("handwritten:OffByOne", "--as", "EarlyStopping", "--case", "ES-13/ddbf")
    assert replayed.returncode == 1
    assert replayed.stdout.splitlines()[3:] == first.splitlines()[3:]
    assert command("handwritten:MyStop", "--as", "EarlyStopping", "--case", "ES-13/ddbf").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no_such_module:Thing"], "cannot import 'no_such_module'"),
        (["callback_reference:EarlyStopping", "--clause", "ES-99"], "EarlyStopping has no such clause"),
        (["callback_reference:EarlyStopping", "--clause", "LC-01"], "EarlyStopping has no such clause"),
        (["callback_reference:EarlyStopping", "--case", "XX-01/4ab2"], "XX-01 is no clause of EarlyStopping"),
        (["callback_reference:EarlyStopping", "--case", "LC-01/4ab2"], "LC-01 is no clause of EarlyStopping"),
        (["callback_reference:EarlyStopping", "--json", "."], "this is a folder; name a file"),
        (["callback_reference:EarlyStopping", "--json", "/proc/none/report.json"], "--json /proc/none/report.json"),
        (["callback_reference:EarlyStopping", "--case", "ES-13"], "expected a clause and a case"),
        (["callback_reference:EarlyStopping", "--case", "ES-13/zzzz"], "not among the vectors"),
    ],
)
def test_bad_input_gives_one_line_exit_code_2_and_no_report(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert list(tmp_path.rglob("*.json")) == []


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_a_number_of_examples_that_is_none_is_refused(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["callback_reference:EarlyStopping", f"--examples={count}"])
    assert stopped.value.code == 2
    assert "expected quick, default, deep or a number from 1" in capsys.readouterr().err


def test_a_module_that_leaves_python_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "leaves.py").write_text("raise SystemExit(0)")
    done = command("leaves:Anything", "--as", "EarlyStopping")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "callback-conformance: cannot import 'leaves': SystemExit: 0\n"


def test_where_nothing_can_be_written_the_verdict_stands(tmp_path: Path) -> None:
    (tmp_path / ".callback-conformance").write_text("a file where the folder would be")
    done = command("handwritten:MyStop", "--as", "EarlyStopping", "--examples", "2")
    assert done.returncode == 0, done.stderr
    assert "no report: .callback-conformance" in done.stderr


def test_judging_some_clauses_leaves_the_report_of_all_alone(tmp_path: Path) -> None:
    assert main(["callback_reference:EarlyStopping", "--clause", "ES-13"]) == 0
    assert list(tmp_path.rglob("*.json")) == []


def test_the_reference_passes_every_clause(tmp_path: Path) -> None:
    path = tmp_path / "reference.json"
    assert main(["callback_reference", "--examples", "quick", "--limit", "120", "--json", str(path)]) == 0
    assert {result.status for result in report.read(path).clauses.values()} == {"pass"}


def test_the_same_seed_gives_the_same_scenarios_and_another_seed_others() -> None:
    subject = find("callback_reference:EarlyStopping")
    runs = []
    for seed in (0, 0, 1):
        played: list[str] = []

        class Watched(Bench):
            def play(self, scenario: Scenario, host: str | None = None) -> Any:
                played.append(case_id(scenario))  # noqa: B023 - used at once
                return super().play(scenario, host)

        for check in runner.selected("EarlyStopping", {"ES-48"})[0][1][:1]:
            check.run(Watched(subject, seed=seed, examples=30))
        runs.append(played)
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize("seed", range(3))
def test_of_several_scripts_in_one_draw_the_one_that_fails_is_shrunk_alone(seed: int) -> None:
    bench = Bench(find("callback_reference:EarlyStopping"), seed=seed, examples=200)
    drawn: list[Any] = []

    def test(script: tuple[int, list[float]]) -> None:
        drawn.append(script)
        if 6.0 in script[1] and script[0] > 1:
            raise Broken("a six", Scenario(arguments={"patience": script[0]}, runs=[Run(logs=[{}] * len(script[1]))]))

    assert strategies.series().scripts > 1
    with pytest.raises(Broken) as broken:
        search(bench, strategies.series(), test)
    assert to_json(broken.value.scenario) == {"arguments": {"patience": 2}, "runs": [{"logs": [{}]}]}
    assert drawn[-1] == (2, [6.0])


def test_a_draw_that_breaks_nothing_plays_more_scripts_than_examples() -> None:
    drawn: list[Any] = []
    search(Bench(find("callback_reference:EarlyStopping"), examples=50), strategies.series(), drawn.append)
    assert len(drawn) > 75
    assert max(len(values) for _, values in drawn) == 10


# --- reports -------------------------------------------------------------------------------------------------------


def test_a_report_of_another_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text('{"schema": 99}')
    with pytest.raises(report.ReportError, match=r"old.json: schema 99; this version reads schema 1"):
        report.read(path)


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    path.write_text("before")
    made = runner.Report(subject={})

    def fail(self: Path, target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        report.write(made, path)
    assert path.read_text() == "before"


def test_what_is_known_must_still_fail() -> None:
    subject = describe(MyStop, "EarlyStopping")
    made = runner.judge(subject, only={"ES-13"}, known={"ES-13": "we count otherwise"}, examples=5)
    assert made.clauses["ES-13"].status == "fail"
    assert "remove the expectation" in str(made.clauses["ES-13"].reason)


def test_each_known_clause_of_keras_has_a_saved_vector_and_a_contested_clause() -> None:
    subject = msgspec.structs.replace(describe(MyStop, "EarlyStopping"), package="keras", version="3.15.1",
                                      backend="tensorflow")  # fmt: skip
    known = runner.expectations(subject)
    assert {clauses.load()[name].status for name in known} == {"contested"}
    for expectation in known.values():
        assert case_id(from_json(json.loads(expectation.saved)["scenario"])) == expectation.case


# --- the pytest plugin ----------------------------------------------------------------------------------------------

DOWNSTREAM = """
from callback_conformance import conformance
from handwritten import MyStop, OffByOne

test_my_stop = conformance(MyStop, "EarlyStopping")
test_off_by_one = conformance(OffByOne, "EarlyStopping", known={"ES-13": "we count one more"})
"""


def test_one_line_in_a_strangers_test_file_judges_a_class(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(DOWNSTREAM)
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--conformance-examples=10", "test_mine.py"]
    environment = os.environ | {"PYTHONPATH": str(HERE), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(line, capture_output=True, text=True, env=environment, check=False)
    assert "1 xfailed" in done.stdout
    failed = {line.split("::")[1].split("[")[0] for line in done.stdout.splitlines() if line.startswith("FAILED")}
    assert failed == {"test_off_by_one"}


def test_the_plugin_imports_neither_keras_nor_hypothesis() -> None:
    code = "import sys, callback_conformance.plugin; print({'keras', 'tensorflow', 'hypothesis'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("subject", ["handwritten:MyStop", None])
def test_conformance_refuses_what_is_no_class(subject: Any) -> None:
    from callback_conformance import conformance

    with pytest.raises(TypeError, match="subject must be a class"):
        conformance(subject, "EarlyStopping")
    with pytest.raises(TypeError, match="known must map"):
        conformance(OffByOne, "EarlyStopping", known=["ES-09"])  # type: ignore[arg-type]


def test_conformance_refuses_an_unknown_clause_and_an_unknown_kind() -> None:
    from callback_conformance import conformance

    with pytest.raises(ValueError, match="known names ES-99"):
        conformance(OffByOne, "EarlyStopping", known={"ES-99": "why"})
    with pytest.raises(ValueError, match="no clauses for kind 'Stopping'"):
        conformance(OffByOne, "Stopping")


# --- hosts ---------------------------------------------------------------------------------------------------------


def test_the_stub_model_counts_its_batches() -> None:
    driver = StubDriver()
    driver.play([], Run(epochs=2, batches=3))
    assert driver.trained() == 6


# --- tf.keras --------------------------------------------------------------------------------------------------


def test_the_installed_keras_stands_as_the_committed_results_say(tmp_path: Path) -> None:
    """This is the README's main command: nothing fails that was not known, and the README shows what it prints."""
    path = tmp_path / "now.json"
    done = command("--json", str(path))
    assert done.returncode == 0, done.stdout
    now = report.read(path)
    committed = report.read(RESULTS / f"keras-{now.subject['version']}-{now.subject['backend']}.json")
    assert {name: result.status for name, result in now.clauses.items()} == {
        name: result.status for name, result in committed.clauses.items()
    }
    assert "not-run" not in {result.status for result in now.clauses.values()}
    readme = (HERE.parents[1] / "README.md").read_text()
    table = [line.strip() for line in done.stdout.splitlines() if line[:1] in "┏┃┡│└"]
    assert len(table) > 20
    assert [line for line in table if line not in readme] == []


@pytest.mark.parametrize("language", book.NAMES)
def test_the_book_has_one_name_in_each_language(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Command line, site and README say the same."""
    monkeypatch.setenv("LC_ALL", f"{language}_XX.UTF-8")
    with pytest.raises(SystemExit):
        main(["--version"])
    assert f"{book.MARK} {book.NAMES[language]}" in capsys.readouterr().out
    for place in ("README.md", "mkdocs.yml", f"docs/{language}/index.md"):
        assert book.NAMES[language] in (HERE.parents[1] / place).read_text(encoding="utf-8")


def test_a_terminal_without_the_signs_gets_the_english_name() -> None:
    """A name never stops the command."""
    line = [sys.executable, "-m", "callback_conformance", "--version"]
    plain = {**os.environ, "LC_ALL": "ko_KR.UTF-8", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(line, env=plain, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith(book.NAMES["en"])


def test_what_a_module_lacks_or_cannot_build_is_unsupported_and_the_rest_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").write_text(
        "from callback_reference import EarlyStopping\n"
        "def ReduceLROnPlateau():\n    raise ImportError('no orchestra')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert main(["mine", "--examples", "1", "--json", "report.json"]) == 0
    printed = capsys.readouterr().out
    assert (
        "ReduceLROnPlateau unsupported: mine:ReduceLROnPlateau() cannot be built: ImportError: no orchestra" in printed
    )
    assert "CallbackList unsupported: mine has no class CallbackList; it has EarlyStopping" in printed
    written = report.read(Path("report.json"))
    assert set(written.clauses) == {clause.id for kind in runner.GROUPS for clause, _ in runner.selected(kind)}
    assert {result.status for result in written.clauses.values() if result.callback != "EarlyStopping"} == {
        "unsupported"
    }


def test_a_module_without_any_callback_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["json"]) == 2
    assert capsys.readouterr().err.startswith("callback-conformance: json has no class Callback; it has ")
