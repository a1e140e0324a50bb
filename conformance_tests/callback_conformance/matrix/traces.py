"""What a column does with one fixed corpus of scenarios: the part of the matrix that runs inside of a column.

It answers on its standard output to requests on its standard input, one JSON object a line:
`{"kind": "EarlyStopping"}` asks for the digests of the corpus, and with a `scenario` for the trace of that one.
"""

import contextlib
import functools
import hashlib
import importlib
import importlib.util
import io
import os
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from .. import strategies, vectors
from ..difference import IGNORED
from ..kinds import KINDS
from ..play import Row, play, play_loop
from ..scenarios import Scenario, from_json, plain, to_json
from ..subjects import Subject, SubjectError, Unsupported, find

__all__ = ["GENERATED", "Traced", "corpus", "digests", "touched", "trace"]

GENERATED = 60
"""How many scenarios the corpus of a callback holds beside those of the vectors."""


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """What one subject did with one scenario.

    Args:
        scenario: as JSON holds it.
        rows: how many rows the trace has.
        columns: digest of each column of the trace, by name.
        touched: the clauses whose mistakes the scenario may show.
        why: instead of rows, why there is no trace.
    """

    scenario: Any
    rows: int = 0
    columns: dict[str, str] = {}
    touched: list[str] = []
    why: str = ""


def corpus(kind: str) -> list[Scenario]:
    """Return the scenarios of a kind: those of its vectors, and some that are generated, always the same ones."""
    group = KINDS[kind].group
    if kind == "CallbackList":
        return list(importlib.import_module("callback_conformance.checks.life_cycle").CORPUS)
    found = [scenario for _, scenario in _written(group)]
    found += _generated(group) if hasattr(strategies, group) else []
    return list({_text(scenario): scenario for scenario in found}.values())


def trace(subject: Subject, scenario: Scenario) -> list[Row]:
    """Return the rows that are compared: all but the constructor's; of a life cycle, one for each run.

    Raises:
        Unsupported: the subject cannot play the scenario.
    """
    if subject.kind == "CallbackList":
        return [plain(run) for run in play_loop(subject, scenario, "fit" if subject.is_keras else "stub")]
    return play(subject, scenario)[1:]


def digests(rows: list[Row]) -> dict[str, str]:
    """Return a digest of each column that two traces are compared by."""
    names = dict.fromkeys(name for row in rows for name in row if name not in IGNORED)
    return {name: _digest([row.get(name) for row in rows]) for name in names}


def touched(kind: str, scenario: Scenario) -> list[str]:
    """Return the clauses of a kind whose mistakes a scenario may show: where the checks say so, or it is their own."""
    text = _text(scenario)
    found = [clause for clause, written in _written(KINDS[kind].group) if _text(written) == text]
    for group in KINDS[kind].groups:
        touches = getattr(importlib.import_module(f"callback_conformance.checks.{group}"), "TOUCHES", {})
        found += [clause for clause, test in touches.items() if _holds(test, scenario)]
    return sorted(set(found))


def _holds(test: Any, scenario: Scenario) -> bool:
    try:
        return bool(test(scenario))
    except Exception:  # the tests are made for the scenarios that are generated, and touch no other
        return False


@functools.cache
def _written(group: str) -> list[tuple[str, Scenario]]:
    """Return the scenarios of the vectors, each with its clause."""
    found = []
    for case in vectors.load(group):
        with contextlib.suppress(ModuleNotFoundError):  # a scalar of NumPy, where there is none
            found.append((case.clause, case.script()))
    return found


def _generated(group: str) -> list[Scenario]:
    from hypothesis import HealthCheck, Phase, given, seed, settings

    found: list[Scenario] = []
    numpy = importlib.util.find_spec("numpy") is not None

    @seed(0)
    @settings(
        max_examples=GENERATED,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(getattr(strategies, group)(lambda argument: True, numpy=numpy).one)
    def collect(drawn: Scenario) -> None:
        found.append(drawn)

    collect()
    return found


def _text(scenario: Scenario) -> bytes:
    return msgspec.json.encode(to_json(scenario), order="sorted")


def _digest(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(plain(value), order="sorted", enc_hook=str)).hexdigest()[:8]


def _traced(subject: Subject, scenario: Scenario, whole: bool) -> Any:
    """Return what the subject did, with the rows themselves if they are asked for."""
    named: dict[str, Any] = {"scenario": to_json(scenario), "touched": touched(subject.kind, scenario)}
    try:
        rows = trace(subject, scenario)
    except Unsupported as error:
        return {**named, "why": str(error)}
    except Exception as error:
        return {**named, "why": f"{type(error).__name__}: {error}"}
    seen = Traced(**named, rows=len(rows), columns=digests(rows))
    return {**msgspec.to_builtins(seen), "trace": plain(rows)} if whole else seen


def _answers(module: str) -> Iterator[Any]:
    subjects: dict[str, Subject] = {}
    for line in sys.stdin:
        request = msgspec.json.decode(line)
        kind = request["kind"]
        try:
            if kind not in subjects:
                subject = find(f"{module}:{kind}", kind)
                subject.try_out()
                subjects[kind] = subject
            if "scenario" in request:
                yield _traced(subjects[kind], from_json(request["scenario"]), whole=True)
            else:
                yield [_traced(subjects[kind], scenario, whole=False) for scenario in corpus(kind)]
        except (SubjectError, msgspec.ValidationError) as error:
            yield {"error": str(error)}


def main(module: str) -> None:
    """Answer the requests on standard input, whatever the subject prints meanwhile."""
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    for answer in _answers(module):
        answers.write(msgspec.json.encode(answer, enc_hook=str) + b"\n")
        answers.flush()


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):
        main(sys.argv[1])
