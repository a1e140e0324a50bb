"""The command `hunt`: look beyond the default run for scenarios in which a subject differs from the reference.

A difference is told by its kind of callback, the first column of the trace that differs, and the clause that owns it.
Each new one is shrunk, and becomes a vector that can be pasted into a file of `vectors/`.
"""

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from . import clauses
from .cases import keep
from .checks import Bench, Broken, draw, remembered
from .clauses import LANGUAGES
from .difference import draws_numpy
from .guard import KERAS_LIMIT, LIMIT, Hang, Limit
from .kinds import KINDS
from .messages import Words
from .options import EXAMPLES, Parser
from .play import Row, Trace
from .report import failure_text, write_bytes
from .runner import Failure, Report, _guarded, _prepare, judge
from .scenarios import Scenario, case_id, from_json, to_json
from .subjects import CALLBACKS, Subject, SubjectError, Unsupported, find

__all__ = ["Difference", "Hunt", "hunted", "main"]

UNTOLD = ("hook", "epoch", "printed", "warned", "message")
"""Columns of a trace that are no effects, or differ in words only."""

MOMENTS = {"on_epoch_end": "epochs", "on_train_batch_end": "batches"}
ROUND = {False: 500, True: 50}
"""Draws in a round of one kind, by whether its callback writes files or sends requests."""

HOUR = 3600.0
DIFFERS = "the trace differs from the reference's"


class Mark(NamedTuple):
    """What tells one difference from another."""

    kind: str
    column: str
    clause: str


class Difference(msgspec.Struct, frozen=True):
    """A scenario, as simple as it gets, in which the subject does something else than the reference."""

    mark: Mark
    failure: Failure
    vector: dict[str, Any]


class _Late(BaseException):
    """The time is over."""


class Hunt:
    """Looks for differences of one subject.

    Args:
        subject: what is hunted in; a kind for which `hunted` is true.
        seed: of the first round; each round has another.
        database: a folder that hunters of the same subject share, or None.
        examples: of the run whose findings are known beforehand.
    """

    def __init__(self, subject: Subject, seed: int, database: Path | None, examples: int) -> None:
        self.subject, self.seed, self.database = subject, seed, _opened(database)
        limit = KERAS_LIMIT if subject.is_keras else LIMIT
        self.bench = Bench(subject, seed, limit=Limit(limit))
        self.known: set[Mark] = set()
        self.until = float("inf")
        self.blocked: list[str] = []
        self._examples = examples

    def learn(self) -> Report:
        """Judge the subject as the default run does: what that finds is no news."""
        quick = self._examples <= EXAMPLES["quick"]
        report = judge(self.subject, seed=self.seed, examples=self._examples, quick=quick)
        net = self._net()
        self.blocked = _prepare(self.bench, net, report)
        failure = report.clauses[net.id].failure
        if failure is not None and failure.scenario:
            with contextlib.suppress(Unsupported):
                self._note(self._mark(from_json(failure.scenario)))
        return report

    def shared(self) -> Iterator[Difference]:
        """Yield the new differences among the scripts that other hunters have left in the database."""
        from hypothesis.database import choices_from_bytes

        for value in list(self.database.fetch(self._key)) if self.database else []:
            choices = choices_from_bytes(value)
            if choices and isinstance(choices[0], bytes):
                found = self._look_at(choices[0])
                if found:
                    yield found

    def round(self, number: int) -> Difference | None:
        """Draw for one round; return the first new difference, shrunk.

        Raises:
            Hang: a scenario takes longer than it may.
        """
        strategy = self._strategy()
        kind = KINDS[self.subject.kind]
        last = [b""]

        def test(scripts: list[bytes]) -> None:
            for last[0] in scripts:
                if time.monotonic() > self.until:
                    raise _Late
                scenario = strategy.read(last[0])
                if self._new(scenario) is not None:
                    raise Broken(DIFFERS, scenario)

        self.bench.seed = self.seed + number
        try:
            with _guarded(self.bench), self.bench.drawing(ROUND[kind.in_a_folder or kind.sees_requests]):
                draw(self.bench, strategy.several, test, shrink=False)
        except Broken:
            return self._look_at(last[0])
        except _Late:
            return None
        return None

    def _look_at(self, data: bytes) -> Difference | None:
        """Return the difference that a script shows, shrunk, if it is new; from then on it is known."""
        with _guarded(self.bench):
            mark = self._new(self._strategy().read(data))
            if mark is None:
                return None
            written = self._shrunk(data, mark)
            self._note(mark)
            difference = self._told(mark, self._strategy().read(written))
        self._share(written)
        return difference

    def _share(self, written: bytes) -> None:
        """Leave a script to the hunters that share the database."""
        from hypothesis.database import choices_to_bytes

        if self.database:
            self.database.save(self._key, choices_to_bytes((written,)))

    def _shrunk(self, data: bytes, mark: Mark) -> bytes:
        from hypothesis import HealthCheck, Phase, find, settings
        from hypothesis.errors import NoSuchExample

        strategy = self._strategy()
        asked = settings(
            max_examples=1000,
            database=remembered(data),
            deadline=None,
            phases=[Phase.reuse, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        try:
            written: bytes = find(
                strategy.written,
                lambda script: self._new(strategy.read(script)) == mark,
                settings=asked,
                database_key=self._key,
            )
        except NoSuchExample:  # it does not happen each time
            return data
        return written

    def _new(self, scenario: Scenario) -> Mark | None:
        if self.bench.excluded(scenario):
            return None
        try:
            mark = self._mark(scenario)
        except Unsupported:
            return None
        return None if mark in self.known else mark

    def _mark(self, scenario: Scenario) -> Mark | None:
        found = _differing(self.bench, self.bench.reference(scenario), self.bench.play(scenario))
        if not found:
            return None
        column = found[0]
        owner = KINDS[self.subject.kind].owners.get(column, "")
        return Mark(self.subject.kind, column, owner or self._net().id)

    def _note(self, mark: Mark | None) -> None:
        if mark is not None:
            self.known.add(mark)

    def _told(self, mark: Mark, scenario: Scenario) -> Difference:
        expected, got = self.bench.reference(scenario), self.bench.play(scenario)
        columns = _differing(self.bench, expected, got)
        rows = [[{"at": _at(row), **_effects(row)} for row in trace[1:] or trace] for trace in (expected, got)]
        failure = Failure(mark.clause, "hunt", "difference", DIFFERS, case_id(scenario), to_json(scenario), *rows)
        return Difference(mark, failure, _vector(mark.clause, scenario, columns, expected, got))

    def _strategy(self) -> Any:
        made = _strategy_of(self.subject.kind)
        return made(self.bench.supports, numpy=draws_numpy(self.bench)) if made else None

    def _net(self) -> clauses.Clause:
        group = KINDS[self.subject.kind].group
        return next(clause for clause in clauses.load().values() if _is_net(clause, group))

    @property
    def _key(self) -> bytes:
        return f"{self.subject.name} as {self.subject.kind}".encode()


def hunted(kind: str) -> bool:
    """Tell whether whole scenarios are generated for a kind, and compared with the reference moment by moment."""
    group = KINDS[kind].group
    return kind != "TensorBoard" and _strategy_of(kind) is not None and group != "life_cycle"


def _strategy_of(kind: str) -> Callable[..., Any] | None:
    from . import strategies

    return getattr(strategies, KINDS[kind].group, None)


def _is_net(clause: clauses.Clause, group: str) -> bool:
    return clause.group == group and clause.slug == "nothing-else"


def _opened(folder: Path | None) -> Any:
    if folder is None:
        return None
    from hypothesis.database import DirectoryBasedExampleDatabase

    return DirectoryBasedExampleDatabase(folder.absolute())  # a hunt works in folders of its own


def _differing(bench: Bench, expected: Trace, got: Trace) -> list[str]:
    """Return the columns that differ, the first to do so first; "stop" where only the traces' lengths do."""
    owners = KINDS[bench.subject.kind].owners
    found: dict[str, None] = {}
    for left, right in zip(expected, got, strict=False):
        if left["hook"] != right["hook"]:
            break
        for name, value in left.items():
            known = name in UNTOLD or name not in right or owners.get(name, "") in bench.ignored
            if not known and value != right[name]:
                found[name] = None
    if not found and len(expected) != len(got):
        return ["stop"]
    return list(found)


def _at(row: Row) -> str:
    return row["hook"] if row["epoch"] is None else str(row["epoch"])


def _effects(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in UNTOLD}


def _vector(clause: str, scenario: Scenario, columns: list[str], expected: Trace, got: Trace) -> dict[str, Any]:
    """Return a case of `vectors/`: the scenario, and the reference's columns wherever one of them differs."""
    written = to_json(scenario)
    case = {"clause": clause, "name": f"hunted {case_id(scenario)}", "arguments": written.pop("arguments", {})}
    case |= {"files": written.pop("files")} if "files" in written else {}
    case |= {"scenario": written, "expect": _expect(columns, expected, got)}
    return case


def _expect(columns: list[str], expected: Trace, got: Trace) -> dict[str, Any]:
    expect: dict[str, Any] = {}
    for hook in dict.fromkeys(row["hook"] for row in expected):
        rows = [row for row in expected if row["hook"] == hook]
        seen = [row for row in got if row["hook"] == hook]
        names = [name for name in columns if any(name in row for row in rows) and _differ(name, rows, seen)]
        if names and any(row["raise"] for row in rows):
            names = list(dict.fromkeys([*names, "raise"]))
        wanted = {name: [row.get(name, "nothing") for row in rows] for name in names}
        if not wanted:
            continue
        if hook == "construct":
            expect["construct"] = {name: values[0] for name, values in wanted.items()}
        elif hook in MOMENTS:
            expect[MOMENTS[hook]] = wanted
        else:
            expect.setdefault("hooks", {})[hook] = wanted
    return expect


def _differ(name: str, rows: list[Row], seen: list[Row]) -> bool:
    return [row.get(name) for row in rows] != [row.get(name) for row in seen]


# The command


class _Asked(NamedTuple):
    subject: str
    kind: str | None
    hours: float
    seed: int
    database: Path | None
    out: Path | None


class _Refused(Exception):
    """The options make no sense; the message says why, in the reader's language."""


def main(arguments: list[str], language: str = "en") -> int:
    """Run the command `hunt`.

    Args:
        arguments: what follows `hunt` on the command line.
        language: of everything that is printed: en, it, zh or ko.

    Returns:
        0 if nothing new was found, 1 if something was, 2 for bad input.

    Raises:
        SystemExit: after `--help`, and for an argument that cannot be read.
    """
    words = Words(language)
    try:
        asked = _read(arguments, words)
        hunts = _hunts(asked, words)
    except (_Refused, SubjectError) as error:
        text = str(error) if isinstance(error, _Refused) else words.told(str(error))
        print(f"callback-conformance hunt: {text}", file=sys.stderr)
        return 2
    found: list[Difference] = []
    with _Progress(words) as shown:
        try:
            for difference in _all(hunts, asked.hours, shown):
                found.append(difference)
                shown.found = len(found)
                _write(asked.out, found)
                shown.print(_text(difference, hunts[0].subject, words))
        except KeyboardInterrupt:
            shown.print(words("hunt-interrupted"))
    played = sum(hunt.bench.played for hunt in hunts)
    print(words("hunt-done", scenarios=words.count("scenarios", played), count=len(found)))
    return 1 if found else 0


def _read(arguments: list[str], words: Words) -> _Asked:
    parser = _HuntParser(words)
    add = parser.add_argument
    add("subject", metavar=words("metavar-subject"), help=words("hunt-help-subject"))
    add("--as", dest="kind", metavar="KIND", type=parser.one_of(KINDS), help=words("help-as", kinds=", ".join(KINDS)))
    add("--hours", type=parser.hours, default=1.0, metavar="N", help=words("hunt-help-hours"))
    add("--seed", type=parser.whole, default=0, metavar="N", help=words("help-seed", default=0))
    add("--database", type=Path, metavar="FOLDER", help=words("hunt-help-database"))
    add("--out", type=Path, metavar="FILE", help=words("hunt-help-out"))
    add(
        "--lang", type=parser.one_of(LANGUAGES), metavar="LANG", help=words("help-lang", languages=", ".join(LANGUAGES))
    )
    add("-h", "--help", action="help", help=words("help-help"))
    space = parser.parse_args(arguments)
    _refuse_paths(space.out, space.database, words)
    return _Asked(space.subject, space.kind, space.hours, space.seed, space.database, space.out)


class _HuntParser(Parser):
    """The parser of this command."""

    def __init__(self, words: Words) -> None:
        super().__init__(words, "callback-conformance hunt", words("hunt-help-about"), words("hunt-help-exit"))

    def hours(self, text: str) -> float:
        """Read a number of hours above 0."""
        try:
            number = self.seconds(text)
        except argparse.ArgumentTypeError:
            raise argparse.ArgumentTypeError(self.words("hunt-hours-wanted", value=text)) from None
        return number


def _refuse_paths(out: Path | None, database: Path | None, words: Words) -> None:
    """Refuse to write where something else is, or where nothing can be written, before any work is done."""
    if database is not None:
        if database.exists() and not database.is_dir():
            raise _Refused(words("hunt-no-folder", path=database))
        _make(database, "database", words)
    if out is not None:
        if out.exists():
            raise _Refused(words("hunt-exists", path=out))
        _make(out.absolute().parent, "out", words)


def _make(folder: Path, option: str, words: Words) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _Refused(words("hunt-cannot-write", option=option, path=folder, why=error.strerror)) from error
    if not os.access(folder, os.W_OK):
        raise _Refused(words("hunt-cannot-write", option=option, path=folder, why="EACCES"))


def _hunts(asked: _Asked, words: Words) -> list[Hunt]:
    """Return a hunt for each kind that is asked for.

    Raises:
        _Refused: nothing is generated for the one kind asked for.
        SubjectError: there is no such subject.
    """
    name, _, member = asked.subject.partition(":")
    if member or asked.kind:
        subject = find(asked.subject if member else f"{name}:{asked.kind}", asked.kind)
        if not hunted(subject.kind):
            raise _Refused(words("hunt-not-hunted", kind=subject.kind, kinds=", ".join(filter(hunted, CALLBACKS))))
        subject.try_out()
        return [Hunt(subject, asked.seed, asked.database, EXAMPLES["default"])]
    hunts, errors = [], []
    for kind in filter(hunted, CALLBACKS):
        try:
            subject = find(f"{name}:{kind}", kind)
            subject.try_out()
            hunts.append(Hunt(subject, asked.seed, asked.database, EXAMPLES["default"]))
        except SubjectError as error:
            errors.append(error)
    if not hunts:
        raise errors[0]
    return hunts


def _all(hunts: list[Hunt], hours: float, shown: "_Progress") -> Iterator[Difference]:
    """Yield each new difference, until the time is over: the hunts take turns."""
    able = [hunt for hunt in hunts if _learns(hunt, shown)]
    end = time.monotonic() + hours * HOUR
    shown.begin()
    for hunt in able:
        hunt.until = end
        yield from hunt.shared()
    number = 0
    while able and time.monotonic() < end:
        for hunt in list(able):
            try:
                difference = hunt.round(number)
            except Hang as error:
                shown.hangs(hunt, error)
                able.remove(hunt)
                continue
            shown.update(hunts)
            if difference is not None:
                yield difference
        number += 1


def _learns(hunt: Hunt, shown: "_Progress") -> bool:
    """Let a hunt learn what is known; tell whether there is anything left to hunt."""
    shown.learning(hunt.subject.kind)
    hunt.learn()
    if hunt.blocked:
        shown.blocked(hunt)
    return not hunt.blocked


def _write(path: Path | None, found: list[Difference]) -> None:
    """Write all vectors so far, whole or not at all."""
    if path is None:
        return
    text = msgspec.json.format(msgspec.json.encode([difference.vector for difference in found]), indent=1)
    write_bytes(text + b"\n", path)


def _text(difference: Difference, subject: Subject, words: Words) -> str:
    with contextlib.suppress(OSError):  # the command that shows it again then does not find it
        keep([difference.failure])
    shown = failure_text(difference.failure, {**subject.described, "kind": difference.mark.kind}, words)
    vector = msgspec.json.encode(difference.vector).decode()
    return f"{shown}\n  {words('hunt-vector')}\n{vector}\n"


class _Progress:
    """Shows on a terminal how far the hunt is, and says what is found as it is found."""

    def __init__(self, words: Words) -> None:
        self.words, self.found, self.began = words, 0, time.monotonic()
        errors = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"))
        self._bar = Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)
        self._task = self._bar.add_task("")

    def __enter__(self) -> "_Progress":
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def learning(self, kind: str) -> None:
        """Say that the default run is going on."""
        self._bar.update(self._task, description=self.words("hunt-learning", kind=kind))

    def begin(self) -> None:
        """Begin to measure."""
        self.began = time.monotonic()

    def update(self, hunts: list[Hunt]) -> None:
        """Show the counts."""
        played = sum(hunt.bench.played for hunt in hunts)
        speed = played / max(1e-9, time.monotonic() - self.began)
        text = self.words("hunt-progress", scenarios=f"{played:,}", speed=f"{speed:,.0f}", count=self.found)
        self._bar.update(self._task, description=text)

    def blocked(self, hunt: Hunt) -> None:
        """Say that a kind cannot be hunted."""
        self.print(self.words("hunt-blocked", name=hunt.subject.name, clauses=", ".join(hunt.blocked)))

    def hangs(self, hunt: Hunt, error: Hang) -> None:
        """Say that a kind is hunted no further."""
        self.print(self.words("hunt-hangs", name=hunt.subject.name, why=self.words.told(str(error))))

    def print(self, text: str) -> None:
        """Print above the bar, on the standard output."""
        self._bar.stop()
        print(text, flush=True)
        self._bar.start()
