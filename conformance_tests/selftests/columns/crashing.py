"""A module with one callback that takes its process with it."""

import os

import callback_reference
from callback_reference import History

__all__ = ["History", "TerminateOnNaN"]


class TerminateOnNaN(callback_reference.TerminateOnNaN):
    """Ends the process at the first epoch."""

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        """End."""
        os._exit(7)
