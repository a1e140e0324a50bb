"""Two columns that differ in a trace while no clause says so: then a clause is missing.

What explains a difference: a clause of the callback that the two columns follow differently, that is, with another
status, with another number of broken checks, or broken in both with other rows seen. It explains a difference in a
scenario that it touches (`TOUCHES` of the checks, and the scenarios of its own vectors), and in the column of the trace
that it owns or shows in everywhere (`owners` and `everywhere` of the kind). The checks of the life cycle have neither,
so there any such clause explains any difference. The clause that compares everything explains nothing: it stands for
the clauses that are missing.

What is compared is what `difference.same` compares: columns of the trace that both subjects show, row by row, without
wording; digests find the scenarios in question, and whole traces decide. Between two backends it does not matter which
exception is raised where both raise one: it is the backend's own, and where a clause names one, its checks ask for it.
A callback of which nothing could be judged in a column, for want of a package, is not compared. Neighbouring columns
are compared: whatever differs between any two of the matrix differs between some neighbours.
"""

import contextlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import msgspec

from .. import clauses
from ..difference import IGNORED
from ..kinds import KINDS
from ..play import Row
from ..runner import Report, Result
from .run import Outcome
from .traces import Traced
from .work import Place, Player, PlayerError

__all__ = ["Missing", "changes", "missing", "shorter"]

LIMIT = 60.0
"""Seconds that a scenario may take while it is made shorter."""

TRIES = 300
"""So many scenarios are played at most to make one shorter."""

VERDICTS = ("pass", "fail", "known")

Ask = Callable[[Any], tuple[list[Row], list[Row], list[str]]]


class Missing(msgspec.Struct, frozen=True):
    """A difference that no clause explains.

    Args:
        kind: the callback.
        left: a column.
        right: the next one.
        effects: the columns of the trace that differ.
        scenario: as short as it could be made.
        left_trace: what the one did.
        right_trace: what the other did.
    """

    kind: str
    left: str
    right: str
    effects: list[str]
    scenario: Any
    left_trace: list[Row]
    right_trace: list[Row]


def changes(left: Report, right: Report, kind: str | None = None) -> dict[str, tuple[Result, Result]]:
    """Return the clauses that two columns follow differently, with how they stand in both."""
    found = {}
    for name, result in left.clauses.items():
        other = right.clauses.get(name)
        if other is not None and kind in (None, result.callback) and _verdict(result) != _verdict(other):
            found[name] = (result, other)
    return found


def missing(outcomes: dict[str, Outcome], place: Callable[[str], Place], subjects: dict[str, str]) -> list[Missing]:
    """Return what differs between neighbouring columns without a clause that says so: one scenario a callback.

    Args:
        outcomes: of all columns, in order.
        place: where a column runs.
        subjects: the module that is judged, by column.
    """
    judged = [name for name, outcome in outcomes.items() if outcome.report is not None]
    found = []
    players: dict[str, Player] = {}
    try:
        for left, right in pairwise(judged):
            suspects = list(_suspects(outcomes[left], outcomes[right]))
            for name in [name for name in players if name != left]:
                players.pop(name).__exit__()
            if suspects:
                for name in (left, right):
                    players[name] = players.get(name) or Player(subjects[name], place(name))
                backends = {str(outcomes[name].report.subject["backend"]) for name in (left, right)}  # type: ignore[union-attr]
                ask = _asker(players[left], players[right])
                found += _confirmed(left, right, suspects, ask, one_backend=len(backends) == 1)
    finally:
        for player in players.values():
            player.__exit__()
    return found


def shorter(scenario: Any, still: Callable[[Any], bool], tries: int = TRIES) -> Any:
    """Return a scenario from which nothing more can be left out, so that a condition still holds.

    Args:
        scenario: as JSON holds it.
        still: tells whether what is left is a scenario, and shows the same.
        tries: how often `still` is asked at most.
    """
    left = tries
    progress = True
    while progress:
        progress = False
        for candidate in _without_a_part(scenario):
            if left == 0:
                return scenario
            left -= 1
            if still(candidate):
                scenario, progress = candidate, True
                break
    return scenario


def _suspects(left: Outcome, right: Outcome) -> Iterator[tuple[str, Traced, frozenset[str], frozenset[str]]]:
    """Yield a callback and a scenario whose digests differ unexplained, with the clauses that explain, and differ."""
    assert left.report is not None
    assert right.report is not None
    for kind, traces in left.traces.items():
        if not (_judged(left.report, kind) and _judged(right.report, kind)):
            continue
        differing = frozenset(changes(left.report, right.report, kind)) - _of_everything()
        others = {_key(other): other for other in right.traces.get(kind, [])}
        for traced in traces:
            other = others.get(_key(traced))
            if other is None or traced.why or other.why:
                continue
            effects = {name for name, digest in traced.columns.items() if other.columns.get(name, digest) != digest}
            if traced.rows != other.rows:
                effects.add("rows")
            if _unexplained(kind, effects, traced.touched, differing):
                yield kind, traced, differing, frozenset(effects)


def _confirmed(
    left: str,
    right: str,
    suspects: list[tuple[str, Traced, frozenset[str], frozenset[str]]],
    ask: Ask,
    one_backend: bool,
) -> list[Missing]:
    found: dict[str, Missing] = {}
    for kind, traced, differing, _ in suspects:
        if kind in found:
            continue

        def unexplained(scenario: Any, kind: str = kind, differing: frozenset[str] = differing) -> list[str]:
            try:
                one, two, touched = ask({"kind": kind, "scenario": scenario})
            except PlayerError:
                return []
            return _unexplained(kind, differing_effects(one, two, one_backend), touched, differing)

        if unexplained(traced.scenario):
            scenario = shorter(traced.scenario, lambda candidate: bool(unexplained(candidate)))
            with contextlib.suppress(PlayerError):
                one, two, _ = ask({"kind": kind, "scenario": scenario})
                found[kind] = Missing(kind, left, right, unexplained(scenario), scenario, one, two)
    return list(found.values())


def differing_effects(left: list[Row], right: list[Row], one_backend: bool = True) -> set[str]:
    """Return the columns by which two traces differ, as `difference.same` would find them.

    Args:
        left: a trace.
        right: another.
        one_backend: whether it matters which exception is raised.
    """
    found = {"rows"} if len(left) != len(right) else set()
    for one, two in zip(left, right, strict=False):
        found |= {name for name in one if name in two and name not in IGNORED and one[name] != two[name]}
        if not one_backend and one.get("raise") and two.get("raise"):
            found.discard("raise")
    return found


def _judged(report: Report, kind: str) -> bool:
    """Tell whether any clause of a kind came to a verdict."""
    return any(result.callback == kind and result.status in VERDICTS for result in report.clauses.values())


def _unexplained(kind: str, effects: set[str], touched: list[str], differing: frozenset[str]) -> list[str]:
    if differing & set(touched) or (kind == "CallbackList" and differing):
        return []
    owners, everywhere = KINDS[kind].owners, KINDS[kind].everywhere
    return sorted(effect for effect in effects if not {owners.get(effect), everywhere.get(effect)} & differing)


def _asker(one: Player, two: Player) -> Ask:
    def ask(request: Any) -> tuple[list[Row], list[Row], list[str]]:
        answers = [player.ask(LIMIT, **request) for player in (one, two)]
        for answer in answers:
            if answer.get("why"):
                raise PlayerError(answer["why"])
        return answers[0]["trace"], answers[1]["trace"], answers[0]["touched"]

    return ask


def _without_a_part(value: Any) -> Iterator[Any]:
    """Yield the value without one of its members, the outermost first."""
    if not isinstance(value, (dict, list)):
        return
    names = list(value) if isinstance(value, dict) else list(range(len(value)))
    for name in names:
        less = value.copy()
        del less[name]
        yield less
    for name in names:
        for member in _without_a_part(value[name]):
            less = value.copy()
            less[name] = member
            yield less


def _key(traced: Traced) -> bytes:
    return msgspec.json.encode(traced.scenario, order="sorted")


def _verdict(result: Result) -> Any:
    return result.status, result.broken, result.failure.got if result.failure else None


def _of_everything() -> frozenset[str]:
    return frozenset(clause.id for clause in clauses.load().values() if clause.slug == "nothing-else")
