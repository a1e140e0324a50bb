"""The moving averages of the weights that an optimizer with `use_ema=True` keeps, on whatever backend."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["averages", "copy_of", "require_averaging"]

NO_AVERAGES = "{name}: the optimizer has no averages; create it with use_ema=True (its use_ema is {use_ema!r})"
NO_AVERAGES_YET = "{name}: the optimizer has no averages yet, because it has trained nothing; fit the model first"


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


def copy_of(variable: "Any") -> "Any":
    """Return the value of a variable, as it stays when the variable is assigned another."""
    value = getattr(variable, "value", variable)
    if hasattr(value, "read_value"):
        return value.read_value()  # TensorFlow: a tensor
    return value.detach().clone() if hasattr(value, "detach") else value  # torch; the arrays of JAX never change
