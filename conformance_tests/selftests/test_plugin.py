"""The pytest plugin as a stranger meets it: options, mistakes in the one line, and what is judged when."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from callback_conformance import clauses, conformance, plugin, runner
from callback_conformance.messages import ENGLISH, of_the_reader
from handwritten import MyStop, OffByOne

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run_pytest(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_mine.py").write_text("from callback_conformance import conformance\n" + text)
    path = os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))
    kept = {name: value for name, value in os.environ.items() if "PYTEST_" not in name}
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "test_mine.py"]
    return subprocess.run(
        line,
        cwd=folder,
        capture_output=True,
        text=True,
        env=kept | {"PYTHONPATH": path, "LC_ALL": "C.UTF-8"},
        check=False,
    )


def judged(known: dict[str, str] | None = None, make: Any = MyStop) -> plugin._Judged:
    return plugin._Judged(make, "EarlyStopping", known or {})


def test_a_clause_is_judged_alone_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    whole = runner._clause
    monkeypatch.setattr(runner, "_clause", lambda *given: asked.append(given[1].id) or whole(*given))  # type: ignore[func-returns-value]
    mine = judged()
    for _ in range(2):
        assert mine.report("ES-13", 0, 5, "a test").clauses["ES-13"].status == "pass"
    assert asked == ["ES-13"]
    assert mine.report("ES-13", 1, 5, "a test").seed == 1
    assert asked == ["ES-13", "ES-13"]


def test_the_clause_that_compares_everything_knows_what_is_broken_though_it_is_judged_alone() -> None:
    mine = judged(make=OffByOne)
    alone = mine.report("ES-48", 0, 2, "a test").clauses
    together = runner.judge(mine_subject(OffByOne), examples=2, quick=True).clauses
    assert {name: result.status for name, result in alone.items()} == {
        name: result.status for name, result in together.items()
    }


def mine_subject(make: Any) -> Any:
    from callback_conformance.subjects import describe

    return describe(make, "EarlyStopping")


def test_with_two_processes_and_with_a_choice_of_tests_each_test_has_its_own_verdict(tmp_path: Path) -> None:
    text = """
from handwritten import MyStop, OffByOne
test_stop = conformance(MyStop, "EarlyStopping", known={"ES-13": "we count otherwise"})
test_off = conformance(OffByOne, "EarlyStopping", known={"ES-13": "we count one more"})
"""
    options = ("-n", "2", "-k", "ES-13 or ES-01 or ES-46 or ES-54", "--conformance-examples", "20", "-W", "error")
    done = run_pytest(tmp_path, text, *options)
    counts = done.stdout.splitlines()[-1]
    for count in ("2 failed", "3 passed", "2 skipped", "1 xfailed"):
        assert count in counts, done.stdout
    assert "test_stop[ES-13]" in done.stdout
    assert "expected to fail (we count otherwise), but it passes: remove the expectation" in done.stdout


def test_the_case_of_a_failed_test_can_be_replayed(tmp_path: Path) -> None:
    report = judged(make=OffByOne).report("ES-08", 0, 20, "a test")
    text = plugin._shown("ES-08", report, ENGLISH)
    failure = report.clauses["ES-08"].failure
    assert failure is not None
    assert text.endswith(f"--case ES-08/{failure.case}")
    assert (tmp_path / ".callback-conformance" / "cases" / f"ES-08-{failure.case}.json").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('conformance(dict, "EarlyStoping")', "no clauses for kind 'EarlyStoping'; did you mean 'EarlyStopping'?"),
        (
            'conformance(dict, "EarlyStopping", known={"ES-99": "why"})',
            "known names ES-99, which is no clause of EarlyStopping: they are ES-01 to ES-56",
        ),
    ],
)
def test_a_slip_in_the_line_is_one_error_at_the_readers_own_line(tmp_path: Path, line: str, message: str) -> None:
    done = run_pytest(tmp_path, f"test_mine = {line}\n")
    shown = done.stdout.splitlines()
    error = next(place for place, text in enumerate(shown) if text.startswith("E  "))
    assert shown[error].endswith(message)
    assert not [text for text in shown if text.startswith("E  ")][1:]
    assert "plugin.py" not in done.stdout
    assert f"    test_mine = {line}" in shown[:error]


def test_a_reason_that_is_no_text_is_refused() -> None:
    for reason in ("", "  ", None):
        with pytest.raises(TypeError, match="known must say why ES-09 is not followed"):
            conformance(MyStop, "EarlyStopping", known={"ES-09": reason})  # type: ignore[dict-item]


@pytest.mark.parametrize("language", ["it", "zh", "ko"])
def test_a_failure_is_told_in_the_language_that_is_asked_for_or_in_that_of_the_locale(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = judged(make=OffByOne).report("ES-08", 0, 20, "a test")
    asked = plugin._shown("ES-08", report, of_the_reader(language))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, f"{language}.UTF-8")
    assert plugin._shown("ES-08", report, of_the_reader(None)) == asked
    sentence, _, why, *_ = asked.splitlines()
    assert sentence.startswith("ES-08 EarlyStopping")
    assert sentence.endswith(clauses.load()["ES-08"].text(language))
    assert why.strip() not in plugin._shown("ES-08", report, ENGLISH)


def test_a_language_without_words_is_one_line() -> None:
    with pytest.raises(pytest.UsageError, match="--conformance-lang fr: expected one of en, it, zh, ko"):
        plugin._language("fr")


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_a_number_of_examples_that_is_none_is_one_line(count: str) -> None:
    with pytest.raises(pytest.UsageError, match=f"--conformance-examples {count}: expected a number from 1"):
        plugin._count(count)


def test_a_class_without_the_hooks_fails_one_test_and_skips_the_rest() -> None:
    mine = judged(make=dict)
    with pytest.raises(pytest.fail.Exception, match=r"nothing can be judged: .* has none of the hooks that fit calls"):
        mine.report("ES-01", 0, 5, "the first test")
    with pytest.raises(pytest.skip.Exception, match="nothing can be judged, see the first test"):
        mine.report("ES-02", 0, 5, "the second test")
    with pytest.raises(pytest.fail.Exception, match="has none of the hooks"):
        mine.report("ES-01", 0, 5, "the first test")
