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
from .runner import ExpectationError, Report, Result, absent, judge, selected
from .subjects import CALLBACKS, Subject, SubjectError, find

__all__ = ["main"]

EXAMPLES = {"quick": 20, "default": 200, "deep": 5000}
DEFAULT = "keras.callbacks"
SHOWN = 5
"""How many failures are shown in full; the rest get a line each."""
ERRORS = (SubjectError, ReportError, CaseError, ExpectationError, clauses.ClauseError, vectors.VectorError)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 if no clause is broken, 1 if one is, 2 if nothing could be judged."""
    options = _parser().parse_args(arguments)
    try:
        subjects, missing = _subjects(options.subject, options.kind)
        if options.case is not None:
            return _replay(options.case, subjects)
        _refuse_unknown_clauses(options.clause, subjects)
        _refuse_a_folder(options.json)
        return _judge(subjects, missing, options)
    except ERRORS as error:
        print(f"callback-conformance: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="callback-conformance",
        description=f"{title()}. Judge a Keras callback by the contract, clause by clause.",
        epilog="Exit code: 0 no clause is broken, 1 a clause is broken, 2 nothing could be judged.",
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


def _subjects(name: str, kind: str | None) -> tuple[list[Subject], dict[str, str]]:
    """Return what can be judged, and why the other callbacks of a whole module cannot be.

    Raises:
        SubjectError: the one class that was asked for, or all of a module, cannot be judged.
    """
    if ":" in name or kind:
        subject = find(name if ":" in name else f"{name}:{kind}", kind)
        subject.try_out()
        return [subject], {}
    subjects, missing, errors = [], {}, []
    for member in CALLBACKS:
        try:
            subject = find(f"{name}:{member}", member)
            subject.try_out()
            subjects.append(subject)
        except SubjectError as error:
            missing[member] = str(error)
            errors.append(error)
    if not subjects:
        raise errors[0]
    return subjects, missing


def _refuse_unknown_clauses(names: list[str], subjects: list[Subject]) -> None:
    known = {name for subject in subjects for name in _ids(subject.kind)}
    for name in names:
        if name not in known:
            kinds = " or ".join(subject.kind for subject in subjects)
            raise CaseError(f"--clause {name}: {kinds} has no such clause")


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


def _judge(subjects: list[Subject], missing: dict[str, str], options: argparse.Namespace) -> int:
    reports = []
    only = set(options.clause) or None
    count = sum(len(selected(subject.kind, only)) for subject in subjects)
    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        bar = progress.add_task("judging", total=count)

        def advance(clause: str, result: Result) -> None:
            progress.update(bar, advance=1, description=clause)

        for subject in subjects:
            reports.append(
                judge(
                    subject,
                    seed=options.seed,
                    examples=options.examples,
                    quick=options.examples <= EXAMPLES["quick"],
                    only=only,
                    on_clause=advance,
                )
            )
    reports += [absent(subjects[0], kind, reason) for kind, reason in missing.items() if not only]
    return _show(reports, missing, options.json, whole=not only)


def _show(reports: list[Report], missing: dict[str, str], path: Path | None, whole: bool) -> int:
    for report in reports:
        _show_failures(report)
    merged = _merge(reports)
    Console().print(summary(merged))
    for clause, result in merged.clauses.items():
        if result.reason and result.status not in ("fail", "error") and result.callback not in missing:
            print(f"{clause} {result.status}: {result.reason}")
    for callback, reason in missing.items():
        print(f"{callback} unsupported: {reason}")
    if path or whole:
        _save(merged, path or FOLDER / _file_name(merged.subject))
    return merged.exit_code


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
    return first


def _replay(name: str, subjects: list[Subject]) -> int:
    clause = name.partition("/")[0]
    subject = next((subject for subject in subjects if clause in _ids(subject.kind)), None)
    if subject is None:
        raise CaseError(f"--case {name}: {clause} is no clause of {', '.join(subject.kind for subject in subjects)}")
    scenario = find_case(name, subject)
    if not is_scripted(clause, scenario):
        raise CaseError(f"--case {name}: this check calls the class by hand; --clause {clause} shows it")
    text, holds = replay(subject, clause, scenario)
    print(text)
    return 0 if holds else 1


def _ids(kind: str) -> set[str]:
    return {clause.id for clause, _ in selected(kind)}


if __name__ == "__main__":
    sys.exit(main())
