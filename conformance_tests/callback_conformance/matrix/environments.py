"""The environments of the columns: made once with venv and pip, kept in a cache, whole or not at all."""

import functools
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from .columns import HERE, SHIMS, Column, Environment
from .words import MatrixError

__all__ = ["PACKAGES", "SHOWN", "Cache", "Unbuildable", "cache_folder", "digest_of", "suite_digest"]

WHOLE = "whole.json"
"""The file that says that a folder of the cache is whole, and what it was made from."""

SHOWN = 15
"""How many of pip's last lines are kept of a column that cannot be built."""

PACKAGES = ("callback_conformance", "callback_reference")
NOT_JUDGING = ("matrix", "__main__.py")
"""What of the suite changes no verdict: a part that was judged stays judged when it changes."""


class Unbuildable(Exception):
    """An environment cannot be made; `lines` are the last that pip said."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def cache_folder() -> Path:
    """Return the folder in which environments are kept for this user."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "callback-conformance"


def digest_of(value: object) -> str:
    """Return twelve hexadecimal digits that stand for data which JSON can hold."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:12]


class Cache:
    """The folder with everything that was installed or copied for the matrix.

    Args:
        folder: where it is; made when something is first put there.
        environments: by name.
    """

    def __init__(self, folder: Path, environments: dict[str, Environment]) -> None:
        self.folder, self.environments = folder.absolute(), environments
        self._suite = suite_digest(whole=True)
        self._failed: dict[Path, Unbuildable] = {}

    def missing(self, column: Column) -> list[Path]:
        """Return the folders that have yet to be made for a column."""
        wanted = [] if column.environment == HERE else [self._base(column)]
        wanted += [self._overlay(column)] if column.overlay else []
        return [folder for folder in wanted if not (folder / WHOLE).exists()]

    def identity(self, column: Column) -> list[object]:
        """Return what tells a column's environment from others, and the digest of the user's files on its path."""
        own = [_files_digest(Path(folder), "*.py").hexdigest() for folder in column.path]
        if column.environment == HERE:
            return [sys.executable, platform.python_version(), own]
        return [self._base(column).name, own]

    def python(self, column: Column) -> Path:
        """Return the interpreter of a column, whose environment is made if need be.

        Raises:
            Unbuildable: it cannot be made.
        """
        if column.environment == HERE:
            return Path(sys.executable)
        folder = self._base(column)
        environment = self.environments[column.environment]
        if not (folder / WHOLE).exists():
            self._make(folder, functools.partial(_install, environment), msgspec.to_builtins(environment))
        return _interpreter_in(folder)

    def folders(self, column: Column) -> list[Path]:
        """Return what stands before the environment on a column's path: the user's, shims, the overlay, the suite.

        Raises:
            Unbuildable: the overlay cannot be installed.
        """
        folders = [*map(Path, column.path), *(SHIMS / name for name in column.shims)]
        if column.overlay:
            folder = self._overlay(column)
            if not (folder / WHOLE).exists():
                self._make(folder, functools.partial(_lay_over, self.python(column), column.overlay), column.overlay)
            folders.append(folder / "site-packages")
        return [*folders, self.suite()]

    def suite(self) -> Path:
        """Return a folder with a copy of the suite and of the reference, and of nothing else.

        The copy stays as it is when the suite is worked on while the matrix runs. Hypothesis takes what lies below a
        folder `site-packages` for a library, and draws no constants from it: it would draw other scenarios otherwise.
        """
        folder = self.folder / f"suite-{self._suite}"
        if not (folder / WHOLE).exists():
            self._make(folder, _copy_suite, PACKAGES)
        return folder / "site-packages"

    def _base(self, column: Column) -> Path:
        environment = self.environments[column.environment]
        version, _ = _python_for(tuple(environment.pythons))
        made_of = [environment.packages, environment.constraints, version, platform.system(), platform.machine()]
        return self.folder / f"{column.environment}-{digest_of(made_of)}"

    def _overlay(self, column: Column) -> Path:
        base = "" if column.environment == HERE else self._base(column).name
        return self.folder / f"overlay-{digest_of([base, column.overlay])}"

    def _make(self, folder: Path, fill: Callable[[Path], None], made_from: object) -> None:
        """Fill a folder under another name, then give it its own; what failed once fails again."""
        if folder in self._failed:
            raise self._failed[folder]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=self.folder))
        except OSError as error:
            raise MatrixError("cannot-write", folder=self.folder, why=error.strerror) from error
        try:
            fill(beside)
            (beside / WHOLE).write_bytes(msgspec.json.encode(made_from))
            if not (folder / WHOLE).exists():
                shutil.rmtree(folder, ignore_errors=True)
                beside.rename(folder)
        except Unbuildable as error:
            self._failed[folder] = error
            raise
        except OSError as error:
            if not (folder / WHOLE).exists():  # another run may have made it meanwhile
                raise Unbuildable([f"{type(error).__name__}: {error}"]) from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def suite_digest(whole: bool = False) -> str:
    """Return what stands for the files of the suite and of the reference.

    Args:
        whole: count the files that change no verdict, too.
    """
    found = hashlib.sha256()
    for package in PACKAGES:
        found.update(_files_digest(_package_folder(package), "*", () if whole else NOT_JUDGING).digest())
    return found.hexdigest()[:12]


def _files_digest(root: Path, pattern: str, but: tuple[str, ...] = ()) -> "hashlib._Hash":
    found = hashlib.sha256()
    for path in sorted(root.rglob(pattern)):
        relative = path.relative_to(root)
        skipped = "__pycache__" in relative.parts or (relative.parts[0] in but and path.name != "traces.py")
        if path.is_file() and not skipped:
            found.update(relative.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found


def _package_folder(package: str) -> Path:
    import importlib

    return Path(str(importlib.import_module(package).__file__)).parent


def _copy_suite(folder: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(
            _package_folder(package), folder / "site-packages" / package, ignore=shutil.ignore_patterns("__pycache__")
        )


def _install(environment: Environment, folder: Path) -> None:
    _, python = _python_for(tuple(environment.pythons))
    if not python:
        raise Unbuildable([f"none of Python {', '.join(environment.pythons)} is installed"])
    _run([python, "-m", "venv", str(folder)])
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join([*environment.constraints, ""]))
    _run([str(_interpreter_in(folder)), *_pip("install"), "--constraint", str(constraints), *environment.packages])


def _lay_over(python: Path, packages: list[str], folder: Path) -> None:
    _run([str(python), *_pip("install"), "--no-deps", "--target", str(folder / "site-packages"), *packages])


def _pip(command: str) -> list[str]:
    return ["-m", "pip", "--disable-pip-version-check", "--no-input", command, "--quiet"]


def _run(command: list[str]) -> None:
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
    environ = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ, check=False
    )
    if done.returncode:
        lines = done.stdout.decode(errors="replace").strip().splitlines()
        raise Unbuildable(lines[-SHOWN:] or [f"{command[0]} ended with {done.returncode}"])


def _interpreter_in(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


@functools.cache
def _python_for(versions: tuple[str, ...]) -> tuple[str, str]:
    """Return one of the versions, and an interpreter of it: this one, or one on the path; "" if there is none."""
    running = ".".join(platform.python_version_tuple()[:2])
    if running in versions:
        return running, sys.executable
    for version in versions:
        found = shutil.which(f"python{version}")
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return version, found
    return "", ""
