"""What differs between backends, in one place, so that no callback asks which one it runs on."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["read_lr", "require_settable_lr", "sync_weights", "write_lr"]

NO_RATE = "{name}: the model has no optimizer with a learning rate; give it one as model.optimizer.learning_rate"
FIXED = (
    "{name}: the optimizer's learning rate is a schedule or a function, which no callback can lower. "
    "Pass the optimizer a number as learning_rate."
)


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


def sync_weights(model: "Any") -> None:
    """Bring the model's own weights up to date: on JAX, training holds them elsewhere while the batches run."""
    if hasattr(model, "jax_state_sync"):
        model.jax_state_sync()
