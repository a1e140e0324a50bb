"""How the `logs` of one epoch fill up over its hooks."""

from __future__ import annotations

import warnings
from typing import Any

__all__ = ["RECORDINGS"]

HOOKS = (
    "on_epoch_begin",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_begin",
    "on_test_batch_end",
    "on_test_end",
    "on_epoch_end",
    "on_train_end",
)


def model() -> Any:
    """Return a model whose losses are whole numbers: one weight from 0, moved by 1 at each batch."""
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(1.0), "mae", metrics=["mse"])
    return model


def watch(events: list[dict[str, Any]], after: str, hooks: tuple[str, ...]) -> Any:
    """Return a callback that notes `logs` at some hooks; `after` names the callback before it in the list."""
    import keras

    class Watch(keras.callbacks.Callback):  # type: ignore[misc]
        pass

    def note(hook: str) -> Any:
        def seen(*arguments: Any, logs: Any = None) -> None:
            logs = logs if logs is not None else arguments[-1]
            index = arguments[0] if "batch" in hook else None
            events.append({"hook": hook, "index": index, "after": after, "logs": dict(logs)})

        return seen

    watcher = Watch()
    for hook in hooks:
        setattr(watcher, hook, note(hook))
    return watcher


def logs() -> list[dict[str, Any]]:
    """One epoch of two batches, with validation, a callback of Keras and one of the reader's own that add a key."""
    import keras
    import numpy as np

    class Gap(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["gap"] = logs["val_loss"] - logs["loss"]

    events: list[dict[str, Any]] = []
    members = [
        watch(events, "", HOOKS),
        keras.callbacks.ReduceLROnPlateau(monitor="loss", mode="min"),
        watch(events, "ReduceLROnPlateau", ("on_epoch_end",)),
        Gap(),
        watch(events, "Gap", ("on_epoch_end",)),
    ]
    x, y = np.ones((2, 1)), np.array([[2.0], [5.0]])
    validation = (np.ones((1, 1)), np.array([[3.0]]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Keras reads its variables as NumPy 2 no longer wants it
        model().fit(x, y, batch_size=1, shuffle=False, validation_data=validation, callbacks=members, verbose=0)
    return events


RECORDINGS = {"logs": logs}
