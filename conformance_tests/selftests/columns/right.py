"""A module of callbacks that keeps the contract."""

from callback_reference import History, TerminateOnNaN

__all__ = ["History", "TerminateOnNaN"]
