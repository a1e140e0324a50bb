"""Readable, clean-room implementations of the Keras callbacks, without Keras.

The classes drop into `model.fit` on any Keras backend, and drive a loop of your own through `CallbackList`.
This package imports nothing outside the standard library.
"""

from .callback import Callback
from .callback_list import CallbackList, LoopState
from .early_stopping import EarlyStopping
from .history import History
from .orbax_checkpoint import OrbaxCheckpoint
from .reduce_lr_on_plateau import ReduceLROnPlateau
from .swap_ema_weights import SwapEMAWeights

__all__ = [
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LoopState",
    "OrbaxCheckpoint",
    "ReduceLROnPlateau",
    "SwapEMAWeights",
]

__version__ = "0.1.0"
