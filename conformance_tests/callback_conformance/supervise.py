"""Judge in another process, and start it again where it ends before its time: no subject takes the run with it."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from .clauses import load
from .runner import Report, Result, absent, selected
from .subjects import SubjectError
from .worker import Begins, Judged, Message, Missing, Task, Whole

__all__ = ["INTERRUPTED", "judge_apart"]

DEATHS = 3
"""So often may a process end while it judges one kind of callback, before the rest of its clauses is given up."""

INTERRUPTED = "interrupted"

UNKNOWN = {"package": "unknown", "version": "unknown", "backend": "none"}


def judge_apart(
    task: Task,
    *,
    python: str | Path = sys.executable,
    environ: dict[str, str] | None = None,
    on_begin: Callable[[str, str], None] = lambda kind, clause: None,
    on_clause: Callable[[str, str, Result], None] = lambda kind, clause, result: None,
    on_report: Callable[[str, Report], None] = lambda kind, report: None,
) -> list[Report]:
    """Judge a subject in a process of its own, kind by kind.

    A clause during which the process ends is an `error`; a new process goes on with the next one. When interrupted
    from the keyboard, what there is comes back, not `finished`.

    Args:
        task: what to judge.
        python: the interpreter of the process; it must be able to import this package.
        environ: variables of the process's environment that differ from those here.
        on_begin: called with kind and clause before a clause is judged.
        on_clause: called with kind, clause and result when it has been.
        on_report: called with each kind and its report when it is whole.

    Returns:
        A report for each kind, in their order.

    Raises:
        SubjectError: none of the kinds can be judged; the message says why of the first.
    """
    state = _State(task)
    try:
        while state.left():
            with _process(python, environ or {}, state.rest()) as process:
                for message in _messages(process):
                    state.take(message)
                    _tell(message, on_begin, on_clause, on_report)
            if state.left():
                for kind, clause, result in state.ended(process.returncode, process.said):
                    on_clause(kind, clause, result)
    except KeyboardInterrupt:
        state.interrupt()
    return state.reports()


def _tell(
    message: Message,
    on_begin: Callable[[str, str], None],
    on_clause: Callable[[str, str, Result], None],
    on_report: Callable[[str, Report], None],
) -> None:
    if isinstance(message, Begins):
        on_begin(message.kind, message.clause)
    elif isinstance(message, Judged):
        on_clause(message.kind, message.clause, message.result)
    elif isinstance(message, Whole):
        on_report(message.kind, message.report)


class _State:
    """What is known so far, and what is left to do."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.whole: dict[str, Report] = {}
        self.missing: dict[str, str] = {}
        self.results = {kind: dict(results) for kind, results in task.before.items()}
        self.subjects: dict[str, dict[str, str]] = {}
        self.now: Begins | None = None
        self.deaths: dict[str, int] = {}

    def left(self) -> list[str]:
        """Return the kinds that are not done."""
        return [kind for kind in self.task.kinds if kind not in self.whole and kind not in self.missing]

    def rest(self) -> Task:
        """Return the task of the next process."""
        return msgspec.structs.replace(self.task, kinds=self.left(), before=self.results)

    def take(self, message: Message) -> None:
        """Remember what the process says."""
        if isinstance(message, Begins):
            self.now = message
            self.subjects[message.kind] = message.subject
        elif isinstance(message, Judged):
            self.now = None
            self.results.setdefault(message.kind, {})[message.clause] = message.result
        elif isinstance(message, Missing):
            self.missing[message.kind] = message.reason
        else:
            self.whole[message.kind] = message.report

    def ended(self, code: int, said: str) -> Iterator[tuple[str, str, Result]]:
        """Note that the process ended before its time, and yield the clause that it was at, if it was at one."""
        why = _ending(code, said)
        kind = self.left()[0]
        if self.now is None:
            if self.results.get(kind):  # between two clauses: threads of the subject may do that
                self._give_up(kind, why)
            else:
                self.missing |= dict.fromkeys(self.left(), f"{self.task.subject} cannot be judged: {why}")
            return
        clause, self.now = self.now.clause, None
        result = Result(callback=kind, profile=load()[clause].profile, status="error", reason=why)
        self.results.setdefault(kind, {})[clause] = result
        self.deaths[kind] = self.deaths.get(kind, 0) + 1
        yield kind, clause, result
        if self.deaths[kind] >= DEATHS:
            self._give_up(kind, f"given up: the process that judged it ended {DEATHS} times")

    def interrupt(self) -> None:
        """Say of what is left that the run was interrupted."""
        for kind in self.left():
            self._give_up(kind, INTERRUPTED)

    def _give_up(self, kind: str, why: str) -> None:
        subject = self.subjects.get(kind) or self._beside(kind)
        done = self.results.get(kind, {})
        only = set(self.task.only) if self.task.only is not None else None
        clauses = {
            clause.id: done.get(clause.id) or Result(callback=kind, profile=clause.profile, reason=why)
            for clause, _ in selected(kind, only)
        }
        self.whole[kind] = Report(subject=subject, seed=self.task.seed, examples=self.task.examples,
                                  remarks=[f"{kind}: {why}"], clauses=clauses)  # fmt: skip

    def _beside(self, kind: str) -> dict[str, str]:
        known = [report.subject for report in self.whole.values()] + list(self.subjects.values())
        module = self.task.subject.partition(":")[0]
        name = self.task.subject if ":" in self.task.subject else f"{module}:{kind}"
        return {**(known[0] if known else {**UNKNOWN, "package": module.partition(".")[0]}), "name": name, "kind": kind}

    def reports(self) -> list[Report]:
        """Return a report for each kind."""
        if self.missing and not self.whole:
            raise SubjectError(next(iter(self.missing.values())))
        only = set(self.task.only) if self.task.only is not None else None
        reports = []
        for kind in self.task.kinds:
            if kind in self.whole:
                reports.append(self.whole[kind])
            elif kind in self.missing:
                reports.append(absent(self._beside(kind), kind, self.missing[kind], only))
        return reports


def _ending(code: int, said: str) -> str:
    if "Timeout (" in said:  # of faulthandler, which ends a process that does not even handle signals
        return "hangs, and could not be interrupted"
    try:
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        how = f"signal {-code}"
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
    return f"the process ended ({how})" + (f": {last.strip()[:200]}" if last and code not in (0, 1) else "")


class _Process:
    """A worker that runs."""

    def __init__(self, running: Any) -> None:
        self.running = running
        self._tail: deque[bytes] = deque(maxlen=50)
        self._reader = threading.Thread(target=self._drain, args=(running.stderr,), daemon=True)
        self._reader.start()

    def _drain(self, stream: IO[bytes]) -> None:
        for line in iter(lambda: stream.readline(4096), b""):
            self._tail.append(line)

    def tell(self, data: bytes) -> None:
        """Send the task; the pipe stays open, and ends the process when it closes."""
        with contextlib.suppress(BrokenPipeError):  # it is dead already, which its exit code tells
            self.running.stdin.write(data + b"\n")
            self.running.stdin.flush()

    def end(self) -> None:
        """End it, with all that the subject has started, and close what led to it."""
        with contextlib.suppress(OSError, AttributeError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.kill()
        self.running.wait()
        self._reader.join(1.0)
        for stream in (self.running.stdin, self.running.stdout, self.running.stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.close()

    @property
    def returncode(self) -> int:
        return int(self.running.wait())

    @property
    def said(self) -> str:
        """Return the end of what it wrote to its standard error."""
        self._reader.join(1.0)
        return b"".join(self._tail).decode(errors="replace")


@contextlib.contextmanager
def _process(python: str | Path, environ: dict[str, str], task: Task) -> Iterator[_Process]:
    running = subprocess.Popen(
        [str(python), "-m", f"{__package__}.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **environ}, start_new_session=True,
    )  # fmt: skip
    process = _Process(running)
    try:
        process.tell(msgspec.json.encode(task))
        yield process
    finally:
        process.end()


def _messages(process: _Process) -> Iterator[Message]:
    for line in process.running.stdout:
        yield msgspec.json.decode(line, type=Message)
    process.running.wait()
