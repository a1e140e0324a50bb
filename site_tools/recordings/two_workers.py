"""Two workers with one `EarlyStopping` each: every one on its own loss, then both on the mean."""

from __future__ import annotations

from typing import Any

from callback_reference import CallbackList, EarlyStopping

__all__ = ["LOSSES", "RECORDINGS"]

LOSSES = ((0.9, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8), (0.9, 0.8, 0.6, 0.5, 0.6, 0.6, 0.6))
"""The loss of each worker's part of the data, as in the snippet of the page."""

PATIENCE = 2


def two_workers() -> list[dict[str, Any]]:
    """Return the epochs that each worker runs, with the value that it decides on and its counter."""
    mean = [sum(pair) / 2 for pair in zip(*LOSSES, strict=True)]
    runs = [("own", 0, LOSSES[0]), ("own", 1, LOSSES[1]), ("mean", 0, mean), ("mean", 1, mean)]
    return [event for decides, worker, values in runs for event in _run(decides, worker, values)]


def _run(decides: str, worker: int, values: Any) -> list[dict[str, Any]]:
    """Play one worker to its stop, or to its end."""
    stopper = EarlyStopping(monitor="loss", patience=PATIENCE)
    callbacks = CallbackList([stopper])
    callbacks.on_train_begin()
    events = []
    for epoch, value in enumerate(values):
        callbacks.on_epoch_end(epoch, {"loss": value})
        stop = callbacks.model.stop_training
        known = {"decides": decides, "worker": worker, "epoch": epoch}
        events.append(known | {"loss": round(value, 2), "wait": stopper.wait, "stop": stop})
        if stop:
            break
    return events


RECORDINGS = {"two_workers": two_workers}
