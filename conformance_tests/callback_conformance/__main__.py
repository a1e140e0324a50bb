"""The command line: judge a callback by the contract, and say which clauses hold."""

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress

from . import clauses, vectors
from .book import language_of_the_locale, shows
from .cases import FOLDER, CaseError, find_case, keep
from .catalogue import explain, list_clauses
from .clauses import LANGUAGES
from .html_report import html_report
from .junit import junit
from .kinds import kind_of
from .messages import Words
from .options import EXAMPLES, Options, OptionsError, read
from .outputs import refuse_paths
from .replay import is_scripted, replay
from .report import ReportError, failure_text, subject_of, summary, to_bytes, why, write_bytes
from .runner import ExpectationError, Report, Result, absent, judge, selected
from .subjects import CALLBACKS, Subject, SubjectError, find

__all__ = ["main"]

COMMANDS = {"matrix": ".matrix", "hunt": ".hunt"}
"""Other commands, each in a module that has `main(arguments, language)`."""
SHOWN = 5
"""How many failures are shown in full; the rest get a line each."""
INTERRUPTED = 3
FULL = (errno.ENOSPC, errno.EDQUOT)
WRITERS: dict[str, Callable[[Report, Words], bytes]] = {
    "json": lambda report, words: to_bytes(report),
    "junit": lambda report, words: junit(report),
    "html": html_report,
}
ERRORS = (SubjectError, ReportError, CaseError, ExpectationError, clauses.ClauseError, vectors.VectorError)


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 if no clause is broken, 1 if one is, 2 if nothing could be judged, 3 if the run was interrupted or the disk is
        full.

    Raises:
        SystemExit: after `--help` and `--version`, and for an argument that cannot be read.
    """
    language, rest = _language(sys.argv[1:] if arguments is None else arguments)
    with _any_letter():
        words = _words(language)
        try:
            return _command(rest, words)
        except OptionsError as error:
            return _refuse(str(error))
        except ERRORS as error:
            return _refuse(words.told(str(error)))
        except KeyboardInterrupt:
            print(f"callback-conformance: {words('interrupted-early')}", file=sys.stderr)
            return INTERRUPTED
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return INTERRUPTED


def _refuse(message: str) -> int:
    print(f"callback-conformance: {message}", file=sys.stderr)
    return 2


def _language(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Take `--lang` out of the arguments if it names a language: all of the help and all errors speak it."""
    for index, argument in enumerate(arguments):
        name, joined, value = argument.partition("=")
        if name != "--lang":
            continue
        values = [value] if joined else arguments[index + 1 : index + 2]
        if values and values[0] in LANGUAGES:
            return values[0], arguments[:index] + arguments[index + (1 if joined else 2) :]
    return None, arguments


@contextlib.contextmanager
def _any_letter() -> Iterator[None]:
    """Spell out letters that the output cannot show, so that none stops the command."""
    before = [(stream, stream.errors) for stream in (sys.stdout, sys.stderr) if hasattr(stream, "reconfigure")]
    for stream, _ in before:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        for stream, errors in before:
            stream.reconfigure(errors=errors)


def _words(asked: str | None) -> Words:
    """Return the words of the language that was asked for, or of the locale; English where they cannot be shown."""
    language = asked or language_of_the_locale()
    if shows(language):
        return Words(language)
    if asked:
        encoding = sys.stdout.encoding
        print(Words()("cannot-show", encoding=encoding, language=language), file=sys.stderr)
    return Words()


def _command(arguments: list[str], words: Words) -> int:
    if arguments and arguments[0] in COMMANDS:
        return _other_command(arguments[0], arguments[1:], words)
    options = read(arguments, words)
    if options.list_clauses:
        list_clauses(options, words)
        return 0
    if options.explain is not None:
        explain(options.explain, words)
        return 0
    refuse_paths(options, words)
    subjects, missing = _subjects(options.subject, options.kind)
    if options.case is not None:
        return _replay(options.case, subjects, words)
    return _judge(subjects, missing, _only(options, subjects, missing, words), options, words)


def _other_command(name: str, arguments: list[str], words: Words) -> int:
    module = f"{__package__}{COMMANDS[name]}"
    try:
        command: Callable[[list[str], str], int] = importlib.import_module(module).main
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return _refuse(words("no-such-command", name=f"callback-conformance {name}"))
    return command(arguments, words.language)


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


def _only(options: Options, subjects: list[Subject], missing: dict[str, str], words: Words) -> set[str] | None:
    """Return the ids of the clauses to judge, or None for all.

    Raises:
        SubjectError: a clause was asked for that no subject can be judged by.
        OptionsError: none of the profiles is of a callback that can be judged.
    """
    if not options.clauses and not options.profiles:
        return None
    known = {clause.id: clause for subject in subjects for clause, _ in selected(subject.kind)}
    for name in options.clauses:
        if name not in known:
            raise SubjectError(missing[_kind(name)])
    wanted = set(options.clauses or known)
    found = {name for name in wanted if not options.profiles or known[name].profile in options.profiles}
    if not found:
        given = [f"--as {options.kind}"] * bool(options.kind) + [f"--profile {name}" for name in options.profiles]
        raise OptionsError(words("no-clause-left", options=" ".join(given)))
    return found


def _kind(clause: str) -> str:
    return kind_of(clauses.load()[clause].group)


def _judge(
    subjects: list[Subject], missing: dict[str, str], only: set[str] | None, options: Options, words: Words
) -> int:
    count = sum(len(selected(subject.kind, only)) for subject in subjects)
    errors = Console(stderr=True)
    silent = options.quiet or not sys.stderr.isatty()
    with Progress(console=errors, transient=True, disable=silent) as progress:
        bar = progress.add_task(words("judging"), total=count)

        def advance(clause: str, result: Result) -> None:
            progress.update(bar, advance=1, description=clause)

        reports = _reports(subjects, only, options, advance)
    if not all(report.finished for report in reports):
        judged = sum(len(report.clauses) for report in reports)
        print(f"callback-conformance: {words('interrupted', judged=judged, all=count)}", file=sys.stderr)
    elif not only:
        reports += [absent(subjects[0], kind, reason) for kind, reason in missing.items()]
    for report in reports:
        _show_failures(report, words)
    return _show(_merge(reports), missing, whole=not only, options=options, words=words)


def _reports(
    subjects: list[Subject], only: set[str] | None, options: Options, advance: Callable[[str, Result], None]
) -> list[Report]:
    """Judge the subjects one after the other; Ctrl-C ends that, and what is judged by then is returned."""
    reports: list[Report] = []
    for subject in subjects:
        done: dict[str, Result] = {}

        def note(clause: str, result: Result, done: dict[str, Result] = done) -> None:
            done[clause] = result
            advance(clause, result)

        quick = options.examples <= EXAMPLES["quick"]
        try:
            report = judge(
                subject, seed=options.seed, examples=options.examples, quick=quick, only=only, on_clause=note
            )
        except KeyboardInterrupt:
            begun = judge(subject, seed=options.seed, examples=options.examples, only=set())
            reports.append(msgspec.structs.replace(begun, clauses=done, finished=False))
            return reports
        reports.append(report)
    return reports


def _merge(reports: list[Report]) -> Report:
    first = reports[0]
    if len(reports) == 1:
        return first
    subject = {**first.subject, "name": first.subject["name"].partition(":")[0], "kind": "all"}
    results = {name: result for report in reports for name, result in report.clauses.items()}
    finished = all(report.finished for report in reports)
    return msgspec.structs.replace(first, subject=subject, clauses=results, finished=finished)


def _show(report: Report, missing: dict[str, str], whole: bool, options: Options, words: Words) -> int:
    if not options.quiet:
        _show_the_rest(report, missing, words)
    written = _save(report, whole, options, words)
    if not report.finished:
        print(words("not-finished"), file=sys.stderr)
    return report.exit_code if report.finished and written else INTERRUPTED


def _show_the_rest(report: Report, missing: dict[str, str], words: Words) -> None:
    Console().print(summary(report, words))
    for clause, result in report.clauses.items():
        if result.reason and result.status not in ("fail", "error") and result.callback not in missing:
            print(_line(clause, result.status, words.told(result.reason), words))
    if report.finished:
        for callback, reason in missing.items():
            print(_line(callback, "unsupported", words.told(reason), words))


def _line(clause: str, status: str, why: str, words: Words) -> str:
    return words("one-line", clause=clause, status=words(f"status-{status}"), why=why)


def _save(report: Report, whole: bool, options: Options, words: Words) -> bool:
    """Write the reports that were asked for; return whether the disk had room, and a named file could be written."""
    wanted = {path: (name, True) for name, path in options.files.items()}
    if whole and options.json is None:
        wanted[FOLDER / _file_name(report)] = ("json", False)
    written = [_write(path, name, named, report, options, words) for path, (name, named) in wanted.items()]
    return all(written)


def _write(path: Path, name: str, named: bool, report: Report, options: Options, words: Words) -> bool:
    """Write one report; where that cannot be, the verdict above stands all the same."""
    try:
        write_bytes(WRITERS[name](report, words), path)
    except OSError as error:
        print(words("report-not-written", path=path, error=error.strerror), file=sys.stderr)
        return not named and error.errno not in FULL
    if not options.quiet:
        print(words("report-written", path=path))
    return True


def _file_name(report: Report) -> str:
    """Return the name of a report in our own folder; one of a run that did not finish stands beside the whole one."""
    parts = (report.subject["package"], report.subject["version"], report.subject["backend"])
    name = "-".join(part for part in parts if part not in ("unknown", "none"))
    return f"{name}.json" if report.finished else f"{name}.unfinished.json"


def _show_failures(report: Report, words: Words) -> None:
    """Print what is broken, the clause whose checks broke most completely first: the others may follow from it."""
    broken = [(clause, result) for clause, result in report.clauses.items() if result.status in ("fail", "error")]
    broken.sort(key=lambda member: _telling(member[1]), reverse=True)
    failures = [(result.failure, result) for _, result in broken if result.failure]
    with contextlib.suppress(OSError):  # where nothing can be kept, --case finds the cases of the vectors only
        keep([failure for failure, _ in failures])
    for failure, result in failures[:SHOWN]:
        print(failure_text(failure, subject_of(report, result.callback), words), end="\n\n")
    shown = {failure.clause for failure, _ in failures[:SHOWN]}
    for clause, result in broken:
        if clause not in shown:
            told = why(result.failure, words) if result.failure else words.told(result.reason or "")
            print(f"{_line(clause, result.status, told, words)}  {words('shown-by', clause=clause)}")


def _telling(result: Result) -> tuple[int, float, int]:
    """A broken law says more than a broken case, and all checks of a clause more than one of them."""
    return result.broken_laws, result.broken / max(1, result.checks), result.broken


def _replay(name: str, subjects: list[Subject], words: Words) -> int:
    clause = name.partition("/")[0]
    subject = next((subject for subject in subjects if clause in _ids(subject.kind)), None)
    if subject is None:
        kinds = ", ".join(subject.kind for subject in subjects)
        raise OptionsError(words("case-of-another", name=name, clause=clause, kinds=kinds))
    scenario = find_case(name, subject)
    if not is_scripted(clause, scenario):
        raise OptionsError(words("case-by-hand", name=name, clause=clause))
    text, holds = replay(subject, clause, scenario, words)
    print(text)
    return 0 if holds else 1


def _ids(kind: str) -> set[str]:
    return {clause.id for clause, _ in selected(kind)}


if __name__ == "__main__":
    sys.exit(main())
