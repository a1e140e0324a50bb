"""The columns of the results: who was judged, in which order they stand, and what each follows."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from callback_conformance import report

from site_tools.words import say

__all__ = [
    "FAMILIES",
    "Column",
    "Segment",
    "before",
    "families",
    "family",
    "head",
    "named",
    "newest",
    "read",
    "segments",
    "short",
    "slug",
    "spans",
    "status",
]

FAMILIES = ("keras-3", "backends", "keras-2", "reference", "others")
"""The groups of columns that share one column of the tables, in their order."""

SERIES = ("keras-3", "keras-2")
"""The families whose members follow one another: only neighbours are joined there."""

KERAS = ("keras", "tensorflow", "tf_keras")
BACKENDS = {"jax": "JAX", "torch": "torch", "numpy": "NumPy", "tensorflow": "TensorFlow"}
PACKAGES = {"tf_keras": "tf-keras", "callback_reference": "callback_reference"}
Column = dict[str, Any]
Segment = tuple[str, list[Column]]


def read(folder: Path) -> list[Column]:
    """Read the results files of `folder`, as the suite itself reads them, in the order of the page.

    Raises:
        ReportError: a file is no report, or one of another schema.
        ValueError: two files hold one column; the message names it.
    """
    columns = [msgspec.to_builtins(report.read(path)) for path in folder.glob("*.json")]
    slugs = [slug(column) for column in columns]
    twice = sorted({name for name in slugs if slugs.count(name) > 1})
    if twice:
        raise ValueError(f"{folder}: more than one file holds the column {', '.join(twice)}; keep one")
    return sorted(columns, key=_place)


def _place(column: Column) -> tuple[int, list[int], str]:
    """Return what columns are sorted by: family, version, then name; tf-keras comes after the tf.keras before it."""
    return FAMILIES.index(family(column)), _numbers(column), slug(column)


def _numbers(column: Column) -> list[int]:
    """Return a version as numbers, so that 3.9 comes before 3.10."""
    return [int(number) for number in re.findall(r"\d+", column["subject"]["version"])]


def family(column: Column) -> str:
    """Return the group that a column belongs to."""
    subject = column["subject"]
    if subject["package"] == "callback_reference":
        return "reference"
    major = (_numbers(column) or [0])[0]
    if subject["package"] in KERAS and major == 2:
        return "keras-2"
    if subject["package"] == "keras" and major == 3:
        return "keras-3" if subject["backend"] == "tensorflow" else "backends"
    return "others"


def families(columns: list[Column]) -> dict[str, list[Column]]:
    """Return the columns of each family that has some."""
    return {name: list(members) for name, members in groupby(columns, family)}


def newest(columns: list[Column]) -> dict[str, Column]:
    """Return one column for each package: its last version, on TensorFlow if it was run there."""
    ranked = sorted(columns, key=lambda column: (_numbers(column), column["subject"]["backend"] == "tensorflow"))
    return {column["subject"]["package"]: column for column in ranked}


def status(column: Column, clause: str) -> str:
    """Return the status of a clause; one without an entry was not run."""
    return str(column["clauses"].get(clause, {}).get("status", "not-run"))


def before(column: Column, columns: list[Column]) -> Column | None:
    """Return the column that this one is compared with: the version before it, or TensorFlow for another backend."""
    name = family(column)
    if name == "backends":
        same = column["subject"]["version"]
        return next((one for one in columns if family(one) == "keras-3" and one["subject"]["version"] == same), None)
    own = [one for one in columns if family(one) == name]
    place = own.index(column)
    return own[place - 1] if name in SERIES and place else None


def segments(members: list[Column], clause: str) -> list[Segment]:
    """Return the verdicts of a family on a clause: in a series, neighbours of one verdict; elsewhere, all of one."""
    if family(members[0]) in SERIES:
        return [(name, list(own)) for name, own in groupby(members, lambda column: status(column, clause))]
    found: dict[str, list[Column]] = {}
    for column in members:
        found.setdefault(status(column, clause), []).append(column)
    return list(found.items())


def slug(column: Column) -> str:
    """Return the name of a column, for addresses: `keras-3-15-1-tensorflow`."""
    subject = column["subject"]
    backend = [] if subject["backend"] == "none" else [subject["backend"]]
    return re.sub(r"[^a-z0-9]+", "-", " ".join([subject["package"], subject["version"], *backend]).lower())


def named(column: Column) -> str:
    """Return who was judged: `Keras 3.15.1 (JAX)`, `tf.keras 2.12.0`."""
    subject = column["subject"]
    group = family(column)
    backend = BACKENDS.get(subject["backend"], subject["backend"])
    if group in ("keras-3", "backends"):
        return f"Keras {subject['version']}" + (f" ({backend})" if group == "backends" else "")
    shown = f"{_package(column)} {subject['version']}"
    return shown + (f" ({backend})" if group == "others" and backend != "none" else "")


def short(members: list[Column], whole: list[Column]) -> str:
    """Return some members of a family in few words: `3.0–3.6`, `JAX, torch`, `tf.keras 2.12, tf-keras 2.21`."""
    group = family(members[0])
    if group == "keras-3":
        ends = [_version(column, whole) for column in (members[0], members[-1])]
        return "–".join(dict.fromkeys(ends))
    if group == "backends":
        return ", ".join(_backend(column, whole) for column in members)
    if group == "keras-2":
        return ", ".join(f"{_package(own[0])} {_list(own, whole)}" for own in _by_package(members))
    return ", ".join(named(column) for column in members)


def head(members: list[Column], language: str) -> str:
    """Return what stands above the column of a family."""
    group = family(members[0])
    if group in ("others", "reference"):
        return say(f"family-{group}", language)
    if len(members) == 1:
        return f"{named(members[0])} (TensorFlow)" if group == "keras-3" else named(members[0])
    versions = {column["subject"]["version"] for column in members}
    version = f" {versions.pop()}" if len(versions) == 1 else ""
    return say(f"family-{group}", language, version=version, span=short(members, members))


def spans(members: list[Column], whole: list[Column]) -> str:
    """Return any columns in few words, family by family: `Keras 3.0–3.6, 3.9 · tf.keras 2.12`."""
    parts = []
    for name, own in families(members).items():
        family_whole = families(whole)[name]
        if name == "keras-3":
            parts.append("Keras " + ", ".join(short(run, family_whole) for run in _runs(own, family_whole)))
        else:
            parts.append(", ".join(named(column) for column in own) if name == "backends" else short(own, family_whole))
    return " · ".join(parts)


def _runs(members: list[Column], whole: list[Column]) -> list[list[Column]]:
    """Return the members in runs that have no gap in the family."""
    runs: list[list[Column]] = []
    for column in members:
        if runs and whole.index(column) == whole.index(runs[-1][-1]) + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    return runs


def _by_package(members: list[Column]) -> list[list[Column]]:
    """Return the members of each package."""
    return [list(own) for _, own in groupby(members, _package)]


def _list(members: list[Column], whole: list[Column]) -> str:
    """Return the versions of some members."""
    return ", ".join(_version(column, whole) for column in members)


def _package(column: Column) -> str:
    """Return the package as readers call it: Keras 2 inside TensorFlow is `tf.keras`."""
    package = str(column["subject"]["package"])
    if family(column) == "keras-2" and package in ("keras", "tensorflow"):
        return "tf.keras"
    return PACKAGES.get(package, package)


def _version(column: Column, whole: list[Column]) -> str:
    """Return a version without its last number where that is enough to know it in its family."""
    full = str(column["subject"]["version"])
    minor = ".".join(full.split(".")[:2])
    alike = [one for one in whole if one["subject"]["version"].startswith(f"{minor}.")]
    return full if len({slug(one) for one in alike if _package(one) == _package(column)}) > 1 else minor


def _backend(column: Column, whole: list[Column]) -> str:
    """Return a backend, with the version where there are several."""
    name = BACKENDS.get(column["subject"]["backend"], column["subject"]["backend"])
    several = len({one["subject"]["version"] for one in whole}) > 1
    return f"{name} {column['subject']['version']}" if several else str(name)
