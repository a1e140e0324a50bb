"""Record what Keras really does, for the pictures and tables of the site.

`python -m site_tools.record` writes `docs/data/traces/*.json` again.
The runs are seeded and store names, counters and scripted values only, so every recording is the same.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from site_tools.places import DATA

__all__ = ["RECORDINGS", "main", "record", "write"]

VALUES = (0.90, 0.68, 0.55, 0.57, 0.47, 0.50, 0.49, 0.52, 0.56, 0.60)
ARGUMENTS = {"monitor": "val_loss", "mode": "min", "patience": 3, "restore_best_weights": True}
PLATEAUS = (0.90, 0.68, 0.69, 0.70, 0.55, 0.56, 0.57, 0.58, 0.57, 0.50)
REDUCER = {"factor": 0.5, "patience": 2, "cooldown": 2}
WITH_INDEX = ("epoch", "batch")


def _model() -> Any:
    """Return a small compiled model: one weight, one bias, the metric `mae`."""
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def _data(rows: int) -> tuple[Any, Any]:
    """Return `rows` points of the line y = 2x."""
    import numpy

    x = numpy.linspace(0.0, 1.0, rows, dtype="float32").reshape(-1, 1)
    return x, 2 * x


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
    recorder, data = _recorder(), _data(4)
    _model().fit(*data, epochs=2, batch_size=2, validation_data=_data(2), callbacks=[recorder], verbose=0)
    return recorder.events  # type: ignore[no-any-return]


def evaluate() -> list[dict[str, Any]]:
    """Evaluate two batches."""
    recorder = _recorder()
    _model().evaluate(*_data(4), batch_size=2, callbacks=[recorder], verbose=0)
    return recorder.events  # type: ignore[no-any-return]


def predict() -> list[dict[str, Any]]:
    """Predict two batches."""
    recorder = _recorder()
    _model().predict(_data(4)[0], batch_size=2, callbacks=[recorder], verbose=0)
    return recorder.events  # type: ignore[no-any-return]


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

    model = _model()
    model.fit(*_data(4), epochs=len(VALUES), callbacks=[Script(), stopper, Watch()], verbose=0)
    final = [float(w.sum()) for w in model.get_weights()]
    arguments = {"patience": ARGUMENTS["patience"], "restore_best_weights": ARGUMENTS["restore_best_weights"]}
    return {"arguments": arguments, "epochs": epochs, "restored_epoch": weights.index(final)}


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

    model = _model()
    model.optimizer.learning_rate = 0.5
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # Keras reads its own variable as NumPy 2 no longer wants it
        model.fit(*_data(4), epochs=len(PLATEAUS), callbacks=[Script(), reducer, Watch()], verbose=0)
    return {"arguments": REDUCER, "epochs": epochs}


RECORDINGS: dict[str, Callable[[], Any]] = {
    "fit": fit,
    "evaluate": evaluate,
    "predict": predict,
    "early_stopping": early_stopping,
    "reduce_lr_on_plateau": reduce_lr_on_plateau,
}


def record(name: str) -> str:
    """Return one recording as the text of its file: one event a line, so that a difference reads well."""
    found = RECORDINGS[name]()
    if isinstance(found, list):
        return "[\n" + ",\n".join("  " + json.dumps(event) for event in found) + "\n]\n"
    epochs = ",\n".join("    " + json.dumps(epoch) for epoch in found.pop("epochs"))
    rest = json.dumps(found, indent=2)[2:-2].rstrip()
    return '{\n  "epochs": [\n' + epochs + "\n  ],\n" + rest + "\n}\n"


def write(folder: Path) -> None:
    """Write every recording into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in RECORDINGS:
        (folder / f"{name}.json").write_text(record(name), encoding="utf-8")


def main() -> None:
    """Write the committed recordings again."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    write(DATA / "traces")


if __name__ == "__main__":
    main()
