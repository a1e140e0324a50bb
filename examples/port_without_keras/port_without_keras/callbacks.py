"""Three callbacks for the loop, with the names and the hooks that they have in Keras."""

import inspect
import math
import warnings
from numbers import Integral, Real

__all__ = ["Callback", "EarlyStopping", "LearningRateScheduler", "TerminateOnNaN"]


class Callback:
    """Has every hook, and does nothing in any."""

    model = None

    def set_model(self, model):
        """Keep the model that is trained."""
        self.model = model

    def set_params(self, params):
        """Keep what the training was started with."""
        self.params = params

    def _ignore(self, *arguments, **named):
        """Do nothing."""

    on_train_begin = on_train_end = on_epoch_begin = on_epoch_end = _ignore
    on_train_batch_begin = on_train_batch_end = _ignore
    on_test_begin = on_test_end = on_test_batch_begin = on_test_batch_end = _ignore
    on_predict_begin = on_predict_end = on_predict_batch_begin = on_predict_batch_end = _ignore


class EarlyStopping(Callback):
    """Stop when a loss has not fallen for `patience` epochs in a row, and put the best weights back."""

    def __init__(self, patience=0, min_delta=0, restore_best_weights=False):
        self.patience, self.min_delta, self.restore_best_weights = patience, abs(min_delta), restore_best_weights

    def on_train_begin(self, logs=None):
        """Forget the run before."""
        self.best = self.best_weights = None
        self.wait = self.best_epoch = self.stopped_epoch = 0

    def on_epoch_end(self, epoch, logs=None):
        """Compare the epoch's loss with the best so far."""
        loss = (logs or {}).get("val_loss")
        if loss is None:
            warnings.warn("no val_loss: give fit() points for validation", stacklevel=2)
        elif self.best is None or self.best - loss > self.min_delta:
            self.best, self.best_epoch, self.wait = loss, epoch, 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
        else:
            self.wait += 1
            if self.wait >= self.patience and epoch > 0:
                self.stopped_epoch = epoch
                self.model.stop_training = True

    def on_train_end(self, logs=None):
        """Put the best weights back."""
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)


class LearningRateScheduler(Callback):
    """Ask a function of the epoch and the learning rate, or of the epoch alone, for the rate of each epoch."""

    def __init__(self, schedule):
        if not callable(schedule):
            raise TypeError(f"schedule must be a function of the epoch and the learning rate, got {schedule!r}")
        self.schedule = schedule

    def on_epoch_begin(self, epoch, logs=None):
        """Set the rate of this epoch."""
        optimizer = getattr(self.model, "optimizer", None)
        if not hasattr(optimizer, "learning_rate"):
            raise ValueError("the model has no optimizer with a learning rate")
        given = (epoch, float(optimizer.learning_rate))
        rate = self.schedule(*given[: _arguments_taken(self.schedule)])
        if isinstance(rate, Integral) or not isinstance(rate, Real) or not math.isfinite(rate):
            raise ValueError(f"the schedule must return a finite float, got {rate!r}")
        optimizer.learning_rate = rate

    def on_epoch_end(self, epoch, logs=None):
        """Write the rate into the logs."""
        if logs:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


def _arguments_taken(schedule):
    try:
        inspect.signature(schedule).bind(0, 0.0)
    except (TypeError, ValueError):  # a built-in function may have no signature to look at
        return 1
    return 2


class TerminateOnNaN(Callback):
    """Stop at the first batch whose loss is NaN or infinite."""

    def on_train_batch_end(self, batch, logs=None):
        """Look at the batch's loss."""
        loss = (logs or {}).get("loss")
        if loss is not None and not math.isfinite(_number(loss)):
            print(f"Batch {batch}: the loss is not finite any more, training ends")
            self.model.stop_training = True

    on_batch_end = on_train_batch_end


def _number(loss):
    if isinstance(loss, str) or getattr(loss, "size", 1) != 1:
        raise TypeError(f"the loss must be one number, got {loss!r}")
    return getattr(loss, "item", lambda: loss)()
