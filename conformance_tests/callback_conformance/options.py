"""The options of the command line: what they are called, what they mean in four languages, and what they refuse."""

import argparse
import difflib
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn, get_args

import msgspec
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from . import __version__, clauses
from .book import title
from .cases import FOLDER
from .guard import KERAS_LIMIT, LIMIT
from .kinds import KINDS, kind_of
from .messages import Words

__all__ = ["EXAMPLES", "PROFILES", "Options", "OptionsError", "Parser", "near", "parser", "read"]

DEFAULT = "keras.callbacks"
EXAMPLES = {"quick": 20, "default": 200, "deep": 5000}
PROFILES: tuple[str, ...] = get_args(clauses.Clause.__annotations__["profile"])
FITTING = {
    "--case": {"--as", "--case", "--lang"},
    "--list-clauses": {"--list-clauses", "--as", "--profile", "--clause", "--lang"},
    "--explain": {"--explain", "--lang"},
}
"""What can stand beside an option that asks for something else than a judgement."""


class OptionsError(Exception):
    """The options make no sense together; the message says which, in the reader's language."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the command was asked for.

    Args:
        subject: module:Class, or a module.
        kind: the Keras callback that the class stands for.
        profiles: profiles of clauses; all if empty.
        clauses: ids of clauses; all if empty.
        case: the case to replay.
        seed: chooses the generated scenarios.
        examples: scenarios for each generating check.
        limit: seconds that a scenario may take, if other than usual.
        jobs: how many processes judge at a time; None for as many as cores and memory allow.
        json: where the report goes.
        junit: where the report for CI goes.
        html: where the report as a page goes.
        quiet: print nothing but what is broken.
        list_clauses: list the clauses.
        explain: the clause to explain.
    """

    subject: str
    kind: str | None
    profiles: list[str]
    clauses: list[str]
    case: str | None
    seed: int
    examples: int
    limit: float | None
    jobs: int | None
    json: Path | None
    junit: Path | None
    html: Path | None
    quiet: bool
    list_clauses: bool
    explain: str | None

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of callback that may be judged, as far as the names tell."""
        if self.kind:
            return [self.kind]
        named = self.subject.partition(":")[2]
        return [named] if named in KINDS else list(KINDS)

    @property
    def files(self) -> dict[str, Path]:
        """Return the files to be written, by the name of their option."""
        named = {"json": self.json, "junit": self.junit, "html": self.html}
        return {name: path for name, path in named.items() if path is not None}


def read(arguments: list[str], words: Words) -> Options:
    """Return what the arguments ask for.

    Raises:
        OptionsError: options contradict each other, or name what does not exist.
        SystemExit: with 2 for an argument that cannot be read, with 0 after help or version.
    """
    known = parser(words)
    space = known.parse_args(arguments)
    given = {argument.partition("=")[0] for argument in arguments if argument.startswith("--")} - {"--"}
    _refuse_contradictions(given, space.subject, words)
    options = Options(
        subject=space.subject or DEFAULT, kind=space.kind, profiles=space.profile, clauses=space.clause,
        case=space.case, seed=space.seed, examples=space.examples, limit=space.limit, jobs=space.jobs,
        json=space.json, junit=space.junit, html=space.html,
        quiet=space.quiet, list_clauses=space.list_clauses, explain=space.explain,
    )  # fmt: skip
    if options.explain is not None and options.explain not in clauses.load():
        raise OptionsError(
            words("no-such-clause", option="explain", name=options.explain) + _near_clause(options, words)
        )
    for name in options.clauses:
        _refuse_unknown_clause(name, options, words)
    _refuse_nothing(options, words)
    return options


def _refuse_nothing(options: Options, words: Words) -> None:
    """Refuse profiles of which the callback has no clause."""
    groups = {group for kind in options.kinds for group in KINDS[kind].groups}
    profiles = {clause.profile for clause in clauses.load().values() if clause.group in groups}
    if options.profiles and not profiles & set(options.profiles):
        kind = f"--as {options.kind}" if options.kind else options.subject
        given = " ".join([kind, *(f"--profile {name}" for name in options.profiles)])
        raise OptionsError(words("no-clause-left", options=given))


def _clause_id(text: str) -> str:
    """Return an id as it is written in the contract: `es-9` means ES-09."""
    group, dash, number = text.upper().partition("-")
    return f"{group}{dash}{number.zfill(2)}" if dash else group


def _refuse_contradictions(given: set[str], subject: str | None, words: Words) -> None:
    for asked, fitting in FITTING.items():
        other = sorted(given - fitting)
        if asked in given and other:
            raise OptionsError(words("contradiction", one=asked, other=other[0]))
        if asked in given and subject and asked != "--case":
            raise OptionsError(words("subject-not-judged", option=asked, subject=subject))


def _refuse_unknown_clause(name: str, options: Options, words: Words) -> None:
    clause = clauses.load().get(name)
    kind = kind_of(clause.group) if clause else None
    if clause is None or kind not in options.kinds:
        text = words("no-clause-of", name=name, kinds=options.kinds[0])
        if len(options.kinds) > 1:
            text = words("no-such-clause", option="clause", name=name)
        hint = words("clause-of-another", kind=kind) if clause else near(name, _ids(options.kinds), words)
        raise OptionsError(text + hint)
    if clause.status == "withdrawn" and not options.list_clauses:
        raise OptionsError(words("clause-withdrawn", name=name))
    if options.profiles and clause.profile not in options.profiles:
        profiles = ", ".join(options.profiles)
        raise OptionsError(words("clause-of-other-profile", name=name, profiles=profiles, profile=clause.profile))


def _ids(kinds: Iterable[str]) -> list[str]:
    groups = {group for kind in kinds for group in KINDS[kind].groups}
    return [clause.id for clause in clauses.load().values() if clause.group in groups]


def _near_clause(options: Options, words: Words) -> str:
    return near(options.explain or "", clauses.load(), words)


def near(name: str, known: Iterable[str], words: Words) -> str:
    """Return the question whether one of the names that look like this one was meant, or nothing."""
    by_fold = {member.casefold(): member for member in known}
    found = difflib.get_close_matches(name.casefold(), by_fold, n=3, cutoff=0.6)
    return words("near-one", names=", ".join(by_fold[member] for member in found)) if found else ""


def parser(words: Words) -> "Parser":
    """Return the parser, with its help in one language."""
    about = words("help-about", title=title(words.language))
    made = Parser(words, "callback-conformance", about, f"{words('help-exit')}\n\n{words('help-commands')}")
    subject, options, reports, reading = (
        made.add_argument_group(words(f"help-{name}")) for name in ("subjects", "options", "reports", "reading")
    )
    subject.add_argument(
        "subject", nargs="?", metavar=words("metavar-subject"), help=words("help-subject", default=DEFAULT)
    )
    kinds = ", ".join(KINDS)
    subject.add_argument(
        "--as", dest="kind", metavar="KIND", type=made.one_of(KINDS), help=words("help-as", kinds=kinds)
    )
    profiles = ", ".join(PROFILES)
    subject.add_argument(
        "--profile",
        action="append",
        default=[],
        metavar="PROFILE",
        type=made.one_of(PROFILES),
        help=words("help-profile", profiles=profiles),
    )
    subject.add_argument(
        "--clause", action="append", default=[], metavar="ID", type=_clause_id, help=words("help-clause")
    )
    subject.add_argument("--case", metavar="ID/CASE", help=words("help-case"))
    options.add_argument("--seed", type=made.whole, default=0, metavar="N", help=words("help-seed", default=0))
    options.add_argument(
        "--examples", type=made.examples, default="default", metavar="N", help=words("help-examples", **EXAMPLES)
    )
    options.add_argument(
        "--limit",
        type=made.seconds,
        metavar="SECONDS",
        help=words("help-limit", default=f"{LIMIT:g}", keras=f"{KERAS_LIMIT:g}"),
    )
    options.add_argument("--jobs", type=made.count, metavar="N", help=words("help-jobs"))
    reports.add_argument("--json", type=Path, metavar="FILE", help=words("help-json", folder=FOLDER))
    reports.add_argument("--junit", type=Path, metavar="FILE", help=words("help-junit"))
    reports.add_argument("--html", type=Path, metavar="FILE", help=words("help-html"))
    reports.add_argument("--quiet", action="store_true", help=words("help-quiet"))
    reading.add_argument("--list-clauses", action="store_true", help=words("help-list-clauses"))
    reading.add_argument("--explain", metavar="ID", type=_clause_id, help=words("help-explain"))
    languages = ", ".join(clauses.LANGUAGES)
    options.add_argument(
        "--lang", type=made.one_of(clauses.LANGUAGES), metavar="LANG", help=words("help-lang", languages=languages)
    )
    version = f"callback-conformance {__version__}, {title(words.language)}"
    options.add_argument("--version", action="version", version=version, help=words("help-version"))
    options.add_argument("-h", "--help", action="help", help=words("help-help"))
    return made


class Parser(argparse.ArgumentParser):
    """A parser that speaks one of the four languages, and says what is wrong in one line.

    Args:
        words: of the language.
        prog: the name of the command.
        description: what it does.
        epilog: what else there is to know.
    """

    def __init__(self, words: Words, prog: str, description: str, epilog: str) -> None:
        self.words = words
        super().__init__(
            prog=prog, description=description, epilog=epilog, add_help=False, allow_abbrev=False,
            formatter_class=lambda prog: Help(prog, words),
        )  # fmt: skip
        self._positionals.title, self._optionals.title = words("help-subjects"), words("help-options")

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong, and leave with 2."""
        self.exit(2, f"{self.prog}: {self.words.told(message)}\n")

    def one_of(self, names: Iterable[str]) -> Callable[[str], str]:
        """Return a type that takes one of these names only."""
        known = tuple(names)

        def choose(text: str) -> str:
            if text not in known:
                wanted = self.words("no-such-choice", value=text, choices=", ".join(known))
                raise argparse.ArgumentTypeError(wanted + near(text, known, self.words))
            return text

        return choose

    def whole(self, text: str) -> int:
        """Read a whole number."""
        try:
            return int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(self.words("seed-wanted", value=text)) from None

    def examples(self, text: str) -> int:
        """Read a number of examples, or a word for one."""
        count = EXAMPLES.get(text) or (int(text) if text.isdecimal() else 0)
        if count < 1:
            raise argparse.ArgumentTypeError(self.words("examples-wanted", value=text))
        return count

    def count(self, text: str) -> int:
        """Read a number from 1."""
        if not text.isdecimal() or int(text) < 1:
            raise argparse.ArgumentTypeError(self.words("count-wanted", value=text))
        return int(text)

    def seconds(self, text: str) -> float:
        """Read a number of seconds above 0."""
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not (0 < number < math.inf):
            raise argparse.ArgumentTypeError(self.words("limit-wanted", value=text))
        return number


class Help(argparse.HelpFormatter):
    """Help in one language, wrapped by the width that its characters take on the screen."""

    def __init__(self, prog: str, words: Words) -> None:
        super().__init__(prog, max_help_position=28)
        self.words = words

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin with the word for usage."""
        super().add_usage(usage, actions, groups, self.words("help-usage") if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n\n".join("\n".join(indent + line for line in _wrapped(part, width)) for part in text.split("\n\n"))


def _wrapped(text: str, width: int) -> list[str]:
    """Return lines that are no wider than the columns; Chinese and Korean characters take two."""
    if cell_len(text) <= width:
        return [text]
    console = Console(width=width)
    return [line.plain.rstrip() for line in Text(text).wrap(console, width)]
