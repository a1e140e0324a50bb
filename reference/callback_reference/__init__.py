"""Readable, clean-room implementations of the Keras callbacks, without Keras.

The classes drop into `model.fit` on any Keras backend, and drive a loop of your own through `CallbackList`.
A class is imported when it is first asked for, so that nobody waits for the others.
This package imports nothing outside the standard library.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .backup_and_restore import BackupAndRestore
    from .callback import Callback
    from .callback_list import CallbackList, LoopState
    from .csv_logger import CSVLogger
    from .early_stopping import EarlyStopping
    from .history import History
    from .lambda_callback import LambdaCallback
    from .learning_rate_scheduler import LearningRateScheduler
    from .model_checkpoint import ModelCheckpoint
    from .orbax_checkpoint import OrbaxCheckpoint
    from .progbar_logger import ProgbarLogger
    from .reduce_lr_on_plateau import ReduceLROnPlateau
    from .remote_monitor import RemoteMonitor
    from .swap_ema_weights import SwapEMAWeights
    from .tensorboard import TensorBoard
    from .terminate_on_nan import TerminateOnNaN

__all__ = [
    "BackupAndRestore",
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "LoopState",
    "ModelCheckpoint",
    "OrbaxCheckpoint",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "RemoteMonitor",
    "SwapEMAWeights",
    "TensorBoard",
    "TerminateOnNaN",
]

__version__ = "0.1.0"

HOMES = {
    "BackupAndRestore": "backup_and_restore",
    "CSVLogger": "csv_logger",
    "Callback": "callback",
    "CallbackList": "callback_list",
    "EarlyStopping": "early_stopping",
    "History": "history",
    "LambdaCallback": "lambda_callback",
    "LearningRateScheduler": "learning_rate_scheduler",
    "LoopState": "callback_list",
    "ModelCheckpoint": "model_checkpoint",
    "OrbaxCheckpoint": "orbax_checkpoint",
    "ProgbarLogger": "progbar_logger",
    "ReduceLROnPlateau": "reduce_lr_on_plateau",
    "RemoteMonitor": "remote_monitor",
    "SwapEMAWeights": "swap_ema_weights",
    "TensorBoard": "tensorboard",
    "TerminateOnNaN": "terminate_on_nan",
}
"""The module of each class."""


def __getattr__(name: str) -> object:
    """Import a class from its module."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(__import__(f"{__name__}.{HOMES[name]}", None, None, [name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(HOMES))  # MicroPython has no [*a, *b]
