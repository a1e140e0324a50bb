"""Parts of the matrix as files: each is one callback of one column by one seed, whole or not there at all."""

import re
from pathlib import Path

import msgspec

from ..kinds import KINDS
from ..report import write_bytes
from ..runner import GRAVITY, Report, Result
from .traces import Traced

__all__ = ["Part", "Store", "column_report"]


class Part(msgspec.Struct, kw_only=True):
    """What was found out of one callback in one column.

    Args:
        column: its name.
        kind: the callback.
        seed: that chose the scenarios; None for the traces of the corpus, which no seed changes.
        specification: a digest of everything that the result follows from.
        seconds: how long it took.
        report: the verdicts; None for traces.
        traces: of the corpus; None for verdicts.
        why: instead of traces, why there are none.
    """

    column: str
    kind: str
    seed: int | None
    specification: str
    seconds: float = 0.0
    report: Report | None = None
    traces: list[Traced] | None = None
    why: str = ""


class Store:
    """The folder in which an interrupted matrix finds what it has done.

    Args:
        folder: of the user's choice; parts lie in `parts/`, one folder for each column.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, column: str, kind: str, seed: int | None, specification: str) -> Part | None:
        """Return a part that was done to this specification, or None."""
        try:
            part = msgspec.json.decode(self._path(column, kind, seed).read_bytes(), type=Part)
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return None
        return part if part.specification == specification else None

    def keep(self, part: Part) -> None:
        """Write a part, whole or not at all."""
        write_bytes(msgspec.json.encode(part), self._path(part.column, part.kind, part.seed))

    def _path(self, column: str, kind: str, seed: int | None) -> Path:
        name = "traces" if seed is None else f"seed-{seed}"
        return self.folder / "parts" / file_name(column) / f"{kind}.{name}.json"


def file_name(column: str) -> str:
    """Return the name of a column as a file can have it."""
    return re.sub(r"[^\w.+-]", "_", column)


def column_report(parts: list[Part]) -> Report:
    """Return the report on a whole column; what differs from run to run is left out of it.

    Of several seeds the gravest verdict counts, with the failure of the first seed that found it.
    """
    done = sorted(
        (part for part in parts if part.report is not None),
        key=lambda part: (part.seed, list(KINDS).index(part.kind)),
    )
    reports = [part.report for part in done if part.report is not None]
    named = next((report for report in reports if report.python), reports[0])
    clauses: dict[str, Result] = {}
    for report in reports:
        for clause, result in report.clauses.items():
            timeless = msgspec.structs.replace(result, seconds=0.0)
            clauses[clause] = _graver(clauses[clause], timeless) if clause in clauses else timeless
    return msgspec.structs.replace(
        named,
        subject={**named.subject, "name": named.subject["name"].partition(":")[0], "kind": "all"},
        finished=all(report.finished for report in reports),
        clauses=clauses,
        remarks=list(dict.fromkeys(remark for report in reports for remark in report.remarks)),
    )


def _graver(first: Result, second: Result) -> Result:
    found = second if GRAVITY.index(second.status) > GRAVITY.index(first.status) else first
    return msgspec.structs.replace(found, scenarios=first.scenarios + second.scenarios)
