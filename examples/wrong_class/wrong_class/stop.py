"""Stop when a value has not improved for some epochs, and keep the best weights; there is a mistake in it."""

import warnings

__all__ = ["BestWeightsStop"]


class BestWeightsStop:
    """Stand for `EarlyStopping` in `model.fit`.

    Args:
        monitor: key of the epoch's logs.
        patience: epochs without improvement until training stops.
        mode: "min" or "max"; "auto" minimises a loss, and knows no other name.
        restore_best_weights: put back the weights of the best epoch.

    Raises:
        ValueError: `mode` is "auto" and the value is no loss (at the first epoch's end).
    """

    def __init__(self, monitor="val_loss", patience=0, mode="auto", restore_best_weights=False):
        self.monitor, self.patience, self.mode = monitor, patience, mode
        self.restore_best_weights = restore_best_weights

    def set_model(self, model):
        """Keep the model that is trained."""
        self.model = model

    def set_params(self, params):
        """Keep what `fit` was called with."""
        self.params = params

    def on_train_begin(self, logs=None):
        """Forget the run before."""
        self.best = self.best_weights = None
        self.wait = self.stopped_epoch = self.best_epoch = 0

    def on_epoch_end(self, epoch, logs=None):
        """Compare the epoch's value with the best so far."""
        if self.mode == "auto" and self.monitor not in ("loss", "val_loss"):
            raise ValueError(f"is a higher {self.monitor} better? pass mode='max' or mode='min'")
        value = self.get_monitor_value(logs)
        if value is None:
            return
        if self.best is None or self._improves(value):
            self.best, self.best_epoch, self.wait = value, epoch, 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            return
        self.wait += 1
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True
            if self.restore_best_weights:
                self.model.set_weights(self.best_weights)

    def get_monitor_value(self, logs):
        """Return the monitored value, or warn and return None."""
        value = (logs or {}).get(self.monitor)
        if value is None:
            warnings.warn(f"no {self.monitor} among {', '.join(logs or {})}", stacklevel=2)
        return value

    def _improves(self, value):
        return value > self.best if self.mode == "max" else value < self.best

    def _ignore(self, *arguments, **named):
        """Do nothing at a hook that this class has no use for."""

    on_train_end = on_epoch_begin = on_train_batch_begin = on_train_batch_end = _ignore
    on_test_begin = on_test_end = on_test_batch_begin = on_test_batch_end = _ignore
    on_predict_begin = on_predict_end = on_predict_batch_begin = on_predict_batch_end = _ignore
