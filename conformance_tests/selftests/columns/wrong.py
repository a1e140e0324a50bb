"""A module with one callback that breaks the contract: it takes infinity for a number like others."""

import math
from typing import Any

import callback_reference
from callback_reference import History

__all__ = ["History", "TerminateOnNaN"]


class TerminateOnNaN(callback_reference.TerminateOnNaN):
    """Stops at NaN only."""

    def is_invalid(self, loss: Any) -> bool:
        """Return whether it is NaN."""
        return super().is_invalid(loss) and math.isnan(loss)
