"""What reaches the members of a list: the hooks by run, one call handed on, functions as hooks, lists that grow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from site_tools.recordings.tiny import data, model, script

__all__ = ["RECORDINGS"]

RUNS: dict[str, Callable[[Any, Any], object]] = {
    "fit": lambda net, told: net.fit(
        *data(4), epochs=2, batch_size=2, validation_data=data(2), callbacks=[told], verbose=0
    ),
    "evaluate": lambda net, told: net.evaluate(*data(4), batch_size=2, callbacks=[told], verbose=0),
    "predict": lambda net, told: net.predict(data(4)[0], batch_size=2, callbacks=[told], verbose=0),
}
"""Two epochs of two batches, validated on one batch; two batches evaluated; two batches predicted."""


def callback() -> list[dict[str, Any]]:
    """How often each of the sixteen hooks runs in `fit`, `evaluate` and `predict`; none is overridden but to count."""
    import keras

    hooks = sorted(name for name in dir(keras.callbacks.Callback) if name.startswith("on_"))
    seen: dict[str, Counter[str]] = {}
    for run, start in RUNS.items():
        counts = seen[run] = Counter()
        start(
            model(), type("Counting", (keras.callbacks.Callback,), {name: _counted(name, counts) for name in hooks})()
        )
    return [{"hook": name, **{run: counts[name] for run, counts in seen.items()}} for name in hooks]


def _counted(name: str, counts: Counter[str]) -> Callable[..., None]:
    """Return a hook that counts itself and then does what the base class does."""
    import keras

    base = getattr(keras.callbacks.Callback, name)

    def hook(self: Any, *args: Any, **keywords: Any) -> None:
        counts[name] += 1
        base(self, *args, **keywords)

    return hook


def callback_list() -> dict[str, Any]:
    """One `on_epoch_end` of a list of three, two of them nested; the second writes into `logs`."""
    import keras

    seen: list[dict[str, Any]] = []

    def member(name: str, adds: str | None = None) -> Any:
        def on_epoch_end(epoch: int, logs: dict[str, Any]) -> None:
            seen.append({"member": name, "logs": {key: str(value) for key, value in logs.items()}, "adds": adds})
            logs.update({adds: 0.1} if adds else {})

        return keras.callbacks.LambdaCallback(on_epoch_end=on_epoch_end)

    given = {"loss": 2, "acc": True}
    nested = [member("a"), [member("b", adds="rate"), member("c")]]
    keras.callbacks.CallbackList(nested, model=model()).on_epoch_end(0, given)
    return {"epochs": seen, "given": {key: str(value) for key, value in given.items()}}


def lambda_callback() -> list[dict[str, Any]]:
    """The hooks of a `fit` of one epoch; four of them have a function, which notes how it was called."""
    import keras

    events: list[dict[str, Any]] = []

    def noting(name: str, heard: bool) -> Callable[..., None]:
        def function(*args: Any, **keywords: Any) -> None:
            given = ["logs" if isinstance(value, dict) else str(value) for value in args]
            given += [f"{key}=logs" for key in keywords]
            events.append({"hook": name, "call": f"f({', '.join(given)})" if heard else None})

        return function

    heard = ("on_epoch_begin", "on_train_batch_end", "on_epoch_end", "on_train_end")
    others = ("on_train_begin", "on_train_batch_begin")
    functions = {name: noting(name, name in heard) for name in (*heard, *others)}
    model().fit(*data(4), batch_size=2, callbacks=[keras.callbacks.LambdaCallback(**functions)], verbose=0)
    return events


def history() -> dict[str, Any]:
    """The lists of a `History` after each of four epochs, of which every other one is validated."""
    import keras

    mine = keras.callbacks.History()
    epochs: list[dict[str, Any]] = []

    def watch(epoch: int, logs: dict[str, Any]) -> None:
        kept = {name: len(values) for name, values in mine.history.items()}
        epochs.append({"epoch": epoch, "logged": sorted(logs), "kept": kept})

    values = script(loss=(0.9, 0.7, 0.6, 0.5), val_loss=(None, 0.8, None, 0.6))
    watcher = keras.callbacks.LambdaCallback(on_epoch_end=watch)
    net = model(metrics=())
    net.fit(*data(4), epochs=4, callbacks=[values, mine, watcher], verbose=0)
    return {"epochs": epochs, "history": mine.history, "epoch": mine.epoch}


RECORDINGS = {
    "callback": callback,
    "callback_list": callback_list,
    "lambda_callback": lambda_callback,
    "history": history,
}
