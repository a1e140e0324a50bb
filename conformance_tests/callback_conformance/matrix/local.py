"""The local engine: as many processes at a time as there are cores, and as memory allows."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from .columns import Column
from .parts import Part
from .work import Job, Place, work

__all__ = ["Local"]


class Local:
    """Runs jobs in processes of this machine.

    Args:
        keep: called with each part that is whole, by one thread at a time.
        place: returns where a column runs.
        workers: how many jobs run at a time.
    """

    def __init__(self, keep: Callable[[Part], None], place: Callable[[str], Place], workers: int) -> None:
        self.workers = workers
        self._keep, self._place = keep, place
        self._pool = ThreadPoolExecutor(workers)
        self._lock = threading.Lock()
        self._running: list[tuple[str, Future[None]]] = []

    def start(self, job: Job, column: Column) -> None:
        """Make the column's environment, and do a job there as soon as there is room for it.

        Raises:
            Unbuildable: the environment cannot be made.
        """
        place = self._place(job.column)
        self._running.append((job.column, self._pool.submit(work, job, place, self._locked)))

    def finish(self) -> dict[str, str]:
        """Wait for all jobs; return for each column that could not be done the reason."""
        errors = [(column, future.exception()) for column, future in self._running]
        self._pool.shutdown()
        return {column: f"{type(error).__name__}: {error}" for column, error in errors if error is not None}

    def _locked(self, part: Part) -> None:
        with self._lock:
            self._keep(part)
