"""What differs between backends, in one place, so that no callback asks which one it runs on."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "assets_of", "averages", "batches_trained", "copy_of", "read_lr", "require_averaging", "require_settable_lr",
    "state_of", "sync", "write_lr",
]  # fmt: skip

NO_RATE = "{name}: the model has no optimizer with a learning rate; give it one as model.optimizer.learning_rate"
FIXED = (
    "{name}: the optimizer's learning rate is a schedule or a function, which no callback can lower. "
    "Pass the optimizer a number as learning_rate."
)

NO_AVERAGES = "{name}: the optimizer has no averages; create it with use_ema=True (its use_ema is {use_ema!r})"
NO_AVERAGES_YET = "{name}: the optimizer has no averages yet, because it has trained nothing; fit the model first"


def read_lr(model: "Any") -> float:
    """Return the learning rate of the model's optimizer as a Python float."""
    rate = model.optimizer.learning_rate
    value = getattr(rate, "value", rate)  # a Keras variable holds a tensor of its backend
    return float(value() if callable(value) else value)


def write_lr(model: "Any", rate: float) -> None:
    """Set the learning rate of the model's optimizer."""
    model.optimizer.learning_rate = rate


def require_settable_lr(model: "Any", name: str) -> None:
    """Refuse a model whose learning rate cannot be read, or cannot be set: it is tried with the rate that it has.

    Raises:
        AttributeError: there is no optimizer, or it has no learning rate.
        TypeError: the learning rate is a schedule or a function.
    """
    if not hasattr(getattr(model, "optimizer", None), "learning_rate"):
        raise AttributeError(NO_RATE.format(name=name))
    if callable(getattr(model.optimizer, "_learning_rate", None)):  # Keras takes a function, and ignores what is set
        raise TypeError(FIXED.format(name=name))
    try:
        write_lr(model, read_lr(model))
    except (TypeError, AttributeError) as error:
        raise TypeError(FIXED.format(name=name)) from error


def require_averaging(model: "Any", name: str) -> "list[Any]":
    """Return the optimizers that average the model's weights: one, unless a MultiOptimizer has several.

    Raises:
        AttributeError: there is no optimizer.
        ValueError: none averages.
    """
    optimizers = _parts(model.optimizer)
    averaging = [optimizer for optimizer in optimizers if getattr(optimizer, "use_ema", False)]
    if optimizers and not averaging:
        use_ema = ", ".join(repr(getattr(optimizer, "use_ema", None)) for optimizer in optimizers)
        raise ValueError(NO_AVERAGES.format(name=name, use_ema=use_ema))
    return averaging


def averages(model: "Any", name: str) -> "list[tuple[Any, Any]]":
    """Return each weight that the optimizer averages, with the variable that holds its average.

    Raises:
        ValueError: there are no averages, or none yet.
    """
    sync(model)
    pairs: list[tuple[Any, Any]] = []
    for optimizer in require_averaging(model, name):
        held = getattr(optimizer, "_model_variables_moving_average", ())
        weights = getattr(optimizer, "_trainable_variables", ())  # it was built for these, whatever is trainable now
        pairs += [pair for pair in zip(weights, held) if pair[1] is not None]  # noqa: B905 - not in MicroPython
    if not pairs:
        raise ValueError(NO_AVERAGES_YET.format(name=name))
    return pairs


def _parts(optimizer: "Any") -> "list[Any]":
    """Return an optimizer, or those that it is made of."""
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # of a LossScaleOptimizer
    inner = getattr(optimizer, "optimizers", None)  # of a MultiOptimizer, which has none before it is built
    return [optimizer] if inner is None else [part for member in inner for part in _parts(member)]


def sync(model: "Any") -> None:
    """Bring the variables up to date: during fit, JAX holds their values elsewhere."""
    if hasattr(model, "jax_state_sync"):
        model.jax_state_sync()


def state_of(model: "Any", weights_only: bool) -> "dict[str, Any]":
    """Return the variables of a model as nested dictionaries of arrays, which later training does not change.

    On JAX the arrays are JAX's own, so that those which are spread over several machines can be saved.
    """
    sync(model)
    on_jax = hasattr(model, "jax_state_sync")
    tree = model.get_state_tree(value_format="backend_tensor" if on_jax else "numpy_array")
    kept = ("trainable_variables", "non_trainable_variables") if weights_only else tuple(tree)
    return {name: tree[name] if on_jax else _copied(tree[name]) for name in kept}


def _copied(tree: "Any") -> "Any":
    if isinstance(tree, dict):
        return {name: _copied(member) for name, member in tree.items()}
    return tree.copy() if tree.shape else tree.item()  # Orbax takes no scalar of NumPy


def batches_trained(model: "Any") -> int:
    """Return how many batches the model's optimizer has trained, 0 if it does not say."""
    count = getattr(getattr(model, "optimizer", None), "iterations", 0)
    return int(getattr(count, "value", count))


def assets_of(model: "Any") -> "dict[str, Any] | None":
    """Return the files that layers keep beside their weights, such as vocabularies, as Keras packs them for Orbax."""
    saving = sys.modules.get("keras.src.saving.saving_lib")  # there whenever there is a Keras model
    pack = getattr(saving, "_save_assets_to_dict", None)
    packed: dict[str, Any] | None = pack(model) if pack else None
    return packed


def copy_of(variable: "Any") -> "Any":
    """Return the value of a variable, as it stays when the variable is assigned another."""
    value = getattr(variable, "value", variable)
    if hasattr(value, "read_value"):
        return value.read_value()  # TensorFlow: a tensor
    return value.detach().clone() if hasattr(value, "detach") else value  # torch; the arrays of JAX never change
