"""Stands in for `callback_reference.atomic` in the playground: a page has no disk, so the model only notes the name."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["write_file"]


def write_file(path: str, save: "Callable[[str], object]") -> None:
    """Let `save` have the path."""
    save(path)
