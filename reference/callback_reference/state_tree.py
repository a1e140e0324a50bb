"""The variables of a model as nested dictionaries, which Orbax writes and reads."""

import sys

from .backends import keeps_state_elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["assets_of", "batches_trained", "state_of"]


def state_of(model: "Any", weights_only: bool) -> "dict[str, Any]":
    """Return the variables of a model as nested dictionaries of arrays, which later training does not change.

    On JAX the arrays are JAX's own, so that those which are spread over several machines can be saved.
    """
    on_jax = keeps_state_elsewhere(model)
    tree = model.get_state_tree(value_format="backend_tensor" if on_jax else "numpy_array")
    kept = ("trainable_variables", "non_trainable_variables") if weights_only else tuple(tree)
    return {name: tree[name] if on_jax else _copied(tree[name]) for name in kept}


def _copied(tree: "Any") -> "Any":
    if isinstance(tree, dict):
        return {name: _copied(member) for name, member in tree.items()}
    return tree.copy() if tree.shape else tree.item()  # Orbax takes no scalar of NumPy


def assets_of(model: "Any") -> "dict[str, Any] | None":
    """Return the files that layers keep beside their weights, such as vocabularies, as Keras packs them for Orbax."""
    saving = sys.modules.get("keras.src.saving.saving_lib")  # there whenever there is a Keras model
    pack = getattr(saving, "_save_assets_to_dict", None)
    packed: dict[str, Any] | None = pack(model) if pack else None
    return packed


def batches_trained(model: "Any") -> int:
    """Return how many batches the model's optimizer has trained, 0 if it does not say."""
    count = getattr(getattr(model, "optimizer", None), "iterations", 0)
    return int(getattr(count, "value", count))
