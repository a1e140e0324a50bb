"""Stop when a value has not improved for some epochs; the class derives from nothing and imports no Keras."""

import warnings

__all__ = ["PatienceStop"]

DIRECTIONS = {"min": -1, "max": 1, "auto": 0}


class PatienceStop:
    """Stand for `EarlyStopping` in `model.fit`, without its `baseline`.

    Args:
        monitor: key of the epoch's logs.
        min_delta: change that an improvement must exceed, in the unit of the monitored value.
        patience: epochs without improvement until training stops.
        verbose: 1 prints when training stopped and which weights were put back.
        mode: "min", "max", or "auto", which minimises a loss and asks the compiled metric for any other name.
        restore_best_weights: when training ends, put back the weights of the best epoch.
        start_from_epoch: number (from 0) of the first epoch to look at.

    Raises:
        TypeError: a monitored value is no number (at that epoch's end).
        ValueError: `mode` is "auto" and no compiled metric tells the direction (at the first epoch's end).
    """

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        verbose=0,
        mode="auto",
        restore_best_weights=False,
        start_from_epoch=0,
    ):
        if mode not in DIRECTIONS:
            warnings.warn(f"mode {mode!r} is unknown: auto is used", stacklevel=2)
            mode = "auto"
        self.monitor, self.mode, self.min_delta = monitor, mode, abs(min_delta)
        self.patience, self.start_from_epoch = patience, start_from_epoch
        self.verbose, self.restore_best_weights = verbose, restore_best_weights
        self.sign = DIRECTIONS[mode]
        self._forget()

    def _forget(self):
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best = self.best_weights = None

    def set_model(self, model):
        """Keep the model that is trained."""
        self.model = model

    def set_params(self, params):
        """Keep what `fit` was called with."""
        self.params = params

    def on_train_begin(self, logs=None):
        """Forget the run before."""
        self._forget()

    def on_epoch_end(self, epoch, logs=None):
        """Compare the epoch's value with the best so far."""
        self._find_direction()
        value = self.get_monitor_value(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        if self.best is None or self._improves(value):
            self._remember(value, epoch)
            return
        self.wait += 1
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        """Put the best weights back, whether training was stopped or ran to its last epoch."""
        if self.stopped_epoch and self.verbose:
            print(f"Stopped after epoch {self.stopped_epoch + 1}")
        if self.best_weights is not None:
            if self.verbose:
                print(f"Weights of epoch {self.best_epoch + 1} put back")
            self.model.set_weights(self.best_weights)

    def get_monitor_value(self, logs):
        """Return the monitored value, or warn and return None."""
        value = (logs or {}).get(self.monitor)
        if value is None:
            warnings.warn(f"no {self.monitor} among {', '.join(logs or {})}", stacklevel=2)
        return value

    def _improves(self, value):
        return self.sign * (value - self.best) > self.min_delta

    def _remember(self, value, epoch):
        self.best, self.best_epoch, self.wait = value, epoch, 0
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()

    def _find_direction(self):
        name = self.monitor.removeprefix("val_")
        if self.sign == 0:
            self.sign = -1 if name == "loss" else self._direction_of_metric(name)

    def _direction_of_metric(self, name):
        for container in self.model.metrics:
            for metric in getattr(container, "metrics", [container]):
                if metric.name == name and hasattr(metric, "_direction"):
                    return 1 if metric._direction == "up" else -1
        raise ValueError(f"is a higher {self.monitor} better? pass mode='max' or mode='min'")

    def _ignore(self, *arguments, **named):
        """Do nothing at a hook that this class has no use for."""

    on_epoch_begin = on_train_batch_begin = on_train_batch_end = _ignore
    on_test_begin = on_test_end = on_test_batch_begin = on_test_batch_end = _ignore
    on_predict_begin = on_predict_end = on_predict_batch_begin = on_predict_batch_end = _ignore
