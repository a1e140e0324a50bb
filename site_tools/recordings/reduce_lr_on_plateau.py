"""`ReduceLROnPlateau` on scripted values."""

from __future__ import annotations

import warnings
from typing import Any

from site_tools.recordings.tiny import data, model

__all__ = ["RECORDINGS"]

PLATEAUS = (0.90, 0.68, 0.69, 0.70, 0.55, 0.56, 0.57, 0.58, 0.57, 0.50)
REDUCER = {"factor": 0.5, "patience": 2, "cooldown": 2}


def reduce_lr_on_plateau() -> dict[str, Any]:
    """Run `ReduceLROnPlateau` on the scripted `PLATEAUS`; `lr` is the rate during the epoch."""
    import keras

    reducer = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", mode="min", **REDUCER)
    epochs: list[dict[str, Any]] = []
    best_epoch = 0

    class Script(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
            logs["val_loss"] = PLATEAUS[epoch]

    class Watch(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
            nonlocal best_epoch
            best_epoch = epoch if reducer.best == PLATEAUS[epoch] else best_epoch
            epochs.append(
                {
                    "epoch": epoch,
                    "val_loss": PLATEAUS[epoch],
                    "best_epoch": best_epoch,
                    "wait": reducer.wait,
                    "cooldown_counter": reducer.cooldown_counter,
                    "lr": logs["learning_rate"],
                    "next_lr": float(self.model.optimizer.learning_rate.numpy()),
                }
            )

    trained = model()
    trained.optimizer.learning_rate = 0.5
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # Keras reads its own variable as NumPy 2 no longer wants it
        trained.fit(*data(4), epochs=len(PLATEAUS), callbacks=[Script(), reducer, Watch()], verbose=0)
    return {"arguments": REDUCER, "epochs": epochs}


RECORDINGS = {"reduce_lr_on_plateau": reduce_lr_on_plateau}
