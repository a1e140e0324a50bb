"""What differs between backends, in one place, so that no callback asks which one it runs on."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "build_optimizer",
    "keeps_state_elsewhere",
    "optimizers_of",
    "rate_key",
    "rate_of",
    "read_lr",
    "read_seeds",
    "require_settable_lr",
    "set_rate",
    "start_at",
    "synchronise",
    "to_numpy",
    "unwrapped",
    "write_seeds",
]

NO_RATE = "{name}: the model has no optimizer with a learning rate; give it one as model.optimizer.learning_rate"
FIXED = (
    "{name}: the optimizer's learning rate is a schedule or a function, which no callback can set. "
    "Pass the optimizer a number as learning_rate."
)

WRAPPER = ("torch.nn.parallel.distributed", "DistributedDataParallel")


def optimizers_of(model: "Any") -> "list[tuple[str, Any]]":
    """Return the optimizers of a model, each with its name; the only one has none.

    An optimizer that holds others in `optimizers`, such as Keras's MultiOptimizer, has no learning rate of its own.
    Before the first batch it may not have made the others yet.
    """
    optimizer = getattr(model, "optimizer", None)
    several = getattr(optimizer, "optimizers", None)
    return [("", optimizer)] if several is None else [(member.name, member) for member in several]


def rate_key(name: str) -> str:
    """Return the name in the logs of the learning rate of an optimizer.

    >>> rate_key(""), rate_key("sgd")
    ('learning_rate', 'learning_rate_sgd')
    """
    return f"learning_rate_{name}" if name else "learning_rate"


def rate_of(optimizer: "Any") -> float:
    """Return the learning rate of an optimizer as a Python float."""
    rate = optimizer.learning_rate
    value = getattr(rate, "value", rate)  # a Keras variable holds a tensor of its backend
    return float(value() if callable(value) else value)


def read_lr(model: "Any") -> float:
    """Return the learning rate of the model's only optimizer as a Python float."""
    return rate_of(model.optimizer)


def set_rate(optimizer: "Any", rate: float, name: str) -> None:
    """Set the learning rate of an optimizer, on behalf of the callback of this name.

    Raises:
        TypeError: the learning rate is a schedule or a function.
    """
    if callable(getattr(optimizer, "_learning_rate", None)):  # Keras takes a function, and fails when a rate is set
        raise TypeError(FIXED.format(name=name))
    try:
        optimizer.learning_rate = rate
    except (TypeError, AttributeError) as error:
        raise TypeError(FIXED.format(name=name)) from error


def require_settable_lr(model: "Any", name: str) -> None:
    """Refuse a model whose learning rate cannot be read, or cannot be set: it is tried with the rate that it has.

    Raises:
        AttributeError: there is no optimizer, or it has no learning rate.
        TypeError: the learning rate is a schedule or a function.
    """
    for _, optimizer in optimizers_of(model):
        if not hasattr(optimizer, "learning_rate"):
            raise AttributeError(NO_RATE.format(name=name))
        set_rate(optimizer, rate_of(optimizer), name)


def unwrapped(model: "Any") -> "Any":
    """Return the model inside torch's DistributedDataParallel, and any other as it is.

    The wrapper only trains: it has neither `get_weights` nor `optimizer`, and nobody reads a `stop_training` set on it.
    It is known by name, because to import torch takes seconds and most who come here do not have it.
    """
    kinds = getattr(type(model), "__mro__", ())  # MicroPython has none
    wraps = any((kind.__module__, kind.__name__) == WRAPPER for kind in kinds)
    return model.module if wraps else model


def keeps_state_elsewhere(model: "Any") -> bool:
    """Tell whether `fit` keeps what the model's variables hold elsewhere while it trains, as it does on JAX."""
    return hasattr(model, "jax_state_sync")


def synchronise(model: "Any") -> None:
    """Bring what the variables of such a model hold up to date, so that it can be read, and set for the next batch."""
    model.jax_state_sync()


def to_numpy(variable: "Any") -> "Any":
    """Return what a variable holds as a NumPy array, wherever its backend keeps it."""
    import numpy

    return variable.numpy() if hasattr(variable, "numpy") else numpy.asarray(variable)


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
