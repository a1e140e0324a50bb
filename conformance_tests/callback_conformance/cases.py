"""Find a case by its name, such as `ES-13/4ab2`: among the vectors, what is known, and what failed here before."""

from pathlib import Path
from typing import Any

import msgspec

from . import clauses, vectors
from .runner import Failure, expectations, selected
from .scenarios import Scenario, case_id, from_json
from .subjects import Subject

__all__ = ["CaseError", "find_case", "keep"]

FOLDER = Path(".callback-conformance")


class CaseError(Exception):
    """There is no such case; the message says where it was looked for."""


def keep(failures: list[Failure], folder: Path = FOLDER) -> None:
    """Write failing cases to a folder of our own below the working directory, so that they can be replayed."""
    (folder / "cases").mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    for failure in failures:
        path = folder / "cases" / f"{failure.clause}-{failure.case}.json"
        path.write_bytes(msgspec.json.encode(failure.scenario))


def find_case(name: str, subject: Subject, folder: Path = FOLDER) -> Scenario:
    """Return the scenario of a case.

    Raises:
        CaseError: the name is no case, or nothing is kept under it.
    """
    clause, _, case = name.partition("/")
    if not case:
        raise CaseError(f"--case {name}: expected a clause and a case, such as ES-13/4ab2")
    for scenario in _candidates(clause, case, subject, folder):
        if case_id(scenario) == case:
            return scenario
    raise CaseError(f"--case {name}: not among the vectors and not in {folder / 'cases'}; run the suite again first")


def _candidates(clause: str, case: str, subject: Subject, folder: Path) -> list[Scenario]:
    group = clauses.load()[clause].group
    found = [vector.script() for vector in vectors.load(group) if vector.clause == clause]
    kept = folder / "cases" / f"{clause}-{case}.json"
    if kept.exists():
        found.append(_read(kept.read_bytes()))
    known = expectations(subject).get(clause)
    if known is not None and known.saved:
        found.append(from_json(msgspec.json.decode(known.saved)["scenario"]))
    if group == "life_cycle":
        selected("CallbackList")
        from .checks.life_cycle import CORPUS

        found += CORPUS
    return found


def _read(data: bytes) -> Scenario:
    loaded: Any = msgspec.json.decode(data)
    return from_json(loaded)
