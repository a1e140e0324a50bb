"""The matrix, with columns that stand for Kerases: the running interpreter, and a module of callbacks on its path."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

import msgspec
import pytest
from callback_conformance import clauses, matrix, report, runner, vectors
from callback_conformance.kinds import KINDS
from callback_conformance.matrix import command, derive, environments, missing, traces, words
from callback_conformance.matrix.columns import Column, Environment, load, select
from callback_conformance.matrix.environments import Cache, Unbuildable
from callback_conformance.matrix.parts import Part, column_report
from callback_conformance.matrix.run import Outcome
from callback_conformance.matrix.traces import Traced
from callback_conformance.runner import Failure, Report, Result
from callback_conformance.subjects import Subject

MODULES = Path(__file__).parent / "columns"
RESULTS = Path(__file__).parents[2] / "docs" / "data" / "results"
QUICK = ["--callbacks", "History,TerminateOnNaN", "--examples", "3"]


def column(module: str, path: Path = MODULES) -> str:
    return f'[columns.{module}]\nsubject = "{module}"\npath = ["{path}"]\n'


def run(folder: Path, *modules: str, more: str = "", arguments: tuple[str, ...] = ()) -> int:
    file = folder / "mine.toml"
    file.write_text("".join(map(column, modules)) + more)
    return matrix.main(
        ["--columns-file", str(file), "--columns", ",".join(modules), "--out", str(folder / "out"),
         "--envs", str(folder / "envs"), *QUICK, *arguments]
    )  # fmt: skip


def written(folder: Path) -> Path:
    file = folder / "mine.toml"
    file.write_text(column("right") + column("wrong"))
    return file


def results(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for name in ("results", "traces")
        for path in (folder / name).iterdir()
    }


def test_an_injected_fault_is_found_and_a_right_column_beside_it_is_not_blamed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "right", "wrong") == 1
    right, wrong = (report.read(tmp_path / "out" / "results" / f"{name}.json") for name in ("right", "wrong"))
    assert right.exit_code == 0
    assert wrong.clauses["TN-02"].status == "fail"
    shown = capsys.readouterr().out
    assert "TN-02" in next(line for line in shown.splitlines() if "right → wrong" in line)
    assert "A clause is missing" not in shown


def test_a_killed_matrix_goes_on_and_gives_the_same_bytes(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    for folder in (whole, killed):
        folder.mkdir()
    assert run(whole, "wrong") == 1
    process = subprocess.Popen(
        [sys.executable, "-m", "callback_conformance.matrix", "--columns-file", str(written(killed)),
         "--columns", "wrong", "--out", str(killed / "out"), "--envs", str(whole / "envs"), "--jobs", "1", *QUICK],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not (done := list((killed / "out").rglob("parts/*/*.json"))) and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert 0 < len(done) < 4
    kept = {path: path.stat().st_mtime_ns for path in done}
    assert run(killed, "wrong") == 1
    assert {path: path.stat().st_mtime_ns for path in done} == kept
    assert results(whole / "out") == results(killed / "out")


def test_a_column_that_crashes_and_one_that_cannot_be_built_stop_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = '[environments.none]\npythons = ["2.7"]\n[columns.old]\nenvironment = "none"\nsubject = "right"\n'
    assert run(tmp_path, "crashing", "right", more=more, arguments=("--columns", "crashing,old,right")) == 1
    crashing, right = (report.read(tmp_path / "out" / "results" / f"{name}.json") for name in ("crashing", "right"))
    assert {result.status for name, result in crashing.clauses.items() if name[:2] == "HI"} <= {"pass", "unsupported"}
    assert "error" in {result.status for name, result in crashing.clauses.items() if name[:2] == "TN"}
    assert right.exit_code == 0
    shown = capsys.readouterr().out
    assert "old failed" in shown
    assert "none of Python 2.7 is installed" in shown


def test_a_difference_of_which_no_clause_speaks_is_reported_with_the_shortest_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "right", "other", arguments=("--callbacks", "TerminateOnNaN", "--examples", "1")) == 1
    found = msgspec.json.decode((tmp_path / "out" / "summary.json").read_bytes())["missing"]
    assert [(member["kind"], member["effects"]) for member in found] == [("TerminateOnNaN", ["stop"])]
    assert found[0]["scenario"] == {"runs": [{"batch_logs": [[{"loss": 2.0}]]}]}
    assert "A clause is missing" in capsys.readouterr().out


def test_a_ray_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    both = {}
    for engine in ("local", "ray"):
        folder = tmp_path / engine
        folder.mkdir()
        process = subprocess.run(
            [sys.executable, "-m", "callback_conformance.matrix", "--columns-file", str(written(folder)),
             "--columns", "right,wrong", "--out", str(folder / "out"), "--envs", str(tmp_path / "envs"), "--jobs", "2",
             "--seeds", "0-1", "--engine", engine, *QUICK],
            capture_output=True, text=True, check=False, env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        )  # fmt: skip
        assert process.returncode == 1, process.stderr
        both[engine] = results(folder / "out")
    assert len(both["local"]) == 4
    assert both["local"] == both["ray"]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("ray://127.0.0.1:1", "no Ray cluster answers there"),
        ("127.0.0.1:1", "no Ray cluster answers there"),
        ("somewhere", "expected ray://host:port, host:port, auto"),
    ],
)
def test_an_address_where_no_ray_cluster_answers_is_one_error_within_seconds(
    address: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec("ray") is None:
        monkeypatch.setitem(sys.modules, "ray", types.ModuleType("ray"))
    began = time.monotonic()
    assert run(tmp_path, "right", arguments=("--engine", "ray", "--address", address)) == 2
    assert message in capsys.readouterr().err
    assert time.monotonic() - began < 10


def test_without_ray_the_error_names_the_extra(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run(tmp_path, "right", arguments=("--engine", "ray")) == 2
    assert "pip install 'callback-conformance[ray]'" in capsys.readouterr().err


def test_the_last_words_of_an_installation_that_fails_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "import sys; [print('line', n) for n in range(99)]; sys.exit('ERROR: no matching distribution')"
    monkeypatch.setattr(environments, "_install", lambda *_: environments._run([sys.executable, "-c", said]))
    cache = Cache(tmp_path, {"e": Environment(packages=["a==1"])})
    for _ in range(2):  # the second column of the environment does not try again
        with pytest.raises(Unbuildable) as failed:
            cache.python(Column(environment="e"))
        assert len(failed.value.lines) == environments.SHOWN
        assert "ERROR: no matching distribution" in failed.value.lines
        monkeypatch.setattr(environments, "_install", lambda *_: pytest.fail("tried again"))
    assert list(tmp_path.iterdir()) == []


def test_an_environment_is_whole_or_not_there_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path, {"e": Environment(packages=["a==1"])})

    def half(environment: Environment, folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(environments, "_install", half)
    with pytest.raises(KeyboardInterrupt):
        cache.python(Column(environment="e"))
    assert list(tmp_path.iterdir()) == []
    assert len(cache.missing(Column(environment="e"))) == 1


def test_columns_are_chosen_by_name_and_by_pattern() -> None:
    _, columns = load()
    assert list(select(columns, ["keras-3.15-*", "keras-3.0"])) == [
        "keras-3.0", "keras-3.15-jax", "keras-3.15-torch", "keras-3.15-numpy",
    ]  # fmt: skip
    with pytest.raises(words.MatrixError, match=r"keras-4: no such column; there are keras-3\.0"):
        select(columns, ["keras-4"])


def test_every_minor_of_keras_3_has_a_column_with_an_exact_version() -> None:
    environment, columns = load()
    assert [f"keras-3.{minor}" for minor in range(16)] == list(columns)[:16]
    for made in environment.values():
        assert all("==" in requirement for requirement in [*made.packages, *made.constraints])
    assert all("==" in requirement for column in columns.values() for requirement in column.overlay)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns = 1", "not a file of columns"),
        ('[columns.a]\nenvironment = "moon"', "environment = moon: expected one of here, tensorflow-2.21"),
        ('[columns.a]\nshims = ["x"]', "shims = x: expected one of np_inf"),
        ('[columns.a]\nkinds = ["Stop"]', "kinds = Stop: expected one of Callback"),
        ('[columns.a]\npath = ["nowhere"]', "there is no folder"),
    ],
)
def test_a_file_of_columns_that_is_wrong_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "columns.toml"
    file.write_text(text)
    with pytest.raises(words.MatrixError, match=message):
        load(file)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--callbacks", "Stop"], "--callbacks Stop: expected Callback"),
        (["--examples", "many"], "--examples many: expected quick, default, deep"),
        (["--seeds", "3-1"], "--seeds 3-1: expected"),
        (["--jobs", "0"], "--jobs 0: expected"),
        (["--limit", "-1"], "--limit -1.0: expected"),
        (["--address", "auto"], "only --engine ray has an address"),
        (["--columns", "x"], "--columns x: no such column"),
        (["--out", "/dev/null/x"], "cannot write into /dev/null/x"),
        (["--json", "."], "cannot write into .: Is a directory"),
    ],
)
def test_bad_options_are_refused_before_anything_is_done(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert matrix.main(["--out", str(tmp_path), "--envs", str(tmp_path), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_says_what_would_be_installed_and_installs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--columns", "keras-3.6,keras-3.7", "--dry-run", "--out", str(tmp_path / "o")]
    assert matrix.main([*arguments, "--envs", str(tmp_path / "e")], "it") == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "keras-3.6: 0 parti su 32 sono fatte; serve tensorflow-2.21-" in said
    assert "Da installare: 3, circa 2878 MB" in said
    assert not (tmp_path / "e").exists()


def test_the_words_are_there_in_every_language_with_the_same_placeholders() -> None:
    table = words._table()
    for key, texts in table.items():
        assert list(texts) == list(words.LANGUAGES), key
        fields = [sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in texts.values()]
        assert fields.count(fields[0]) == 4, key
    with pytest.raises(LookupError, match="'fr'"):
        words.say("interrupted", "fr")


def test_the_help_is_written_in_the_readers_language(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.run(["--help"], "ko")
    assert "판정합니다" in capsys.readouterr().out


def judged(version: str, **statuses: str) -> Report:
    subject = {
        "name": "keras.callbacks",
        "kind": "all",
        "package": "keras",
        "version": version,
        "backend": "tensorflow",
    }
    found = {
        name.replace("_", "-"): Result(callback="EarlyStopping", profile="decision", status=status)  # type: ignore[arg-type]
        for name, status in statuses.items()
    }
    return Report(subject=subject, python="3.11.7", finished=True, clauses=found)


def test_since_and_until_are_derived_from_the_verdicts(tmp_path: Path) -> None:
    columns = {
        "always": "PPPP", "never": "FKUF", "since": "FKPP", "until": "PPFF", "both": "FPPF", "mixed": "PFPF",
        "new": "UUUP", "blocked": "FBPP",
    }  # fmt: skip
    status = {"P": "pass", "F": "fail", "K": "known", "U": "unsupported", "B": "blocked"}
    for place, version in enumerate(("3.9.2", "3.10.0", "3.2.1", "3.11.3")):
        order = sorted(("3.9.2", "3.10.0", "3.2.1", "3.11.3"), key=lambda text: int(text.split(".")[1])).index(version)
        read = judged(version, **{name: status[letters[order]] for name, letters in columns.items()})
        report.write(read, tmp_path / f"{place}.json")
    spans = derive.derive(derive.line_of(tmp_path))
    assert {name: (span.how, span.since, span.until) for name, span in spans.items()} == {
        "always": ("always", None, None),
        "never": ("never", None, None),
        "since": ("span", "3.10", None),
        "until": ("span", None, "3.9"),
        "both": ("span", "3.9", "3.10"),
        "mixed": ("mixed", None, None),
        "new": ("span", "3.11", None),
        "blocked": ("span", "3.10", None),
    }


def test_fields_are_written_below_the_status_and_nothing_else_changes(tmp_path: Path) -> None:
    text = '# A file.\n\n[A-01]\nslug = "a"\nstatus = "agreed"\nen = "[x]"\n'
    text += '\n[A-02]\nstatus = "agreed"\nsince = "3.1"\nen = "y"\n'
    (tmp_path / "a.toml").write_text(text)
    spans = {"A-01": derive.Span("span", "3.7", "3.9"), "A-02": derive.Span("always")}
    assert derive.write_fields(spans, tmp_path) == [tmp_path / "a.toml"]
    written = (tmp_path / "a.toml").read_text()
    assert written == text.replace(
        'status = "agreed"\nen = "[x]"', 'status = "agreed"\nsince = "3.7"\nuntil = "3.9"\nen = "[x]"'
    ).replace('since = "3.1"\n', "")
    assert derive.write_fields(spans, tmp_path) == []


def test_the_clauses_say_since_and_until_as_the_committed_results_do() -> None:
    try:
        line = derive.line_of(RESULTS)
    except words.MatrixError as error:
        pytest.skip(f"no line of Keras 3 is committed: {error}")
    assert derive.disagreements(derive.derive(line), clauses.load()) == []


def keras(version: str, backend: str = "tensorflow") -> Subject:
    return Subject(
        name="keras.callbacks:History", kind="History", make=object, package="keras", version=version, backend=backend
    )


@pytest.mark.parametrize(
    ("version", "since", "until", "expected"),
    [
        ("3.6.0", "3.7", None, ("known", "holds since Keras 3.7")),
        ("3.10.0", "3.7", None, ("fail", None)),
        ("3.10.0", None, "3.9", ("known", "held until Keras 3.9")),
        ("3.9.2", "3.9", "3.9", ("fail", None)),
        ("3.5.0", None, None, ("fail", None)),
    ],
)
def test_a_clause_that_says_it_does_not_hold_in_a_version_is_known_to_fail_there(
    version: str, since: str | None, until: str | None, expected: tuple[str, str | None]
) -> None:
    clause = msgspec.structs.replace(clauses.load()["HI-03"], since=since, until=until)
    read = judged(version)
    for subject, outcome in ((keras(version), expected), (keras(version, "jax"), ("fail", None))):
        result = Result(callback="History", profile="decision", status="fail")
        runner._expect_by_version(result, clause, subject, read)
        assert (result.status, result.reason) == outcome
    assert read.remarks == []


def test_a_clause_that_passes_where_it_says_it_does_not_hold_is_remarked() -> None:
    read = judged("3.6.0")
    result = Result(callback="History", profile="decision", status="pass")
    clause = msgspec.structs.replace(clauses.load()["HI-03"], since="3.7")
    runner._expect_by_version(result, clause, keras("3.6.0"), read)
    assert result.status == "pass"
    assert read.remarks == ["HI-03 passes in Keras 3.6.0, but the clause says: holds since Keras 3.7"]


def test_what_is_known_of_the_newest_keras_is_known_of_others_where_they_fail_in_the_same_way(tmp_path: Path) -> None:
    for version, reason in (("3.9.0", "old"), ("3.10.0", "new")):
        (tmp_path / f"keras-{version}-tensorflow.toml").write_text(
            f"[HI-03]\nreason = '{reason}'\nlink = ''\ncase = '1234'\n"
        )
    assert runner.expectations(keras("3.9.0"), tmp_path)["HI-03"].reason == "old"
    other = runner.expectations(keras("3.2.0"), tmp_path)["HI-03"]
    assert (other.reason, other.lenient) == ("new", True)
    passing = Result(callback="History", profile="decision", status="pass")
    runner._expect(passing, other, [])
    assert (passing.status, passing.reason) == ("pass", None)
    for case, status in (("1234", "known"), ("5678", "fail")):
        failure = Failure(
            clause="HI-03", check="", kind="law", why="", case=case, scenario={}, expected=[], got=[{"at": 0}]
        )
        result = Result(callback="History", profile="decision", status="fail")
        runner._expect(result, other, [failure])
        assert result.status == status


def test_of_several_seeds_the_gravest_verdict_counts() -> None:
    parts = []
    for seed, status in enumerate(("pass", "fail", "pass")):
        read = judged("3.1.0", A=status)
        read.clauses["A"].scenarios, read.clauses["A"].seconds, read.seed = 5, 1.5, seed
        parts.append(Part(column="c", kind="EarlyStopping", seed=seed, specification="s", report=read))
    merged = column_report(parts)
    assert (merged.clauses["A"].status, merged.clauses["A"].scenarios, merged.seed) == ("fail", 15, 0)
    assert merged.clauses["A"].seconds == 0.0


def test_a_scenario_is_made_as_short_as_it_can_be() -> None:
    scenario = {"a": [1, 2, {"b": 3, "c": [4, 5]}], "d": 6}
    assert missing.shorter(scenario, lambda less: "5" in str(less)) == {"a": [{"c": [5]}]}


def test_a_scenario_of_a_vector_touches_the_clause_of_the_vector() -> None:
    for kind in KINDS.values():
        for case in vectors.load(kind.group)[::7]:
            assert case.clause in traces.touched(kind.name, case.script()), case.name


def test_a_clause_with_another_number_of_broken_checks_is_followed_otherwise() -> None:
    left, right = judged("3.1.0", A="fail", B="pass"), judged("3.2.0", A="fail", B="pass")
    left.clauses["A"].broken, right.clauses["A"].broken = 1, 2
    assert list(missing.changes(left, right)) == ["A"]


def test_between_backends_it_does_not_matter_which_exception_is_raised() -> None:
    rows: list[list[dict[str, object]]] = [[{"raise": name}] for name in ("TypeError", "ValueError", None)]
    assert missing.differing_effects(rows[0], rows[1]) == {"raise"}
    assert missing.differing_effects(rows[0], rows[1], one_backend=False) == set()
    assert missing.differing_effects(rows[0], rows[2], one_backend=False) == {"raise"}


def test_a_callback_that_could_not_be_judged_is_not_compared() -> None:
    outcomes = []
    for status, digest in (("pass", "a"), ("blocked", "b"), ("fail", "c")):
        report = judged("3.1.0", TB_01=status)
        report.clauses["TB-01"].callback = "TensorBoard"
        outcomes.append(Outcome(report=report, traces={"TensorBoard": [Traced(scenario={}, columns={"stop": digest})]}))
    first, blocked, other = outcomes
    assert not list(missing._suspects(first, blocked))
    assert [kind for kind, *_ in missing._suspects(first, other)] == ["TensorBoard"]
