"""A subject that misbehaves gets its clear line; the run goes on, and nothing of the user's is touched."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import msgspec
import psutil
import pytest
from callback_conformance import clauses, play, runner
from callback_conformance.checks import Bench, Broken, Check
from callback_conformance.guard import DiskFull, Hang, Limit, require_room
from callback_conformance.report import to_bytes
from callback_conformance.runner import Report, judge
from callback_conformance.scenarios import Scenario
from callback_conformance.subjects import SubjectError, describe
from callback_conformance.supervise import _State, judge_apart
from callback_conformance.worker import Missing, Task
from callback_reference import RemoteMonitor
from selftests.misbehaving import classes

HERE = Path(__file__).parent.parent
PATHS = {"PYTHONPATH": ":".join([str(HERE), str(HERE.parent / "reference")])}


def apart(name: str, only: list[str], limit: float = 1.0) -> Report:
    task = Task(
        subject=f"selftests.misbehaving.classes:{name}",
        kinds=["EarlyStopping"],
        examples=10,
        quick=True,
        only=only,
        limit=limit,
    )
    [report] = judge_apart(task, environ=PATHS)
    return report


def test_a_hang_is_an_error_of_its_clause_and_names_its_case() -> None:
    report = apart("Hangs", ["ES-13", "ES-51"])
    hung = report.clauses["ES-13"]
    assert hung.status == "error"
    assert "hangs: no end after 1 s" in (hung.reason or "")
    assert hung.failure is not None
    assert hung.failure.scenario["runs"]
    assert report.finished


def test_a_hang_that_swallows_interruptions_costs_only_its_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    report = apart("Swallows", ["ES-02", "ES-45"], limit=0.4)
    assert report.clauses["ES-02"].reason == "hangs, and could not be interrupted"
    assert set(report.clauses) == {"ES-02", "ES-45"}


def test_a_process_that_ends_is_an_error_and_the_rest_is_judged() -> None:
    report = apart("Exits", ["ES-13", "ES-28", "ES-45"])
    assert report.clauses["ES-13"].reason == "the process ended (exit code 7)"
    assert report.clauses["ES-45"].status == "pass", "it has no third epoch"
    assert report.finished


def test_after_three_deaths_the_rest_is_given_up_and_marked() -> None:
    report = apart("Exits", ["ES-01", "ES-02", "ES-03", "ES-13", "ES-14"])
    assert Counter(result.status for result in report.clauses.values())["error"] == 3
    assert not report.finished
    assert report.exit_code == 1
    assert report.remarks == ["EarlyStopping: given up: the process that judged it ended 3 times"]


def test_two_processes_find_what_one_finds() -> None:
    kinds = ["TerminateOnNaN", "History", "LearningRateScheduler"]
    task = Task(subject="callback_reference", kinds=kinds, examples=10, quick=True)
    found = []
    for processes in (1, 2):
        seen: list[str] = []
        reports = judge_apart(task, processes=processes, on_clause=lambda *one, seen=seen: seen.append(one[1]))
        for report in reports:
            report.clauses = {
                name: msgspec.structs.replace(result, seconds=0.0) for name, result in report.clauses.items()
            }
        found.append(([to_bytes(report) for report in reports], sorted(seen)))
    assert found[0] == found[1]
    assert len(found[0][1]) > 30


def test_a_kind_that_ends_its_process_takes_no_other_with_it() -> None:
    task = Task(subject="selftests.misbehaving.module", kinds=["History", "TerminateOnNaN", "EarlyStopping"],
                examples=10, quick=True, only=["HI-01", "TN-01", "ES-45"])  # fmt: skip
    for processes in (1, 3):
        reports = judge_apart(task, processes=processes, environ=PATHS)
        statuses = [[result.status for result in report.clauses.values()] for report in reports]
        assert statuses == [["pass"], ["unsupported"], ["pass"]]
        reasons = [result.reason for result in reports[1].clauses.values()]
        assert reasons == ["selftests.misbehaving.module cannot be judged: the process ended (exit code 7)"]


def test_a_module_that_ends_the_process_is_tried_once() -> None:
    task = Task(subject="selftests.misbehaving.ends", kinds=["History", "TerminateOnNaN", "EarlyStopping"])
    with pytest.raises(SubjectError, match=r"ends cannot be judged: the process ended \(exit code 9\)"):
        judge_apart(task, environ=PATHS)


def test_why_nothing_can_be_judged_is_that_of_the_first_kind_whichever_process_was_faster() -> None:
    state = _State(Task(subject="json", kinds=["Callback", "CallbackList"]))
    for kind in ("CallbackList", "Callback"):
        state.take(Missing(kind, f"json has no class {kind}"))
    with pytest.raises(SubjectError, match=r"^json has no class Callback$"):
        state.reports()


@pytest.mark.parametrize(
    ("answers", "stalls", "status", "runs"),
    [(["silent"], 2, "pass", 3), (["silent"], 3, "fail", 3), (["404"], 1, "fail", 1), ([], 1, "fail", 1)],
)
def test_a_check_that_waits_in_real_time_is_run_again_when_it_breaks(
    answers: list[str], stalls: int, status: str, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that stalls looks like a subject that waits; one that breaks the clause breaks it each time."""
    run = []

    def check(bench: Bench) -> None:
        run.append(1)
        bench.played += 1
        if len(run) <= stalls:
            raise Broken("it waited", Scenario(answers=answers))

    clause = clauses.load()["RM-18"]
    made = Check("RM-18", "law", "a check", check, "remote_monitor")
    monkeypatch.setattr(runner, "selected", lambda kind, only=None: [(clause, [made])])
    result = judge(describe(RemoteMonitor, "RemoteMonitor")).clauses["RM-18"]
    assert (result.status, len(run), result.scenarios) == (status, runs, 1)


def test_a_system_exit_is_seen_as_what_the_subject_did() -> None:
    report = apart("Ends", ["ES-13"])
    assert report.clauses["ES-13"].status in ("fail", "error")
    assert report.finished


def test_a_file_of_the_user_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("A_FOLDER_OF_THE_USER", str(home))
    report = judge(describe(classes.Wanders, "EarlyStopping"), examples=5, quick=True, only={"ES-13"})
    assert report.clauses["ES-13"].status == "error"
    assert f"was about to change {home / 'written'}" in (report.clauses["ES-13"].reason or "")
    assert not (home / "written").exists()
    (home / "of_ours").touch()  # the fence is open again
    (home / "of_ours").unlink()


def test_megabytes_of_text_pass_by() -> None:
    report = apart("Floods", ["ES-13", "ES-27"], limit=20)
    assert report.clauses["ES-13"].status == "pass"
    assert report.finished


def test_threads_that_are_left_running_end_the_run_with_a_line() -> None:
    report = apart("Leaks", ["ES-03", "ES-48", "ES-49", "ES-50", "ES-51"], limit=20)
    assert not report.finished
    assert "leaves its threads running" in report.remarks[0]
    assert {result.status for result in report.clauses.values()} <= {"pass", "error", "not-run"}


def test_the_worker_ends_with_the_process_that_started_it() -> None:
    task = Task(subject="selftests.misbehaving.classes:Hangs", kinds=["EarlyStopping"], only=["ES-13"], limit=60)
    code = (
        "import sys, msgspec; from callback_conformance import supervise, worker\n"
        "task = msgspec.json.decode(sys.argv[1].encode(), type=worker.Task)\n"
        "supervise.judge_apart(task, on_begin=lambda kind, clause: print(clause, flush=True))"
    )
    arguments = [sys.executable, "-c", code, msgspec.json.encode(task).decode()]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env={**os.environ, **PATHS}) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ES-13\n"
        [child] = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    child.wait(timeout=20)


def test_the_timer_of_another_is_given_back() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: heard.append(number))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with Limit(5):
            pass
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 0.2
        time.sleep(0.3)
        assert heard
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_limit_interrupts_the_main_thread_and_only_that() -> None:
    with pytest.raises(Hang), Limit(0.1):
        time.sleep(5)
    thread = threading.Thread(target=Limit(0.1).__enter__)
    thread.start()
    thread.join()


@pytest.mark.parametrize(("package", "status"), [("orbax", "blocked"), ("their_own", "fail")])
def test_a_package_that_need_not_be_there_blocks_what_needs_it(
    package: str, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Needs(classes.EarlyStopping):
        """Cannot do without a package."""

        def on_train_begin(self, logs: object = None) -> None:
            raise ModuleNotFoundError(f"No module named {package!r}", name=f"{package}.part")

    monkeypatch.setattr(play, "_installed", lambda module: False)
    result = judge(describe(Needs, "EarlyStopping"), examples=5, quick=True, only={"ES-13"}).clauses["ES-13"]
    assert result.status == status
    assert status == "fail" or f"needs {package}.part, which is not installed" in (result.reason or "")


def test_a_full_disk_is_found_behind_another_exception() -> None:
    error = RuntimeError("cannot save")
    error.__cause__ = OSError(28, "No space left on device")
    with pytest.raises(DiskFull, match="No space left"):
        require_room(error)
    require_room(ValueError("something else"))
