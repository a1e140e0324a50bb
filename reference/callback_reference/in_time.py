"""InTime: wait for something no longer than a limit, whatever it does."""

import threading
import weakref
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

__all__ = ["InTime"]


class InTime:
    """Run functions one after the other in a thread that is kept, because to start one costs as much as a short task.

    A function that takes too long is left alone with its thread, and the next one gets a new thread.
    Threads are daemons: none keeps Python from ending.

    >>> keeper = InTime()
    >>> keeper.result(lambda: 6 * 7, seconds=10)
    42
    """

    def __init__(self) -> None:
        self._asked: SimpleQueue[Callable[[], Any] | None] | None = None
        self._answers: SimpleQueue[Any] = SimpleQueue()

    def __reduce__(self) -> "tuple[type[InTime], tuple[()]]":
        """Let a copy, or what is read from a pickle, start a thread of its own."""
        return InTime, ()

    def result(self, function: Callable[[], Any], seconds: float) -> Any:
        """Return what a function returns; it must not raise.

        Raises:
            TimeoutError: it did not return in time.
        """
        if self._asked is None:
            self._asked, self._answers = SimpleQueue(), SimpleQueue()
            threading.Thread(target=_work, args=(self._asked, self._answers), daemon=True).start()
            weakref.finalize(self, self._asked.put, None)
        self._asked.put(function)
        try:
            return self._answers.get(timeout=seconds)
        except Empty:
            self._asked.put(None)
            self._asked = None
            raise TimeoutError from None


def _work(asked: "SimpleQueue[Callable[[], Any] | None]", answers: "SimpleQueue[Any]") -> None:
    """Answer until asked to stop, and hold on to nothing in between."""
    while (function := asked.get()) is not None:
        answers.put(function())
        del function
