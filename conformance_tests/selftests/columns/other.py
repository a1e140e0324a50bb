"""A module with one callback that does something of which no clause speaks: it also stops at a loss of exactly 2."""

from typing import Any

import callback_reference
from callback_reference import History

__all__ = ["History", "TerminateOnNaN"]


class TerminateOnNaN(callback_reference.TerminateOnNaN):
    """Stops at 2 as well."""

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Look at the loss."""
        super().on_train_batch_end(batch, logs)
        if (logs or {}).get("loss") == 2.0:
            self.model.stop_training = True
