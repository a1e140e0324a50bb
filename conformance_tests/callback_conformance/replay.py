"""Play one scenario again, and show what was expected and what the subject did, side by side."""

from itertools import zip_longest
from typing import Any

from . import clauses, vectors
from .checks import Bench, reference_subject
from .messages import ENGLISH, Words
from .play import Row, play_loop
from .report import failure_text
from .runner import Failure
from .scenarios import Scenario, case_id, to_json
from .subjects import Subject, Unsupported

__all__ = ["is_scripted", "replay"]

HIDDEN = ("hook", "epoch", "warned", "printed", "message")
ALWAYS = ("stop", "wait", "best")


def replay(subject: Subject, clause: str, scenario: Scenario, words: Words = ENGLISH) -> tuple[str, bool]:
    """Return the failure text of one case, and whether the subject does what is expected there.

    A case of the vectors is held to what it expects, another one to the trace of the reference.
    """
    expected, got, holds = _rows(subject, clause, scenario)
    why = "as expected" if holds else "not as expected"
    failure = Failure(
        clause=clause, check="", kind="vector", why=why, case=case_id(scenario), scenario=to_json(scenario),
        expected=expected, got=got,
    )  # fmt: skip
    return failure_text(failure, subject.described, words), holds


def _rows(subject: Subject, clause: str, scenario: Scenario) -> tuple[list[Row], list[Row], bool]:
    if subject.kind == "CallbackList":
        left = _events(play_loop(reference_subject("CallbackList"), scenario, "stub"))
        right = _events(play_loop(subject, scenario, "fit" if subject.is_keras else "stub"))
        return left, right, left == right
    bench = Bench(subject)
    trace = bench.play(scenario)
    for case in _cases(clause, scenario):
        expected, got = vectors.rows(case.expect, trace)
        other = not bench.is_ours and any(vectors.mismatch(reading, trace) is None for reading in case.otherwise)
        return expected, got, expected == got or other
    return _beside_the_reference(bench, scenario, trace)


def is_scripted(clause: str, scenario: Scenario) -> bool:
    """Tell whether there is a script to play: some checks call the class by hand."""
    return bool(scenario.runs or scenario.steps or _cases(clause, scenario))


def _cases(clause: str, scenario: Scenario) -> list[vectors.Case]:
    cases = vectors.load(clauses.load()[clause].group)
    return [case for case in cases if case.clause == clause and case_id(case.script()) == case_id(scenario)]


def _beside_the_reference(bench: Bench, scenario: Scenario, trace: list[Row]) -> tuple[list[Row], list[Row], bool]:
    try:
        reference = bench.reference(scenario)
    except Unsupported as error:
        reference = [{"hook": "construct", "epoch": None, "raise": "TypeError", "message": str(error)}]
    expected: list[Row] = []
    got: list[Row] = []
    for left, right in zip_longest(reference[1:] or reference, trace[1:] or trace):
        shared = [name for name in (left or {}) if name in (right or {}) and name not in HIDDEN]
        different = [name for name in shared if (left or {})[name] != (right or {})[name]]
        names = [name for name in shared if name in ALWAYS or name in different]
        row = left or right or {}
        at = {"at": row["hook"] if row["epoch"] is None else str(row["epoch"])}
        for side, seen in ((expected, left), (got, right)):
            side.append({**at, **({name: seen[name] for name in names} if seen else {"seen": "did not run"})})
    return expected, got, expected == got


def _events(runs: list[dict[str, Any]]) -> list[Row]:
    events = [(number, event) for number, run in enumerate(runs) for event in run["events"]]
    return [
        {"at": f"#{index}", "seen": f"run {number}: {_event(event)}"} for index, (number, event) in enumerate(events)
    ]


def _event(event: dict[str, Any]) -> str:
    index = "" if event["index"] is None else event["index"]
    return f"{event['who']}: {event['hook']} {index} {event['keys'] or ''}".strip()
