"""Record with TensorFlow's profiler what the machine does during some batches."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Profiler"]

ACCEPTED = (
    "profile_batch must be a batch number that is not negative, or a pair of them, first and last; got {batches!r}"
)
MISSING = "profile_batch={batches!r} needs TensorFlow's profiler: pip install 'callback-conformance[tensorflow]'"


class Profiler:
    """Decides in which batches to record, counted from 1, and records.

    Args:
        batches: one batch, or the first and the last; 0 for none. A string of two numbers with a comma is a pair too.

    Raises:
        ValueError: it is none of these.
        ModuleNotFoundError: batches are to be recorded, and TensorFlow is not installed.
    """

    def __init__(self, batches: "Any") -> None:
        self.first, self.last = _range(batches)
        self._running = False
        if self.first:
            try:
                from tensorflow import profiler
            except ImportError as error:
                raise ModuleNotFoundError(MISSING.format(batches=batches), name="tensorflow") from error
            self._record = profiler.experimental

    def before(self, batch: int, folder: str) -> None:
        """Start if this batch is the first."""
        if self.first and batch == self.first and not self._running:
            self._record.start(folder)
            self._running = True

    def after(self, batch: int) -> None:
        """Stop if this batch is the last."""
        if batch >= self.last:
            self.stop()

    def stop(self) -> None:
        """Write the recording, if there is one."""
        if self._running:
            self._running = False
            self._record.stop()


def _range(batches: "Any") -> "tuple[int, int]":
    try:
        ends = str(batches).split(",") if isinstance(batches, str) else batches
        first, last = (ends, ends) if isinstance(ends, int) else (int(end) for end in ends)
    except (TypeError, ValueError):
        raise ValueError(ACCEPTED.format(batches=batches)) from None
    if not 0 <= first <= last:
        raise ValueError(ACCEPTED.format(batches=batches))
    return first, last
