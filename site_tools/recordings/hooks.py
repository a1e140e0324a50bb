"""Every hook of `fit`, `evaluate` and `predict`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from site_tools.recordings.tiny import data, model

__all__ = ["RECORDINGS"]

WITH_INDEX = ("epoch", "batch")


def _recorder() -> Any:
    """Return a Keras callback that writes down every hook with the names of the keys in `logs`."""
    import keras

    class Recorder(keras.callbacks.Callback):  # type: ignore[misc]
        events: list[dict[str, Any]]

    recorder = Recorder()
    recorder.events = []
    hooks = [name for name in dir(keras.callbacks.Callback) if name.startswith("on_") and name.count("_") > 1]
    for hook in sorted(hooks):
        setattr(recorder, hook, _hook(hook, recorder.events))
    return recorder


def _hook(name: str, events: list[dict[str, Any]]) -> Callable[..., None]:
    """Return a hook that appends its name, its index and its log keys to `events`."""

    def hook(*args: Any, logs: dict[str, Any] | None = None) -> None:
        given = [value for value in args if isinstance(value, int)]
        seen = logs if logs is not None else next((value for value in args if isinstance(value, dict)), {})
        index = given[0] if name.split("_")[-2] in WITH_INDEX else None
        events.append({"hook": name, "index": index, "logs": sorted(seen)})

    return hook


def fit() -> list[dict[str, Any]]:
    """Two epochs of two batches, validated on one batch."""
    recorder = _recorder()
    model().fit(*data(4), epochs=2, batch_size=2, validation_data=data(2), callbacks=[recorder], verbose=0)
    return recorder.events  # type: ignore[no-any-return]


def evaluate() -> list[dict[str, Any]]:
    """Evaluate two batches."""
    recorder = _recorder()
    model().evaluate(*data(4), batch_size=2, callbacks=[recorder], verbose=0)
    return recorder.events  # type: ignore[no-any-return]


def predict() -> list[dict[str, Any]]:
    """Predict two batches."""
    recorder = _recorder()
    model().predict(data(4)[0], batch_size=2, callbacks=[recorder], verbose=0)
    return recorder.events  # type: ignore[no-any-return]


RECORDINGS = {"fit": fit, "evaluate": evaluate, "predict": predict}
