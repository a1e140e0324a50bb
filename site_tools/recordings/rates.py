"""Learning rates: when a schedule is asked, and what the next callback of the list sees."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from site_tools.recordings.tiny import as_keras_reads, data, model

__all__ = ["RECORDINGS"]


def learning_rate_scheduler() -> list[dict[str, Any]]:
    """Five epochs from 0.5; the schedule halves the rate from epoch 2 on, and notes what it was asked."""
    import keras

    epochs: list[dict[str, Any]] = []

    def schedule(epoch: int, lr: float) -> float:
        rate = lr if epoch < 2 else lr * 0.5
        epochs.append({"epoch": epoch, "lr": lr, "returned": rate})
        return rate

    net = model()
    net.optimizer.learning_rate = 0.5
    with as_keras_reads():
        net.fit(*data(4), epochs=5, callbacks=[keras.callbacks.LearningRateScheduler(schedule)], verbose=0)
    return epochs


def combinations() -> list[dict[str, Any]]:
    """The columns of a `CSVLogger` after and before a `ReduceLROnPlateau`, and the keys of `logs` on the way."""
    return [_columns(1), _columns(-1)]


def _columns(order: int) -> dict[str, Any]:
    """Return the names of the two callbacks, the keys each of them got, and the first line of the file."""
    import keras

    seen: list[list[str]] = []
    look = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(sorted(logs)))
    with tempfile.TemporaryDirectory() as folder, as_keras_reads():
        path = Path(folder, "log.csv")
        two = [keras.callbacks.ReduceLROnPlateau(monitor="loss"), keras.callbacks.CSVLogger(path)][::order]
        members = [look, two[0], look, two[1], look]
        model(metrics=()).fit(*data(4), validation_data=data(2), callbacks=members, verbose=0)
        header = path.read_text(encoding="utf-8").splitlines()[0]
    return {"callbacks": [type(member).__name__ for member in two], "logs": seen, "header": header.split(",")}


RECORDINGS = {"learning_rate_scheduler": learning_rate_scheduler, "combinations": combinations}
