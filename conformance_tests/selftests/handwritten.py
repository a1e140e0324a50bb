"""An EarlyStopping as a stranger might write it from Keras's documentation alone, and one with a slip."""

import warnings
from typing import Any


class MyStop:
    """Stop when a value has not improved for some epochs. It derives from nothing and needs no Keras."""

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        if mode not in ("auto", "min", "max"):
            warnings.warn(f"mode {mode!r} is unknown, using auto", stacklevel=2)
            mode = "auto"
        self.monitor, self.min_delta, self.patience = monitor, abs(min_delta), patience
        self.verbose, self.mode, self.start_from_epoch = verbose, mode, start_from_epoch
        self.restore_best_weights = restore_best_weights
        self.sign = {"min": -1, "max": 1}.get(mode, 0)

    def set_model(self, model: Any) -> None:
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params

    def __getattr__(self, name: str) -> Any:
        if name.startswith("on_"):
            return lambda *arguments, **named: None
        raise AttributeError(name)

    def on_train_begin(self, logs: Any = None) -> None:
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best = self.best_weights = None

    def get_monitor_value(self, logs: Any) -> Any:
        logs = logs or {}
        if logs.get(self.monitor) is None:
            warnings.warn(f"{self.monitor} is not available; there are {', '.join(logs)}", stacklevel=2)
        return logs.get(self.monitor)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._find_direction()
        value = self.get_monitor_value(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        self.wait += 1
        if self.best is None or self.best != self.best or self._improves(value):
            self.best, self.best_epoch, self.wait = value, epoch, 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
        elif self.wait >= self._limit() and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def _limit(self) -> int:
        return self.patience

    def _find_direction(self) -> None:
        name = self.monitor.removeprefix("val_")
        if self.sign or name == "loss":
            self.sign = self.sign or -1
            return
        for container in self.model.metrics:
            for metric in getattr(container, "metrics", ()):
                if metric.name == name and hasattr(metric, "_direction"):
                    self.sign = 1 if metric._direction == "up" else -1
                    return
        raise ValueError(f"is a higher {self.monitor} better? pass mode='max' or mode='min'")

    def _improves(self, value: Any) -> bool:
        return bool(self.sign * (value - self.best) > self.min_delta)

    def on_train_end(self, logs: Any = None) -> None:
        if self.stopped_epoch and self.verbose:
            print(f"stopped after epoch {self.stopped_epoch + 1}")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose:
                print(f"restored the weights of epoch {self.best_epoch + 1}")
            self.model.set_weights(self.best_weights)


class OffByOne(MyStop):
    """Counts one epoch too many."""

    def _limit(self) -> int:
        return self.patience + 1
