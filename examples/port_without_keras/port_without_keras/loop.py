"""A training loop in plain Python: it fits a straight line by gradient descent, and calls callbacks on the way."""

__all__ = ["Line", "Optimizer"]


class Optimizer:
    """Holds the learning rate, so that a callback can change it."""

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate


class Line:
    """The line y = slope * x + height, fitted to points.

    Args:
        learning_rate: share of the gradient by which a batch moves the line.
    """

    def __init__(self, learning_rate=0.1):
        self.slope = self.height = 0.0
        self.optimizer = Optimizer(learning_rate)
        self.stop_training = False

    def get_weights(self):
        """Return a copy of the weights."""
        return [self.slope, self.height]

    def set_weights(self, weights):
        """Take weights as `get_weights` gave them."""
        self.slope, self.height = weights

    def loss(self, points):
        """Return the mean squared error."""
        return sum(self._error(x, y) * self._error(x, y) for x, y in points) / len(points)

    def fit(self, points, epochs, batch_size=2, validation=(), callbacks=()):
        """Train, and return the logs of each epoch; the points go through in batches, in their order."""
        batches = [points[start : start + batch_size] for start in range(0, len(points), batch_size)]
        history = []
        self.stop_training = False
        for callback in callbacks:
            callback.set_model(self)
            callback.set_params({"epochs": epochs, "steps": len(batches)})
        _call(callbacks, "on_train_begin")
        for epoch in range(epochs):
            _call(callbacks, "on_epoch_begin", epoch)
            self._train(batches, callbacks)
            logs = {"loss": self.loss(points)}
            if validation:
                logs["val_loss"] = self.loss(validation)
            _call(callbacks, "on_epoch_end", epoch, logs)
            history.append(logs)
            if self.stop_training:
                break
        _call(callbacks, "on_train_end")
        return history

    def _train(self, batches, callbacks):
        for number, batch in enumerate(batches):
            _call(callbacks, "on_train_batch_begin", number)
            self._step(batch)
            _call(callbacks, "on_train_batch_end", number, {"loss": self.loss(batch)})
            if self.stop_training:
                return

    def _step(self, batch):
        share = 2 * self.optimizer.learning_rate / len(batch)
        errors = [(x, self._error(x, y)) for x, y in batch]
        self.slope -= share * sum(x * error for x, error in errors)
        self.height -= share * sum(error for _, error in errors)

    def _error(self, x, y):
        return self.slope * x + self.height - y


def _call(callbacks, hook, *arguments):
    for callback in callbacks:
        getattr(callback, hook)(*arguments)
