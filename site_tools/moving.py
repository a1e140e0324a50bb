"""The page on moving from Keras 2: what both do with the same lines, and the clauses that Keras 2 does not keep."""

from __future__ import annotations

import json
from typing import Any

from callback_conformance.clauses import Clause
from callback_conformance.kinds import KINDS, Kind

from site_tools import contract
from site_tools.inline import html, linked
from site_tools.keras_2 import FILE
from site_tools.places import DATA
from site_tools.results import anchor, newest, of_kind, read, status
from site_tools.words import say

__all__ = ["GROUPS", "clauses", "lines"]

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "arguments": {
        "only-here": (),
        "period": (),
        "options": (),
        "unknown-argument": (),
        "misspelt-argument": ("RL-36",),
        "count-mode": ("PB-34",),
        "before-preemption": ("BR-38",),
        "raise-error": ("TN-11",),
        "lambda-order": ("LA-06",),
    },
    "files": {
        "folder": ("MC-04",),
        "hdf5": ("MC-05",),
        "ckpt": ("MC-05",),
        "whole-keras": ("MC-04",),
        "weights-h5": ("MC-05",),
        "backup": (),
    },
    "rate": {
        "key-of-plateau": ("RL-25",),
        "key-of-scheduler": ("LS-15",),
        "optimizer-lr": (),
        "set-value": (),
        "assign": (),
        "schedule-tensor": ("LS-11",),
        "schedule-optimizer": ("LS-17",),
    },
    "decisions": {
        "auto-precision": ("ES-31",),
        "auto-error-named-acc": ("ES-31",),
        "auto-function": ("ES-32",),
        "missing-key-auto": ("ES-32",),
        "nan-first": ("ES-09",),
        "tiny-step": ("ES-05",),
        "missing-key-best": ("MC-07",),
        "every-epoch-unknown-key": ("MC-12",),
        "best-each-batch": ("MC-17",),
    },
    "own": {
        "assign-model": ("CB-06",),
        "params-before-fit": ("CB-03",),
        "validation-data": (),
        "duck": ("LC-25",),
    },
    "events": {
        "batch-scalars": ("TB-14",),
        "rate-scalar": ("CO-06",),
    },
}
"""The lines of `keras_2` by the table that shows them, each with the clauses to read on in."""
WORDS = {"taken", "nothing", "runs", "called"}


def lines(language: str, page: str, group: str) -> str:
    """Return one table: the line, what each Keras does with it, and what to do."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    old, new = stored["tf_keras"], stored["keras"]
    rows = [[say("keras-2-what", language), "Keras 2", "Keras 3", say("keras-2-do", language)], ["---"] * 4]
    for name, ids in GROUPS[group].items():
        links = " ".join(contract.link(contract.clauses()[clause], page) for clause in ids)
        todo = say(f"keras-2-{name}-do", language)
        both = [_outcome(half["found"][name], language) for half in (old, new)]
        rows.append([say(f"keras-2-{name}", language), *both, f"{todo} {links}".strip()])
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f'<div class="moving" markdown="1">\n\n{table}\n\n</div>'


def _outcome(found: str, language: str) -> str:
    """Return what a line left behind, as a word or as code."""
    if found in WORDS:
        return say(f"outcome-{found}", language)
    return ", ".join(f"`{part}`" for part in found.split(", "))


def clauses(language: str, page: str) -> str:
    """Return, by callback, how many clauses Keras 2 does not keep, and a folded list of those that Keras 3 keeps."""
    runs = newest(read(DATA / "results"))
    heads = [say(f"keras-2-{name}", language) for name in ("only", "both", "absent")]
    table = [[say("matrix-callback", language), *heads], ["---"] * 4]
    folded = []
    for kind in KINDS.values():
        only, both, absent = _sorted(kind, runs)
        table.append([f"[{kind.name}](results.md#{anchor(kind)})", *(str(len(each)) for each in (only, both, absent))])
        if only:
            folded.append(_list(kind, only, language, page))
    return "\n\n".join(["\n".join("| " + " | ".join(row) + " |" for row in table), *folded])


def _sorted(kind: Kind, runs: dict[str, Any]) -> tuple[list[Clause], list[Clause], list[Clause]]:
    """Return the clauses that only Keras 2 breaks, those that both break, and those that could not be judged there."""
    only: list[Clause] = []
    both: list[Clause] = []
    absent: list[Clause] = []
    for clause in of_kind(kind):
        old, new = (status(runs[name], clause.id) for name in ("tf_keras", "keras"))
        if old in ("fail", "known"):
            (only if new == "pass" else both).append(clause)
        elif old != "pass":
            absent.append(clause)
    return only, both, absent


def _list(kind: Kind, found: list[Clause], language: str, page: str) -> str:
    """Return the clauses of one callback, folded."""
    items = "".join(f"<li>{linked(clause, page)} {html(contract.sentence(clause, language))}</li>" for clause in found)
    return (
        f'<details class="folded" id="clauses-{anchor(kind)}"><summary>{kind.name}: {len(found)}</summary>\n'
        f"<ul>{items}</ul></details>"
    )
