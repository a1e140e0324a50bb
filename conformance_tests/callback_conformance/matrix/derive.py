"""Derive from results in which versions of Keras each clause holds, and compare that with what the clauses say."""

import re
from pathlib import Path
from typing import Literal

import msgspec

from .. import clauses, report
from ..runner import Report, release
from .words import MatrixError

__all__ = ["Span", "derive", "disagreements", "line_of", "write_fields"]

HOLDS = {"pass": True, "fail": False, "known": False, "unsupported": False}
"""What a verdict says; the others say nothing. Where an argument does not exist, no clause on it holds."""


class Span(msgspec.Struct, frozen=True):
    """In which releases a clause holds.

    Args:
        how: in words; "mixed" if it begins or ends more than once, "unknown" if no release was judged.
        since: the first release where it holds, None if it holds in the oldest.
        until: the last one, None if it holds in the newest.
    """

    how: Literal["always", "never", "span", "mixed", "unknown"]
    since: str | None = None
    until: str | None = None


def line_of(folder: Path) -> dict[str, Report]:
    """Return the results of the line of Keras 3 on TensorFlow by release, such as "3.6", the oldest first.

    Raises:
        MatrixError: the folder holds fewer than two of them, or a file that is no report.
    """
    found: dict[str, Report] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            read = report.read(path)
        except report.ReportError as error:
            raise MatrixError("bad-results", file=path, why=error) from error
        subject = read.subject
        if (subject["package"], subject["backend"]) == ("keras", "tensorflow") and release(subject["version"])[0] == 3:
            found[".".join(map(str, release(subject["version"])))] = read
    if len(found) < 2:
        raise MatrixError("too-few-results", folder=folder, count=len(found))
    return dict(sorted(found.items(), key=lambda member: release(member[0])))


def derive(line: dict[str, Report]) -> dict[str, Span]:
    """Return for each clause in which releases it holds."""
    names = dict.fromkeys(name for read in line.values() for name in read.clauses)
    return {name: _span([(version, _holds(read, name)) for version, read in line.items()]) for name in names}


def disagreements(
    spans: dict[str, Span], known: dict[str, clauses.Clause]
) -> list[tuple[str, Span, str | None, str | None]]:
    """Return the clauses whose `since` and `until` say something else, with what they say.

    A clause that holds nowhere, or now and again, has neither.
    """
    found = []
    for name, span in spans.items():
        clause = known.get(name)
        if clause is not None and span.how != "unknown" and (clause.since, clause.until) != (span.since, span.until):
            found.append((name, span, clause.since, clause.until))
    return found


def write_fields(spans: dict[str, Span], folder: Path = clauses.HERE) -> list[Path]:
    """Write `since` and `until` into the files of clauses, below `status`; return the files that changed."""
    changed = []
    for path in sorted(folder.glob("*.toml")):
        before = path.read_text(encoding="utf-8")
        tables = re.split(r"(?m)^(?=\[)", before)
        after = "".join(_with_fields(table, spans) for table in tables)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed


def _holds(read: Report, name: str) -> bool | None:
    result = read.clauses.get(name)
    return HOLDS.get(result.status) if result else None


def _span(judged: list[tuple[str, bool | None]]) -> Span:
    known = [(version, holds) for version, holds in judged if holds is not None]
    where = [version for version, holds in known if holds]
    if not known or not where:
        return Span("never" if known else "unknown")
    if len(where) == len(known):
        return Span("always")
    versions = [version for version, _ in known]
    first, last = versions.index(where[0]), versions.index(where[-1])
    if last - first + 1 != len(where):
        return Span("mixed")
    return Span("span", where[0] if first else None, where[-1] if last < len(versions) - 1 else None)


def _with_fields(table: str, spans: dict[str, Span]) -> str:
    head = re.match(r"\[([^\]]+)\]", table)
    span = spans.get(head[1]) if head else None
    if span is None or span.how == "unknown":
        return table
    bare = re.sub(r'(?m)^(since|until)\s*=\s*"[^"\n]*"\n', "", table)
    fields = "".join(
        f'{name}{" " * (len("profile") - len(name) if _aligned(table) else 0)} = "{value}"\n'
        for name, value in (("since", span.since), ("until", span.until))
        if value
    )
    return re.sub(r'(?m)^(status\s*=\s*"[^"\n]*"\n)', lambda line: line[1] + fields, bare, count=1)


def _aligned(table: str) -> bool:
    return re.search(r"(?m)^status {2,}=", table) is not None
