"""ProgbarLogger: the reference writes byte for byte what tf.keras writes, and the suite can read it."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
from callback_conformance.progress import Clock, parse
from callback_reference import CallbackList, ProgbarLogger

NAN = float("nan")
Step = tuple[Any, ...]


def written(make: Any, script: list[Step], params: dict[str, Any]) -> str:
    """Return what a bar writes at these steps: ("tick", seconds), or a hook with its arguments."""
    clock, out = Clock(scripted=True), io.StringIO()
    bar = make()
    bar.set_params(params)
    with contextlib.redirect_stdout(out), clock():
        for name, *arguments in script:
            (clock.tick if name == "tick" else getattr(bar, name))(*arguments)
    return out.getvalue()


def epoch(logs: list[dict[str, Any]], seconds: float = 1.0, end: Any = None, first: int = 0) -> Iterator[Step]:
    yield ("on_epoch_begin", first, None)
    for batch, values in enumerate(logs):
        yield ("tick", seconds)
        yield ("on_train_batch_end", batch, values)
    yield ("on_epoch_end", first, end or {"loss": 0.5, "val_loss": 0.25})


def beyond(last: int) -> list[Step]:
    ends = [("on_train_batch_end", batch, {"loss": 1.0}) for batch in (2, 5, last)]
    return [("on_epoch_begin", 0, None), *ends, ("on_epoch_end", 0, {"loss": 1.0})]


LOSSES = [{"loss": 123456.789}, {"loss": 0.0, "late": -1e-4}, {}, {"loss": NAN, "many": [1, 2]}, {"loss": 0.00101}]
TESTED: list[Step] = [
    ("on_test_begin", None), ("tick", 2.5), ("on_test_batch_end", 0, {"loss": 1.0}), ("on_test_end", {"loss": 2.0}),
]  # fmt: skip
PREDICTED: list[Step] = [
    ("on_predict_begin", None), ("tick", 0.001), ("on_predict_batch_end", 0, {"outputs": []}), ("on_predict_end", None),
]  # fmt: skip
SCRIPTS: dict[str, list[Step]] = {
    **{f"paces-{pace}": list(epoch(LOSSES, pace)) for pace in (0.0, 1e-6, 0.002, 0.03, 0.07, 1.5, 61.0, 4000.0, 1e5)},
    "one": list(epoch(LOSSES[:1])),
    "none": list(epoch([])),
    "cut-short": list(epoch(LOSSES[:2])),
    "three": [step for first in range(3) for step in epoch(LOSSES, first=first)],
    "beyond": beyond(8),
    "validated": [("on_train_begin", None), *list(epoch(LOSSES))[:-1], *TESTED, ("on_epoch_end", 0, {"val_loss": 2.0})],
    "tested": TESTED * 2,
    "predicted": PREDICTED * 2,
    "mixed": [*PREDICTED, *TESTED, ("on_train_begin", None), *epoch(LOSSES), *PREDICTED, *TESTED],
    "no-beginning": [("tick", 1.0), ("on_train_batch_end", 0, {"loss": 1.0}), ("on_epoch_end", 0, {})],
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_reference_writes_the_bytes_of_keras(name: str) -> None:
    import keras

    for verbose in (0, 1, 2, "auto", 3):
        for steps in (5, 8, 200, 1, None):
            for epochs in (1, 3):
                params = {"verbose": verbose, "steps": steps, "epochs": epochs}
                ours, theirs = (
                    written(make, SCRIPTS[name], params) for make in (ProgbarLogger, keras.callbacks.ProgbarLogger)
                )
                assert ours == theirs, params


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_the_bytes_are_those_of_keras_in_every_encoding(encoding: str) -> None:
    import keras

    both = []
    for make in (ProgbarLogger, keras.callbacks.ProgbarLogger):
        bar, clock, raw = make(), Clock(scripted=True), io.BytesIO()
        bar.set_params({"verbose": 1, "steps": 2, "epochs": 1})
        with contextlib.redirect_stdout(io.TextIOWrapper(raw, encoding=encoding)) as wrapper, clock():
            bar.on_epoch_begin(0)
            bar.on_train_batch_end(0, {"손실": 1.0, "loss": 2.0})
            bar.on_epoch_end(0, {})
        both.append(raw.getvalue())
        wrapper.detach()
    assert both[0] == both[1] != b""


def test_a_real_fit_shows_the_same_with_either() -> None:
    import keras
    import numpy as np

    ones = np.ones((6, 1), "float32")

    def shown(make: Any, verbose: Any) -> str:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
        params = {"verbose": verbose, "epochs": 2, "steps": 3}
        callbacks = keras.callbacks.CallbackList([make()], model=model, add_history=True, **params)
        data: dict[str, Any] = {"batch_size": 2, "epochs": 2, "validation_data": (ones, ones), "shuffle": False}
        with contextlib.redirect_stdout(io.StringIO()) as out:
            model.fit(ones, ones, callbacks=callbacks, **data)
        return out.getvalue()

    for verbose in (1, 2):
        ours, theirs = (shown(make, verbose) for make in (ProgbarLogger, keras.callbacks.ProgbarLogger))
        last = [[line for line in parse(text)["progress"] if line.get("done", True)] for text in (ours, theirs)]
        assert last[0] == last[1]
        assert [line.get("epoch", line.get("step")) for line in last[0]] == [1, 3, 2, 3]
        assert set(last[0][1]["values"]) == {"loss", "mae", "val_loss", "val_mae"}


def test_keras_tells_its_callbacks_what_the_scripts_tell_them() -> None:
    import keras
    import numpy as np

    class Told(keras.callbacks.Callback):
        told: dict[str, Any]

        def on_train_begin(self, logs: Any = None) -> None:
            self.told = dict(self.params)

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    for verbose in ("auto", 2):
        told = Told()
        with contextlib.redirect_stdout(io.StringIO()):
            model.fit(np.ones((4, 1)), np.ones((4, 1)), batch_size=2, epochs=2, verbose=verbose, callbacks=[told])
        assert told.told == {"verbose": verbose, "epochs": 2, "steps": 2}


def test_it_shows_a_loop_that_has_no_keras() -> None:
    out = io.StringIO()
    callbacks = CallbackList([ProgbarLogger()], verbose=1, epochs=2, steps=2)
    clock = Clock(scripted=True)
    with contextlib.redirect_stdout(out), clock():
        callbacks.on_train_begin()
        for number in range(2):
            callbacks.on_epoch_begin(number)
            for batch in range(2):
                clock.tick(1.0)
                callbacks.on_train_batch_end(batch, {"loss": 1.0 / (1 + batch)})
            callbacks.on_epoch_end(number, {"loss": 0.5})
        callbacks.on_train_end()
    lines = parse(out.getvalue())["progress"]
    assert [line.get("epoch") or (line["step"], line["total"], line["values"]["loss"]) for line in lines] == [
        1, (1, 2, 1.0), (2, 2, 0.5), (2, 2, 0.5), 2, (1, 2, 1.0), (2, 2, 0.5), (2, 2, 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Epoch 3/10\n", {"epoch": 3, "epochs": 10}),
        ("Epoch 3 of 10:\n", {"epoch": 3, "epochs": 10}),
        ("\r\x1b[1m 2/10\x1b[0m \x1b[32m━━\x1b[0m \x1b[1m1:05\x1b[0m 8s/step - val_loss: 1.2500e-04",
         {"step": 2, "total": 10, "values": {"val_loss": 0.000125}, "done": False}),
        ("      7/Unknown \x1b[1m3s\x1b[0m 429ms/step - a: nan - b: -inf",
         {"step": 7, "total": None, "values": {"a": "nan", "b": "-inf"}, "done": False}),
        (" 40%|████      | 4/10 [00:02<00:03,  1.99it/s, loss=0.5, acc=0.75]\n",
         {"step": 4, "total": 10, "values": {"loss": 0.5, "acc": 0.75}, "done": True}),
        ("step 4 of 10 | train loss: 2 | name: fast\n",
         {"step": 4, "total": 10, "values": {"train loss": 2.0, "name": "fast"}, "done": True}),
    ],
)  # fmt: skip
def test_the_suite_reads_bars_of_several_looks(text: str, expected: dict[str, Any]) -> None:
    assert parse(text)["progress"] == [expected]


def test_what_is_no_progress_is_passed_over() -> None:
    assert parse("\nrestoring weights\n") == {"progress": []}


def test_times_are_read_in_seconds() -> None:
    texts = ("1/2 1:02:03 2s/step", "1/2 4:05 20ms/step", "2/2 - 7s - 30us/step")
    assert [parse(text)["times"][0] for text in texts] == [
        {"clock": 3723.0, "step": 2.0}, {"clock": 245.0, "step": 0.02}, {"clock": 7.0, "step": 3e-05},
    ]  # fmt: skip
