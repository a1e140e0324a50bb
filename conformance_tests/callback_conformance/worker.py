"""A process that judges: it reads tasks from its standard input, and writes a line of JSON for each clause.

Whatever the subject does to this process, the one that started it (see `supervise`) has what was found before.
"""

import faulthandler
import os
import threading
from queue import SimpleQueue
from typing import Any, BinaryIO

import msgspec

from .guard import KERAS_LIMIT, LIMIT, Limit
from .runner import Report, Result, judge
from .subjects import KERAS, SubjectError, find

__all__ = ["Begins", "Judged", "Message", "Missing", "Task", "Whole", "main"]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What to judge; `before` holds, by kind, the results of a process that ended."""

    subject: str
    kinds: list[str]
    seed: int = 0
    examples: int = 200
    quick: bool = False
    only: list[str] | None = None
    strict: bool = False
    limit: float | None = None
    before: dict[str, dict[str, Result]] = {}


class Begins(msgspec.Struct, frozen=True, tag=True):
    """A clause is about to be judged."""

    kind: str
    clause: str
    subject: dict[str, str]


class Judged(msgspec.Struct, frozen=True, tag=True):
    """A clause has been judged."""

    kind: str
    clause: str
    result: Result


class Missing(msgspec.Struct, frozen=True, tag=True):
    """There is nothing to judge: no such class, or it cannot be built."""

    kind: str
    reason: str


class Whole(msgspec.Struct, frozen=True, tag=True):
    """A kind has been judged."""

    kind: str
    report: Report


Message = Begins | Judged | Missing | Whole


def main() -> None:
    """Judge what the tasks on the standard input name, until it ends, whatever threads the subject left."""
    orders = os.fdopen(os.dup(0), "rb")
    lines = os.fdopen(os.dup(1), "wb")  # what anybody prints goes elsewhere, also by way of the operating system
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    faulthandler.enable()
    tasks: SimpleQueue[Task] = SimpleQueue()
    threading.Thread(target=_read, args=(orders, tasks), daemon=True).start()

    def send(message: Any) -> None:
        try:
            lines.write(msgspec.json.encode(message) + b"\n")
            lines.flush()
        except OSError:  # nobody listens any more
            os._exit(1)

    while True:
        task = tasks.get()
        for kind in task.kinds:
            send(_judge(task, kind, send))


def _read(orders: BinaryIO, tasks: SimpleQueue[Task]) -> None:
    """Read tasks, and end this process when the one that started it wants no more, or has ended."""
    for line in orders:
        tasks.put(msgspec.json.decode(line, type=Task))
    os._exit(0)


def _judge(task: Task, kind: str, send: Any) -> Message:
    is_keras = task.subject.partition(".")[0] in KERAS
    patience = task.limit or (KERAS_LIMIT if is_keras else LIMIT)
    try:
        with Limit(max(patience, KERAS_LIMIT), fatal=True):  # the first import may take long
            subject = find(task.subject if ":" in task.subject else f"{task.subject}:{kind}", kind)
            subject.try_out()
    except SubjectError as error:
        return Missing(kind, str(error))
    report = judge(
        subject,
        seed=task.seed,
        examples=task.examples,
        quick=task.quick,
        only=set(task.only) if task.only is not None else None,
        strict=task.strict,
        limit=task.limit,
        fatal=threading.current_thread() is threading.main_thread(),
        before=task.before.get(kind),
        on_begin=lambda clause: send(Begins(kind, clause, subject.described)),
        on_clause=lambda clause, result: send(Judged(kind, clause, result)),
    )
    return Whole(kind, report)


if __name__ == "__main__":
    main()
