"""Keep a subject that misbehaves from taking the run with it: hangs, floods of text, files of others, a full disk."""

import contextlib
import errno
import faulthandler
import io
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

__all__ = [
    "FULL",
    "KERAS_LIMIT",
    "LIMIT",
    "DiskFull",
    "Escaped",
    "Flood",
    "Hang",
    "Limit",
    "leaked_threads",
    "only_here",
    "require_room",
]

LIMIT = 20.0
"""Seconds that one scenario may take before it counts as hanging, unless a Keras is judged."""

KERAS_LIMIT = 120.0
"""The same for a Keras, whose real `fit` may have to wait for a busy machine."""

MOST_TEXT = 200_000
"""Characters that one scenario may print before the rest is dropped."""

MOST_WAITS = 5
"""So often is a scenario that imports a library given its time again."""

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says when there is no room left."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
OWN = ("__pycache__", ".hypothesis")
"""Folders that Python and Hypothesis write to by themselves."""

CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "shutil.rmtree", "os.link", "os.symlink")


class Hang(BaseException):
    """A scenario took longer than the limit; not an `Exception`, so that a subject does not catch it by chance."""


class Escaped(PermissionError):
    """A subject was about to change a file outside the folder in which its scenario is played."""


class DiskFull(BaseException):
    """There is no space left for what a scenario writes: whatever is judged from here on would say nothing."""


class Limit:
    """Interrupts the main thread when a scenario takes too long, and ends the process if it cannot be interrupted.

    Without `signal.setitimer` (Windows), or outside the main thread, only `fatal` has an effect.

    Args:
        seconds: that a scenario may take.
        fatal: end the process if code in C does not even let Python handle the interruption.
    """

    def __init__(self, seconds: float = LIMIT, fatal: bool = False) -> None:
        self.seconds, self.fatal = seconds, fatal
        self.active = False
        self._armed = 0.0
        self._waited = 0
        self._handler: Any = None
        self._timer = (0.0, 0.0)

    def __enter__(self) -> "Limit":
        """Begin to measure."""
        self.active = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self._began = time.monotonic()
        if self.active:
            self._handler = signal.signal(signal.SIGALRM, self._interrupt)
            self._timer = signal.setitimer(signal.ITIMER_REAL, 0)
        self.renew()
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop measuring, and give the timer back to whoever had it."""
        if self.active:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._handler)
            left, interval = self._timer  # of whoever else measures time here, pytest-timeout for example
            if left:
                signal.setitimer(signal.ITIMER_REAL, max(0.01, left - (time.monotonic() - self._began)), interval)
        if self.fatal:
            faulthandler.cancel_dump_traceback_later()
        self.active, self._armed = False, 0.0

    def renew(self) -> None:
        """Say that a new scenario begins; cheap enough for each of them."""
        now = time.monotonic()
        if now - self._armed < self.seconds / 10:
            return
        self._armed, self._waited = now, 0
        self._arm()

    def _arm(self) -> None:
        if self.active:
            signal.setitimer(signal.ITIMER_REAL, self.seconds, 5.0)  # again, if the first one is swallowed
        if self.fatal:
            faulthandler.dump_traceback_later(self.seconds * 1.5 + 5, exit=True, file=sys.__stderr__ or sys.stderr)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._waited < MOST_WAITS and _imports(frame):  # half of a library is worse than a late verdict
            self._waited += 1
            self._arm()
            return
        raise Hang(f"no end after {self.seconds:g} s")


def _imports(frame: FrameType | None) -> bool:
    """Tell whether a module is being imported: Keras, for example, takes a busy machine longer than a scenario may."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


class Flood(io.StringIO):
    """Takes what a subject prints, up to a limit, so that megabytes of it stay out of memory and traces."""

    def __init__(self, most: int = MOST_TEXT) -> None:
        super().__init__()
        self.most = most

    def write(self, text: str) -> int:
        """Keep as much of the text as there is room for."""
        room = self.most - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


class _Fence:
    """Refuses changes outside some folders while it is closed; an audit hook cannot be taken away again."""

    def __init__(self) -> None:
        self.closed = False
        self.hooked = False
        self.free: tuple[str, ...] = ()
        self.others: frozenset[int] = frozenset()
        self.refused: list[str] = []

    def close(self) -> None:
        if not self.hooked:
            sys.addaudithook(self._audit)
            self.hooked = True
        caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
        self.free = tuple(os.path.realpath(home) for home in (os.getcwd(), tempfile.gettempdir(), "/dev", caches))
        own = threading.get_ident()
        self.others = frozenset(thread.ident or 0 for thread in threading.enumerate() if thread.ident != own)
        self.closed = True

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.closed or threading.get_ident() in self.others:
            return
        if event == "open":
            self._look_at(arguments[:1] if _writes(arguments[1], arguments[2]) else ())
        elif event in CHANGES:
            self._look_at(arguments[: 2 if event == "os.rename" else 1])

    def _look_at(self, paths: tuple[Any, ...]) -> None:
        for path in paths:
            if isinstance(path, (str, bytes, os.PathLike)):
                self._require_inside(path)

    def _require_inside(self, path: Any) -> None:
        self.closed = False  # looking at a path raises events of its own
        try:
            where = os.path.realpath(os.fsdecode(path))
            free = any(own in where for own in OWN) or any(Path(where).is_relative_to(home) for home in self.free)
            free = free or _imports(sys._getframe())  # a library may set itself up, as matplotlib does
        finally:
            self.closed = True
        if not free:
            self.refused.append(where)
            raise Escaped(errno.EACCES, "the subject was about to change a file outside its folder", where)


_FENCE = _Fence()


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & WRITING)


@contextlib.contextmanager
def only_here() -> Iterator[list[str]]:
    """Refuse, with `Escaped`, to change files outside the current folder, the temporary one, and the user's caches.

    Threads that ran before are left alone. What a library written in C opens by itself, HDF5 for example, is not seen.

    Yields:
        The paths that were refused so far.
    """
    if _FENCE.closed:  # a suite that judges a suite
        yield _FENCE.refused
        return
    _FENCE.refused = []
    _FENCE.close()
    try:
        yield _FENCE.refused
    finally:
        _FENCE.closed = False


def leaked_threads(before: set[threading.Thread], grace: float = 0.5) -> list[str]:
    """Return the names of threads that were started since, and do not end within a grace period in seconds.

    Daemon threads do not keep a process from ending, and are not counted.
    """
    after = time.monotonic() + grace
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        if thread is not threading.current_thread():
            thread.join(max(0.0, after - time.monotonic()))
    return sorted(thread.name for thread in left if thread.is_alive())


def require_room(error: BaseException | None) -> None:
    """Look at an exception, and at those that it came from.

    Raises:
        DiskFull: that is what one of them says.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            raise DiskFull(str(error)) from error
        error = error.__cause__ or error.__context__
