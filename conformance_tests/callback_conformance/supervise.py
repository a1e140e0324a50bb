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
from queue import SimpleQueue
from typing import Any

import msgspec

from .clauses import load
from .runner import Report, Result, absent, selected
from .subjects import SubjectError
from .worker import Begins, Judged, Message, Missing, Task, Whole

__all__ = ["INTERRUPTED", "judge_apart", "workers"]

DEATHS = 3
"""So often may a process end while it judges one kind of callback, before the rest of its clauses is given up."""

INTERRUPTED = "interrupted"

UNKNOWN = {"package": "unknown", "version": "unknown", "backend": "none"}

GIGABYTES = 1.5
"""How much memory a process that judges a Keras takes, at most."""

MODEST = {"TF_FORCE_GPU_ALLOW_GROWTH": "true", "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
"""Lets several processes share an accelerator; TensorFlow and JAX would each take all of its memory at once."""


def workers() -> int:
    """Return how many processes can judge on this machine at a time: a core each, and memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, int(_free_gigabytes() / GIGABYTES)))


def _free_gigabytes() -> float:
    with contextlib.suppress(OSError, ValueError, StopIteration), open("/proc/meminfo") as lines:
        line = next(line for line in lines if line.startswith("MemAvailable:"))
        return int(line.split()[1]) / 2**20
    return 8.0


def judge_apart(
    task: Task,
    *,
    python: str | Path = sys.executable,
    environ: dict[str, str] | None = None,
    processes: int = 1,
    on_begin: Callable[[str, str], None] = lambda kind, clause: None,
    on_clause: Callable[[str, str, Result], None] = lambda kind, clause, result: None,
    on_report: Callable[[str, Report], None] = lambda kind, report: None,
) -> list[Report]:
    """Judge a subject in processes of its own, each of which takes one kind of callback after the other.

    A clause during which the process ends is an `error`; a new process goes on with the next one. When interrupted
    from the keyboard, what there is comes back, not `finished`.

    Args:
        task: what to judge.
        python: the interpreter of the processes; it must be able to import this package.
        environ: variables of the processes' environment that differ from those here.
        processes: how many judge at a time, at most one for each kind; the reports do not depend on it.
        on_begin: called with kind and clause before a clause is judged.
        on_clause: called with kind, clause and result when it has been.
        on_report: called with each kind and its report when it is whole.

    Returns:
        A report for each kind, in their order.

    Raises:
        SubjectError: none of the kinds can be judged; the message says why of the first.
    """
    state = _State(task)
    said: SimpleQueue[tuple[_Lane, Message | None]] = SimpleQueue()
    lanes = [_Lane(python, environ or {}, said) for _ in range(min(processes, len(task.kinds)))]
    try:
        for lane in lanes:
            lane.judge(state.next())
        while any(lane.kind for lane in lanes):
            lane, message = said.get()
            if not lane.kind:  # it has nothing to do any more
                continue
            if message is not None:
                state.take(message)
                _tell(message, on_begin, on_clause, on_report)
            else:
                for kind, clause, result in state.ended(lane.kind, *lane.end()):
                    on_clause(kind, clause, result)
            _go_on(lane, state)
    except KeyboardInterrupt:
        state.interrupt()
    finally:
        for lane in lanes:
            lane.end()
    return state.reports()


def _go_on(lane: "_Lane", state: "_State") -> None:
    """Give a process what there is to do next: another kind, or what is left of one whose process ended."""
    if state.done(lane.kind):
        lane.judge(state.next())
    elif not lane.is_alive:
        lane.judge(state.rest_of(lane.kind))


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
        self.now: dict[str, str] = {}
        self.deaths: dict[str, int] = {}
        self._tried: set[str] = set()
        self._waiting = deque(task.kinds)

    def next(self) -> Task | None:
        """Return the task of a process that has nothing to do; None if there is nothing left."""
        return self.rest_of(self._waiting.popleft()) if self._waiting else None

    def rest_of(self, kind: str) -> Task:
        """Return what is left to do of a kind."""
        before = {kind: self.results[kind]} if kind in self.results else {}
        return msgspec.structs.replace(self.task, kinds=[kind], before=before)

    def done(self, kind: str) -> bool:
        """Return whether nothing is left to do of a kind."""
        return kind in self.whole or kind in self.missing

    def take(self, message: Message) -> None:
        """Remember what a process says."""
        if isinstance(message, Begins):
            self.now[message.kind] = message.clause
            self.subjects[message.kind] = message.subject
        elif isinstance(message, Judged):
            self.now.pop(message.kind, None)
            self.results.setdefault(message.kind, {})[message.clause] = message.result
        elif isinstance(message, Missing):
            self.missing[message.kind] = message.reason
        else:
            self.whole[message.kind] = message.report

    def ended(self, kind: str, code: int, said: str) -> Iterator[tuple[str, str, Result]]:
        """Note that a process ended before its time, and yield the clause that it was at, if it was at one."""
        why = _ending(code, said)
        clause = self.now.pop(kind, None)
        if clause is None:
            if self.results.get(kind):  # between two clauses: threads of the subject may do that
                self._give_up(kind, why)
            elif self.subjects and kind not in self._tried:  # it may have died of the kind before
                self._tried.add(kind)
            else:
                self._cannot_be_judged(kind, why)
            return
        result = Result(callback=kind, profile=load()[clause].profile, status="error", reason=why)
        self.results.setdefault(kind, {})[clause] = result
        self.deaths[kind] = self.deaths.get(kind, 0) + 1
        yield kind, clause, result
        if self.deaths[kind] >= DEATHS:
            self._give_up(kind, f"given up: the process that judged it ended {DEATHS} times")

    def _cannot_be_judged(self, kind: str, why: str) -> None:
        """Say so of a kind; of all that wait too, where no clause of any kind was ever reached."""
        kinds = [kind]
        if not self.subjects:
            kinds += self._waiting
            self._waiting.clear()
        self.missing |= dict.fromkeys(kinds, f"{self.task.subject} cannot be judged: {why}")

    def interrupt(self) -> None:
        """Say of what is left that the run was interrupted."""
        for kind in self.task.kinds:
            if not self.done(kind):
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
            raise SubjectError(next(self.missing[kind] for kind in self.task.kinds if kind in self.missing))
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


class _Lane:
    """A process that judges one kind after the other; where it ended, the next kind starts another.

    Args:
        python: its interpreter.
        environ: variables of its environment that differ from those here.
        said: gets each message with this lane, and None when the process has ended.
    """

    def __init__(
        self, python: str | Path, environ: dict[str, str], said: "SimpleQueue[tuple[_Lane, Message | None]]"
    ) -> None:
        self.kind = ""
        self._command = [str(python), "-m", f"{__package__}.worker"]
        self._environ = {**MODEST, **os.environ, **environ}
        self._said = said
        self._process: _Process | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it has a process."""
        return self._process is not None

    def judge(self, task: Task | None) -> None:
        """Have a task done; None for nothing more."""
        self.kind = task.kinds[0] if task else ""
        if task is None:
            self.end()
            return
        if self._process is None:
            self._process = _Process(self._command, self._environ, self._hear)
        self._process.tell(msgspec.json.encode(task))

    def _hear(self, message: Message | None) -> None:
        self._said.put((self, message))

    def end(self) -> tuple[int, str]:
        """End the process, if there is one; return its exit code and the end of what it wrote to standard error."""
        process, self._process = self._process, None
        return process.end() if process else (0, "")


class _Process:
    """A worker that runs.

    Args:
        command: starts it.
        environ: all of its environment.
        hear: called with each message, and with None when there will be no more, unless we end it.
    """

    def __init__(self, command: list[str], environ: dict[str, str], hear: Callable[[Message | None], None]) -> None:
        self._running: Any = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environ, start_new_session=True,
        )  # fmt: skip
        self._tail: deque[bytes] = deque(maxlen=50)
        self._hear: Callable[[Message | None], None] = hear
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._listen, self._drain)]
        for reader in self._readers:
            reader.start()

    def _listen(self) -> None:
        for line in self._running.stdout:
            self._hear(msgspec.json.decode(line, type=Message))
        self._running.wait()
        self._hear(None)

    def _drain(self) -> None:
        for line in iter(lambda: self._running.stderr.readline(4096), b""):
            self._tail.append(line)

    def tell(self, data: bytes) -> None:
        """Send a task; the pipe stays open, and ends the process when it closes."""
        with contextlib.suppress(BrokenPipeError):  # it is dead already, which its exit code tells
            self._running.stdin.write(data + b"\n")
            self._running.stdin.flush()

    def end(self) -> tuple[int, str]:
        """End it, with all that the subject has started; return its exit code and the end of its standard error."""
        self._hear = lambda message: None
        with contextlib.suppress(OSError, AttributeError):
            os.killpg(self._running.pid, signal.SIGKILL)
        self._running.kill()
        code = int(self._running.wait())
        for reader in self._readers:
            reader.join(1.0)
        for stream in (self._running.stdin, self._running.stdout, self._running.stderr):
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        return code, b"".join(self._tail).decode(errors="replace")
