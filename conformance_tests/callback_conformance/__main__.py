"""The command line: judge a callback by the contract, and say which clauses hold."""

import argparse
import contextlib
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from . import __version__, clauses, vectors
from .book import title
from .cases import FOLDER, CaseError, find_case, keep
from .replay import is_scripted, replay
from .report import ReportError, failure_text, summary, write
from .runner import ExpectationError, Report, Result, selected
from .subjects import CALLBACKS, Subject, SubjectError, find
from .supervise import judge_apart
from .worker import Task

__all__ = ["main"]

EXAMPLES = {"quick": 20, "default": 200, "deep": 5000}
DEFAULT = "keras.callbacks"
SHOWN = 5
"""How many failures are shown in full; the rest get a line each."""
REMARKABLE = ("pass", "known", "unsupported", "blocked")
"""The statuses whose reason gets a line; failures are shown in full, and a run that is cut off says so once."""

ERRORS = (SubjectError, ReportError, CaseError, ExpectationError, clauses.ClauseError, vectors.VectorError)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0: no clause is broken, 1: one is, 2: nothing could be judged, 3: the run was cut off."""
    options = _parser().parse_args(arguments)
    try:
        kinds = _kinds(options.subject, options.kind)
        if options.case is not None:
            return _replay(options.case, options.subject, kinds)
        _refuse_unknown_clauses(options.clause, kinds)
        _refuse_a_folder(options.json)
        return _judge(kinds, options)
    except ERRORS as error:
        print(f"callback-conformance: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="callback-conformance",
        description=f"{title()}. Judge a Keras callback by the contract, clause by clause.",
        epilog="Exit code: 0 no clause is broken, 1 a clause is broken, 2 nothing could be judged, 3 it was cut off.",
    )
    parser.add_argument("subject", nargs="?", default=DEFAULT, help="module:Class, or a module with callbacks")
    parser.add_argument("--as", dest="kind", choices=CALLBACKS, help="the Keras callback that the class stands for")
    parser.add_argument("--clause", action="append", default=[], metavar="ID", help="judge this clause only")
    parser.add_argument("--case", metavar="ID/CASE", help="replay one case, and show both traces")
    parser.add_argument("--seed", type=int, default=0, help="generate other scenarios (default 0)")
    parser.add_argument(
        "--examples", type=_examples, default="default", metavar="N", help="quick, default, deep or a count"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help=f"where to write the report (default in {FOLDER}/)")
    parser.add_argument("--version", action="version", version=f"callback-conformance {__version__}, {title()}")
    return parser


def _examples(text: str) -> int:
    count = EXAMPLES.get(text) or (int(text) if text.isdigit() else 0)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: expected quick, default, deep or a number from 1")
    return count


def _kinds(name: str, kind: str | None) -> list[str]:
    """Return the kinds of callback to judge: that of one class, or all of a module.

    Raises:
        SubjectError: there are no clauses for the class's own name, and no other kind was named.
    """
    if ":" not in name and kind is None:
        return list(CALLBACKS)
    wanted = kind or name.partition(":")[2]
    if wanted not in CALLBACKS:
        raise SubjectError(f"no clauses for {wanted!r}; choose one of {', '.join(CALLBACKS)} with --as")
    return [wanted]


def _refuse_unknown_clauses(names: list[str], kinds: list[str]) -> None:
    known = {name for kind in kinds for name in _ids(kind)}
    for name in names:
        if name not in known:
            raise CaseError(f"--clause {name}: {' or '.join(kinds)} has no such clause")


def _refuse_a_folder(path: Path | None) -> None:
    """Refuse a report that could not be written, before anything is judged."""
    if path is None:
        return
    if path.is_dir() or not path.name:
        raise ReportError(f"--json {path}: this is a folder; name a file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"--json {path}: {error.strerror}: {error.filename}") from error
    if not os.access(path.parent, os.W_OK):
        raise ReportError(f"--json {path}: cannot write into {path.parent}")


def _judge(kinds: list[str], options: argparse.Namespace) -> int:
    only = set(options.clause) or None
    kinds = [kind for kind in kinds if only is None or only & _ids(kind)]
    task = Task(
        subject=options.subject,
        kinds=kinds,
        seed=options.seed,
        examples=options.examples,
        quick=options.examples <= EXAMPLES["quick"],
        only=sorted(only) if only else None,
    )
    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        bar = progress.add_task("judging", total=sum(len(selected(kind, only)) for kind in kinds))

        def begin(kind: str, clause: str) -> None:
            progress.update(bar, description=clause)

        def advance(kind: str, clause: str, result: Result) -> None:
            progress.update(bar, advance=1)

        reports = judge_apart(task, on_begin=begin, on_clause=advance)
    return _show(reports, options.json, whole=not only)


def _show(reports: list[Report], path: Path | None, whole: bool) -> int:
    missing = _missing(reports)
    for report in reports:
        _show_failures(report)
    merged = _merge(reports)
    Console().print(summary(merged))
    for clause, result in merged.clauses.items():
        if result.reason and result.status in REMARKABLE and result.callback not in missing:
            print(f"{clause} {result.status}: {result.reason}")
    for callback, reason in missing.items():
        print(f"{callback} unsupported: {reason}")
    for remark in merged.remarks:
        print(remark)
    if path or whole:
        _save(merged, path or FOLDER / _file_name(merged.subject))
    return merged.exit_code


def _missing(reports: list[Report]) -> dict[str, str]:
    """Return the kinds of which nothing was judged, with the reason."""
    found = {}
    for report in reports:
        results = list(report.clauses.values())
        reasons = {result.reason for result in results}
        if len(reasons) == 1 and all(result.status == "unsupported" and not result.checks for result in results):
            found[report.subject["kind"]] = str(*reasons)
    return found


def _file_name(subject: dict[str, str]) -> str:
    parts = (subject["package"], subject["version"], subject["backend"])
    return "-".join(part for part in parts if part not in ("unknown", "none")) + ".json"


def _save(report: Report, path: Path) -> None:
    """Write the report; where that cannot be, the verdict above stands all the same."""
    try:
        write(report, path)
        print(f"report: {path}")
    except OSError as error:
        print(f"no report: {path}: {error.strerror}", file=sys.stderr)


def _show_failures(report: Report) -> None:
    """Print what is broken, the clause whose checks broke most completely first: the others may follow from it."""
    broken = [(clause, result) for clause, result in report.clauses.items() if result.status in ("fail", "error")]
    broken.sort(key=lambda member: _telling(member[1]), reverse=True)
    failures = [result.failure for _, result in broken if result.failure]
    with contextlib.suppress(OSError):  # where nothing can be kept, --case finds the cases of the vectors only
        keep(failures)
    for failure in failures[:SHOWN]:
        print(failure_text(failure, report.subject), end="\n\n")
    for clause, result in broken:
        if result.failure not in failures[:SHOWN]:
            why = result.failure.why if result.failure else result.reason
            print(f"{clause} {result.status}: {why}  (--clause {clause} shows it)")


def _telling(result: Result) -> tuple[int, float, int]:
    """A broken law says more than a broken case, and all checks of a clause more than one of them."""
    return result.broken_laws, result.broken / max(1, result.checks), result.broken


def _merge(reports: list[Report]) -> Report:
    first = reports[0]
    if len(reports) > 1:
        first.subject["name"] = first.subject["name"].partition(":")[0]
        first.subject["kind"] = "all"
        for report in reports[1:]:
            first.clauses.update(report.clauses)
            first.remarks += report.remarks
            first.finished = first.finished and report.finished
    return first


def _replay(name: str, where: str, kinds: list[str]) -> int:
    clause = name.partition("/")[0]
    kind = next((kind for kind in kinds if clause in _ids(kind)), None)
    if kind is None:
        raise CaseError(f"--case {name}: {clause} is no clause of {', '.join(kinds)}")
    subject = _subject(where, kind)
    scenario = find_case(name, subject)
    if not is_scripted(clause, scenario):
        raise CaseError(f"--case {name}: this check calls the class by hand; --clause {clause} shows it")
    text, holds = replay(subject, clause, scenario)
    print(text)
    return 0 if holds else 1


def _subject(where: str, kind: str) -> Subject:
    subject = find(where if ":" in where else f"{where}:{kind}", kind)
    subject.try_out()
    return subject


def _ids(kind: str) -> set[str]:
    return {clause.id for clause, _ in selected(kind)}


if __name__ == "__main__":
    sys.exit(main())
