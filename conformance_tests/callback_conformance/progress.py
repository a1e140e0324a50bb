"""Read what a progress bar prints, whatever it looks like, and script the clock that it reads.

A text is taken apart into the lines that were drawn, one over the other or one below the other.
A heading becomes `{"epoch": 1, "epochs": 3}`, and any other line that holds a count becomes
`{"step": 1, "total": 4, "values": {"loss": 0.5}, "done": false}`: `total` is None while it is not known, and `done`
tells that the line was ended rather than left to be drawn over.
"""

import contextlib
import math
import re
import time
from collections.abc import Iterator
from typing import Any
from unittest import mock

__all__ = ["Clock", "parse"]

CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
DRAWN = re.compile(r"([^\r\n\x08]+)(\n?)")
HEADING = re.compile(r"\s*epoch\s+(\d+)\s*(?:/|of)\s*(\d+)\W*", re.IGNORECASE)
COUNT = re.compile(r"(?<![\w.:/])(\d+)\s*(?:/|of)\s*(\d+\b|\?|unknown|none)", re.IGNORECASE)
VALUE = re.compile(r"(?<![\w.])([^\W\d][\w.]*(?:[ /-][^\W\d][\w.]*)*)\s*[:=]\s*([^\s,|\]]+)")
HOURS = re.compile(r"(?<![\w:])(?:(\d+):)?(\d+):(\d\d)(?![\w:])")
SECONDS = re.compile(r"(?<![\w.:])(-?\d+)s(?![\w/])")
RATE = re.compile(r"(-?\d+(?:\.\d+)?)(s|ms|us|µs)/(?!epoch)\w+")
LEFT = re.compile(r"\bETA\s*:\s*(?=[\d:]+s?\b)", re.IGNORECASE)
"""What Keras 2 writes before the time that is left."""
UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}


def parse(text: str) -> dict[str, list[Any]]:
    """Return the lines drawn as `progress`, and what they say of time as `times`, if they say anything.

    A time has `clock`, the duration that stands alone, and `step`, the one for each step, both in seconds.

    >>> parse("Epoch 1/2\\n1/4 [=>..] 3s 1s/step - loss: 0.5000")["progress"]
    [{'epoch': 1, 'epochs': 2}, {'step': 1, 'total': 4, 'values': {'loss': 0.5}, 'done': False}]
    >>> parse("4/4 3s 250ms/step\\n")["times"]
    [{'clock': 3.0, 'step': 0.25}]
    >>> parse("1/2 [==>...] - ETA: 1:05 - loss: 0.5000")["times"]
    [{'clock': 65.0}]
    """
    lines, times = [], []
    for drawn, end in DRAWN.findall(CODES.sub("", text)):
        heading, count = HEADING.fullmatch(drawn), COUNT.search(drawn)
        if heading:
            lines.append({"epoch": int(heading[1]), "epochs": int(heading[2])})
        elif count:
            rest = LEFT.sub("", drawn[count.end() :])
            lines.append(_line(count, rest, bool(end)))
            times.append(_times(rest))
    seen = [each for each in times if each]
    return {"progress": lines, **({"times": seen} if seen else {})}


def _line(count: re.Match[str], rest: str, done: bool) -> dict[str, Any]:
    values = {name: _value(value) for name, value in VALUE.findall(rest)}
    return {
        "step": int(count[1]),
        "total": int(count[2]) if count[2].isdigit() else None,
        "values": values,
        "done": done,
    }


def _value(text: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else str(number)


def _times(rest: str) -> dict[str, float]:
    times = {}
    hours, seconds, rate = HOURS.search(rest), SECONDS.search(rest), RATE.search(rest)
    if hours:
        times["clock"] = 3600.0 * int(hours[1] or 0) + 60 * int(hours[2]) + int(hours[3])
    elif seconds:
        times["clock"] = float(seconds[1])
    if rate:
        times["step"] = round(float(rate[1]) * UNITS[rate[2]], 9)
    return times


class Clock:
    """A clock that goes on only when told to, in the place of those of the module `time`.

    Args:
        scripted: False leaves the real clocks alone.
    """

    def __init__(self, scripted: bool) -> None:
        self.scripted, self.now = scripted, 1000.0

    def tick(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    def _read(self) -> float:
        return self.now

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Put this clock in the place of the real ones."""
        with contextlib.ExitStack() as stack:
            for name in ("time", "monotonic", "perf_counter") if self.scripted else ():
                stack.enter_context(mock.patch.object(time, name, self._read))
            yield
