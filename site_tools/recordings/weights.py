"""What happens to the weights: a loss of NaN, and averages that change places with them."""

from __future__ import annotations

import contextlib
import io
from functools import partial
from typing import Any

from site_tools.recordings.tiny import data, model

__all__ = ["RECORDINGS"]

CLOSING = ("on_test_begin", "on_epoch_end", "on_train_end")
MOMENTS = ("on_epoch_begin", "on_train_batch_end", "on_test_begin", "on_test_end", "on_epoch_end")


def terminate_on_nan() -> list[dict[str, Any]]:
    """Three planned epochs of four batches, with NaN in the data of batch 1 of the second, stopped and raised."""
    return [_terminated(raise_error) for raise_error in (False, True)]


def _terminated(raise_error: bool) -> dict[str, Any]:
    """Return the batches that were trained in each epoch, and which hooks ran after the last of them."""
    import keras
    import numpy

    batches: list[list[str]] = []
    after: list[str] = []

    def batch_end(batch: int, logs: dict[str, Any]) -> None:
        batches[-1].append("NaN" if numpy.isnan(logs["loss"]) else "ok")
        after.clear()

    closing = {name: partial(_note, after, name) for name in CLOSING}
    watch = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: batches.append([]), on_train_batch_end=batch_end, **closing
    )
    stopper = keras.callbacks.TerminateOnNaN(raise_error=raise_error)
    with contextlib.suppress(RuntimeError), contextlib.redirect_stdout(io.StringIO()):
        model().fit(
            _batches(), epochs=3, steps_per_epoch=4, shuffle=False, validation_data=data(2),
            callbacks=[watch, stopper], verbose=0,
        )  # fmt: skip
    return {"raise_error": raise_error, "planned": [3, 4], "batches": batches, "after": after}


def _note(names: list[str], name: str, *_: object, **__: object) -> None:
    """Append the name of a hook, whatever it was called with."""
    names.append(name)


def _batches() -> Any:
    """Yield batches of one row; the sixth holds NaN."""
    import numpy

    for number in range(12):
        x = numpy.full((1, 1), numpy.nan if number == 5 else 1.0, "float32")
        yield x, numpy.ones((1, 1), "float32")


def swap_ema_weights() -> list[dict[str, Any]]:
    """Two epochs of two batches with validation: what the model holds at each moment, without and with the argument."""
    return [{"swap_on_epoch": swap, "held": _held(swap)} for swap in (False, True)]


def _held(swap_on_epoch: bool) -> list[list[str]]:
    """Return at each moment the hook and which of the two a model with `SwapEMAWeights` holds.

    A twin without the callback is trained on the same data: its weight and its average tell them apart.
    """
    import keras

    plain = _moments([])
    swapped = _moments([keras.callbacks.SwapEMAWeights(swap_on_epoch=swap_on_epoch)])
    return [
        [hook, "weights" if abs(held - weight) <= abs(held - average) else "averages"]
        for (hook, held, _), (_, weight, average) in zip(swapped, plain, strict=True)
    ]


def _moments(members: list[Any]) -> list[tuple[str, float, float]]:
    """Return the weight and the optimizer's average at each moment after the callbacks of the list."""
    import keras
    import numpy

    entry = keras.Input((1,))
    net = keras.Model(entry, keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")(entry))
    net.compile(keras.optimizers.SGD(0.25, use_ema=True, ema_momentum=0.5), lambda y, p: -p)
    moments: list[tuple[str, float, float]] = []

    def look(hook: str) -> Any:
        def note(*_: object, **__: object) -> None:
            weight = net.get_weights()[0].item()
            averages = getattr(net.optimizer, "_model_variables_moving_average", None)  # made at the first batch
            moments.append((hook, weight, numpy.asarray(averages[0]).item() if averages else weight))

        return note

    watch = keras.callbacks.LambdaCallback(**{hook: look(hook) for hook in MOMENTS})
    x = numpy.ones((2, 1), "float32")
    net.fit(x, x, epochs=2, batch_size=1, validation_data=(x, x), callbacks=[*members, watch], verbose=0)
    return moments


RECORDINGS = {"terminate_on_nan": terminate_on_nan, "swap_ema_weights": swap_ema_weights}
