"""Write a file whole or not at all: in a folder beside its target first, then moved into its place.

A process that is killed at any moment leaves the previous file or the new one. What it may leave besides is the folder,
named `.unfinished-<machine>-<process>-<random>`; the next save beside it removes it. In that folder the file has the
target's own name, so that what looks for `*.keras` does not find half a file.
Nothing is forced out to the disk (no fsync): a killed process loses nothing by that, and on a slow disk it would take
longer than the saving itself. After a power failure, the file system decides.
"""

import os
import re
import shutil
import time
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["remove_leftovers", "write_file"]

UNFINISHED = re.compile(r"\.unfinished-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}")
SURELY_LEFT = 3600.0
"""Seconds without a write after which what is unfinished belongs to nobody, whatever machine it comes from."""

DIRECTORY = "{path} is a directory; pass a filepath that names a file"
PROTECTED = "{path} is write-protected"


def write_file(path: str, save: "Callable[[str], object]") -> None:
    """Let `save` write to a path of the same name in a folder beside, and move the result into place.

    Missing folders are made. A symbolic link is followed, and an existing file's permissions are kept.
    A path with a scheme (`gs://…`) is handed to `save` as it is, for such a storage shows no half-written file.

    Raises:
        OSError: `path` is a directory, or a file that may not be written, or what `save` raises; a file that was there
            before is then as it was.
    """
    if "://" in path:
        save(path)
        return
    path = os.path.realpath(path)  # MC-31
    _require_writable(path)
    folder, name = os.path.split(path)
    os.makedirs(folder, exist_ok=True)
    remove_leftovers(folder)
    beside = os.path.join(folder, f".unfinished-{_machine()}-{os.getpid()}-{os.urandom(4).hex()}")
    unfinished = os.path.join(beside, name)
    os.mkdir(beside)
    try:
        save(unfinished)
        if not os.path.exists(unfinished):  # a model that saves nothing, such as a worker that is not the first
            return
        if os.path.exists(path):
            os.chmod(unfinished, os.stat(path).st_mode & 0o7777)  # MC-31
        os.replace(unfinished, path)  # MC-27
    finally:
        _remove(beside)  # MC-28


def remove_leftovers(folder: str) -> None:
    """Remove what is unfinished in a folder and whose process has ended."""
    for name in os.listdir(folder):
        found = UNFINISHED.fullmatch(name)
        if found and _is_left(os.path.join(folder, name), *found.groups()):  # MC-29, MC-30
            _remove(os.path.join(folder, name))


def _remove(folder: str) -> None:
    try:
        os.rmdir(folder)
    except OSError:  # something is in it; or another process has removed it
        shutil.rmtree(folder, ignore_errors=True)


def _require_writable(path: str) -> None:
    if os.path.isdir(path):
        raise OSError(DIRECTORY.format(path=path))  # MC-25
    if os.path.exists(path) and not os.access(path, os.W_OK):
        raise PermissionError(PROTECTED.format(path=path))  # moving another file there would need no permission


def _is_left(path: str, machine: str, process: str) -> bool:
    if machine == _machine() and os.name == "posix" and not _lives(int(process)):
        return True
    try:
        written = max(os.stat(os.path.join(path, name)).st_mtime for name in [".", *os.listdir(path)])
    except OSError:  # it is no folder, or its process has just finished
        return False
    return time.time() - written > SURELY_LEFT


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # another user's
        return True
    return True


def _machine() -> str:
    """Return eight digits for what numbers this process: the machine, and the container on it."""
    try:
        numbered_by = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        numbered_by = 0
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return f"{zlib.crc32(f'{name} {numbered_by}'.encode()):08x}"
