"""Wrong callbacks, each with the mistake that it makes and the clauses that must catch it.

A check that no wrong callback dies of may be empty. So each clause has at least one mutant here, and a test holds every
clause to killing those that name it. A mutant that survives is a bug of the suite.
"""

import importlib
from collections.abc import Callable
from typing import Any, TypeVar

import callback_reference
from callback_conformance.hosts.stub import StubDriver
from callback_conformance.kinds import KINDS
from callback_conformance.subjects import Subject, describe
from callback_reference import CallbackList, History

__all__ = ["MUTANTS", "caught_by", "load_all", "subject"]

GENERAL = ("Callback", "CallbackList", "History")
"""Kinds whose mutants are parts of a loop, unless the clauses that they name are of the kind alone."""

OWN = {"CB": "Callback", "HI": "History"}
"""Kinds of these by the prefix of their clauses."""

MUTANTS: dict[type[Any], tuple[str, ...]] = {}
"""Each mutant, and the ids of the clauses that must catch it."""

Mutant = TypeVar("Mutant", bound=type[Any])


def caught_by(*clauses: str) -> Callable[[Mutant], Mutant]:
    """Register a mutant with the clauses that must catch it."""

    def register(mutant: Mutant) -> Mutant:
        MUTANTS[mutant] = clauses
        return mutant

    return register


def load_all() -> None:
    """Import every file of mutants: one for each group of clauses."""
    for group in dict.fromkeys(group for kind in KINDS.values() for group in kind.groups):  # workers need one order
        importlib.import_module(f"{__name__}.{group}")


def subject(mutant: type[Any]) -> Subject:
    """Return what the suite judges: the mutant itself, or a CallbackList that brings the wrong part with it."""
    own = OWN.get(MUTANTS.get(mutant, ("",))[0].partition("-")[0])
    if own is not None:
        return describe(mutant, own)
    for name in KINDS:
        if name not in GENERAL and issubclass(mutant, getattr(callback_reference, name)):
            return describe(mutant, name)
    if issubclass(mutant, CallbackList):
        return describe(mutant, "CallbackList")
    part = "driver" if issubclass(mutant, StubDriver) else "history" if issubclass(mutant, History) else "callback"
    bringing = type(mutant.__name__, (CallbackList,), {f"{part}_class": mutant, "__module__": mutant.__module__})
    return describe(bringing, "CallbackList")
