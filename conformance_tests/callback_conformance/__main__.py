"""The command line: judge a callback by the contract, and say which clauses hold."""

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress

from . import clauses, vectors
from .cases import FOLDER, CaseError, find_case, keep
from .catalogue import explain, list_clauses
from .clauses import LANGUAGES
from .guard import FULL
from .html_report import html_report
from .junit import junit
from .messages import Words, of_the_reader
from .options import EXAMPLES, Options, OptionsError, read
from .outputs import refuse_paths
from .replay import is_scripted, replay
from .report import ReportError, failure_text, subject_of, summary, to_bytes, why, write_bytes
from .runner import ExpectationError, Report, Result, selected
from .subjects import CALLBACKS, Subject, SubjectError, find
from .supervise import INTERRUPTED, judge_apart, workers
from .worker import Task

__all__ = ["main"]

COMMANDS = {"matrix": ".matrix", "hunt": ".hunt"}
"""Other commands, each in a module that has `main(arguments, language)`."""
SHOWN = 5
"""How many failures are shown in full; the rest get a line each."""
CUT_OFF = 3
REMARKABLE = ("pass", "known", "unsupported", "blocked")
"""The statuses whose reason gets a line; failures are shown in full, and a run that is cut off says so once."""
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
            return CUT_OFF
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return CUT_OFF


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
    """Return the words of the reader's language; where it was asked for and cannot be shown, say so."""
    words = of_the_reader(asked)
    if asked and words.language != asked:
        print(words("cannot-show", encoding=sys.stdout.encoding, language=asked), file=sys.stderr)
    return words


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
    if options.case is not None:
        return _replay(options.case, options, words)
    return _judge(options, words)


def _other_command(name: str, arguments: list[str], words: Words) -> int:
    module = f"{__package__}{COMMANDS[name]}"
    try:
        command: Callable[[list[str], str], int] = importlib.import_module(module).main
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return _refuse(words("no-such-command", name=f"callback-conformance {name}"))
    return command(arguments, words.language)


def _judge(options: Options, words: Words) -> int:
    only = _only(options)
    kinds = [kind for kind in _kinds(options) if only is None or only & _ids(kind)]
    task = Task(
        subject=options.subject,
        kinds=kinds,
        seed=options.seed,
        examples=options.examples,
        quick=options.examples <= EXAMPLES["quick"],
        only=sorted(only) if only else None,
        limit=options.limit,
    )
    count = sum(len(selected(kind, only)) for kind in kinds)
    silent = options.quiet or not sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=silent) as progress:
        bar = progress.add_task(words("judging"), total=count)

        def begin(kind: str, clause: str) -> None:
            progress.update(bar, description=clause)

        def advance(kind: str, clause: str, result: Result) -> None:
            progress.update(bar, advance=1)

        reports = judge_apart(task, processes=options.jobs or workers(), on_begin=begin, on_clause=advance)
    for report in reports:
        _show_failures(report, words)
    return _show(_merge(reports), _missing(reports), whole=not only, options=options, words=words)


def _kinds(options: Options) -> list[str]:
    """Return the kinds of callback to judge: that of one class, or all of a module.

    Raises:
        SubjectError: there is no such class, or no clauses for its own name, and no other kind was named.
    """
    named = options.subject.partition(":")[2]
    if named and not options.kind and named not in CALLBACKS:
        find(options.subject)
    return options.kinds


def _only(options: Options) -> set[str] | None:
    """Return the ids of the clauses to judge, or None for all."""
    if not options.clauses and not options.profiles:
        return None
    known = {clause.id: clause for kind in options.kinds for clause, _ in selected(kind)}
    wanted = set(options.clauses or known)
    return {name for name in wanted if not options.profiles or known[name].profile in options.profiles}


def _missing(reports: list[Report]) -> dict[str, str]:
    """Return the kinds of which nothing was judged, with the reason."""
    found = {}
    for report in reports:
        results = list(report.clauses.values())
        reasons = {result.reason for result in results}
        if len(reasons) == 1 and all(result.status == "unsupported" and not result.checks for result in results):
            found[report.subject["kind"]] = str(*reasons)
    return found


def _merge(reports: list[Report]) -> Report:
    first = reports[0]
    if len(reports) == 1:
        return first
    return msgspec.structs.replace(
        first,
        subject={**first.subject, "name": first.subject["name"].partition(":")[0], "kind": "all"},
        clauses={name: result for report in reports for name, result in report.clauses.items()},
        remarks=[remark for report in reports for remark in report.remarks],
        finished=all(report.finished for report in reports),
    )


def _show(report: Report, missing: dict[str, str], whole: bool, options: Options, words: Words) -> int:
    if not options.quiet:
        _show_the_rest(report, missing, words)
    written = _save(report, whole, options, words)
    if not report.finished:
        judged = sum(result.status != "not-run" for result in report.clauses.values())
        cut = any(remark.endswith(f": {INTERRUPTED}") for remark in report.remarks)
        key = "interrupted" if cut else "not-finished"
        print(words(key, judged=judged, all=len(report.clauses)), file=sys.stderr)
    return report.exit_code or (0 if written else CUT_OFF)


def _show_the_rest(report: Report, missing: dict[str, str], words: Words) -> None:
    Console().print(summary(report, words))
    for clause, result in report.clauses.items():
        if result.reason and result.status in REMARKABLE and result.callback not in missing:
            print(_line(clause, result.status, words.told(result.reason), words))
    for callback, reason in missing.items():
        print(_line(callback, "unsupported", words.told(reason), words))
    for remark in report.remarks:
        if not remark.endswith(f": {INTERRUPTED}"):  # which one line says of all kinds
            print(words.told(remark))


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


def _replay(name: str, options: Options, words: Words) -> int:
    clause = name.partition("/")[0]
    kinds = _kinds(options)
    kind = next((kind for kind in kinds if clause in _ids(kind)), None)
    if kind is None:
        raise OptionsError(words("case-of-another", name=name, clause=clause, kinds=", ".join(kinds)))
    subject = _subject(options.subject, kind)
    scenario = find_case(name, subject)
    if not is_scripted(clause, scenario):
        raise OptionsError(words("case-by-hand", name=name, clause=clause))
    text, holds = replay(subject, clause, scenario, words)
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
