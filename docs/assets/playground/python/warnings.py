"""Stands in for the standard module in MicroPython, which has none; the playground puts its own function in place."""


def warn(message, category=None, stacklevel=1):  # type: ignore[no-untyped-def]  # as the standard module's
    """Say nothing."""
