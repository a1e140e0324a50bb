"""The command `matrix`: what it accepts, and what it does in which order."""

import argparse
import errno
import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
from rich.console import Console

from .. import clauses
from ..kinds import KINDS
from ..messages import Words
from ..options import EXAMPLES, Parser
from ..report import write_bytes
from ..supervise import workers
from .columns import Column, load, select
from .derive import Span, derive, disagreements, line_of, write_fields
from .environments import Cache, cache_folder
from .local import Local
from .missing import Missing, missing
from .parts import Part
from .run import Engine, Matrix, Outcome, Settings
from .show import as_data, show
from .words import MatrixError, say

__all__ = ["run"]

OUT = Path(".callback-conformance/matrix")


def run(arguments: list[str], language: str) -> int:
    """Run the command; return 0 if nothing is broken, 1 if something is or a column failed, 2 if nothing was judged."""
    options = _parser(language).parse_args(arguments)
    try:
        return _command(options, language)
    except MatrixError as error:
        return _refuse(error, language)
    except OSError as error:  # such as a full disk: the parts that are whole stay
        return _refuse(MatrixError("cannot-write", folder=error.filename or options.out, why=error.strerror), language)
    except KeyboardInterrupt:
        print(f"\ncallback-conformance matrix: {say('interrupted', language)}", file=sys.stderr, flush=True)
        os._exit(130)  # threads that wait for processes would go on waiting


def _refuse(error: MatrixError, language: str) -> int:
    print(f"callback-conformance matrix: {error.text(language)}", file=sys.stderr)
    return 2


def _parser(language: str) -> argparse.ArgumentParser:
    told = Words(language)

    def words(option: str) -> str:
        folder = {"out": OUT, "envs": cache_folder()}.get(option, "")
        return say(f"help-{option}", language, folder=folder).replace("%", "%%")

    parser = Parser(told, "callback-conformance matrix", words("matrix"), words("exit"))
    add = parser.add_argument
    add("--columns", type=_listed, default=[], metavar="A,B*", help=words("columns"))
    add("--columns-file", type=Path, metavar="FILE", help=words("columns-file"))
    add("--callbacks", type=_listed, default=[], metavar="A,B", help=words("callbacks"))
    add("--examples", default="default", metavar="N", help=words("examples"))
    add("--seed", "--seeds", dest="seeds", default="0", metavar="A-B", help=words("seeds"))
    add("--limit", type=float, metavar="S", help=words("limit"))
    add("--out", type=Path, default=OUT, metavar="FOLDER", help=words("out"))
    add("--envs", type=Path, metavar="FOLDER", help=words("envs"))
    add("--jobs", type=int, metavar="N", help=words("jobs"))
    add("--engine", choices=("local", "ray"), default="local", help=words("engine"))
    add("--address", metavar="ADDRESS", help=words("address"))
    add("--fresh", action="store_true", help=words("fresh"))
    add("--dry-run", action="store_true", help=words("dry-run"))
    add("--derive", action="store_true", help=words("derive"))
    add("--results", type=Path, metavar="FOLDER", help=words("results"))
    add("--write", action="store_true", help=words("write"))
    add("--json", type=Path, metavar="FILE", help=words("json"))
    languages = ", ".join(clauses.LANGUAGES)
    add("--lang", metavar="LANG", help=told("help-lang", languages=languages))  # taken out of the line by `main`
    add("-h", "--help", action="help", help=told("help-help"))
    return parser


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _command(options: argparse.Namespace, language: str) -> int:
    if options.derive:
        return _derive(options, language)
    settings = _settings(options)
    if options.json:
        _refuse_a_folder(options.json)
    environments, columns = load(options.columns_file)
    cache = Cache(options.envs or cache_folder(), environments)
    chosen = select(columns, options.columns)
    matrix = Matrix(chosen, settings, cache, _folder(options.out), options.fresh)
    console, errors = Console(), Console(stderr=True)
    _announce(matrix, errors, language, installs=options.engine == "local")
    if options.dry_run:
        return 0
    outcomes = _run(matrix, options, errors, language)
    found = missing(outcomes, matrix.place, {name: column.subject for name, column in chosen.items()})
    show(outcomes, found, console, language)
    for file in (matrix.store.folder / "summary.json", *([options.json] if options.json else [])):
        write_bytes(msgspec.json.format(msgspec.json.encode(as_data(outcomes, found)), indent=1) + b"\n", file)
    console.print(say("results-in", language, folder=matrix.store.folder / "results"), highlight=False, soft_wrap=True)
    if not any(outcome.report for outcome in outcomes.values()):
        errors.print(say("nothing-judged", language), highlight=False)
    return _exit_code(outcomes, found)


def _derive(options: argparse.Namespace, language: str) -> int:
    """Compare what the results say with the clauses' fields; return 1 if they disagree and nothing was written."""
    folder = options.results or options.out / "results"
    line = line_of(folder)
    spans = derive(line)
    if options.write:
        for file in write_fields(spans):
            print(say("written", language, file=file))
    wrong = disagreements(spans, clauses.load())
    for name, span, since, until in wrong:
        found = _in_words(span, language)
        said = _in_words(Span("span" if since or until else "always", since, until), language)
        print(say("disagrees", language, clause=name, found=found, said=said))
    counts = Counter(span.how for span in spans.values())
    print(
        say("derived", language, clauses=len(spans), releases=len(line), count=len(wrong), always=counts["always"],
            never=counts["never"], span=counts["span"], mixed=counts["mixed"])
    )  # fmt: skip
    return 1 if wrong else 0


def _in_words(span: Span, language: str) -> str:
    if span.how != "span":
        return say(f"span-{span.how}", language)
    key = "both" if span.since and span.until else "since" if span.since else "until"
    return say(f"span-{key}", language, since=span.since, until=span.until)


def _settings(options: argparse.Namespace) -> Settings:
    examples = _count("--examples", options.examples, EXAMPLES)
    for kind in options.callbacks:
        if kind not in KINDS:
            raise MatrixError("bad-option", option="--callbacks", value=kind, accepted=", ".join(KINDS))
    if options.jobs is not None and options.jobs < 1:
        raise MatrixError("bad-option", option="--jobs", value=options.jobs, accepted="1, 2, 3, …")
    if options.limit is not None and not options.limit > 0:
        raise MatrixError("bad-option", option="--limit", value=options.limit, accepted="> 0")
    if options.address and options.engine != "ray":
        raise MatrixError("address-without-ray", address=options.address)
    return Settings(
        kinds=options.callbacks or list(KINDS), seeds=_seeds(options.seeds), examples=examples,
        quick=examples <= EXAMPLES["quick"], limit=options.limit,
    )  # fmt: skip


def _count(option: str, text: str, named: dict[str, int]) -> int:
    count = named.get(text) or (int(text) if text.isdecimal() else 0)
    if count < 1:
        raise MatrixError("bad-option", option=option, value=text, accepted=", ".join([*named, "1, 2, 3, …"]))
    return count


def _seeds(text: str) -> list[int]:
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()) or (dash and int(last) < int(first)):
        raise MatrixError("bad-option", option="--seeds", value=text, accepted="0, 7, 0-99")
    return list(range(int(first), int(last or first) + 1))


def _refuse_a_folder(file: Path) -> None:
    if file.is_dir() or not file.name:
        raise MatrixError("cannot-write", folder=file, why=os.strerror(errno.EISDIR))
    _folder(file.parent)


def _folder(folder: Path) -> Path:
    """Return the folder of the results, after making sure that something can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MatrixError("cannot-write", folder=folder, why=error.strerror) from error
    if not os.access(folder, os.W_OK):
        raise MatrixError("cannot-write", folder=folder, why=os.strerror(errno.EACCES))
    return folder.resolve()


def _announce(matrix: Matrix, console: Console, language: str, installs: bool) -> None:
    """Say of each column what is done and what it needs, and how much there is to download, if that is done here."""
    wanted: dict[Path, tuple[int, int]] = {}
    for name, column in matrix.columns.items():
        left = matrix.left(name)
        missing = matrix.cache.missing(column) if left and installs else []
        wanted |= {folder: _cost(matrix.cache, column, folder) for folder in missing}
        key = "column-needs" if missing else "column-ready"
        done = len(matrix.parts(name)) - len(left)
        what = ", ".join(folder.name for folder in missing)
        words = say(key, language, column=name, done=done, parts=len(matrix.parts(name)), what=what)
        console.print(words, highlight=False, markup=False)
    if wanted:
        megabytes, seconds = (sum(cost) for cost in zip(*wanted.values(), strict=True))
        console.print(
            say("to-install", language, count=len(wanted), megabytes=megabytes, minutes=max(1, round(seconds / 60)),
                folder=matrix.cache.folder), highlight=False, markup=False,
        )  # fmt: skip


def _cost(cache: Cache, column: Column, folder: Path) -> tuple[int, int]:
    if folder.name.startswith("overlay-"):
        return column.megabytes, 2
    environment = cache.environments[column.environment]
    return environment.megabytes, environment.seconds


def _run(matrix: Matrix, options: argparse.Namespace, console: Console, language: str) -> dict[str, Outcome]:
    done = {name: len(matrix.parts(name)) - len(matrix.left(name)) for name in matrix.columns}

    def keep(part: Part) -> None:
        matrix.store.keep(part)
        done[part.column] += 1
        what = part.kind if part.seed is None else f"{part.kind} ({part.seed})"
        total = len(matrix.parts(part.column))
        if console.is_terminal or done[part.column] == total:
            text = say("part-done", language, column=part.column, what=what, done=done[part.column], parts=total)
            console.print(text, highlight=False, markup=False)

    return matrix.run(_engine(options, keep, matrix))


def _engine(options: argparse.Namespace, keep: Callable[[Part], None], matrix: Matrix) -> Engine:
    if options.engine == "ray":
        from .on_ray import OnRay

        return OnRay(keep, matrix.cache, options.address, options.jobs)
    return Local(keep, matrix.place, options.jobs or workers())


def _exit_code(outcomes: dict[str, Outcome], found: list[Missing]) -> int:
    reports = [outcome.report for outcome in outcomes.values() if outcome.report is not None]
    if not reports:
        return 2
    whole = len(reports) == len(outcomes) and all(report.finished for report in reports)
    return 0 if whole and not found and all(report.exit_code == 0 for report in reports) else 1
