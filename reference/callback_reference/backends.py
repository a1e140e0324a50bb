"""What differs between backends, in one place, so that no callback asks which one it runs on."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["averages", "copy_of", "read_lr", "require_averaging", "require_settable_lr", "write_lr"]

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
    if not averaging:
        use_ema = ", ".join(repr(getattr(optimizer, "use_ema", None)) for optimizer in optimizers)
        raise ValueError(NO_AVERAGES.format(name=name, use_ema=use_ema))
    return averaging


def averages(model: "Any", name: str) -> "list[tuple[Any, Any]]":
    """Return each weight that the optimizer averages, with the variable that holds its average.

    Raises:
        ValueError: there are no averages, or none yet.
    """
    if hasattr(model, "jax_state_sync"):
        model.jax_state_sync()  # during fit, JAX holds the values outside of the variables
    pairs: list[tuple[Any, Any]] = []
    for optimizer in require_averaging(model, name):
        held = getattr(optimizer, "_model_variables_moving_average", None)
        if not held:
            raise ValueError(NO_AVERAGES_YET.format(name=name))
        weights = optimizer._trainable_variables  # those it was built for, whatever is trainable now
        pairs += [pair for pair in zip(weights, held) if pair[1] is not None]  # noqa: B905 - not in MicroPython
    return pairs


def _parts(optimizer: "Any") -> "list[Any]":
    """Return an optimizer, or those that it is made of."""
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # of a LossScaleOptimizer
    inner = getattr(optimizer, "optimizers", None)  # of a MultiOptimizer
    return [part for member in inner for part in _parts(member)] if inner else [optimizer]


def copy_of(variable: "Any") -> "Any":
    """Return the value of a variable, as it stays when the variable is assigned another."""
    value = getattr(variable, "value", variable)
    if hasattr(value, "read_value"):
        return value.read_value()  # TensorFlow: a tensor
    return value.detach().clone() if hasattr(value, "detach") else value  # torch; the arrays of JAX never change
