"""Which epoch's weights are where after each end of a training.

The model counts: its one weight begins at 0 and grows by 1 with each batch, so a weight tells when it was held.
"""

from __future__ import annotations

import contextlib
import io
import math
import tempfile
import warnings
from pathlib import Path
from typing import Any

__all__ = ["BATCHES", "EPOCHS", "RECORDINGS", "SUBJECTS", "VALUES"]

VALUES = (0.9, 0.7, 0.5, 0.6, 0.65, 0.7)
"""The scripted `val_loss`: epoch 2 is the best."""
EPOCHS, BATCHES, LAST = len(VALUES), 2, 4
"""The endings that are no end of their own happen in epoch 4, after its first batch or at its end."""
ENDINGS = ("end", "stopped", "exception", "interrupt", "nan", "nan-raised")
SUBJECTS = {
    "none": "—",
    "stopper": "EarlyStopping()",
    "restoring": "EarlyStopping(restore_best_weights=True)",
    "every": "ModelCheckpoint()",
    "best": "ModelCheckpoint(save_best_only=True)",
    "averages": "SwapEMAWeights()",
    "swapping": "SwapEMAWeights(swap_on_epoch=True)",
    "backup": "BackupAndRestore()",
}


def counting(averages: bool = False) -> Any:
    """Return a model whose weight counts the batches that it was trained on."""
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    optimizer = keras.optimizers.SGD(1.0, use_ema=averages, ema_momentum=0.5)
    model.compile(optimizer, "mae")
    optimizer.build(model.trainable_variables)
    return model


def afresh(model: Any) -> Any:
    """Return the model as it was made, with the step that it has compiled."""
    import keras

    for variable in (*model.variables, *model.optimizer.variables):
        variable.assign(keras.ops.zeros(variable.shape, variable.dtype))
    model.optimizer.learning_rate = 1.0
    return model


def data() -> tuple[Any, Any]:
    """Return inputs and targets so far away that each batch moves the weight by 1."""
    import numpy as np

    return np.ones((BATCHES, 1)), np.full((BATCHES, 1), 1000.0)


def subject(name: str, ending: str, folder: Path) -> list[Any]:
    """Return the callbacks of one row; in the ending that is no stop, the patience lasts."""
    from keras import callbacks

    patience = 2 if ending == "stopped" else 9
    made: dict[str, Any] = {
        "stopper": lambda: callbacks.EarlyStopping(patience=patience),
        "restoring": lambda: callbacks.EarlyStopping(patience=patience, restore_best_weights=True),
        "every": lambda: callbacks.ModelCheckpoint(folder / "model.keras"),
        "best": lambda: callbacks.ModelCheckpoint(folder / "model.keras", save_best_only=True),
        "averages": lambda: callbacks.SwapEMAWeights(),
        "swapping": lambda: callbacks.SwapEMAWeights(swap_on_epoch=True),
        "backup": lambda: callbacks.BackupAndRestore(folder / "backup"),
    }
    return [made[name]()] if name in made else []


def script(ending: str, averages: dict[float, int]) -> Any:
    """Return the callback that writes the scripted values and ends the training; `averages` notes each epoch's."""
    import keras

    class Script(keras.callbacks.Callback):  # type: ignore[misc]
        epoch = 0

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.epoch = epoch
            if ending.startswith("nan") and epoch == LAST:
                self.model.optimizer.learning_rate = math.nan

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if self.epoch == LAST and ending in ("exception", "interrupt"):
                raise {"exception": RuntimeError, "interrupt": KeyboardInterrupt}[ending]

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["val_loss"] = VALUES[epoch] if math.isfinite(logs["loss"]) else math.nan
            if self.model.optimizer.use_ema:
                averages[average_of(self.model)] = epoch
            if ending == "stopped" and epoch == LAST:
                self.model.stop_training = True

    return Script()


def average_of(model: Any) -> float:
    """Return the average that the optimizer holds: the last of its variables."""
    return float(model.optimizer.variables[-1].numpy().item())


def named(weight: float | None, averages: dict[float, int]) -> str | None:
    """Return what a weight is: `end-2` after epoch 2, `inside-4` within epoch 4, `average-3`, or `nan`."""
    if weight is None:
        return None
    if math.isnan(weight):
        return "nan"
    if weight in averages:
        return f"average-{averages[weight]}"
    if weight != round(weight):
        return f"average-inside-{LAST}"
    epoch, inside = divmod(round(weight), BATCHES)
    return f"inside-{epoch}" if inside else f"end-{epoch - 1}"


def case(model: Any, name: str, ending: str) -> dict[str, Any]:
    """Train once and say what is in the model, in its optimizer, in the file and in memory."""
    averages: dict[float, int] = {}
    with tempfile.TemporaryDirectory() as place:
        own = subject(name, ending, Path(place))
        with contextlib.suppress(RuntimeError, KeyboardInterrupt), contextlib.redirect_stdout(io.StringIO()):
            members = [*guard(ending), script(ending, averages), *own]
            model.fit(*data(), batch_size=1, epochs=EPOCHS, verbose=0, callbacks=members)
        file, file_updates = in_file(Path(place))
    memory = average_of(model) if model.optimizer.use_ema else best_of(own)
    return {
        "callback": name,
        "ending": ending,
        "model": named(weight_of(model), averages),
        "updates": int(model.optimizer.iterations),
        "file": named(file, averages),
        "file_updates": file_updates,
        "memory": named(memory, averages),
    }


def guard(ending: str) -> list[Any]:
    """Return the `TerminateOnNaN` of the endings that need one."""
    import keras

    raises = ending == "nan-raised"
    return [keras.callbacks.TerminateOnNaN(raise_error=raises)] if ending.startswith("nan") else []


def weight_of(model: Any) -> float:
    """Return the one weight."""
    return float(model.get_weights()[0].item())


def best_of(own: list[Any]) -> float | None:
    """Return the weight that an `EarlyStopping` keeps in memory."""
    weights = getattr(own[0], "best_weights", None) if own else None
    return None if weights is None else float(weights[0].item())


def in_file(folder: Path) -> tuple[float | None, int | None]:
    """Return the weight in the file or the backup, with the optimizer's count of updates there."""
    import keras

    whole, backup = folder / "model.keras", folder / "backup" / "latest.weights.h5"
    if whole.exists():
        model = keras.models.load_model(whole)
    elif backup.exists():
        model = counting()
        model.load_weights(backup)
    else:
        return None, None
    return weight_of(model), int(model.optimizer.iterations)


def which_weights() -> list[dict[str, Any]]:
    """Train once for each callback and each ending."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Keras reads its variables as NumPy 2 no longer wants it
        plain, averaged = counting(), counting(averages=True)
        models = {name: averaged if name in ("averages", "swapping") else plain for name in SUBJECTS}
        return [case(afresh(models[name]), name, ending) for name in SUBJECTS for ending in ENDINGS]


RECORDINGS = {"which_weights": which_weights}
