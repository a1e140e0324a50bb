"""Progress: the line that shows how far a run has come, drawn over itself while the run goes on.

A line is a pure function of step, total, values and seconds; `Progress` only remembers when it began and what it drew.
"""

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Progress", "line", "seconds_left", "seconds_per_step", "value_text", "write"]

WIDTH = 20
INTERVAL = 0.05
BOLD, GREEN, WHITE, PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"
BACKSPACE = "\x08"
SEGMENT, SIMPLE_SEGMENT = "━", "="


class Progress:
    """Draw one progress line, from the first step to the last.

    Args:
        total: steps of the whole run; None or 0 if nobody knows.
        verbose: 1 draws the line again and again, 2 writes it once at the end, anything else writes nothing.

    >>> progress = Progress(total=3, verbose=2)
    >>> progress.update(1, {"loss": 0.5})
    >>> progress.finish(3, {"loss": 0.25})  # doctest: +ELLIPSIS
    3/3 - 0s - ...s/step - loss: 0.2500
    """

    def __init__(self, total: "int | None", verbose: "Any" = 1) -> None:
        self.total, self.verbose = total, verbose
        self.values: dict[Any, Any] = {}
        self.began = time.time()
        self._first_step_ended: float | None = None
        self._drawn_at, self._drawn_width = 0.0, 0

    def update(self, step: int, values: "dict[Any, Any]") -> None:
        """Take what is known after a step, and draw it, unless something was drawn within 0.05 seconds before."""
        if self.verbose != 1:
            return
        now = time.time()
        self.values.update(values)  # PB-11, PB-12
        if now - self._drawn_at >= INTERVAL:  # PB-08
            self._draw(step, now, last=False)
        self._remember_the_first(step, now)

    def finish(self, step: int, values: "dict[Any, Any]") -> None:
        """Draw the last state, and end the line."""
        now = time.time()
        self.values.update(values)
        if self.verbose == 1:
            self._draw(step, now, last=True)
        elif self.verbose == 2 and self.total:
            count = f"{int(step)}/{int(self.total)}"
            write(f"{count} - {now - self.began:.0f}s - {self._rate(step, now)}{self._values()}\n")  # PB-03
        self._remember_the_first(step, now)

    def _draw(self, step: int, now: float, last: bool) -> None:
        seconds = self._step_seconds(step, now)
        clock = f"{now - self.began:.0f}s"  # PB-26
        if self.total and not last:
            clock = seconds_left(seconds * (self.total - step))  # PB-25
        text, width = line(step, self.total, clock, self._rate(step, now) + self._values())
        padding = " " * (self._drawn_width - width)  # PB-38: over the rest of a longer line
        write(BACKSPACE * self._drawn_width + "\r" + text + padding + ("\n" if last else ""))
        self._drawn_at, self._drawn_width = now, width

    def _remember_the_first(self, step: int, now: float) -> None:
        if step == 1 and self.verbose == 1:
            self._first_step_ended = now

    def _step_seconds(self, step: int, now: float) -> float:
        if self._first_step_ended is not None and step > 1:
            return (now - self._first_step_ended) / (step - 1)  # PB-24: the first step is slow, and left out
        return (now - self.began) / step if step else 0.0

    def _rate(self, step: int, now: float) -> str:
        return f"{seconds_per_step(self._step_seconds(step, now))}/step"

    def _values(self) -> str:
        return "".join(f" - {name}: {value_text(value)}" for name, value in self.values.items())


def line(step: int, total: "int | None", clock: str, rest: str) -> "tuple[str, int]":
    """Return the text of a line, and how many columns it takes.

    >>> text, columns = line(1, 4, "3s", "1s/step - loss: 0.5000")
    >>> columns, text.count(segment())
    (50, 20)
    """
    if total:
        step, total = int(step), int(total)
        count = f"{step:{len(str(total))}d}/{total}"
        filled = int(WIDTH * step / total)
        bar = (f"{GREEN}{segment() * filled}{PLAIN}" if filled > 0 else "") + (
            f"{WHITE}{segment() * (WIDTH - filled)}{PLAIN} "
        )
        count, columns = f"{BOLD}{count}{PLAIN} ", len(count) + 1 + max(filled, WIDTH) + 1
    else:
        bar, count = "", f"{step:7d}/Unknown "  # PB-15
        columns = len(count)
    return f"{count}{bar}{BOLD}{clock}{PLAIN} {rest}", columns + len(clock) + 1 + len(rest)


def value_text(value: "Any") -> str:
    """Return a value as the line shows it.

    >>> value_text(0.5), value_text(0.0001), value_text(-2), value_text([1, 2]), value_text("fast")
    ('0.5000', '1.0000e-04', '-2.0000e+00', '1.5000', 'fast')
    """
    try:
        number = _mean(value)
    except (TypeError, ValueError, OverflowError):
        return str(value)  # PB-14
    return f"{number:.4f}" if number > 1e-3 else f"{number:.4e}"  # PB-13


def seconds_left(seconds: float) -> str:
    """Return an estimate in whole seconds, as `h:mm:ss`, `m:ss` or seconds.

    >>> seconds_left(60), seconds_left(61), seconds_left(3661.9)
    ('60s', '1:01', '1:01:01')
    """
    whole = int(seconds)  # PB-27
    if seconds > 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}" if seconds > 60 else f"{whole}s"


def seconds_per_step(seconds: float) -> str:
    """Return a duration in s, below a second in ms, below a millisecond in us; never a fraction.

    >>> seconds_per_step(2.0), seconds_per_step(0.25), seconds_per_step(0.0001), seconds_per_step(0)
    ('2s', '250ms', '100us', '0s')
    """
    if seconds >= 1 or seconds == 0:  # PB-27
        return f"{seconds:.0f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


def write(text: str) -> None:
    """Write to what `sys.stdout` is now, as far as it can hold the text."""
    out = sys.stdout  # PB-31
    if out is None:  # PB-30: there is no terminal under a service or a windowed program
        return
    try:
        out.write(text)
    except UnicodeEncodeError:  # PB-29
        out.write(text.encode("ascii", "ignore").decode())
    out.flush()


def segment() -> str:
    """Return what a bar is made of: `━`, or `=` where `sys.stdout` cannot write that."""
    try:
        SEGMENT.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return SIMPLE_SEGMENT  # PB-29
    return SEGMENT


def _mean(value: "Any") -> float:
    if isinstance(value, (list, tuple)) or len(getattr(value, "shape", ())):
        members = [_mean(member) for member in value]
        return sum(members) / len(members) if members else float("nan")  # PB-21
    if isinstance(value, (str, bytes)):
        raise TypeError("text is no number")
    return float(value)
