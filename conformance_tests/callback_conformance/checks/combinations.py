"""Checks of callbacks together in one list: what their order decides, and what it does not.

Keras is judged with its own callbacks in its own `fit`. Any other list drives the callbacks of the reference, or those
of its attribute `member_classes`, as one member of a real `fit` where Keras is loaded, and in the stub host elsewhere.
"""

import csv
import functools
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..difference import _loaded
from ..hosts.stub import StubDriver
from ..play import _classes_of, folder_of_its_own
from ..scenarios import Run, Scenario
from ..subjects import Unsupported
from . import Bench, by_hand
from .by_hand import require

__all__: list[str] = []

law = functools.partial(by_hand.law, group="combinations")
NAN = float("nan")
ORDERS = (1, -1)
"""The members as they are written, and the other way round."""


def _class(bench: Bench, name: str) -> Any:
    """Return the callback of this name that goes with the list.

    Raises:
        Unsupported: there is none.
    """
    own = getattr(bench.subject.make, "member_classes", {})
    if name in own:
        return own[name]
    package = importlib.import_module(f"{bench.subject.keras}.callbacks" if bench.subject.is_keras else
                                      "callback_reference")  # fmt: skip
    found = getattr(package, name, None)
    if found is None:
        raise Unsupported(f"there is no {name}")
    return found


class _Seen:
    """What one fit showed."""

    def __init__(self) -> None:
        self.begun: list[tuple[int, float]] = []
        self.ended: list[int] = []
        self.rates: list[float] = []
        self.logs: list[dict[str, Any]] = []
        self.raised: str | None = None
        self.driver: Any = None

    @property
    def weights(self) -> float:
        """The model's only weight, now."""
        return float(self.driver.trained())


def _eye(bench: Bench, seen: _Seen) -> Any:
    class Eye(_classes_of(bench.subject)[0]):  # type: ignore[misc]
        """Stands last, and looks."""

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            seen.begun.append((epoch, seen.weights))

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            if batch == 0:
                seen.rates.append(round(seen.driver.lr(), 6))

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen.ended.append(epoch)
            seen.logs.append(dict(logs))

    return Eye()


def _script(bench: Bench, losses: list[float], bad: tuple[int, int] | None) -> Any:
    class Script(_classes_of(bench.subject)[0]):  # type: ignore[misc]
        """Stands first: writes the loss of each epoch, and NaN into the logs of one batch."""

        epoch = 0

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.epoch = epoch

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if (self.epoch, batch) == bad:
                logs["loss"] = NAN

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["loss"] = losses[epoch]

    return Script()


def _fit(
    bench: Bench,
    members: list[Any],
    losses: list[float],
    bad: tuple[int, int] | None = None,
    driver: Any = None,
    **run: Any,
) -> _Seen:
    """Train once with these members between a script and an eye; return what was seen."""
    bench.played += 1
    seen = _Seen()
    seen.driver = driver or _driver(bench)
    listed = [_script(bench, losses, bad), *members, _eye(bench, seen)]
    if not bench.subject.is_keras and not isinstance(seen.driver, StubDriver):
        listed = [bench.subject.make(listed)]
    try:
        seen.driver.play(listed, Run(epochs=len(losses), **run))
    except (RuntimeError, ValueError) as error:
        seen.raised = type(error).__name__
    return seen


def _driver(bench: Bench, real: bool = False) -> Any:
    """Return a fresh driver: of a real `fit` for Keras, where Keras is loaded, and where nothing else will do.

    Raises:
        Unsupported: only a real `fit` will do, and there is no Keras.
    """
    if bench.subject.is_keras or real or "keras" in _loaded():
        driver = _fit_driver(bench)({}, bench.subject.keras, streams=True)
        driver.model._initial_epoch = None  # where a training that was continued began, which the model remembers
        return driver
    return StubDriver(list_class=bench.subject.make)


def _fit_driver(bench: Bench) -> Any:
    try:
        from ..hosts.fit import FitDriver

        importlib.import_module(bench.subject.keras)
    except ModuleNotFoundError as error:
        raise Unsupported(f"needs {error.name}") from error
    return FitDriver


def _in_both_orders(bench: Bench, look: Callable[[int], Any]) -> list[Any]:
    """Return what both orders showed, each in a folder of its own."""
    answers = []
    for order in ORDERS:
        with folder_of_its_own():
            answers.append(look(order))
    return answers


def _told(name: str) -> Scenario:
    return Scenario(arguments={"callbacks": name})


# A schedule and a plateau


def _rates(bench: Bench, order: int, schedule: Callable[[int, float], float]) -> _Seen:
    scheduler = _class(bench, "LearningRateScheduler")(schedule)
    reducer = _class(bench, "ReduceLROnPlateau")(monitor="loss", mode="min", factor=0.5, patience=1)
    return _fit(bench, [scheduler, reducer][::order], [1.0] * 4)


@law("CO-01")
def the_schedule_wins(bench: Bench) -> None:
    """A schedule that ignores the rate it is given, and one that returns it."""
    scenario = _told("[LearningRateScheduler, ReduceLROnPlateau]")
    fixed = _in_both_orders(bench, lambda order: _rates(bench, order, lambda epoch, lr: 1.0).rates)
    require("a reduction had an effect", [[1.0] * 4] * 2, fixed, scenario)
    kept = _in_both_orders(bench, lambda order: _rates(bench, order, lambda epoch, lr: lr).rates)
    require("the reductions had no effect", [[1.0, 1.0, 0.5, 0.25]] * 2, kept, scenario)


@law("CO-02")
def both_act(bench: Bench) -> None:
    """A schedule that halves the rate it is given."""
    got = _in_both_orders(bench, lambda order: _rates(bench, order, lambda epoch, lr: lr * 0.5).rates)
    require("one of them did not act", [[0.5, 0.25, 0.0625, 0.015625]] * 2, got,
            _told("[LearningRateScheduler, ReduceLROnPlateau]"))  # fmt: skip


@law("CO-03")
def the_later_one_logs_the_rate(bench: Bench) -> None:
    """A schedule that ignores the rate it is given."""
    got = _in_both_orders(
        bench,
        lambda order: [
            float(logs.get("learning_rate", logs.get("lr", -1)))
            for logs in _rates(bench, order, lambda epoch, lr: 1.0).logs
        ],
    )
    require("another rate was logged", [[1.0] * 4, [1.0, 0.5, 0.5, 0.5]], got,
            _told("[LearningRateScheduler, ReduceLROnPlateau]"))  # fmt: skip


# The learning rate in files


def _changer(bench: Bench, name: str) -> Any:
    if name == "ReduceLROnPlateau":
        return _class(bench, name)(monitor="loss", mode="min", factor=0.5, patience=1)
    return _class(bench, name)(lambda epoch, lr: 0.5)


def _columns(bench: Bench, name: str, order: int) -> list[Any]:
    """Return whether the file and the logs hold the rate, and how many rows the file has."""
    logger = _class(bench, "CSVLogger")("log.csv")
    seen = _fit(bench, [_changer(bench, name), logger][::order], [1.0] * 2)
    if not Path("log.csv").exists():
        return ["no file", seen.raised]
    with Path("log.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    rate = "lr" if bench.subject.is_keras_2 else "learning_rate"
    return [len(rows), bool(rows) and rate in rows[0], rate in (seen.logs or [{}])[-1]]


CHANGERS = ("ReduceLROnPlateau", "LearningRateScheduler")


@law("CO-04")
def a_later_log_has_the_rate(bench: Bench) -> None:
    """Behind either of the two."""
    with folder_of_its_own():
        got = [_columns(bench, name, 1) for name in CHANGERS]
    require("the file is another", [[2, True, True]] * 2, got, _told("[ReduceLROnPlateau, CSVLogger]"))


@law("CO-05")
def an_earlier_log_has_no_rate(bench: Bench) -> None:
    """Before either of the two, while the logs at the end of the list hold the rate."""
    with folder_of_its_own():
        got = [_columns(bench, name, -1) for name in CHANGERS]
    require("the file is another", [[2, False, True]] * 2, got, _told("[CSVLogger, ReduceLROnPlateau]"))


def _tags(folder: str) -> list[str]:
    try:
        loader = importlib.import_module("tensorboard.backend.event_processing.event_file_loader")
    except ModuleNotFoundError as error:
        raise Unsupported(f"needs {error.name}") from error
    events = [
        event for path in sorted(Path(folder).rglob("*tfevents*")) for event in loader.EventFileLoader(str(path)).Load()
    ]
    return sorted({value.tag for event in events for value in event.summary.value if "rate" in value.tag})


@law("CO-06")
def a_board_has_the_rate_anywhere(bench: Bench) -> None:
    """Before and after ReduceLROnPlateau."""

    def look(order: int) -> Any:
        board = _class(bench, "TensorBoard")("board", write_graph=False)
        _fit(bench, [_changer(bench, CHANGERS[0]), board][::order], [1.0] * 2, driver=_driver(bench, real=True))
        return _tags("board")

    require("it holds something else", [["epoch_learning_rate"]] * 2, _in_both_orders(bench, look),
            _told("[ReduceLROnPlateau, TensorBoard]"))  # fmt: skip


# A loss that is no number


def _terminate(bench: Bench, raises: bool) -> Any:
    return _class(bench, "TerminateOnNaN")(raise_error=True) if raises else _class(bench, "TerminateOnNaN")()


def _checkpoint(bench: Bench, name: str = "m{epoch}.weights.h5", **more: Any) -> Any:
    return _class(bench, "ModelCheckpoint")(name, save_weights_only=True, **more)


BAD = (1, 0)
"""The batch whose loss is NaN: the first of the second epoch."""


def _files(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file())


@law("CO-07")
def a_stop_leaves_no_backup(bench: Bench) -> None:
    """Saved at each epoch, and at each batch."""
    for often in ("epoch", 1):

        def look(order: int, often: Any = often) -> Any:
            backup = _class(bench, "BackupAndRestore")("backup", save_freq=often)
            members = [_terminate(bench, False), backup][::order]
            seen = _fit(bench, members, [3.0, NAN, 1.0, 1.0], BAD, batches=2, driver=_driver(bench, real=True))
            return [seen.ended, seen.raised, _files("backup")]

        require("something else was left", [[[0, 1], None, []]] * 2, _in_both_orders(bench, look),
                _told("[TerminateOnNaN, BackupAndRestore]"))  # fmt: skip


@law("CO-08")
def a_stop_lets_the_epoch_be_saved(bench: Bench) -> None:
    """Two files after a NaN in the second of four epochs."""

    def look(order: int) -> Any:
        members = [_terminate(bench, False), _checkpoint(bench)][::order]
        seen = _fit(bench, members, [3.0, NAN, 1.0, 1.0], BAD, batches=2)
        return [seen.ended, seen.raised, _files(".")]

    expected = [[0, 1], None, ["m1.weights.h5", "m2.weights.h5"]]
    require("other files", [expected] * 2, _in_both_orders(bench, look), _told("[TerminateOnNaN, ModelCheckpoint]"))


@law("CO-09")
def an_error_leaves_no_file_of_the_epoch(bench: Bench) -> None:
    """One file after a NaN in the second of four epochs."""

    def look(order: int) -> Any:
        members = [_terminate(bench, True), _checkpoint(bench)][::order]
        seen = _fit(bench, members, [3.0, NAN, 1.0, 1.0], BAD, batches=2)
        return [seen.ended, seen.raised, _files(".")]

    expected = [[0], "RuntimeError", ["m1.weights.h5"]]
    require("other files", [expected] * 2, _in_both_orders(bench, look),
            _told("[TerminateOnNaN(raise_error=True), ModelCheckpoint]"))  # fmt: skip


def _resumed(bench: Bench, order: int, often: Any) -> list[Any]:
    """Return whether training failed, and the epoch and the weights with which the next one began."""

    def backup() -> Any:
        return _class(bench, "BackupAndRestore")("backup", save_freq=often)

    members = [_terminate(bench, True), backup()][::order]
    failed = _fit(bench, members, [3.0] * 3, BAD, batches=2, driver=_driver(bench, real=True))
    again = _fit(bench, [backup()], [3.0] * 3, batches=2, driver=_driver(bench, real=True))
    return [failed.raised, *again.begun[:1]]


@law("CO-10")
def an_error_leaves_the_backup_of_the_epoch_before(bench: Bench) -> None:
    """The next training begins at the epoch that failed, with the weights after two batches."""
    got = _in_both_orders(bench, lambda order: _resumed(bench, order, "epoch"))
    require("it began elsewhere", [["RuntimeError", (1, 2.0)]] * 2, got,
            _told("[TerminateOnNaN(raise_error=True), BackupAndRestore]"))  # fmt: skip


@law("CO-11")
def an_earlier_backup_holds_the_bad_batch(bench: Bench) -> None:
    """Saved at each batch: the bad one is the third."""
    got = [resumed[1][1] for resumed in _in_both_orders(bench, lambda order: _resumed(bench, order, 1))]
    require("it began with other weights", [2.0, 3.0], got,
            _told("[TerminateOnNaN(raise_error=True), BackupAndRestore(save_freq=1)]"))  # fmt: skip


# Averaged weights


@functools.cache
def _averaging(package: str, base: Any) -> Any:
    """Return a driver whose model keeps moving averages with a momentum of a half; the same model, each time anew."""
    keras = importlib.import_module(package)
    layer = type(base({}, package).model.layers[-1])
    model = keras.Sequential([keras.Input((1,)), layer()])
    optimizer = keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5)
    model.compile(optimizer, loss=lambda _, predicted: -predicted)
    optimizer.build(model.trainable_variables)
    started = [variable.numpy() for variable in optimizer.variables]

    class Driver(base):  # type: ignore[misc]
        def _prepare(self, steps_per_execution: int) -> Any:
            if getattr(self, "model", None) is None:
                model.set_weights([weight * 0 for weight in model.get_weights()])
                for variable, value in zip(optimizer.variables, started, strict=True):
                    variable.assign(value)
            return model

    return Driver


def _averaged(bench: Bench) -> Any:
    package = bench.subject.keras
    if bench.subject.is_keras_2:
        raise Unsupported("there is no SwapEMAWeights")
    return _averaging(package, _fit_driver(bench))({}, package)


def _saved(bench: Bench, seen: _Seen) -> dict[str, float]:
    """Return the weights in the files of this folder; the model gets its own back."""
    kept, saved = seen.driver.model.get_weights(), {}
    for path in sorted(Path().glob("*.weights.h5")):
        seen.driver.model.load_weights(str(path))
        saved[path.name.partition(".")[0]] = seen.weights
    seen.driver.model.set_weights(kept)
    return saved


def _swapped(bench: Bench, order: int, **swap: Any) -> dict[str, float]:
    members = [_class(bench, "SwapEMAWeights")(**swap), _checkpoint(bench)][::order]
    seen = _fit(bench, members, [1.0] * 2, batches=2, validation=1, driver=_averaged(bench))
    return _saved(bench, seen)


@law("CO-12")
def a_later_checkpoint_saves_the_averages_of_an_epoch(bench: Bench) -> None:
    """Two epochs of two batches, with a momentum of a half."""
    got = _in_both_orders(bench, lambda order: _swapped(bench, order, swap_on_epoch=True))
    require("other weights were saved", [{"m1": 1.5, "m2": 3.125}, {"m1": 2.0, "m2": 4.0}], got,
            _told("[SwapEMAWeights(swap_on_epoch=True), ModelCheckpoint]"))  # fmt: skip


@law("CO-13")
def averages_of_a_test_are_not_saved(bench: Bench) -> None:
    """The same run without `swap_on_epoch`."""
    got = _in_both_orders(bench, lambda order: _swapped(bench, order))
    require("other weights were saved", [{"m1": 2.0, "m2": 4.0}] * 2, got, _told("[SwapEMAWeights, ModelCheckpoint]"))


def _stopper(bench: Bench) -> Any:
    return _class(bench, "EarlyStopping")(monitor="loss", mode="min", patience=1, restore_best_weights=True)


LOSSES = [3.0, 1.0, 2.0, 2.0, 2.0]
"""The second epoch is the best; with a patience of 1 the third is the last."""


@law("CO-14")
def a_later_early_stopping_holds_the_averages(bench: Bench) -> None:
    """The second epoch is the best: its average is 3.125, its own weights are 4."""

    def look(order: int) -> Any:
        stopper = _stopper(bench)
        members = [_class(bench, "SwapEMAWeights")(swap_on_epoch=True), stopper][::order]
        seen = _fit(bench, members, LOSSES, batches=2, driver=_averaged(bench))
        return [seen.ended, seen.weights]

    require("other weights were restored", [[[0, 1, 2], 3.125], [[0, 1, 2], 4.0]], _in_both_orders(bench, look),
            _told("[SwapEMAWeights(swap_on_epoch=True), EarlyStopping(restore_best_weights=True)]"))  # fmt: skip


# The best weights, twice


def _stopped(bench: Bench, order: int, **more: Any) -> list[Any]:
    seen = _fit(bench, [_stopper(bench), _checkpoint(bench, **more)][::order], LOSSES)
    return [seen.ended, seen.weights, _saved(bench, seen)]


@law("CO-15")
def the_last_file_holds_the_last_epoch(bench: Bench) -> None:
    """Three files, and the weights of the second epoch in the model."""
    got = _in_both_orders(bench, lambda order: _stopped(bench, order))
    require("other weights", [[[0, 1, 2], 2.0, {"m1": 1.0, "m2": 2.0, "m3": 3.0}]] * 2, got,
            _told("[EarlyStopping, ModelCheckpoint]"))  # fmt: skip


@law("CO-16")
def disk_and_model_hold_the_same_best(bench: Bench) -> None:
    """One file, with the weights of the second epoch."""
    more = {"name": "best.weights.h5", "save_best_only": True, "monitor": "loss", "mode": "min"}
    got = _in_both_orders(bench, lambda order: _stopped(bench, order, **more))
    require("other weights", [[[0, 1, 2], 2.0, {"best": 2.0}]] * 2, got,
            _told("[EarlyStopping, ModelCheckpoint(save_best_only=True)]"))  # fmt: skip
