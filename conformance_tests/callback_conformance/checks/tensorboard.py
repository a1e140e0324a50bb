"""Checks of TensorBoard: what is in its event files, read back by TensorBoard's own reader."""

import contextlib
import functools
import importlib
import math
import os
import sys
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from .. import strategies
from ..difference import draws_numpy, survives, touches
from ..events import Written, seen_events, values
from ..hosts.stub import Layer, StubModel, Weight
from ..play import Trace, driver, folder_of_its_own, play
from ..scenarios import Run, Scenario, plain
from ..subjects import Unsupported
from . import Bench, Broken, check, mentions, reference_subject, search

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="tensorboard")
QUIET: dict[str, Any] = {"write_graph": False}


def _is_a_number_of_batches(scenario: Scenario) -> bool:
    return scenario.arguments.get("update_freq") not in ("epoch", "batch", 1, None)


TOUCHES = {
    "TB-14": touches("update_freq", "epoch"),
    "TB-15": touches("update_freq", "epoch"),
    "TB-16": _is_a_number_of_batches,
    "TB-17": _is_a_number_of_batches,
    "TB-18": touches("write_steps_per_second", False),
    "TB-19": touches("write_steps_per_second", False),
    "TB-23": touches("histogram_freq", 0),
    "TB-24": touches("histogram_freq", 0),
    "TB-26": touches("write_images", False),
    "TB-27": touches("write_images", False),
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


# Whole runs


def _written(bench: Bench, arguments: dict[str, Any], *runs: Run) -> tuple[Scenario, Written]:
    """Play runs, and return what was written; an exception counts as a tag of its own."""
    scenario = Scenario(arguments={**QUIET, **arguments}, runs=list(runs))
    last = bench.play(scenario)[-1]
    raised: Written = {f"{last['hook']} raised {last['raise']}": []} if last["raise"] else {}
    return scenario, {**last["events"], **raised}


def _require(bench: Bench, expected: Written, arguments: dict[str, Any], *runs: Run, only: str = "") -> None:
    """Refuse a subject that writes anything else under the tags that are expected, or that hold a word."""
    scenario, got = _written(bench, arguments, *runs)
    got = {tag: rows for tag, rows in got.items() if tag in expected or "raised" in tag or (only and only in tag)}
    if got != expected:
        raise Broken("something else was written", scenario, [expected], [got])


def _epochs(*logs: dict[str, Any], **more: Any) -> Run:
    return Run(logs=list(logs), **more)


@law("TB-04")
def training_metrics_are_written_under_their_names(bench: Bench) -> None:
    """Two epochs of two metrics, one of which is missing in the second."""
    expected: Written = {"train/epoch_loss": [[0, 0.5], [1, 0.25]], "train/epoch_a/b c": [[0, 2.0]]}
    _require(bench, expected, {}, _epochs({"loss": 0.5, "a/b c": 2}, {"loss": 0.25}))


@law("TB-05")
def validation_metrics_lose_their_prefix_once(bench: Bench) -> None:
    """`val_loss`, and the odd `val_val_x`."""
    expected: Written = {"validation/epoch_loss": [[0, 0.5]], "validation/epoch_val_x": [[0, 1.0]]}
    _require(bench, expected, {}, _epochs({"loss": 3, "val_loss": 0.5, "val_val_x": 1}), only="validation/epoch")


@law("TB-06")
def the_step_of_an_epoch_is_its_number(bench: Bench) -> None:
    """A fit that begins with epoch 5, and a second that begins with 0."""
    expected: Written = {"train/epoch_loss": [[5, 1.0], [6, 2.0], [0, 3.0]]}
    _require(bench, expected, {}, _epochs({"loss": 1}, {"loss": 2}, initial_epoch=5), _epochs({"loss": 3}))


@law("TB-07")
def numbers_are_written_as_32_bit_floats(bench: Bench) -> None:
    """A third, NaN, both infinities, and a whole number that 32 bits cannot hold."""
    logs = {"a": 1 / 3, "b": math.nan, "c": math.inf, "d": -math.inf, "e": 2**24 + 1, "f": True}
    expected = {"a": 0.3333333432674408, "b": "nan", "c": "inf", "d": "-inf", "e": 16777216.0, "f": 1.0}
    got = _by_hand(bench, {}, logs)
    found = {value.tag[6:]: plain(number) for _, _, value, number in got if value.tag[6:] in expected}
    _require_answers("another number was written", expected, found)


@law("TB-08")
def a_number_beyond_32_bits_is_written_as_infinity(bench: Bench) -> None:
    """1e39 and its negative."""
    expected: Written = {"train/epoch_a": [[0, "inf"]], "train/epoch_b": [[0, "-inf"]]}
    _require(bench, expected, {}, _epochs({"a": 1e39, "b": -1e39}))


@law("TB-09")
def the_learning_rate_is_written_beside_the_metrics(bench: Bench) -> None:
    """The optimizer's rate is 1, whatever the logs say."""
    expected: Written = {"train/epoch_learning_rate": [[0, 1.0], [1, 1.0], [2, 1.0]]}
    _require(bench, expected, {}, _epochs({"loss": 1}, {"learning_rate": 7}, {"val_loss": 1}), only="learning_rate")


@law("TB-10")
def an_epoch_without_metrics_leaves_no_trace(bench: Bench) -> None:
    """The logs of the second of three epochs are empty, or None."""
    logs: Any
    for logs in ({}, None):
        got = _by_hand(bench, {"write_steps_per_second": True}, {"loss": 1.0}, logs, {"loss": 2.0})
        _require_answers("the empty epoch was written", [0, 2], sorted({step for _, step, _, _ in got}))


@law("TB-11")
def the_logs_stay_as_they_are(bench: Bench) -> None:
    """Nothing is added for the callbacks that follow."""
    logs = {"loss": 1.0, "val_loss": 2.0}
    _by_hand(bench, {"write_steps_per_second": True}, logs)
    _require_answers("the logs were changed", {"loss": 1.0, "val_loss": 2.0}, logs)


@law("TB-12")
def what_is_no_number_is_refused_by_name(bench: Bench) -> None:
    """A text, a list, None and a complex number."""
    for value in ("low", [1.0], None, 1j):
        scenario = Scenario(arguments=QUIET, runs=[_epochs({"loss": 1.0, "mood": value})])
        last = bench.play(scenario)[-1]
        if last["raise"] != "TypeError":
            raise Broken("no TypeError", scenario, [{"raise": "TypeError"}], [{"raise": last["raise"]}])
        mentions("the error", last["message"], ("mood",), scenario)


@law("TB-13")
def no_batch_is_written_by_default(bench: Bench) -> None:
    """Three batches with the default `update_freq`, and with "epoch"."""
    for arguments in ({}, {"update_freq": "epoch"}):
        expected: Written = {"train/epoch_loss": [[0, 1.0]]}
        _require(bench, expected, arguments, _epochs({"loss": 1}, batches=3), only="batch_")


@law("TB-14")
def each_batch_is_written(bench: Bench) -> None:
    """Two epochs of two batches, with "batch" and with 1."""
    for freq in ("batch", 1):
        rows = [[step, 0.5] for step in (1, 2, 3, 4)]
        expected: Written = {"train/batch_loss": rows, "train/batch_mae": [[step, 0.25] for step, _ in rows]}
        run = _epochs({"loss": 1}, {"loss": 1}, batches=2)
        _require(bench, expected, {"update_freq": freq}, run, only="batch_")


@law("TB-15")
def batches_are_counted_anew_in_each_fit(bench: Bench) -> None:
    """Two fits of two batches."""
    run = _epochs({"loss": 1}, batches=2)
    expected: Written = {"train/batch_loss": [[1, 0.5], [2, 0.5], [1, 0.5], [2, 0.5]]}
    _require(bench, expected, {"update_freq": "batch"}, run, run)


@law("TB-16")
def every_nth_batch_is_written(bench: Bench) -> None:
    """Three epochs of three batches: 2, 4, 6 and 8."""
    run = _epochs({"loss": 1}, {"loss": 1}, {"loss": 1}, batches=3)
    expected: Written = {"train/batch_loss": [[step, 0.5] for step in (2, 4, 6, 8)]}
    _require(bench, expected, {"update_freq": 2}, run)


@law("TB-17")
def epochs_are_written_whatever_the_number_of_batches(bench: Bench) -> None:
    """Two epochs of two batches with `update_freq=3`: metrics and evaluations are all there."""
    expected: Written = {
        "train/epoch_loss": [[0, 1.0], [1, 2.0]],
        "validation/epoch_loss": [[0, 3.0], [1, 4.0]],
        "validation/evaluation_loss_vs_iterations": [[2, 0.5], [4, 0.5]],
    }
    run = _epochs({"loss": 1, "val_loss": 3}, {"loss": 2, "val_loss": 4}, batches=2, validation=1)
    _require(bench, expected, {"update_freq": 3}, run)


@law("TB-18")
def batches_per_second_are_written_with_the_batches(bench: Bench) -> None:
    """At every second batch, a positive number; and none where no batches are written."""
    run = _epochs({"loss": 1}, batches=5)
    arguments = {"write_steps_per_second": True}
    expected: Written = {"train/batch_steps_per_second": [[2, "rate"], [4, "rate"]]}
    _require(bench, expected, {"update_freq": 2, **arguments}, run, only="batch_steps")
    _require(bench, {"train/epoch_loss": [[0, 1.0]]}, arguments, run, only="batch_")
    _require(bench, {"train/epoch_loss": [[0, 1.0]]}, {}, run, only="per_second")


@law("TB-19")
def the_steps_per_second_of_an_epoch_are_those_of_the_optimizer(bench: Bench) -> None:
    """An epoch in which the optimizer took no step has a rate of 0, and one in which it took two a positive one."""
    scenario = Scenario(arguments={**QUIET, "write_steps_per_second": True})
    with folder_of_its_own():
        callback, model = _built(bench, scenario.arguments)
        callback.on_train_begin()
        for epoch, steps in enumerate((0, 2)):
            callback.on_epoch_begin(epoch)
            model.train(steps)
            callback.on_epoch_end(epoch, {"loss": 1.0})
        callback.on_train_end()
        rates = [number for _, _, value, number in _numbers() if value.tag == "epoch_steps_per_second"]
    got = [0 if rate == 0 else "positive" if rate > 0 else rate for rate in rates]
    _require_answers("the rates differ", [0, "positive"], got, scenario)


@law("TB-20")
def an_evaluation_is_written_at_the_optimizers_step(bench: Bench) -> None:
    """Two epochs of three batches, with validation."""
    rows = {"loss": [[3, 0.5], [6, 0.5]], "mae": [[3, 0.25], [6, 0.25]]}
    expected: Written = {f"validation/evaluation_{name}_vs_iterations": row for name, row in rows.items()}
    run = _epochs({"loss": 1}, {"loss": 1}, batches=3, validation=2)
    _require(bench, expected, {}, run, only="evaluation")


@law("TB-21")
def evaluate_alone_writes_the_evaluation_alone(bench: Bench) -> None:
    """Before any training, the step is 0."""
    expected: Written = {
        "validation/evaluation_loss_vs_iterations": [[0, 0.5]],
        "validation/evaluation_mae_vs_iterations": [[0, 0.25]],
    }
    with folder_of_its_own():
        callback, _ = _built(bench, QUIET)
        callback.on_test_begin()
        callback.on_test_end({"loss": 0.5, "mae": 0.25})
        callback.set_model(StubModel([]))
        got = seen_events()
    _require_answers("something else was written", expected, got)


@law("TB-22")
def predict_writes_nothing(bench: Bench) -> None:
    """All hooks of a prediction."""
    with folder_of_its_own():
        callback, _ = _built(bench, QUIET)
        callback.on_predict_begin()
        callback.on_predict_batch_begin(0)
        callback.on_predict_batch_end(0, {"outputs": [1.0]})
        callback.on_predict_end()
        _require_answers("something was written", {}, seen_events())


# Weights


def _model(bench: Bench, *arrays: Any) -> Any:
    """Return a model with one layer, whose weights are these."""
    model = driver(bench.subject, {}, "stub").model
    names = [f"dense/w{place}" for place in range(len(arrays))]
    weights = [Weight(name, lambda array=array: array) for name, array in zip(names, arrays, strict=True)]  # type: ignore[misc]
    model.layers = [Layer("dense", weights)]
    return model


def _of_weights(bench: Bench, *arrays: Any, **arguments: Any) -> dict[str, Any]:
    """Return what is written of weights after one epoch: tag to the summary's array."""
    with folder_of_its_own():
        callback, _ = _built(bench, {**QUIET, "histogram_freq": 1, **arguments}, _model(bench, *arrays))
        callback.on_train_begin()
        callback.on_epoch_begin(0)
        callback.on_epoch_end(0, {})
        callback.on_train_end()
        return {value.tag: data for _, _, value, data in _numbers() if "/" in value.tag}


@law("TB-23")
def weights_are_written_every_histogram_freq_epochs(bench: Bench) -> None:
    """Four epochs from number 1, without validation data: 2 and 4."""
    run = Run(logs=[{"loss": 1}] * 4, initial_epoch=1)
    scenario, got = _written(bench, {"histogram_freq": 2}, run)
    steps = [step for step, _ in got.get("train/counter/count/histogram", [])]
    _require_answers("other epochs were written", [2, 4], steps, scenario)
    _require(bench, {"train/epoch_loss": [[1, 1.0], [2, 1.0]]}, {}, Run(logs=run.logs[:2], initial_epoch=1), only="/c")


@law("TB-23")
def every_weight_of_every_layer_has_a_histogram(bench: Bench) -> None:
    """Two weights, named by their paths."""
    _require_answers(
        "other weights were written",
        ["dense/w0/histogram", "dense/w1/histogram"],
        sorted(_of_weights(bench, [1.0, 2.0], [[3.0]])),
    )


@law("TB-24")
def a_histogram_has_thirty_buckets_of_one_width(bench: Bench) -> None:
    """Values at the edges, equal values, and none."""
    got = _of_weights(bench, [0.0, 1.0, 2.5, 29.0, 30.0], [7.0, 7.0], [])
    tags = [f"dense/w{place}/histogram" for place in range(3)]
    tables = [got[tag].tolist() if tag in got else [] for tag in tags]
    counts = {0: 1.0, 1: 1.0, 2: 1.0, 29: 2.0}
    expected = [
        [[float(edge), edge + 1.0, counts.get(edge, 0.0)] for edge in range(30)],
        [[7.0, 7.0, 0.0]] * 29 + [[7.0, 7.0, 2.0]],
        [[0.0, 0.0, 0.0]] * 30,
    ]
    rounded = [[[round(number, 6) for number in row] for row in table] for table in tables]
    _require_answers("the buckets differ", expected, rounded)


@law("TB-25")
def what_is_not_finite_is_left_out_of_the_histogram(bench: Bench) -> None:
    """Three finite values beside a NaN or an infinity."""
    for odd in (math.nan, math.inf, -math.inf):
        written = _of_weights(bench, [odd, 1.0, 2.0, 3.0])
        _require_answers("there is no such histogram", True, "dense/w0/histogram" in written)
        table = written["dense/w0/histogram"]
        got = [float(table[0, 0]), float(table[-1, 1]), float(table[:, 2].sum())]
        _require_answers("the histogram differs", [1.0, 3.0, 3.0], plain(got))


@law("TB-26")
def pictures_are_written_with_the_histograms(bench: Bench) -> None:
    """Epochs 0 and 2 of three; and none without `write_images`, or without histograms."""
    run = _epochs({"loss": 1}, {"loss": 1}, {"loss": 1})
    expected: Written = {"train/counter/count/image": [[0, [1, 2, 1]], [2, [1, 2, 1]]]}
    _require(bench, expected, {"histogram_freq": 2, "write_images": True}, run)
    epochs: Written = {"train/epoch_loss": [[0, 1.0], [1, 1.0], [2, 1.0]]}
    _require(bench, epochs, {"histogram_freq": 2}, run, only="image")
    _require(bench, epochs, {"write_images": True}, run, only="image")


SHAPES: dict[tuple[int, ...], tuple[int, int, int] | None] = {
    (): None, (1, 1): None, (3,): (1, 3, 1), (1, 3): (1, 3, 1), (2, 3): (3, 2, 1), (3, 2): (3, 2, 1),
    (2, 3, 4): (3, 2, 3), (2, 3, 2): (3, 2, 2), (2, 2, 1, 2): (2, 2, 2), (2, 4, 5, 3): (5, 4, 2),
    (2, 2, 2, 4): (2, 2, 2), (3, 3, 2, 2): None, (2, 2, 2, 2, 2): None,
}  # fmt: skip
"""Shape of a weight to width, height and number of its pictures."""


@law("TB-27")
def the_shape_of_a_weight_says_how_it_is_drawn(bench: Bench) -> None:
    """Vectors, matrices, cubes, and pictures with channels."""
    got = _of_weights(bench, *(_zeros(shape) for shape in SHAPES), write_images=True)
    shown = {}
    for place, shape in enumerate(SHAPES):
        data = got.get(f"dense/w{place}/image")
        shown[str(shape)] = None if data is None else [int(data[0]), int(data[1]), len(data) - 2]
    _require_answers(
        "it is drawn otherwise", {str(shape): size and list(size) for shape, size in SHAPES.items()}, shown
    )


def _zeros(shape: tuple[int, ...]) -> Any:
    return [_zeros(shape[1:])] * shape[0] if shape else 0.0


@law("TB-28")
def black_is_zero_and_white_is_one(bench: Bench) -> None:
    """What lies outside is cut off, NaN is black, and a matrix lies on its longer side."""
    weight = [[0.0, 1.0], [0.25, 2.0], [math.nan, -1.0]]
    data = _of_weights(bench, weight, write_images=True).get("dense/w0/image")
    got = None if data is None else _pixels(data[2])
    _require_answers("other shades were drawn", [[0, 63, 0], [255, 255, 0]], got)


def _pixels(png: bytes) -> list[list[int]]:
    """Return the rows of a grey picture of 8 bits, whose lines may be filtered by their neighbours."""
    import struct
    import zlib

    width, height = struct.unpack(">II", png[16:24])
    data, place = b"", 8
    while place < len(png):
        length, name = struct.unpack(">I4s", png[place : place + 8])
        data += png[place + 8 : place + 8 + length] if name == b"IDAT" else b""
        place += 12 + length
    lines, rows = zlib.decompress(data), [[0] * width]
    for number in range(height):
        line = lines[number * (width + 1) : (number + 1) * (width + 1)]
        rows.append(_unfiltered(line[0], list(line[1:]), rows[-1]))
    return rows[1:]


def _unfiltered(kind: int, line: list[int], above: list[int]) -> list[int]:
    row: list[int] = []
    for place, byte in enumerate(line):
        left, over = (row[-1] if row else 0), above[place]
        corner = above[place - 1] if place else 0
        paeth = min((left, over, corner), key=lambda each: abs(left + over - corner - each))
        row.append((byte + (0, left, over, (left + over) // 2, paeth)[kind]) % 256)
    return row


# The model


class Sequential(StubModel):
    """A model that is called as Keras calls one whose layers make a graph."""

    def to_json(self) -> str:
        """Return what stands for the model."""
        return '{"class_name": "Sequential"}'


class Derived(Sequential):
    """A model of a class of one's own."""


class _Unwritable(StubModel):
    def to_json(self) -> str:
        raise NotImplementedError("a layer has no get_config")


_Unwritable.__name__ = "Functional"


def _graphs(bench: Bench, model: Any, **arguments: Any) -> list[list[Any]]:
    """Return step, plugin and text of what is written as the model is set and trained."""
    with folder_of_its_own():
        callback, _ = _built(bench, arguments, model)
        callback.on_train_begin()
        callback.on_train_end()
        return [
            [run, value.tag, step, value.metadata.plugin_data.plugin_name, data.item().decode()]
            for run, step, value, data in _numbers()
        ]


@law("TB-29")
def the_layers_of_a_model_are_written_as_json(bench: Bench) -> None:
    """A Sequential model is, one of a derived class is not."""
    expected = [["train", "keras", 0, "graph_keras_model", '{"class_name": "Sequential"}']]
    for model, wanted in ((Sequential([]), expected), (Derived([]), []), (StubModel([]), [])):
        _require_answers("another graph was written", wanted, _graphs(bench, model))


@law("TB-30")
def a_model_that_has_no_json_is_warned_about(bench: Bench) -> None:
    """The warning holds what its `to_json` raised."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            got: Any = _graphs(bench, _Unwritable([]))
        except NotImplementedError as error:
            got = str(error)
    _require_answers("a graph was written, or training ended", [], got)
    mentions("the warning", " ".join(str(each.message) for each in caught), ("a layer has no get_config",), Scenario())


@law("TB-31")
def no_graph_is_written_without_write_graph(bench: Bench) -> None:
    """A Sequential model."""
    _require_answers("a graph was written", [], _graphs(bench, Sequential([]), write_graph=False))


# Files


@law("TB-01")
def runs_are_folders_in_log_dir(bench: Bench) -> None:
    """The default, a path of text, and a path object."""
    for given, folder in (({}, "logs"), ({"log_dir": "a/b"}, "a/b"), ({"log_dir": Path("c")}, "c")):
        with folder_of_its_own():
            callback, _ = _built(bench, {**QUIET, **given})
            _train(callback, {"loss": 1.0, "val_loss": 2.0})
            got = {os.path.relpath(place, ".") for place, _, names in os.walk(".") if names}
        _require_answers("other folders were made", sorted((f"{folder}/train", f"{folder}/validation")), sorted(got))


@law("TB-02")
def a_missing_tensorboard_is_named_at_once(bench: Bench) -> None:
    """The constructor raises ModuleNotFoundError, and says what to install."""
    seen_events(os.devnull)
    blocked = {name: None for name in sys.modules if name.partition(".")[0] == "tensorboard"}
    raised, message = "nothing", ""
    with folder_of_its_own(), mock.patch.dict(sys.modules, {"tensorboard": None, **blocked}):
        try:
            bench.subject.build()
        except Exception as error:
            raised, message = type(error).__name__, str(error)
    bench.played += 1
    _require_answers("it raised something else, or nothing", "ModuleNotFoundError", raised)
    mentions("the error", message, ("pip install", "tensorboard"), Scenario())


@law("TB-03")
def the_training_run_is_made_as_training_begins(bench: Bench) -> None:
    """After the constructor there is no file; after `on_train_begin` there is one, of the training run."""
    with folder_of_its_own():
        callback, _ = _built(bench, QUIET)
        before = os.listdir(".")
        callback.on_train_begin()
        after = [os.path.basename(place) for place, _, names in os.walk(".") if names]
        callback.on_train_end()
    _require_answers("other files were made", [[], ["train"]], [before, after])


@law("TB-32")
def what_is_there_already_stays(bench: Bench) -> None:
    """A second fit adds files of its own; a stranger's file and the first fit's are as before."""
    with folder_of_its_own(files={"logs/train/notes.txt": "mine"}):
        callback, model = _built(bench, QUIET)
        _train(callback, {"loss": 1.0})
        before = _bytes()
        callback.set_model(model)
        _train(callback, {"loss": 2.0})
        after = _bytes()
    got = [{name: after.get(name) for name in before} == before, len(after) - len(before)]
    _require_answers("files were changed, or none was added", [True, 1], got)


def _bytes() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path(".").rglob("*") if path.is_file()}


@law("TB-33")
def what_a_hook_wrote_can_be_read_when_it_returns(bench: Bench) -> None:
    """The first batch, read before the second begins."""
    with folder_of_its_own():
        callback, _ = _built(bench, {**QUIET, "update_freq": "batch"})
        callback.on_train_begin()
        callback.on_epoch_begin(0)
        callback.on_train_batch_begin(0)
        callback.on_train_batch_end(0, {"loss": 1.0})
        got = seen_events()
        callback.on_train_end()
    _require_answers("it cannot be read yet", {"train/batch_loss": [[1, 1.0]]}, got)


# Arguments


@law("TB-34")
def an_update_freq_that_means_nothing_is_refused(bench: Bench) -> None:
    """0, -1, another word, a fraction, and None."""
    for value in (0, -1):
        _refuses(bench, "update_freq", value, "ValueError")
    for odd in ("foo", 1.5, None):
        _refuses(bench, "update_freq", odd, "TypeError")


@law("TB-35")
def another_argument_that_means_nothing_is_refused(bench: Bench) -> None:
    """Frequencies that are negative or no whole numbers, and a folder that is no path."""
    for name in ("histogram_freq", "embeddings_freq"):
        _refuses(bench, name, -1, "ValueError")
        _refuses(bench, name, "1", "TypeError")
        _refuses(bench, name, 1.5, "TypeError")
    _refuses(bench, "log_dir", None, "TypeError")
    _refuses(bench, "log_dir", 3, "TypeError")


@law("TB-36")
def batches_to_profile_that_mean_nothing_are_refused(bench: Bench) -> None:
    """Negative, backwards, three, a word, a fraction, and None."""
    for value in (-1, (2, 1), (1, 2, 3), "a", "3", 1.5, None):
        _refuses(bench, "profile_batch", value, "ValueError")


def _refuses(bench: Bench, name: str, value: Any, error: str) -> None:
    scenario = Scenario(arguments={name: value})
    row = bench.play(scenario)[-1]
    if (row["hook"], row["raise"]) != ("construct", error):
        raise Broken("it was taken", scenario, [{"at": "construct", "raise": error}], [{"raise": row["raise"]}])
    if bench.is_ours and not bench.subject.is_keras:
        mentions("the error", row["message"], (name,), scenario)


@law("TB-42")
def every_argument_is_an_attribute(bench: Bench) -> None:
    """What was passed reads back; a path as text, and "batch" as 1."""
    arguments: dict[str, Any] = {
        "log_dir": "here", "histogram_freq": 2, "write_graph": False, "write_images": True,
        "write_steps_per_second": True, "update_freq": 3, "embeddings_freq": 4, "embeddings_metadata": "m.tsv",
    }  # fmt: skip
    defaults = {
        "log_dir": "logs", "histogram_freq": 0, "write_graph": True, "write_images": False,
        "write_steps_per_second": False, "update_freq": "epoch", "embeddings_freq": 0, "embeddings_metadata": None,
    }  # fmt: skip
    odd = {"log_dir": Path("here"), "update_freq": "batch"}
    for given, expected in ((arguments, arguments), ({}, defaults), (odd, {"log_dir": "here", "update_freq": 1})):
        callback = bench.subject.build(**given)
        bench.played += 1
        got = {name: getattr(callback, name, "nothing") for name in expected}
        _require_answers("an attribute differs", expected, got)


# Embeddings


def _words(bench: Bench) -> Any:
    """Return a model whose embedding layer is called words: a real one where the subject asks for its class."""
    if bench.subject.is_keras:
        keras = importlib.import_module(bench.subject.keras)
        layer = keras.layers.Embedding(3, 2, name="words")
        model = keras.Sequential([keras.Input((1,)), layer])
        model.compile("sgd", "mse")
        return model
    model = driver(bench.subject, {}, "stub").model
    weight = Weight("words/embeddings", lambda: [[0.0, 1.0], [0.5, 2.0], [3.0, -1.0]])
    layer = type("Embedding", (Layer,), {"embeddings": weight})("words", [weight])
    model.layers = [Layer("dense", []), layer]
    return model


def _embeds(bench: Bench, metadata: Any, before: str | None = None) -> dict[str, str]:
    """Return the text of all files but the event files after two epochs; what is binary is left out."""
    arguments = {"embeddings_freq": 1, "embeddings_metadata": metadata}
    with folder_of_its_own(files={before: ""} if before else {}):
        callback, _ = _built(bench, {**QUIET, **arguments}, _words(bench))
        _train(callback, {"loss": 1.0}, {"loss": 1.0})
        return {name: data.decode() for name, data in _bytes().items() if b"\0" not in data and "tfevents" not in name}


@law("TB-37")
def metadata_for_a_layer_that_is_not_there_is_refused(bench: Bench) -> None:
    """The ValueError names the layer, when the model is set."""
    raised, message = "nothing", ""
    with folder_of_its_own(files={"logs/": ""}):
        try:
            _built(bench, {**QUIET, "embeddings_freq": 1, "embeddings_metadata": {"wrods": "m.tsv"}}, _words(bench))
        except Exception as error:
            raised, message = type(error).__name__, str(error)
    _require_answers("it raised something else, or nothing", "ValueError", raised)
    mentions("the error", message, ("wrods",), Scenario())


@law("TB-38")
def the_projector_finds_the_table_that_the_config_names(bench: Bench) -> None:
    """The config names the labels and a table, which lies below `log_dir` and has a row for each word."""
    files = _embeds(bench, {"words": "m.tsv"}, "logs/")
    config = files.get("logs/projector_config.pbtxt", "")
    mentions("the config", config, ('metadata_path: "m.tsv"', "tensor_path"), Scenario())
    path = config.partition('tensor_path: "')[2].partition('"')[0]
    rows = [line.split("\t") for line in files.get(f"logs/{path}", "").splitlines()]
    _require_answers("the table has another size", [2, 2, 2], [len(row) for row in rows])


@law("TB-39")
def the_metadata_of_the_caller_stay_as_they_are(bench: Bench) -> None:
    """A dict that is used twice."""
    metadata = {"words": "m.tsv"}
    for _ in range(2):
        _embeds(bench, metadata, "logs/")
    _require_answers("the dict was changed", {"words": "m.tsv"}, metadata)


@law("TB-40")
def the_config_is_written_to_a_new_folder(bench: Bench) -> None:
    """Without a graph, nothing else has made the folder before."""
    got: Any
    try:
        got = sorted(name for name in _embeds(bench, None) if name.endswith(".pbtxt"))
    except Exception as error:
        got = type(error).__name__
    _require_answers("there is no config", ["logs/projector_config.pbtxt"], got)


# Profiling


@law("TB-41")
def the_profiler_runs_from_the_first_to_the_last_batch(bench: Bench) -> None:
    """The profiler is a stand-in; batches are counted from 1 through all epochs."""
    calls: list[str] = []
    cases = {2: [1, "start train", 2, "stop", 3, 4], (2, 3): [1, "start train", 2, 3, "stop", 4],
             "2,9": [1, "start train", 2, 3, 4, "stop"], 9: [1, 2, 3, 4], 0: [1, 2, 3, 4]}  # fmt: skip
    for batches, expected in cases.items():
        calls = _profiled(bench, batches)
        _require_answers("it ran at other batches", expected, calls, Scenario(arguments={"profile_batch": batches}))


def _profiled(bench: Bench, batches: Any) -> list[Any]:
    """Return what was called, and the batches in between, in two epochs of two batches."""
    calls: list[Any] = []
    with folder_of_its_own(), _stand_in_for_the_profiler(calls, real=bench.subject.is_keras):
        callback, _ = _built(bench, {**QUIET, "profile_batch": batches})
        calls.clear()  # Keras starts and stops the profiler once to warm up
        callback.on_train_begin()
        for number in range(1, 5):
            callback.on_train_batch_begin((number - 1) % 2)
            calls.append(number)
            callback.on_train_batch_end((number - 1) % 2, {})
        callback.on_train_end()
    return calls


@contextlib.contextmanager
def _stand_in_for_the_profiler(calls: list[Any], real: bool) -> Iterator[None]:
    """Put functions that take notes in the place of what Keras calls to profile, or of all TensorFlow."""

    def start(folder: Any, *more: Any, **named: Any) -> None:
        calls.append(f"start {os.path.basename(str(folder))}")

    def stop(*more: Any, **named: Any) -> None:
        calls.append("stop")

    if real:
        try:
            traces = importlib.import_module("keras.src.backend.tensorflow.tensorboard")
        except ImportError as error:
            raise Unsupported("needs the profiler of Keras 3 on TensorFlow") from error
        with mock.patch.object(traces, "start_trace", start), mock.patch.object(traces, "stop_trace", stop):
            yield
        return
    profiler = types.SimpleNamespace(experimental=types.SimpleNamespace(start=start, stop=stop))
    fake: Any = types.ModuleType("tensorflow")
    fake.profiler = profiler
    with mock.patch.dict(sys.modules, {"tensorflow": fake}):
        yield


@law("TB-44")
def the_default_writer_of_tensorflow_stays_as_it_is(bench: Bench) -> None:
    """In training with batches written; where TensorFlow need not be there, a stand-in takes notes."""
    arguments = {**QUIET, "update_freq": 1}
    notes = mock.MagicMock()
    fake = contextlib.nullcontext() if bench.subject.is_keras else mock.patch.dict(sys.modules, {"tensorflow": notes})
    with folder_of_its_own(), fake:
        callback, _ = _built(bench, arguments)
        callback.on_train_begin()
        if bench.subject.is_keras:
            recording = bool(importlib.import_module("tensorflow").summary.should_record_summaries())
        else:
            recording = any("summary" in str(call) for call in notes.mock_calls)
        callback.on_train_end()
    _require_answers("it has become the default", False, recording, Scenario(arguments=arguments))


# The tools of the checks above


def _built(bench: Bench, arguments: dict[str, Any], model: Any = None) -> tuple[Any, Any]:
    callback = bench.subject.build(**arguments)
    model = driver(bench.subject, {}, "stub").model if model is None else model
    callback.set_params({"epochs": 1, "steps": 1})
    callback.set_model(model)
    bench.played += 1
    return callback, model


def _train(callback: Any, *logs: Any) -> None:
    callback.on_train_begin()
    for epoch, each in enumerate(logs):
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, each)
    callback.on_train_end()


def _by_hand(bench: Bench, arguments: dict[str, Any], *logs: Any) -> list[tuple[str, int, Any, Any]]:
    """Return what was written in epochs with these logs: run, step, summary and its array."""
    with folder_of_its_own():
        callback, _ = _built(bench, {**QUIET, **arguments})
        _train(callback, *logs)
        return _numbers()


def _numbers() -> list[tuple[str, int, Any, Any]]:
    from tensorboard.util import tensor_util

    return [(run, step, value, tensor_util.make_ndarray(value.tensor)) for run, step, value in values()]


def _require_answers(why: str, expected: Any, got: Any, scenario: Scenario | None = None) -> None:
    if got != expected:
        raise Broken(why, scenario or Scenario(), [{"answers": expected}], [{"answers": got}])


def _steps() -> list[Scenario]:
    steps: list[list[Any]] = [["on_train_begin", {}]]
    for epoch in range(2):
        steps.append(["on_epoch_begin", epoch, {}])
        for batch in range(3):
            steps += [["on_train_batch_begin", batch, {}], ["on_train_batch_end", batch, {"loss": 0.5}]]
        steps.append(["on_epoch_end", epoch, {"loss": 0.5}])
    return [Scenario(arguments={**QUIET, "update_freq": 2}, steps=[*steps, ["on_train_end", {}]])]


survives("TB-43", "tensorboard", _steps)


@check("TB-45", kind="difference", group="tensorboard")
def generated_scripts_write_what_the_reference_writes(bench: Bench) -> None:
    """Arguments, NaN, infinities, changing keys, second fits, the same instance twice: the files say the same."""
    given = strategies.tensorboard(bench.supports, numpy=draws_numpy(bench))
    reference = reference_subject("TensorBoard")
    with bench.drawing(max(20, bench.examples // 4)):  # files take time
        search(bench, given, lambda drawn: _same_files(bench.play(drawn), play(reference, drawn), drawn))


@check("TB-45", kind="difference", group="tensorboard")
def a_real_fit_writes_what_the_reference_writes(bench: Bench) -> None:
    """Scripts through a real `model.fit`, for both: graph, weights and evaluations are those of a real model."""
    if not bench.subject.is_keras and "keras" not in sys.modules:
        raise Unsupported("needs Keras")
    for arguments in ({"histogram_freq": 1, "write_images": True}, {"update_freq": 1, "write_steps_per_second": True}):
        run = Run(logs=[{"loss": 1.0}, {"loss": 0.5, "val_loss": math.nan}], batches=2, validation=1)
        scenario = Scenario(arguments=arguments, runs=[run, Run(epochs=1), Run(kind="evaluate")])
        if bench.excluded(scenario) or not all(bench.supports(name) for name in arguments):
            continue
        _same_files(bench.play(scenario, "fit"), play(reference_subject("TensorBoard"), scenario, "fit"), scenario)


def _same_files(trace: Trace, reference: Trace, scenario: Scenario) -> None:
    """Compare what is in the files in the end: when it gets there is the matter of TB-33."""
    expected, got = [{"events": rows[-1]["events"], "raise": rows[-1]["raise"]} for rows in (reference, trace)]
    if got != expected:
        raise Broken("the files differ from the reference's", scenario, [expected], [got])
