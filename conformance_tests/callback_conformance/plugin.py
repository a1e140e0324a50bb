"""The pytest plugin: one line in a test file judges a class, one test for each clause.

    from callback_conformance import conformance

    test_my_stop = conformance(MyStop, "EarlyStopping", known={"ES-09": "we ignore NaN"})

Neither Keras nor Hypothesis is imported until such a test runs.
"""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from . import clauses
from .subjects import CALLBACKS

__all__ = ["conformance"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, all of which begin with `--conformance-`."""
    group = parser.getgroup("callback conformance")
    group.addoption("--conformance-seed", type=int, default=0, help="generate other scenarios (default 0)")
    group.addoption("--conformance-examples", type=int, default=100, help="scenarios for each check (default 100)")


def conformance(
    subject: Callable[..., Any], kind: str, *, known: dict[str, str] | None = None
) -> Callable[[str, pytest.FixtureRequest], None]:
    """Return a test function, to be given a name that begins with `test_`.

    Args:
        subject: the class, or a function that builds a callback from keyword arguments.
        kind: the Keras callback that it stands for, such as "EarlyStopping".
        known: ids of clauses that the subject does not follow, with the reason; such a clause must still fail.

    Raises:
        TypeError: `subject` cannot be called, or `known` is no dictionary.
        ValueError: there are no clauses for `kind`, or `known` names an unknown clause.
    """
    from .kinds import KINDS

    if not callable(subject):
        raise TypeError(f"conformance: subject must be a class or a function that builds a callback, got {subject!r}")
    if not isinstance(known, dict | None):
        raise TypeError(f"conformance: known must map clause ids to reasons, got {known!r}")
    if kind not in CALLBACKS:
        raise ValueError(f"conformance: no clauses for kind {kind!r}; choose one of {', '.join(CALLBACKS)}")
    groups = KINDS[kind].groups
    ids = [clause.id for clause in clauses.load().values() if clause.group in groups and clause.status != "withdrawn"]
    unknown = sorted(set(known or {}) - set(ids))
    if unknown:
        raise ValueError(f"conformance: known names {', '.join(unknown)}, which is no clause of {kind}")

    @functools.cache
    def report(seed: int, examples: int) -> Any:
        from .runner import judge
        from .subjects import describe

        return judge(describe(subject, kind), seed=seed, examples=examples, known=known)

    @pytest.mark.parametrize("clause", ids)
    def test(clause: str, request: pytest.FixtureRequest) -> None:
        option = request.config.getoption
        whole = report(option("--conformance-seed"), option("--conformance-examples"))
        _conclude(clause, whole)

    return test


def _conclude(clause: str, report: Any) -> None:
    """Turn a clause's status into a passed, failed, skipped or expectedly failed test."""
    from .report import failure_text

    result = report.clauses[clause]
    if result.status == "known":
        pytest.xfail(result.reason)
    if result.status in ("unsupported", "not-run", "blocked"):
        pytest.skip(f"{result.status}: {result.reason}")
    if result.status != "pass":
        shown = failure_text(result.failure, report.subject) if result.failure else f"{clause} {result.reason}"
        pytest.fail(shown, pytrace=False)
