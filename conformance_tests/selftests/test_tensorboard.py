"""TensorBoard where the suite cannot look: the real server, a Python without TensorFlow, a fit beside Keras's own."""

import json
import struct
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from callback_conformance.events import seen_events
from callback_reference import CallbackList, LoopState, TensorBoard

ON_JAX = """
import os, sys
sys.modules["tensorflow"] = None
os.environ["KERAS_BACKEND"] = "jax"
import keras, numpy as np
from callback_conformance.events import seen_events
from callback_reference import TensorBoard

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="d")], name="seq")
model.compile(keras.optimizers.SGD(0.5), "mse")
x, y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
board = TensorBoard("logs", histogram_freq=1, write_images=True, update_freq=1)
model.fit(x, y, batch_size=2, epochs=2, validation_data=(x, y), verbose=0, callbacks=[board])
try:
    TensorBoard("logs", profile_batch=2)
except ModuleNotFoundError as error:
    refused = str(error)
written = seen_events("logs")
weights = model.layers[0].kernel.numpy()
print(written)
"""


def test_on_jax_it_writes_scalars_weights_and_graph_while_tensorflow_cannot_be_imported(tmp_path: Path) -> None:
    script = ON_JAX + "print(refused, [float(weights.min()), float(weights.max())], sep='\\n')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    text, refused, weights = done.stdout.strip().splitlines()
    written = eval(text)
    kernel = written["train/seq/d/kernel/histogram"]
    assert [step for step, _ in kernel] == [0, 1]
    assert kernel[1][1][1:] == pytest.approx(eval(weights), rel=1e-5)
    assert written["train/keras"] == [[0, "model"]]
    assert written["train/seq/d/kernel/image"] == [[0, [1, 2, 1]], [1, [1, 2, 1]]]
    assert [step for step, _ in written["train/batch_loss"]] == [1, 2, 3, 4]
    assert [step for step, _ in written["validation/evaluation_loss_vs_iterations"]] == [2, 4]
    assert written["train/epoch_learning_rate"] == [[0, 0.5], [1, 0.5]]
    assert "profile_batch=2 needs TensorFlow" in refused


def test_beside_keras_in_one_fit_it_writes_the_same_in_no_more_bytes(tmp_path: Path) -> None:
    import keras
    import numpy as np

    inputs = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
    layers = [keras.Input((3,)), keras.layers.Dense(5, name="a"), keras.layers.Dense(1, name="b")]
    model = keras.Sequential(layers)
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    model.compile(keras.optimizers.Adam(schedule), "mse", metrics=["mae"])
    arguments: dict[str, Any] = {"histogram_freq": 2, "write_images": True, "write_steps_per_second": True}
    ours = TensorBoard(tmp_path / "ours", **arguments)
    theirs = keras.callbacks.TensorBoard(tmp_path / "theirs", **arguments)
    data = (inputs, inputs[:, :1])
    model.fit(*data, batch_size=4, epochs=3, validation_data=data, verbose=0, callbacks=[ours, theirs])
    model.evaluate(*data, verbose=0, callbacks=[ours, theirs])

    assert seen_events(str(tmp_path / "ours")) == seen_events(str(tmp_path / "theirs"))
    sizes = [sum(path.stat().st_size for path in (tmp_path / name).rglob("*.v2")) for name in ("ours", "theirs")]
    assert 0 < sizes[0] <= sizes[1]


class Words:
    """A model that has one embedding layer and no Keras."""

    def __init__(self) -> None:
        import numpy

        layer = type("Embedding", (), {"name": "words", "embeddings": numpy.arange(6.0).reshape(3, 2), "weights": []})
        self.layers = [layer()]
        self.stop_training = False
        self.history = None


SERVE = """
import sys
sys.modules["tensorflow"] = None  # it starts faster without
from tensorboard.main import run_main
run_main()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Write a run, serve it with the real TensorBoard, and yield its address."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "labels.tsv").write_text("one\ntwo\nthree\n")
    board = TensorBoard(tmp_path / "run", embeddings_freq=1, embeddings_metadata="labels.tsv", update_freq=1)
    callbacks = CallbackList([board], model=Words())  # type: ignore[arg-type]
    callbacks.on_train_begin()
    for epoch, loss in enumerate([0.5, 0.25]):
        callbacks.on_epoch_begin(epoch)
        callbacks.on_epoch_end(epoch, {"loss": loss, "val_loss": 2 * loss})
    callbacks.on_train_end()
    options = ["--logdir", str(tmp_path / "run"), "--port", "0", "--host", "127.0.0.1", "--load_fast", "false"]
    command = [sys.executable, "-c", SERVE, *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as served:
        try:
            assert served.stderr is not None
            line = next((line for line in served.stderr if "http://" in line), "")
            yield "http://" + line.partition("http://")[2].split()[0].rstrip("/")
        finally:
            served.kill()


def get(address: str, path: str, **query: str) -> Any:
    with urllib.request.urlopen(f"{address}{path}?{urllib.parse.urlencode(query)}", timeout=5) as answer:
        return json.load(answer) if "json" in answer.headers["Content-Type"] else answer.read()


def test_the_real_server_shows_the_runs_their_scalars_and_the_embeddings(server: str) -> None:
    end = time.monotonic() + 20
    while len(get(server, "/data/runs")) < 2 and time.monotonic() < end:
        time.sleep(0.1)
    assert sorted(get(server, "/data/runs")) == ["train", "validation"]
    for run, expected in (("train", [0.5, 0.25]), ("validation", [1.0, 0.5])):
        points = get(server, "/data/plugin/scalars/scalars", run=run, tag="epoch_loss")
        assert [[step, value] for _, step, value in points] == [[0, expected[0]], [1, expected[1]]]
    tensor = get(server, "/data/plugin/projector/tensor", run=".", name="words/embeddings")
    assert struct.unpack("6f", tensor) == (0, 1, 2, 3, 4, 5)
    assert get(server, "/data/plugin/projector/metadata", run=".", name="words/embeddings") == b"one\ntwo\nthree\n"


def test_numbers_of_a_loop_without_keras_are_written(tmp_path: Path) -> None:
    callbacks = CallbackList([TensorBoard(tmp_path)], model=LoopState())
    callbacks.on_train_begin()
    callbacks.on_epoch_end(0, {"loss": 0.5})
    callbacks.on_train_end()
    assert seen_events(str(tmp_path)) == {"train/epoch_loss": [[0, 0.5]]}


def test_what_was_written_before_an_exception_can_be_read(tmp_path: Path) -> None:
    board = TensorBoard(tmp_path, update_freq=1)
    callbacks = CallbackList([board], model=LoopState())
    callbacks.on_train_begin()
    for batch in range(2):
        callbacks.on_train_batch_begin(batch)
        callbacks.on_train_batch_end(batch, {"loss": 0.5})
    del callbacks, board  # nobody says goodbye
    assert seen_events(str(tmp_path)) == {"train/batch_loss": [[1, 0.5], [2, 0.5]]}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"update_freq": 0}, "update_freq"), ({"histogram_freq": 1.5}, "histogram_freq"),
        ({"log_dir": None}, "log_dir"),
        ({"embeddings_freq": -1}, "embeddings_freq"), ({"profile_batch": (3, 2)}, "profile_batch"),
    ],
)  # fmt: skip
def test_an_argument_that_means_nothing_is_named_with_its_value(arguments: dict[str, Any], named: str) -> None:
    (value,) = arguments.values()
    with pytest.raises((TypeError, ValueError), match=rf"{named} must be .*got ") as caught:
        TensorBoard(**arguments)
    assert repr(value) in str(caught.value)
