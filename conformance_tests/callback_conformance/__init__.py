"""A conformance suite for Keras callbacks: clause by clause, does an implementation behave as `tf.keras` does?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plugin import conformance

__all__ = ["__version__", "conformance"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Load `conformance` only when someone asks for it: it imports Hypothesis."""
    if name == "conformance":
        from .plugin import conformance

        return conformance
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
