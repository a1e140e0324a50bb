"""Run the checks on a subject, clause by clause, and say of each clause how it stands."""

import contextlib
import importlib
import logging
import platform
import re
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from . import __version__, clauses, vectors
from .checks import CHECKS, Bench, Broken, Check
from .guard import KERAS_LIMIT, LIMIT, DiskFull, Flood, Hang, Limit, leaked_threads, only_here, require_room
from .hosts.http import KEEP_WAITING
from .kinds import KINDS
from .play import OPTIONAL, folder_of_its_own
from .scenarios import Scenario, case_id, plain, to_json
from .subjects import Subject, Unsupported

__all__ = [
    "GROUPS",
    "SCHEMA",
    "Expectation",
    "ExpectationError",
    "Failure",
    "Report",
    "Result",
    "absent",
    "expectations",
    "judge",
    "release",
    "selected",
]

SCHEMA = 1
GROUPS = {name: kind.group for name, kind in KINDS.items()}
"""Which clause file holds the contract of a kind of callback."""

Status = Literal["pass", "fail", "known", "unsupported", "blocked", "error", "not-run"]
MOST_THREADS = 100
"""So many threads may a subject leave behind before it is judged no further."""

HANGS = 3
"""After so many clauses that hung, the limit is lowered to `SHORT` seconds, so that the run comes to an end."""

SHORT = 2.0

TRIES = 3
"""So often a check that waits in real time is run before a clause counts as broken."""

MOST_HANGS = 10
"""After so many, the subject is judged no further."""

OTHER_READING = "follows the other reading, which a third party may"
GRAVITY: tuple[Status, ...] = ("pass", "not-run", "unsupported", "blocked", "known", "error", "fail")


class ExpectationError(Exception):
    """A file of expectations is malformed; the message names the file and the member."""


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clause that a Keras is known to break: why, where that is written, and the vector that must still fail.

    `case` names the failing case, and `saved` is JSON: its `scenario`, and the rows that the subject was seen to give.
    What is known of another version or backend is `lenient`: where the clause holds, or fails in another way, it says
    nothing.
    """

    reason: str
    link: str
    case: str
    saved: str = ""
    lenient: bool = False


class Failure(msgspec.Struct, frozen=True):
    """What broke a clause."""

    clause: str
    check: str
    kind: str
    why: str
    case: str
    scenario: Any
    expected: list[Any]
    got: list[Any]


class Result(msgspec.Struct):
    """How one clause stands."""

    callback: str
    profile: str
    status: Status = "not-run"
    scenarios: int = 0
    seconds: float = 0.0
    reason: str | None = None
    case: str | None = None
    checks: int = 0
    broken: int = 0
    broken_laws: int = 0
    failure: Failure | None = None


class Report(msgspec.Struct, kw_only=True):
    """A run of the suite, as it is written to JSON; `finished` says whether it is whole."""

    schema: int = SCHEMA
    suite: str = __version__
    subject: dict[str, str]
    python: str = ""
    platform: str = ""
    seed: int = 0
    examples: int = 0
    finished: bool = False
    remarks: list[str] = []
    clauses: dict[str, Result] = {}

    @property
    def exit_code(self) -> int:
        """Return 1 if a clause failed or met an error, 3 if the run was cut off, 2 if none was judged, else 0."""
        statuses = {result.status for result in self.clauses.values()}
        if statuses & {"fail", "error"}:
            return 1
        if not self.finished:
            return 3
        return 0 if statuses & {"pass", "known"} else 2


def judge(
    subject: Subject,
    *,
    seed: int = 0,
    examples: int = 100,
    quick: bool = False,
    only: set[str] | None = None,
    known: dict[str, str] | None = None,
    strict: bool = False,
    limit: float | None = None,
    fatal: bool = False,
    hasty: bool = False,
    before: dict[str, Result] | None = None,
    on_begin: Callable[[str], None] = lambda clause: None,
    on_clause: Callable[[str, Result], None] = lambda clause, result: None,
) -> Report:
    """Judge a subject by every clause of its kind.

    Args:
        subject: what to judge.
        seed: chooses the generated scenarios.
        examples: scenarios for each generating check.
        quick: enumerate smaller spaces.
        only: ids of the clauses to judge; all if None.
        known: clause id to the reason why the subject does not follow it, as its author says.
        strict: hold the subject to the reference's reading of contested clauses, as Keras and the reference are held.
        limit: seconds that a scenario may take; by default 20, and 120 for a Keras.
        fatal: end this process if a scenario takes longer and cannot be interrupted.
        hasty: leave a clause at the first check that it breaks, and do not shrink the scenario.
        before: results that are there already, from a process that ended: those clauses are not judged again.
        on_begin: called with each clause before it is judged.
        on_clause: called with each clause as it is done.

    Raises:
        ClauseError, VectorError, ExpectationError: the suite's own data is malformed.
    """
    report = Report(
        subject=subject.described,
        python=platform.python_version(), platform=f"{platform.system()} {platform.machine()}",
        seed=seed, examples=examples,
    )  # fmt: skip
    report.clauses.update(before or {})
    host = "fit" if subject.kind == "CallbackList" and subject.is_keras else "stub"
    seconds = limit or (KERAS_LIMIT if subject.is_keras else LIMIT)
    bench = Bench(subject, seed, examples, host, quick, strict, Limit(seconds, fatal), hasty)
    expected = expectations(subject) | {name: Expectation(why, "", "*") for name, why in (known or {}).items()}
    threads = set(threading.enumerate())
    with _without_remarks():
        for clause, checks in selected(subject.kind, only):
            if clause.id in report.clauses:
                continue
            on_begin(clause.id)
            try:
                result = _clause(bench, clause, checks, expected.get(clause.id), report)
            except DiskFull as error:
                return _stopped(report, f"stopped at {clause.id}: the disk is full: {error}", only)
            report.clauses[clause.id] = result
            on_clause(clause.id, result)
            why = _unbearable(bench, threads)
            if why:
                return _stopped(report, f"stopped after {clause.id}: {subject.name} {why}", only)
    left = [] if subject.is_keras else leaked_threads(threads)
    if left:
        report.remarks.append(f"{subject.name} leaves {len(left)} threads running: {', '.join(left[:3])}")
    report.finished = True
    return report


def _unbearable(bench: Bench, threads: set[threading.Thread]) -> str:
    """Return why a subject is judged no further, or nothing."""
    if bench.hung >= MOST_HANGS:
        return "hangs again and again"
    if not bench.subject.is_keras and threading.active_count() - len(threads) > MOST_THREADS:
        return "leaves its threads running"
    return ""


def _stopped(report: Report, why: str, only: set[str] | None) -> Report:
    """Return a report that ends before its time: the clauses that were not reached say so."""
    report.remarks.append(why)
    kind = report.subject["kind"]
    for clause, _ in selected(kind, only):
        report.clauses.setdefault(clause.id, Result(callback=kind, profile=clause.profile, reason=why))
    return report


@contextlib.contextmanager
def _without_remarks() -> Iterator[None]:
    """Keep what Orbax remarks on its own doings, through absl's log, off the screen."""
    log = logging.getLogger("absl")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def absent(beside: dict[str, str], kind: str, reason: str, only: set[str] | None = None) -> Report:
    """Return the report on a callback that a module lacks, or whose class cannot be built.

    Args:
        beside: the subject of a report on the same module.
        kind: the callback.
        reason: why it cannot be judged.
        only: ids of the clauses that were asked for; all if None.
    """
    results = {
        clause.id: Result(callback=kind, profile=clause.profile, status="unsupported", reason=reason)
        for clause, _ in selected(kind, only)
    }
    return Report(subject={**beside, "kind": kind}, finished=True, clauses=results)


def selected(kind: str, only: set[str] | None = None) -> list[tuple[clauses.Clause, list[Check]]]:
    """Return the clauses of a kind with their checks; the one that compares everything comes last."""
    groups = KINDS[kind].groups
    for group in groups:
        importlib.import_module(f"{__package__}.checks.{group}")
    own = [clause for clause in clauses.load().values() if clause.group in groups and clause.status != "withdrawn"]
    own.sort(key=lambda clause: groups.index(clause.group))
    own.sort(key=lambda clause: clause.slug == "nothing-else")
    return [(clause, _checks(clause)) for clause in own if only is None or clause.id in only]


def _checks(clause: clauses.Clause) -> list[Check]:
    cases = [case for case in vectors.load(clause.group) if case.clause == clause.id]
    by_vectors = [Check(clause.id, "vector", case.name, _vector(case), clause.group) for case in cases]
    return by_vectors + [check for check in CHECKS if check.clause == clause.id]


def _vector(case: vectors.Case) -> Callable[[Bench], None]:
    def run(bench: Bench) -> None:
        scenario = case.script()
        trace = bench.play(scenario)
        absent = vectors.absent(case.expect, trace)
        if absent:
            raise Unsupported(f"{bench.subject.name} has no attribute {', '.join(absent)}")
        found = vectors.mismatch(case.expect, trace)
        if found is None:
            return
        if not bench.is_ours and any(vectors.mismatch(other, trace) is None for other in case.otherwise):
            raise OtherReading
        raise Broken(case.name, scenario, *found)

    return run


class OtherReading(Exception):
    """The subject follows another reading, which a third party may."""


def _clause(
    bench: Bench, clause: clauses.Clause, checks: list[Check], expected: Expectation | None, report: Report
) -> Result:
    result = Result(callback=bench.subject.kind, profile=clause.profile)
    blocking = _prepare(bench, clause, report)
    if blocking:
        result.status, result.reason = "blocked", f"by {', '.join(blocking)}"
        return result
    start, before = time.perf_counter(), bench.played
    broken: list[Failure] = []
    for check in checks:
        _run(bench, check, clause, result, broken)
        hangs = result.failure is not None  # the other checks of the clause would wait as long
        if hangs or (broken and bench.hasty):
            break
    if result.status in ("pass", "fail") and result.reason != OTHER_READING:  # what could not be played is not why
        result.reason = None
    if result.failure is not None:
        bench.hung += 1
        if bench.hung >= HANGS:
            bench.limit.seconds = min(bench.limit.seconds, SHORT)
    result.checks, result.broken = len(checks), len(broken)
    result.broken_laws = sum(failure.kind == "law" for failure in broken)
    result.scenarios, result.seconds = bench.played - before, round(time.perf_counter() - start, 3)
    if broken:
        result.failure = broken[0]
        result.case = f"{clause.id}/{broken[0].case}"
    _expect(result, expected, broken)
    _expect_by_version(result, clause, bench.subject, report)
    return result


def _expect_by_version(result: Result, clause: clauses.Clause, subject: Subject, report: Report) -> None:
    """Turn the failure of a clause that says it does not hold in this version into `known`; remark where it passes."""
    outside = _outside(clause, subject)
    if outside and result.status == "fail":
        result.status, result.reason = "known", outside
    elif outside and result.status == "pass":
        report.remarks.append(f"{clause.id} passes in Keras {subject.version}, but the clause says: {outside}")


def _outside(clause: clauses.Clause, subject: Subject) -> str:
    """Return since or until when a clause holds, if this Keras is none of those; the fields speak of TensorFlow."""
    if (subject.package, subject.backend) != ("keras", "tensorflow") or subject.is_keras_2:
        return ""
    if clause.since and release(subject.version) < release(clause.since):
        return f"holds since Keras {clause.since}"
    if clause.until and release(subject.version) > release(clause.until):
        return f"held until Keras {clause.until}"
    return ""


def release(version: str) -> tuple[int, ...]:
    """Return the first two numbers of a version, to compare it by: "3.15.1" gives (3, 15)."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def _prepare(bench: Bench, clause: clauses.Clause, report: Report) -> list[str]:
    """For the clause that compares everything, keep what is already broken out; return what cannot be kept out."""
    if clause.slug != "nothing-else" or bench.subject.kind == "CallbackList":
        bench.excluded, bench.ignored = lambda scenario: False, frozenset()
        return []
    touches = importlib.import_module(f"{__package__}.checks.{clause.group}").TOUCHES
    other = {name for name, result in report.clauses.items() if result.status != "pass" or result.reason}
    contested = {name: member for name, member in clauses.load().items() if member.status == "contested"}
    failed = {name for name in other if report.clauses[name].status == "fail" and name not in contested}
    tests = [touches[name] for name in other if name in touches]
    bench.excluded = lambda scenario: any(test(scenario) for test in tests)
    bench.ignored = frozenset(other)
    owners = set(KINDS[bench.subject.kind].owners.values())
    return sorted(name for name in failed if name not in touches and name not in owners)


def _run(bench: Bench, check: Check, clause: clauses.Clause, result: Result, broken: list[Failure]) -> None:
    status: Status = "pass"
    try:
        _check(bench, check)
    except OtherReading:
        result.reason = result.reason or OTHER_READING
    except Broken as error:
        if clause.status == "contested" and check.kind == "law" and not bench.is_ours:
            result.reason = OTHER_READING
        else:
            status = "fail"
            broken.append(_failure(check, error))
    except Unsupported as error:
        status = "unsupported" if result.status == "not-run" else result.status
        result.reason = result.reason or str(error)
    except (Exception, SystemExit, Hang) as error:
        status, why = _no_verdict(error)
        result.reason = f"{check.title}: {why}"
        if isinstance(error, Hang):
            hung = _failure(check, Broken(why, bench.scenario or Scenario()))
            result.failure = msgspec.structs.replace(hung, kind="hang")
    if status == "pass" and result.status == "unsupported":
        result.status = "pass"
    result.status = max(result.status, status, key=GRAVITY.index) if result.status != "not-run" else status


def _check(bench: Bench, check: Check) -> None:
    """Run a check; again where it broke while a server kept the subject waiting: a machine that stalls looks like that.

    Raises:
        Broken: the subject broke the clause, each time.
    """
    before = bench.played
    for more in reversed(range(TRIES)):
        try:
            with _guarded(bench):
                return check.run(bench)
        except Broken as error:
            if not more or KEEP_WAITING.isdisjoint(error.scenario.answers):
                raise
        bench.played = before


def _no_verdict(error: BaseException) -> tuple[Status, str]:
    """Return the status of a check that came to no verdict, and why.

    Raises:
        DiskFull: that is why.
    """
    require_room(error)
    if isinstance(error, Outside):
        return "error", str(error)
    if isinstance(error, Hang):
        return "error", f"hangs: {error}"
    if isinstance(error, ModuleNotFoundError):
        missing = (error.name or "").partition(".")[0]
        return "blocked" if missing in OPTIONAL else "error", f"needs {error.name}, which is not installed"
    return "error", f"{type(error).__name__}: {_text(error)}"


class Outside(Exception):
    """The subject was about to change a file outside the folder in which it is judged."""


@contextlib.contextmanager
def _guarded(bench: Bench) -> Iterator[None]:
    """Run a check in a folder of its own, within the time limit; what a subject prints, or closes, is not ours.

    Raises:
        Outside: naming the file; whatever else the check found follows from it.
    """
    refused: list[str] = []
    bench.scenario = None
    try:
        with contextlib.redirect_stdout(Flood()), folder_of_its_own(), only_here() as refused, bench.limit:
            yield
    finally:
        if refused:
            raise Outside(f"was about to change {refused[0]}, outside the folder in which it is judged")


def _failure(check: Check, error: Broken) -> Failure:
    return Failure(
        clause=check.clause, check=check.title, kind=check.kind, why=error.why, case=case_id(error.scenario),
        scenario=to_json(error.scenario), expected=_writable(plain(error.expected)), got=_writable(plain(error.got)),
    )  # fmt: skip


def _text(error: BaseException) -> str:
    """Return what an exception says, whatever a subject made of it."""
    try:
        return str(_writable(str(error)))
    except Exception:
        return "(its text cannot be read)"


def _writable(value: Any) -> Any:
    """Return the value with its text such that every file and terminal takes it: half a character is spelled out."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {_writable(key): _writable(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(member) for member in value]
    return value


def _expect(result: Result, expected: Expectation | None, broken: list[Failure]) -> None:
    """Turn an expected failure into `known`; an expected failure that does not happen is a failure."""
    if expected is None:
        return
    if result.status == "fail" and any(_still_fails(expected, failure) for failure in broken):
        result.status, result.reason = "known", expected.reason
    elif expected.lenient:
        return
    elif result.status == "pass":
        result.status = "fail"
        result.reason = f"expected to fail ({expected.reason}), but it passes: remove the expectation"
    elif result.status == "fail":
        result.reason = f"known to fail with case {expected.case}, which does not fail that way now"


def _still_fails(expected: Expectation, failure: Failure) -> bool:
    if expected.case == "*":
        return True
    saved = msgspec.json.decode(expected.saved)["got"] if expected.saved else failure.got
    return expected.case == failure.case and bool(saved == msgspec.to_builtins(failure.got))


def expectations(subject: Subject, folder: Path = Path(__file__).parent / "expectations") -> dict[str, Expectation]:
    """Return what is known of this package, version and backend; of another Keras, what is known of the newest.

    Raises:
        ExpectationError: naming the file, the clause, and what is wrong.
    """
    path = folder / f"{subject.package}-{subject.version}-{subject.backend}.toml"
    if path.exists():
        return _known(path)
    newest = max(folder.glob("keras-*-tensorflow.toml"), key=lambda other: release(other.name), default=None)
    if newest is None or not subject.is_keras:
        return {}
    return {name: msgspec.structs.replace(member, lenient=True) for name, member in _known(newest).items()}


def _known(path: Path) -> dict[str, Expectation]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        known = {name: msgspec.convert(table, Expectation) for name, table in tables.items()}
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ExpectationError(f"{path.name}: {error}") from error
    unknown = sorted(set(known) - set(clauses.load()))
    if unknown:
        raise ExpectationError(f"{path.name}: no clause is called {', '.join(unknown)}")
    return known
