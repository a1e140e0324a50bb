"""The work of one part: judge callbacks in a column's environment, or record what they do with the corpus."""

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from ..runner import Report, absent
from ..subjects import SubjectError
from ..supervise import judge_apart
from ..worker import Task
from .parts import Part
from .traces import Traced

__all__ = ["Job", "Place", "Player", "PlayerError", "work"]

TRACES_LIMIT = 600.0
"""How many seconds the whole corpus of one callback may take."""

ALWAYS = {
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "JAX_PLATFORMS": "cpu",
}
"""What is the same in every column, unless the column says otherwise: the order of sets, one thread, no accelerator."""

HIDDEN = dict.fromkeys(("PYTHONHOME", "VIRTUAL_ENV", "KERAS_BACKEND", "TF_USE_LEGACY_KERAS", "PYTHONSTARTUP"), "")
"""Variables that belong to the environment of whoever runs the matrix; Python and Keras take an empty one for none."""


class Place(msgspec.Struct, frozen=True):
    """Where a column runs.

    Args:
        python: its interpreter.
        folders: what is found before that interpreter's own packages.
        variables: of the column.
        home: a folder in which Keras and Hypothesis may keep what they want to keep.
    """

    python: str
    folders: list[str]
    variables: dict[str, str]
    home: str

    def environ(self) -> dict[str, str]:
        """Return the environment variables of a process of the column."""
        homes = {"KERAS_HOME": self.home, "HYPOTHESIS_STORAGE_DIRECTORY": str(Path(self.home, "hypothesis"))}
        path = {"PYTHONPATH": os.pathsep.join(self.folders)}
        return {**os.environ, **HIDDEN, **ALWAYS, **homes, **path, **self.variables}


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Callbacks of one column, by one seed.

    Args:
        column: its name.
        subject: the module that is judged.
        specifications: of the parts, by callback.
        seed: that chooses scenarios; None to record traces of the corpus.
        examples: scenarios for each generating check.
        quick: enumerate smaller spaces.
        limit: seconds that one scenario may take.
    """

    column: str
    subject: str
    specifications: dict[str, str]
    seed: int | None
    examples: int
    quick: bool
    limit: float | None


def work(job: Job, place: Place, keep: Callable[[Part], None]) -> None:
    """Do a job, and hand over each part as soon as it is whole."""
    began = time.perf_counter()

    def done(kind: str, report: Report | None = None, traces: list[Traced] | None = None, why: str = "") -> None:
        nonlocal began
        seconds, began = time.perf_counter() - began, time.perf_counter()
        keep(
            Part(
                column=job.column, kind=kind, seed=job.seed, specification=job.specifications[kind],
                seconds=round(seconds, 3), report=report, traces=traces, why=why,
            )
        )  # fmt: skip

    if job.seed is None:
        _traced(job, place, done)
    else:
        _judged(job, place, done)


class PlayerError(Exception):
    """A subject cannot be asked, or its process died or hung."""


class SubjectMissing(PlayerError):
    """There is no such subject."""


class Player:
    """A process of a column that plays scenarios and answers with traces; after a death or a hang, a new one does.

    Args:
        subject: the module.
        place: where it runs.
    """

    def __init__(self, subject: str, place: Place) -> None:
        self._subject, self._place = subject, place
        self._running: _Running | None = None
        self.begin()

    def __enter__(self) -> "Player":
        """Ask within a `with`, so that the process ends."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the process, and what it may have started."""
        if self._running is not None:
            self._running.end()
            self._running = None

    def begin(self) -> "_Running":
        """Start the process, if none runs: importing a Keras takes seconds."""
        if self._running is None:
            self._running = _Running(self._subject, self._place)
        return self._running

    def ask(self, limit: float, **request: Any) -> Any:
        """Return the answer to a request.

        Raises:
            SubjectMissing: there is no such subject.
            PlayerError: there is no answer within `limit` seconds, or the process ended.
        """
        try:
            answer = self.begin().ask(limit, msgspec.json.encode(request) + b"\n")
        except PlayerError:
            self.__exit__()
            raise
        if isinstance(answer, dict) and "error" in answer:
            raise SubjectMissing(answer["error"])
        return answer


class _Running:
    """The process of a player."""

    def __init__(self, subject: str, place: Place) -> None:
        command = [place.python, "-m", "callback_conformance.matrix.traces", subject]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=place.environ(),
            start_new_session=True,
        )  # fmt: skip
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def ask(self, limit: float, request: bytes) -> Any:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(request)
            self._process.stdin.flush()
            line = self._answers.get(timeout=limit)
        except queue.Empty:
            raise PlayerError(f"no answer within {limit:g} s") from None
        except OSError:
            line = b""
        if not line:
            raise PlayerError(f"the process ended with {self._process.wait()}")
        return msgspec.json.decode(line)

    def end(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # a request that nobody read
                if stream is not None:
                    stream.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put(b"")


def _traced(job: Job, place: Place, done: Callable[..., None]) -> None:
    with Player(job.subject, place) as player:
        for kind in job.specifications:
            try:
                done(kind, traces=msgspec.convert(player.ask(TRACES_LIMIT, kind=kind), list[Traced]))
            except PlayerError as error:
                done(kind, why=str(error))


def _judged(job: Job, place: Place, keep: Callable[[str, Report], None]) -> None:
    kept: set[str] = set()

    def on_report(kind: str, report: Report) -> None:
        kept.add(kind)
        keep(kind, report)

    for report in _reports(job, list(job.specifications), place, on_report):
        if report.subject["kind"] not in kept:
            keep(report.subject["kind"], report)


def _reports(job: Job, kinds: list[str], place: Place, on_report: Callable[[str, Report], None]) -> list[Report]:
    """Return the reports on some kinds; where there is none of them, say so of each."""
    task = Task(
        subject=job.subject, kinds=kinds, seed=job.seed or 0, examples=job.examples, quick=job.quick, limit=job.limit
    )
    try:
        return judge_apart(task, python=place.python, environ=place.environ(), on_report=on_report)
    except SubjectError as error:
        if len(kinds) > 1:
            return [report for kind in kinds for report in _reports(job, [kind], place, on_report)]
        nobody = {"name": job.subject, "package": job.subject.partition(".")[0], "version": "unknown",
                  "backend": "none"}  # fmt: skip
        return [absent(nobody, kinds[0], str(error))]
