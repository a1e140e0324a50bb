"""What differs between backends, in one place, so that no callback asks which one it runs on."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "build_optimizer",
    "read_lr",
    "read_seeds",
    "require_settable_lr",
    "start_at",
    "sync",
    "write_lr",
    "write_seeds",
]

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


def sync(model: "Any") -> None:
    """Bring the model's variables up to date: on JAX, `fit` holds them elsewhere between two batches."""
    getattr(model, "jax_state_sync", bool)()


def build_optimizer(model: "Any") -> None:
    """Make the optimizer's variables, if it has none yet: without them, its saved state could not be loaded."""
    optimizer = getattr(model, "optimizer", None)
    if not getattr(optimizer, "built", True):
        optimizer.build(model.trainable_variables)  # type: ignore[union-attr]


def start_at(model: "Any", epoch: "int | None") -> None:
    """Tell `fit`, from inside `on_train_begin`, the epoch to begin with; None leaves it to the caller of `fit`."""
    model._initial_epoch = epoch


def read_seeds(model: "Any") -> "list[Any]":
    """Return the states of the random generators inside the model, as of Dropout, as numbers that JSON can hold."""
    return [variable.numpy().tolist() for variable in _seeds(model)]


def write_seeds(model: "Any", states: "list[Any]") -> None:
    """Put back what `read_seeds` returned."""
    for variable, state in zip(_seeds(model), states):  # noqa: B905 - MicroPython has no `strict`
        variable.assign(state)


def _seeds(model: "Any") -> "list[Any]":
    """Return the variables that are neither weights nor trained: Keras leaves them out of saved weights."""
    weights = {id(variable) for variable in getattr(model, "weights", ())}
    return [variable for variable in getattr(model, "non_trainable_variables", ()) if id(variable) not in weights]
