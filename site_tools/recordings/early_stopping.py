"""`EarlyStopping` on scripted values."""

from __future__ import annotations

from typing import Any

from site_tools.recordings.tiny import data, model

__all__ = ["RECORDINGS"]

VALUES = (0.90, 0.68, 0.55, 0.57, 0.47, 0.50, 0.49, 0.52, 0.56, 0.60)
ARGUMENTS = {"monitor": "val_loss", "mode": "min", "patience": 3, "restore_best_weights": True}


def early_stopping() -> dict[str, Any]:
    """Run `EarlyStopping` on the scripted `VALUES`; weights are compared to learn which epoch was restored."""
    import keras

    stopper = keras.callbacks.EarlyStopping(**ARGUMENTS)
    epochs: list[dict[str, Any]] = []
    weights: list[list[float]] = []

    class Script(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
            logs["val_loss"] = VALUES[epoch]
            weights.append([float(w.sum()) for w in self.model.get_weights()])

    class Watch(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
            epochs.append(
                {
                    "epoch": epoch,
                    "val_loss": VALUES[epoch],
                    "best": float(stopper.best),
                    "best_epoch": stopper.best_epoch,
                    "wait": stopper.wait,
                    "stop": bool(self.model.stop_training),
                }
            )

    trained = model()
    trained.fit(*data(4), epochs=len(VALUES), callbacks=[Script(), stopper, Watch()], verbose=0)
    final = [float(w.sum()) for w in trained.get_weights()]
    arguments = {"patience": ARGUMENTS["patience"], "restore_best_weights": ARGUMENTS["restore_best_weights"]}
    return {"arguments": arguments, "epochs": epochs, "restored_epoch": weights.index(final)}


RECORDINGS = {"early_stopping": early_stopping}
