"""`LearningRateScheduler` with three of the schedules of the page about them."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

from site_tools.recordings.tiny import data, model

__all__ = ["RECORDINGS"]

EPOCHS, HIGH, LOW = 20, 0.1, 0.01
WARM_UP, STEP = 4, 5


def _exponential(epoch: int) -> float:
    """From the highest rate to the lowest in equal ratios."""
    return float(HIGH * (LOW / HIGH) ** (epoch / (EPOCHS - 1)))


def _step(epoch: int) -> float:
    """Halve the rate after every five epochs."""
    return HIGH * 0.5 ** (epoch // STEP)


def _warm_up_cosine(epoch: int) -> float:
    """Rise in four epochs, then fall along half a cosine."""
    if epoch < WARM_UP:
        return HIGH * (epoch + 1) / WARM_UP
    part = (epoch - WARM_UP) / (EPOCHS - 1 - WARM_UP)
    return LOW + (HIGH - LOW) * (1 + math.cos(math.pi * part)) / 2


SCHEDULES: dict[str, Callable[[int], float]] = {
    "exponential": _exponential,
    "step": _step,
    "warm_up_cosine": _warm_up_cosine,
}


def schedules() -> dict[str, Any]:
    """Train with each schedule, and write down the rates that `History` holds."""
    runs = {name: _rates(schedule) for name, schedule in SCHEDULES.items()}
    epochs = [{"epoch": epoch} | {name: rates[epoch] for name, rates in runs.items()} for epoch in range(EPOCHS)]
    return {"epochs": epochs, "warm_up": WARM_UP, "step": STEP}


def _rates(schedule: Callable[[int], float]) -> list[float]:
    """Return the learning rate of each epoch of one run."""
    import keras

    scheduler = keras.callbacks.LearningRateScheduler(schedule)
    with warnings.catch_warnings():
        # Keras reads its own variable as NumPy 2 no longer wants it.
        warnings.simplefilter("ignore", DeprecationWarning)
        history = model().fit(*data(4), epochs=EPOCHS, callbacks=[scheduler], verbose=0)
    return [round(float(rate), 6) for rate in history.history["learning_rate"]]


RECORDINGS = {"schedules": schedules}
