"""Three callbacks, of which one ends the process as soon as it is built."""

import os

from callback_reference import EarlyStopping, History

__all__ = ["EarlyStopping", "History", "TerminateOnNaN"]


class TerminateOnNaN:
    """Cannot be built."""

    def __init__(self):
        os._exit(7)
