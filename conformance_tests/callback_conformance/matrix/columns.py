"""The columns of the matrix as data: what is judged in each, and the environment that it needs."""

import fnmatch
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from ..kinds import KINDS
from .words import MatrixError

__all__ = ["HERE", "Column", "Environment", "load", "select"]

HERE = "here"
"""The environment of the interpreter that runs the command: nothing is installed."""

SHIMS = Path(__file__).parent / "shims"


class Environment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A virtual environment that columns share.

    Args:
        packages: what pip installs, each with its exact version.
        pythons: the versions of Python that it can be made with, such as "3.11"; the first found is taken.
        constraints: exact versions of what the packages bring along, as pip's option `--constraint` takes them.
        megabytes: how much room it takes, about.
        seconds: how long it takes to install, about, where the network is fast.
    """

    packages: list[str] = []
    pythons: list[str] = msgspec.field(default_factory=lambda: ["3.11", "3.12", "3.13"])
    constraints: list[str] = []
    megabytes: int = 0
    seconds: int = 0


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One column: a module of callbacks in one environment.

    Args:
        subject: the module that is judged.
        environment: the name of an environment, or "here" for the one that runs the command.
        overlay: packages in a folder of their own, which is found before those of the environment; what they depend on
            is not installed.
        shims: names of folders of `shims/`, found before the overlay.
        path: the user's own folders, found before everything else; relative to the file of columns.
        variables: environment variables.
        kinds: the callbacks that are judged; all if empty.
        megabytes: how much room the overlay takes, about.
    """

    subject: str = "keras.callbacks"
    environment: str = HERE
    overlay: list[str] = []
    shims: list[str] = []
    path: list[str] = []
    variables: dict[str, str] = {}
    kinds: list[str] = []
    megabytes: int = 0


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    environments: dict[str, Environment] = {}
    columns: dict[str, Column] = {}


def load(more: Path | None = None) -> tuple[dict[str, Environment], dict[str, Column]]:
    """Return the environments and the columns, by name: ours, and after them those of a file of the user's.

    Raises:
        MatrixError: the file cannot be read, or names what does not exist.
    """
    files = [Path(__file__).with_name("columns.toml"), *([more] if more else [])]
    environments: dict[str, Environment] = {}
    columns: dict[str, Column] = {}
    for file in files:
        read = _read(file)
        environments |= read.environments
        columns |= {name: _placed(column, file.parent.resolve()) for name, column in read.columns.items()}
        for name, column in read.columns.items():
            _require(column, name, file, environments)
    return environments, columns


def select(columns: dict[str, Column], patterns: list[str]) -> dict[str, Column]:
    """Return the columns whose name is one of the patterns, in which `*` stands for any text; all if there is none.

    Raises:
        MatrixError: a pattern fits no column.
    """
    for pattern in patterns:
        if not fnmatch.filter(columns, pattern):
            raise MatrixError("no-such-column", pattern=pattern, columns=", ".join(columns))
    if not patterns:
        return columns
    return {
        name: column
        for name, column in columns.items()
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
    }


def _read(file: Path) -> _File:
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _File)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise MatrixError("bad-columns-file", file=file, why=error) from error


def _placed(column: Column, folder: Path) -> Column:
    return msgspec.structs.replace(column, path=[str(folder / path) for path in column.path])


def _require(column: Column, name: str, file: Path, environments: dict[str, Environment]) -> None:
    known: dict[str, tuple[list[str], Any]] = {
        "environment": ([column.environment], [HERE, *environments]),
        "shims": (column.shims, sorted(path.name for path in SHIMS.iterdir() if path.is_dir())),
        "kinds": (column.kinds, list(KINDS)),
    }
    for member, (named, accepted) in known.items():
        for value in named:
            if value not in accepted:
                raise MatrixError(
                    "bad-column-member", file=file, column=name, member=member, value=value,
                    accepted=", ".join(accepted),
                )  # fmt: skip
    for path in column.path:
        if not (file.parent / path).is_dir():
            raise MatrixError("no-such-folder", file=file, column=name, folder=file.parent / path)
