"""BackupAndRestore in real fits: killed at every hook and every step of a save, resumed, and equal bit by bit."""

import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from callback_conformance.hosts.stub import StubModel
from callback_reference import BackupAndRestore, Callback, EarlyStopping, History

EPOCHS, BATCHES = 4, 2


class Crash(Callback):
    """Raise at one hook of one epoch."""

    def __init__(self, hook: str, epoch: int) -> None:
        super().__init__()
        self.hook, self.epoch, self.now = hook, epoch, -1

    def _hit(self, hook: str) -> None:
        if (hook, self.now) == (self.hook, self.epoch):
            raise KeyboardInterrupt

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.now = epoch
        self._hit("on_epoch_begin")

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self._hit("on_train_batch_begin")

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._hit("on_train_batch_end")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._hit("on_epoch_end")

    def on_train_end(self, logs: Any = None) -> None:
        self._hit("on_train_end")


def a_model() -> Any:
    import keras

    keras.utils.set_random_seed(3)
    layers = keras.layers
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3), layers.Dropout(0.5), layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.1), "mse")
    return model


def train(*before: Any, after: tuple[Any, ...] = (), folder: Path, epochs: int = EPOCHS) -> Any:
    """Train a fresh model with what a backup carries, the backup, and what stands after it."""
    import numpy as np

    inputs = np.linspace(-1, 1, 8, dtype="float32").reshape(4, 2)
    model = a_model()
    backup = BackupAndRestore(folder, callbacks=before)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of Keras's own conversion
        model.fit(
            inputs, inputs[:, :1], batch_size=2, epochs=epochs, shuffle=False, verbose=0,
            callbacks=[*before, backup, *after],
        )  # fmt: skip
    return model


def everything(model: Any, history: History) -> list[Any]:
    import numpy as np

    variables = [*model.variables, *model.optimizer.variables]
    return [[np.asarray(variable).tobytes() for variable in variables], history.history, history.epoch]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What an uninterrupted run ends with."""
    history = History()
    return everything(train(history, folder=tmp_path_factory.mktemp("whole") / "b"), history)


@pytest.mark.parametrize(
    ("hook", "epoch"),
    [("on_epoch_begin", 1), ("on_train_batch_end", 2), ("on_epoch_end", EPOCHS - 1), ("on_train_end", EPOCHS - 1)],
)
def test_a_run_that_crashed_at_a_hook_ends_as_one_that_did_not(
    hook: str, epoch: int, whole: list[Any], tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(History(), folder=tmp_path / "b", after=(Crash(hook, epoch),))
    history = History()
    model = train(history, folder=tmp_path / "b")
    if hook == "on_train_end":  # the backup was removed: training had ended
        assert history.epoch == list(range(EPOCHS))
    assert everything(model, history) == whole


LOOP = """
import os, signal, sys
from callback_conformance.hosts.stub import StubDriver
from callback_conformance.scenarios import Run
from callback_reference import BackupAndRestore, Callback, History

class Kill(Callback):
    def on_train_batch_end(self, batch, logs=None):
        if sys.argv[2] == "kill" and (len(history.epoch), batch) == (2, 1):
            os.kill(os.getpid(), signal.SIGKILL)

history, driver = History(), StubDriver()
driver.play([history, BackupAndRestore(sys.argv[1], callbacks=[history]), Kill()], Run(epochs=4, batches=3))
print(history.epoch, history.history["loss"], driver.trained())
"""


def test_a_killed_process_ends_as_one_that_was_not(tmp_path: Path) -> None:
    def run(folder: str, what: str) -> Any:
        return subprocess.run(
            [sys.executable, "-c", LOOP, str(tmp_path / folder), what], capture_output=True, text=True, check=False
        )

    assert run("a", "kill").returncode == -signal.SIGKILL
    whole, resumed = run("b", "live"), run("a", "live")
    assert (resumed.stdout, resumed.stderr) == (whole.stdout, "")
    assert resumed.stdout.startswith("[0, 1, 2, 3]")


class Killed(BaseException):
    """Ends a process; nothing catches it."""


def killed_at(step: int, run: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Run something, and end it before the given call that moves or removes a file; tell whether it came to that."""
    left = [step]

    def counted(function: Any) -> Any:
        def call(*arguments: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return function(*arguments)

        return call

    with monkeypatch.context() as patched:
        for name in ("replace", "remove"):
            patched.setattr(os, name, counted(getattr(os, name)))
        try:
            run()
        except Killed:
            return True
    return False


@pytest.mark.parametrize("double", [False, True])
def test_killed_between_any_two_moves_it_resumes_from_one_of_two_backups(
    double: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def epoch(number: int, folder: Path) -> None:
        counter, model = History(), StubModel([])
        callback = BackupAndRestore(folder, double_checkpoint=double, callbacks=[counter])
        callback.set_model(model)  # type: ignore[arg-type]
        callback.on_train_begin()
        assert [callback.initial_epoch or 0, model.trained, len(counter.epoch)] == [number] * 3
        callback.on_epoch_begin(number)
        model.train(1)
        counter.on_epoch_end(number, {"loss": 0.5})
        callback.on_epoch_end(number)

    step, came_to_it = 0, True
    while came_to_it:
        folder = tmp_path / str(step)
        for number in range(3):
            epoch(number, folder)
        came_to_it = killed_at(step, lambda folder=folder: epoch(3, folder), monkeypatch)  # type: ignore[misc]
        valid = folder / "next.json"
        valid = valid if valid.exists() else folder / "training_metadata.json"
        epoch(json.loads(valid.read_text())["epoch"], folder)
        assert sorted(path.name for path in folder.iterdir() if "next" in path.name or "unf" in path.name) == []
        step += 1
    assert step >= 4


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_each_reads_the_backups_of_the_other(tmp_path: Path) -> None:
    import keras

    def fit(make: Any, epochs: int, crash: int | None) -> Any:
        import numpy as np

        model = a_model()
        after = [] if crash is None else [Crash("on_epoch_begin", crash)]
        data = np.ones((4, 2), "float32")
        return model.fit(data, data[:, :1], epochs=epochs, verbose=0, callbacks=[make(str(tmp_path / "b")), *after])

    for writes, reads in (
        (BackupAndRestore, keras.callbacks.BackupAndRestore),
        (keras.callbacks.BackupAndRestore, BackupAndRestore),
    ):
        with pytest.raises(KeyboardInterrupt):
            fit(writes, 4, 2)
        size = sum(path.stat().st_size for path in (tmp_path / "b").iterdir())
        assert size < 40_000
        assert fit(reads, 4, None).epoch == [2, 3]
        assert not (tmp_path / "b").exists()


def test_the_metadata_are_those_of_keras_to_the_byte(tmp_path: Path) -> None:
    model = StubModel([])
    callback = BackupAndRestore(tmp_path)
    callback.set_model(model)  # type: ignore[arg-type]
    callback.on_epoch_end(7)
    assert (tmp_path / "training_metadata.json").read_text() == '{"epoch": 8, "batch": 0}'


def test_a_stop_that_was_decided_before_the_crash_holds_after_it(tmp_path: Path) -> None:
    def run(*after: Any) -> tuple[EarlyStopping, History]:
        stopper, history = EarlyStopping(monitor="loss", mode="max", patience=1, restore_best_weights=True), History()
        stopper._state = ("best", "wait", "best_epoch", "stopped_epoch", "best_weights")  # type: ignore[assignment]
        train(history, stopper, folder=tmp_path / "b", after=after, epochs=9)
        return stopper, history

    _, whole = run()
    last = whole.epoch[-1]
    assert 0 < last < 8
    with pytest.raises(KeyboardInterrupt):
        run(Crash("on_epoch_end", last))
    _, history = run()
    assert (history.epoch, history.history) == (whole.epoch, whole.history)


def test_arrays_of_the_types_that_numpy_has_not_come_back(tmp_path: Path) -> None:
    import ml_dtypes
    import numpy as np

    class Holds(Callback):
        _state = ("value",)  # type: ignore[assignment]
        value: Any = None

    def run(value: Any) -> Holds:
        holds = Holds()
        holds.value = value
        callback = BackupAndRestore(tmp_path / "b", callbacks=[holds])
        callback.set_model(StubModel([]))  # type: ignore[arg-type]
        callback.on_train_begin()
        callback.on_epoch_end(0)
        return holds

    array = np.array([1.5, -2.0], ml_dtypes.bfloat16)
    run(array)
    restored = run(None).value
    assert (restored.dtype, restored.tobytes()) == (array.dtype, array.tobytes())
