"""Which name was meant? What a callback that refuses an unknown argument can suggest."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["nearest"]


def nearest(name: str, names: "Sequence[str]") -> str:
    """Return the member that shares most pairs of neighbouring letters with a name, for its length.

    >>> nearest("on_epoc_end", ["on_epoch_begin", "on_epoch_end", "on_train_end"])
    'on_epoch_end'
    """
    pairs = _pairs(name)
    return max(names, key=lambda known: 2 * len(pairs & _pairs(known)) / (len(pairs) + len(_pairs(known)) or 1))


def _pairs(text: str) -> "set[str]":
    return {text[index : index + 2] for index in range(len(text) - 1)}
