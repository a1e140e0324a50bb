"""Where reports go: refused before anything is judged if it could not be written, and never over a stranger's file."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from .messages import Words
from .options import Options, OptionsError

__all__ = ["GENERATOR", "refuse_paths"]

GENERATOR = "callback-conformance"
"""What a report that we wrote says of itself, near its beginning."""
BEGINNING = 4096
"""How many bytes of a file are read to see whose it is."""


def refuse_paths(options: Options, words: Words) -> None:
    """Refuse a file that could not be written, or that is not ours, and make the folders of the others.

    Raises:
        OptionsError: naming the option, the path, and what is wrong with it.
    """
    named: dict[Path, str] = {}
    for option, path in options.files.items():
        one = named.setdefault(path.absolute(), option)
        if one != option:
            raise OptionsError(words("path-twice", one=one, other=option, path=path))
        _refuse(option, path, words)


def _refuse(option: str, path: Path, words: Words) -> None:
    if path.is_dir() or not path.name:
        raise OptionsError(words("path-folder", option=option, path=path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(path.parent, os.W_OK):
            raise OptionsError(words("path-unwritable", option=option, path=path, folder=path.parent))
        if path.exists() and not path.is_file():
            raise OptionsError(words("path-special", option=option, path=path))
        if path.exists() and path.stat().st_size and not OURS[option](path):
            raise OptionsError(words("path-foreign", option=option, path=path))
    except OSError as error:
        place = error.filename or path
        raise OptionsError(words("path-error", option=option, path=path, error=error.strerror, place=place)) from error


def _is_report(path: Path) -> bool:
    try:
        data = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError:
        return False
    return isinstance(data, dict) and {"schema", "suite", "clauses"} <= set(data)


def _says_so(path: Path) -> bool:
    with path.open("rb") as file:
        return GENERATOR.encode() in file.read(BEGINNING)


OURS: dict[str, Callable[[Path], bool]] = {"json": _is_report, "junit": _says_so, "html": _says_so}
