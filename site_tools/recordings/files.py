"""What callbacks leave on disk: models, backups, steps, rows and event files, by when they are written."""

from __future__ import annotations

import json
import tempfile
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any

from site_tools.recordings.tiny import as_keras_reads, data, model, script

__all__ = ["RECORDINGS"]

VALUES = (0.9, 0.7, 0.8, 0.7, 0.5)


def model_checkpoint() -> list[dict[str, Any]]:
    """Five epochs with scripted values; the file that each of three savers wrote at the end of each epoch."""
    import keras

    savers = {
        "every": keras.callbacks.ModelCheckpoint("every-{epoch}.keras"),
        "best": _best("best-{epoch}.keras"),
        "one": _best("one.keras"),
    }
    epochs: list[dict[str, Any]] = []
    written: dict[str, int] = {}

    def watch(epoch: int, logs: dict[str, Any]) -> None:
        times = {path.name: path.stat().st_mtime_ns for path in sorted(Path().glob("*.keras"))}
        fresh = [name for name, time in times.items() if written.get(name) != time]
        written.update(times)
        names = {saver: next((n for n in fresh if n.startswith(saver)), None) for saver in savers}
        epochs.append({"epoch": epoch, "val_loss": VALUES[epoch], "written": names, "best": savers["best"].best})

    members = [script(val_loss=VALUES), *savers.values(), keras.callbacks.LambdaCallback(on_epoch_end=watch)]
    with tempfile.TemporaryDirectory() as folder, chdir(folder), as_keras_reads():
        model().fit(*data(4), epochs=len(VALUES), callbacks=members, verbose=0)
    return epochs


def _best(filepath: str) -> Any:
    """Return a saver of the best model."""
    import keras

    return keras.callbacks.ModelCheckpoint(filepath, monitor="val_loss", mode="min", save_best_only=True)


def backup_and_restore() -> list[dict[str, Any]]:
    """The same program twice: the first run is interrupted as epoch 3 begins, the second goes on."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        return [_backed_up(fails_at=3), _backed_up(fails_at=None)]


def _backed_up(fails_at: int | None) -> dict[str, Any]:
    """Return the epochs that one run trained, with the epoch that the backup named after each."""
    import keras

    def fail(epoch: int, logs: object) -> None:
        if epoch == fails_at:
            raise KeyboardInterrupt

    epochs: list[list[int]] = []
    last = Path("backup", "training_metadata.json")
    watch = keras.callbacks.LambdaCallback(
        on_epoch_begin=fail,
        on_epoch_end=lambda epoch, logs: epochs.append([epoch, json.loads(last.read_text())["epoch"]]),
    )
    with suppress(KeyboardInterrupt), as_keras_reads():
        backup = keras.callbacks.BackupAndRestore("backup")
        model().fit(*data(4), epochs=5, callbacks=[backup, watch], verbose=0)
    return {"fails_at": fails_at, "epochs": epochs, "backup_left": last.exists()}


def orbax_checkpoint() -> list[dict[str, Any]]:
    """Five epochs with `max_to_keep=2`: the steps in the directory after each."""
    import keras

    epochs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, as_keras_reads():
        saver = keras.callbacks.OrbaxCheckpoint(folder, max_to_keep=2, save_on_background=False)
        watch = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: epochs.append({"epoch": epoch, "steps": sorted(_steps(Path(folder)))})
        )
        model().fit(*data(4), epochs=5, callbacks=[saver, watch], verbose=0)
    return epochs


def _steps(folder: Path) -> list[int]:
    """Return the finished steps."""
    return [int(path.name) for path in folder.iterdir() if path.name.isdigit()]


def csv_logger() -> list[dict[str, Any]]:
    """Three epochs: `val_loss` comes in the second only, and `late` first comes in the third."""
    import keras

    epochs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log.csv")
        values = script(loss=(0.9, 0.7, 0.6), val_loss=(None, 0.8, None), late=(None, None, 0.1))
        watch = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: epochs.append(
                {"epoch": epoch, "logs": logs, "rows": [line.split(",") for line in path.read_text().splitlines()]}
            )
        )
        members = [values, keras.callbacks.CSVLogger(path), watch]
        model(metrics=()).fit(*data(4), epochs=3, callbacks=members, verbose=0)
    return epochs


def tensorboard() -> list[dict[str, Any]]:
    """Two epochs of two batches with validation and `update_freq=1`: the tags and their steps."""
    import keras
    from callback_conformance.events import seen_events

    with tempfile.TemporaryDirectory() as folder, as_keras_reads():
        board = keras.callbacks.TensorBoard(folder, update_freq=1)
        model(metrics=()).fit(*data(4), epochs=2, batch_size=2, validation_data=data(2), callbacks=[board], verbose=0)
        seen = seen_events(folder)
    return [{"tag": tag, "steps": [step for step, _ in values]} for tag, values in seen.items()]


RECORDINGS = {
    "model_checkpoint": model_checkpoint,
    "backup_and_restore": backup_and_restore,
    "orbax_checkpoint": orbax_checkpoint,
    "csv_logger": csv_logger,
    "tensorboard": tensorboard,
}
