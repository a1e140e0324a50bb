"""Run the matrix: what is left of it, on an engine, and then put the parts together."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from ..kinds import KINDS
from ..report import to_bytes, write_bytes
from ..runner import Report
from .columns import Column, load
from .environments import Cache, Unbuildable, digest_of, suite_digest
from .parts import Part, Store, column_report, file_name
from .traces import Traced
from .work import Job, Place

__all__ = ["Engine", "Matrix", "Outcome", "Settings"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What is judged in every column.

    Args:
        kinds: the callbacks.
        seeds: one run of the suite for each.
        examples: scenarios for each generating check.
        quick: enumerate smaller spaces.
        limit: seconds that one scenario may take; None for the suite's own limit.
    """

    kinds: list[str]
    seeds: list[int]
    examples: int
    quick: bool
    limit: float | None = None


class Engine(Protocol):
    """Where jobs are done."""

    workers: int

    def start(self, job: Job, column: Column) -> None:
        """Do a job of a column as soon as there is room for it; raise `Unbuildable` where it cannot be done."""

    def finish(self) -> dict[str, str]:
        """Wait for all jobs; return for each column that could not be done the reason."""


class Outcome(msgspec.Struct, kw_only=True):
    """What came of one column.

    Args:
        report: the verdicts; None if there are none.
        traces: by callback, of the corpus.
        file: the name of its results.
        lines: why there is no report, or not the whole of it.
    """

    report: Report | None = None
    traces: dict[str, list[Traced]] = {}
    file: str = ""
    lines: list[str] = []


class Matrix:
    """Columns, and the folder in which their parts are kept.

    Args:
        columns: by name.
        settings: what is judged.
        cache: where the environments are.
        folder: where parts and results are.
        fresh: do again what is done already.
    """

    def __init__(
        self, columns: dict[str, Column], settings: Settings, cache: Cache, folder: Path, fresh: bool = False
    ) -> None:
        self.columns, self.settings, self.cache, self.fresh = columns, settings, cache, fresh
        self.store = Store(folder)
        self._suite = suite_digest()
        self._identities = {name: digest_of([column, cache.identity(column)]) for name, column in columns.items()}

    def kinds(self, column: str) -> list[str]:
        """Return the callbacks that are judged in a column."""
        return [kind for kind in KINDS if kind in self.settings.kinds and kind in (self.columns[column].kinds or KINDS)]

    def parts(self, column: str) -> list[tuple[str, int | None]]:
        """Return what a column consists of: callbacks by seed; traces, which no seed changes, come last."""
        return [(kind, seed) for seed in (*self.settings.seeds, None) for kind in self.kinds(column)]

    def left(self, column: str) -> list[tuple[str, int | None]]:
        """Return what is not done of a column."""
        return [part for part in self.parts(column) if self.fresh or self._find(column, *part) is None]

    def run(self, engine: Engine) -> dict[str, Outcome]:
        """Do what is left, write the results of each column, and return them."""
        outcomes = {name: Outcome() for name in self.columns}
        left = {name: self.left(name) for name in self.columns}
        for name, parts in left.items():
            if parts:
                outcomes[name].lines += self._start(engine, name, parts, sum(map(bool, left.values())))
        for name, why in engine.finish().items():
            outcomes[name].lines.append(why)
        self.fresh = False
        for name, outcome in outcomes.items():
            self._put_together(name, outcome)
        self._write(outcomes)
        return outcomes

    def place(self, column: str) -> Place:
        """Return where a column runs, after making what it needs.

        Raises:
            Unbuildable: that cannot be made.
        """
        asked = self.columns[column]
        home = self.cache.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        folders = [str(folder) for folder in self.cache.folders(asked)]
        return Place(str(self.cache.python(asked)), folders, asked.variables, str(home))

    def _start(self, engine: Engine, column: str, parts: list[tuple[str, int | None]], busy: int) -> list[str]:
        try:
            for job in self._jobs(column, parts, engine.workers // busy):
                engine.start(job, self.columns[column])
        except Unbuildable as error:
            return error.lines
        return []

    def _jobs(self, column: str, parts: list[tuple[str, int | None]], count: int) -> Iterator[Job]:
        """Yield the jobs that do these parts: for each seed as many as there are workers for, at most."""
        for seed in dict.fromkeys(seed for _, seed in parts):
            kinds = [kind for kind, other in parts if other == seed]
            for some in _split(kinds, count if seed is not None else 1):
                yield Job(
                    column=column, subject=self.columns[column].subject, seed=seed,
                    specifications={kind: self._specification(column, kind, seed) for kind in some},
                    examples=self.settings.examples, quick=self.settings.quick, limit=self.settings.limit,
                )  # fmt: skip

    def _specification(self, column: str, kind: str, seed: int | None) -> str:
        settings = self.settings
        how = [seed, settings.examples, settings.quick, settings.limit] if seed is not None else []
        return digest_of([self._suite, self._identities[column], kind, how])

    def _find(self, column: str, kind: str, seed: int | None) -> Part | None:
        return self.store.find(column, kind, seed, self._specification(column, kind, seed))

    def _put_together(self, column: str, outcome: Outcome) -> None:
        wanted = self.parts(column)
        parts = [part for asked in wanted if (part := self._find(column, *asked)) is not None]
        outcome.traces = {part.kind: part.traces for part in parts if part.traces is not None}
        reports = [part.report for part in parts if part.report is not None]
        if not any(report.python for report in reports):  # nobody was there to be judged
            reasons = [result.reason for report in reports for result in report.clauses.values() if result.reason]
            outcome.lines += reasons[:1]
            return
        outcome.report = column_report(parts)
        outcome.report.finished &= len(parts) == len(wanted)
        outcome.file = self._file(column, outcome.report)

    def _file(self, column: str, report: Report) -> str:
        """Return the name of the results: of our columns it says what was judged, of the user's it is their own."""
        if load()[1].get(column) != self.columns[column]:
            return f"{file_name(column)}.json"
        return "-".join(report.subject[member] for member in ("package", "version", "backend")) + ".json"

    def _write(self, outcomes: dict[str, Outcome]) -> None:
        folder = self.store.folder
        seconds: dict[str, dict[str, float]] = {}
        for name, outcome in outcomes.items():
            if outcome.report is None:
                continue
            write_bytes(to_bytes(outcome.report), folder / "results" / outcome.file)
            write_bytes(msgspec.json.encode(outcome.traces) + b"\n", folder / "traces" / outcome.file)
            seconds[name] = self._seconds(name)
        write_bytes(_pretty(seconds), folder / "timings.json")
        columns = {
            name: {"file": outcome.file, "finished": bool(outcome.report and outcome.report.finished),
                   "lines": outcome.lines}
            for name, outcome in outcomes.items()
        }  # fmt: skip
        write_bytes(_pretty({"settings": self.settings, "columns": columns}), folder / "matrix.json")

    def _seconds(self, column: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for kind, seed in self.parts(column):
            part = self._find(column, kind, seed)
            if part is not None:
                found[kind] = round(found.get(kind, 0.0) + part.seconds, 3)
        return found


def _split(kinds: list[str], count: int) -> list[list[str]]:
    """Deal the callbacks out to several jobs, where there are more workers than columns."""
    count = max(1, min(count, len(kinds)))
    return [kinds[first::count] for first in range(count)]


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
