"""The pytest plugin: one line in a test file judges a class, one test for each clause.

    from callback_conformance import conformance

    test_my_stop = conformance(MyStop, "EarlyStopping", known={"ES-09": "we ignore NaN"})

Neither Keras nor Hypothesis is imported until such a test runs, and a test judges its own clause alone: with
pytest-xdist each process judges the clauses that it was handed. The clause that compares whole runs needs the results
of the others first, so the process that has its test judges those too.
"""

import contextlib
import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from . import clauses
from .messages import of_the_reader
from .subjects import CALLBACKS

if TYPE_CHECKING:
    from .messages import Words
    from .runner import Report, Result

__all__ = ["conformance"]

SEED, EXAMPLES, LANG = "--conformance-seed", "--conformance-examples", "--conformance-lang"
DEFAULT = 100
QUICK = 20
"""With so many scenarios or fewer for each check, smaller spaces are enumerated, as the command does."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, all of which begin with `--conformance-`."""
    group = parser.getgroup("callback conformance")
    group.addoption(SEED, type=int, default=0, metavar="N", help="generate other scenarios (default 0)")
    group.addoption(
        EXAMPLES, type=_count, default=DEFAULT, metavar="N", help=f"scenarios for each check (default {DEFAULT})"
    )
    named = ", ".join(clauses.LANGUAGES)
    group.addoption(
        LANG, type=_language, metavar="LANG", help=f"language of failures: {named} (default: your locale's)"
    )


def _count(text: str) -> int:
    """Read the number of scenarios.

    Raises:
        UsageError: it is no number, or below 1; pytest prints the message as one line.
    """
    if not text.isdecimal() or int(text) < 1:
        raise pytest.UsageError(f"{EXAMPLES} {text}: expected a number from 1")
    return int(text)


def _language(name: str) -> str:
    """Read the name of a language.

    Raises:
        UsageError: the suite has no words in it.
    """
    if name not in clauses.LANGUAGES:
        raise pytest.UsageError(f"{LANG} {name}: expected one of {', '.join(clauses.LANGUAGES)}")
    return name


def conformance(
    subject: Callable[..., Any], kind: str, *, known: dict[str, str] | None = None
) -> Callable[[str, pytest.FixtureRequest], None]:
    """Return a test function, to be given a name that begins with `test_`.

    Args:
        subject: the class, or a function that builds a callback from keyword arguments.
        kind: the Keras callback that it stands for, such as "EarlyStopping".
        known: ids of clauses that the subject does not follow, with the reason; such a clause must still fail.

    Raises:
        TypeError: `subject` cannot be called, `known` is no dictionary, or a reason in it is no text.
        ValueError: there are no clauses for `kind`, or `known` names an unknown clause.
    """
    __tracebackhide__ = True  # pytest then shows the reader's own line
    if not callable(subject):
        raise TypeError(f"conformance: subject must be a class or a function that builds a callback, got {subject!r}")
    if kind not in CALLBACKS:
        raise ValueError(f"conformance: no clauses for kind {kind!r}; {_choices(kind)}")
    ids = _ids(kind)
    _require_reasons(known, kind, ids)
    judged = _Judged(subject, kind, known or {})

    @pytest.mark.parametrize("clause", ids)
    def test(clause: str, request: pytest.FixtureRequest) -> None:
        option = request.config.getoption
        report = judged.report(clause, option(SEED, 0), option(EXAMPLES, DEFAULT), request.node.nodeid)
        _conclude(clause, report, of_the_reader(option(LANG, None)))

    return test


def _ids(kind: str) -> list[str]:
    from .kinds import KINDS

    groups = KINDS[kind].groups
    return [clause.id for clause in clauses.load().values() if clause.group in groups and clause.status != "withdrawn"]


def _require_reasons(known: Any, kind: str, ids: list[str]) -> None:
    """Refuse what is no dictionary of clauses of this kind with a reason each.

    Raises:
        TypeError: it is no dictionary, or a reason in it is no text.
        ValueError: it names an unknown clause.
    """
    __tracebackhide__ = True
    if not isinstance(known, dict | None):
        raise TypeError(f"conformance: known must map clause ids to reasons, got {known!r}")
    for name, reason in (known or {}).items():
        if name not in ids:
            raise ValueError(f"conformance: known names {name}, which is no clause of {kind}: "
                             f"they are {ids[0]} to {ids[-1]}")  # fmt: skip
        if not isinstance(reason, str) or not reason.strip():
            raise TypeError(f"conformance: known must say why {name} is not followed, got {reason!r}")


def _choices(kind: Any) -> str:
    near = difflib.get_close_matches(str(kind), CALLBACKS, n=1)
    return f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(CALLBACKS)}"


class _Judged:
    """What is known so far of one subject in this process: a result for each clause, by seed and examples.

    Args:
        make: the class.
        kind: the callback that it stands for.
        known: clauses that it does not follow, with the reason.
    """

    def __init__(self, make: Callable[..., Any], kind: str, known: dict[str, str]) -> None:
        self.make, self.kind, self.known = make, kind, known
        self.results: dict[tuple[int, int], dict[str, Result]] = {}
        self.cannot: tuple[str, str] | None = None

    def report(self, clause: str, seed: int, examples: int, test: str) -> "Report":
        """Return a report that holds a clause, judged now unless it was before.

        Args:
            clause: the clause's id.
            seed: chooses the generated scenarios.
            examples: scenarios for each generating check.
            test: the test that asks.
        """
        from .runner import judge
        from .subjects import describe

        subject = describe(self.make, self.kind)
        self._require_a_callback(subject, test)
        before = self.results.setdefault((seed, examples), {})
        compares_everything = clauses.load()[clause].slug == "nothing-else"
        made = judge(subject, seed=seed, examples=examples, quick=examples <= QUICK, known=self.known, before=before,
                     only=None if compares_everything else {clause})  # fmt: skip
        before.update(made.clauses)
        return made

    def _require_a_callback(self, subject: Any, test: str) -> None:
        """Fail one test if the class cannot be built or lacks a hook, and skip the others: they would say the same."""
        from .subjects import SubjectError

        if self.cannot is None:
            try:
                subject.try_out()
                self.cannot = ("", "")
            except SubjectError as error:
                self.cannot = (str(error), test)
        why, first = self.cannot
        if why and test == first:
            pytest.fail(f"nothing can be judged: {why}", pytrace=False)
        if why:
            pytest.skip(f"nothing can be judged, see {first}")


def _conclude(clause: str, report: "Report", words: "Words") -> None:
    """Turn a clause's status into a passed, failed, skipped or expectedly failed test."""
    result = report.clauses[clause]
    if result.status == "known":
        pytest.xfail(str(result.reason))
    if result.status in ("unsupported", "not-run", "blocked"):
        told = words.told(str(result.reason))
        pytest.skip(words("title-and-why", title=words(f"status-{result.status}"), why=told))
    if result.status != "pass":
        pytest.fail(_shown(clause, report, words), pytrace=False)


def _shown(clause: str, report: "Report", words: "Words") -> str:
    """Return the text of a failure, whose case is kept, so that the command in its last line finds it."""
    from .cases import keep
    from .report import failure_text

    result = report.clauses[clause]
    if result.failure is None:
        sentence = clauses.load()[clause].text(words.language)
        head = words("title-and-why", title=f"{clause} {report.subject['kind']}", why=sentence)
        return f"{head}\n  {words.told(result.reason or '')}"
    with contextlib.suppress(OSError):
        keep([result.failure])
    return failure_text(result.failure, report.subject, words)
