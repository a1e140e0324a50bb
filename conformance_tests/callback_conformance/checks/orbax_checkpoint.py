"""Checks of OrbaxCheckpoint: what is saved, when, and whether it comes back; and the difference to the reference.

Orbax takes hundredths of a second for each save, so the generated scripts are few and short.
"""

import contextlib
import functools
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from callback_reference import Callback

from .. import strategies
from ..difference import any_value, draws_numpy, monitored, same, survives, touches
from ..hosts.fit import NOT_ON_NUMPY
from ..play import driver, folder_of_its_own, seen_checkpoints
from ..scenarios import Run, Scenario
from ..subjects import Unsupported
from . import Bench, Broken, check, mentions, search

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="orbax_checkpoint")
HERE: dict[str, Any] = {"directory": "@/ckpt", "max_to_keep": None, "save_weights_only": True}
BEST: dict[str, Any] = {**HERE, "monitor": "loss", "mode": "min", "save_best_only": True}

TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "OC-03": lambda scenario: scenario.arguments.get("mode") == "max" or bool(scenario.metrics),
    "OC-06": any_value(lambda value: 0.9 < value < 1),
    "OC-10": any_value(math.isnan),
    "OC-11": lambda scenario: len(scenario.runs) > 1,
    "OC-13": lambda scenario: None in monitored(scenario),
    "OC-19": lambda scenario: len(scenario.runs) > 1 or scenario.copies > 1,
    "OC-20": lambda scenario: scenario.arguments.get("save_freq", "epoch") != "epoch",
    "OC-21": touches("verbose", 0),
    "OC-30": lambda scenario: scenario.arguments.get("mode", "auto") == "auto",
    "OC-35": lambda scenario: scenario.arguments.get("mode", "auto") == "auto",
    "OC-39": any_value(lambda value: hasattr(value, "dtype")),
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


class _Failing:
    """A Checkpointer whose disk is full: what really fails leaves threads that keep the process waiting."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def save_checkpointables_async(self, *_: Any, **__: Any) -> Any:
        return self

    def result(self, *_: Any, **__: Any) -> Any:
        raise OSError("no space left on device")


def _content(directory: Path, step: int, name: str = "pytree") -> Any:
    from orbax.checkpoint import v1 as orbax  # type: ignore[import-untyped]

    return orbax.training.Checkpointer(directory).load_checkpointables(step, {name: None})[name]


@law("OC-15")
def each_step_holds_the_weights_of_its_moment(bench: Bench) -> None:
    """Three epochs of two batches: read back with Orbax itself, the steps hold 2, 4 and 6, and nothing but weights."""
    expected = [{"step": step, "count": 2.0 * (step + 1)} for step in range(3)]
    for background in (True, False):
        arguments = {**HERE, "save_on_background": background}
        scenario = Scenario(arguments=arguments, runs=[Run(epochs=3, batches=2)])
        got = []
        with _orbax(), folder_of_its_own():
            callback, made = _by_hand(bench, arguments)
            made.play([callback], scenario.runs[0])
            for step in seen_checkpoints().get("ckpt", []):
                tree = _content(Path("ckpt").absolute(), step)
                got.append({"step": step, "count": float(tree["trainable_variables"]["count"][0])})
            keys = set(tree) if got else set()
        if got != expected or keys != {"trainable_variables", "non_trainable_variables"}:
            raise Broken("a step holds something else", scenario, expected, got)


@law("OC-18")
def everything_is_written_when_training_ends(bench: Bench) -> None:
    """The folder is read in `on_train_end` of a callback that stands after it."""
    scenario = Scenario(arguments=HERE, runs=[Run(epochs=2)])
    later = _Looks()
    with _orbax(), folder_of_its_own():
        callback, made = _by_hand(bench, HERE)
        made.play([callback, later], scenario.runs[0])
    if later.saved != {"ckpt": [0, 1]}:
        raise Broken("not all was written", scenario, [{"saved": {"ckpt": [0, 1]}}], [{"saved": later.saved}])


class _Looks(Callback):
    """Looks at the folder when training ends."""

    saved: Any = None

    def on_train_end(self, logs: Any = None) -> None:
        self.saved = seen_checkpoints()


@law("OC-17")
def in_the_foreground_a_step_is_there_when_the_hook_returns(bench: Bench) -> None:
    """With `save_on_background=False`, the folder is read after each `on_epoch_end`."""
    got = []
    with _orbax(), folder_of_its_own():
        callback, _ = _by_hand(bench, {**HERE, "save_on_background": False})
        for epoch in range(2):
            callback.on_epoch_end(epoch, {})
            got.append(seen_checkpoints().get("ckpt"))
        callback.on_train_end({})
    if got != [[0], [0, 1]]:
        raise Broken("a step was not there", Scenario(arguments=HERE), [{"saved": [[0], [0, 1]]}], [{"saved": got}])


@law("OC-21")
def verbose_prints_what_is_saved_and_what_is_not(bench: Bench) -> None:
    """With `verbose=1`, the first epoch prints its number and the directory, the second the best value."""
    scenario = Scenario(arguments={**BEST, "verbose": 1}, runs=[Run(logs=[{"loss": 1.5}, {"loss": 2.0}])])
    rows = [row for row in bench.play(scenario) if row["hook"] == "on_epoch_end"]
    mentions("what was printed", rows[0]["printed"], ("1", "ckpt"), scenario)
    mentions("what was printed", rows[1]["printed"], ("2", "loss", "1.5"), scenario)


@law("OC-36")
def it_is_silent_without_verbose(bench: Bench) -> None:
    """By default nothing is printed."""
    scenario = Scenario(arguments=BEST, runs=[Run(logs=[{"loss": 1.5}, {"loss": 2.0}])])
    printed = "".join(row["printed"] for row in bench.play(scenario))
    if printed:
        raise Broken("it printed something", scenario, [{"printed": ""}], [{"printed": printed}])


@law("OC-13")
def the_warning_names_what_is_missing(bench: Bench) -> None:
    """The warning names the monitored key."""
    scenario = Scenario(arguments={**BEST, "monitor": "val_auc"}, runs=[Run(logs=[{"loss": 1.0}])])
    mentions("the warning", " ".join(text for row in bench.play(scenario) for text in row["warned"]), ("val_auc",),
             scenario)  # fmt: skip


@law("OC-27")
def a_save_that_failed_in_the_background_is_heard_of(bench: Bench) -> None:
    """Orbax fails to write the only step: the error is raised when training ends, if not before."""
    scenario = Scenario(arguments=HERE, runs=[Run(epochs=1)])
    raised = None
    with _orbax(), folder_of_its_own():
        callback, made = _by_hand(bench, HERE)
        if not hasattr(callback, "checkpointer"):
            raise Unsupported("it has no attribute checkpointer")
        callback.checkpointer = _Failing(callback.checkpointer)
        try:
            made.play([callback], scenario.runs[0])
        except OSError as error:
            raised = type(error).__name__
    if raised is None:
        raise Broken("the error was swallowed", scenario, [{"raise": "OSError"}], [{"raise": None}])


@law("OC-37")
def what_orbax_did_not_write_is_left_alone(bench: Bench) -> None:
    """Other files, other folders and the beginning of an interrupted save stay, and change nothing."""
    with (
        _orbax(),
        folder_of_its_own(files={"ckpt/notes.txt": "mine", "ckpt/7.orbax-checkpoint-tmp/": "", "ckpt/x/": ""}),
    ):
        callback, made = _by_hand(bench, {**HERE, "max_to_keep": 1})
        made.play([callback], Run(epochs=2))
        got = sorted(path.name for path in Path("ckpt").iterdir())
    expected = ["1", "7.orbax-checkpoint-tmp", "notes.txt", "x"]
    if got != expected:
        raise Broken("another folder's content", Scenario(arguments=HERE), [{"there": expected}], [{"there": got}])


@law("OC-14")
def a_whole_model_comes_back(bench: Bench) -> None:
    """A functional Keras model after a fit: `load_model` and `load_weights` give the same bits, optimizer included."""
    try:
        import keras
        import numpy
    except ModuleNotFoundError as error:
        raise Unsupported(f"needs {error.name}, which is not installed") from error
    if keras.backend.backend() == "numpy":
        raise Unsupported(NOT_ON_NUMPY)
    with _orbax(), folder_of_its_own():
        model, other = _functional(keras), _functional(keras)
        callback = bench.subject.build(directory=str(Path("ckpt").absolute()))
        ones = numpy.ones((4, 2), "float32")
        model.fit(ones, ones[:, :1], epochs=2, verbose=0, callbacks=[callback])
        try:
            loaded = keras.saving.load_model(str(Path("ckpt").absolute()))
        except ValueError as error:
            raise Broken("no model came back", Scenario(), [{"same": True}], [{"raise": str(error)}]) from error
        other.load_weights(str(Path("ckpt").absolute()))
    bench.played += 1
    kept = [variable.numpy() for variable in (*model.variables, *model.optimizer.variables)]
    came = [variable.numpy() for variable in (*loaded.variables, *loaded.optimizer.variables)]
    weights = zip(model.get_weights(), other.get_weights(), strict=True)
    same_bits = all((left == right).all() for left, right in [*zip(kept, came, strict=True), *weights])
    if not same_bits:
        raise Broken("another model came back", Scenario(), [{"same": True}], [{"same": False}])


def _functional(keras: Any) -> Any:
    entry = keras.Input((2,))
    hidden = keras.layers.Dense(2, "relu", name="hidden")(entry)
    model = keras.Model(entry, keras.layers.Dense(1, name="out")(hidden), name="functional")
    model.compile(keras.optimizers.Adam(0.1), "mse")
    return model


def _by_hand(bench: Bench, arguments: dict[str, Any]) -> tuple[Any, Any]:
    """Return a callback in the working directory, and the driver of its model."""
    absolute = {name: str(Path("ckpt").absolute()) if name == "directory" else arguments[name] for name in arguments}
    callback, made = bench.subject.build(**absolute), driver(bench.subject, {}, "stub")
    callback.set_model(made.model)
    bench.played += 1
    return callback, made


class _orbax:
    """Refuse to judge without the library."""

    def __enter__(self) -> None:
        try:
            import orbax.checkpoint  # type: ignore[import-untyped]  # noqa: F401
        except ModuleNotFoundError as error:
            raise Unsupported(f"needs {error.name}, which is not installed") from error

    def __exit__(self, *_: Any) -> None:
        pass


def _steps() -> list[Scenario]:
    """Return runs by hand whose saves depend on what was counted and seen before."""
    losses: list[Any] = [["on_train_begin", {}]]
    losses += [["on_epoch_end", epoch, {"loss": loss}] for epoch, loss in enumerate((3.0, 2.0, 4.0))]
    batches: list[Any] = [["on_train_begin", {}], *([["on_train_batch_end", batch % 2, {}] for batch in range(5)])]
    end: list[Any] = ["on_train_end", {}]
    foreground = {"save_on_background": False}
    return [
        Scenario(arguments={**BEST, **foreground}, steps=[*losses, end]),
        Scenario(arguments={**HERE, **foreground, "save_freq": 2}, steps=[*batches, end]),
    ]


survives("OC-32", "orbax_checkpoint", _steps, begins=False)


@check("OC-33", kind="difference", group="orbax_checkpoint")
def generated_scripts_give_the_reference_trace(bench: Bench) -> None:
    """Arguments, NaN, infinities, ties, missing keys, second fits: the traces are equal."""
    drawn = strategies.orbax_checkpoint(bench.supports, numpy=draws_numpy(bench))
    with bench.drawing(max(8, bench.examples // 6)):
        search(bench, drawn, lambda scenario: same(bench, scenario))


@law("OC-31")
def without_the_library_the_error_says_how_to_install_it(bench: Bench) -> None:
    """The module is hidden from the constructor."""
    bench.played += 1
    message = "it raised nothing"
    with _orbax(), folder_of_its_own(), _hidden():
        try:
            bench.subject.build(directory=str(Path("ckpt").absolute()))
        except ImportError as error:
            message = str(error)
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
    mentions("the error", message, ("pip install", "orbax"), Scenario(arguments=HERE))


@contextlib.contextmanager
def _hidden() -> Iterator[None]:
    names = [name for name in sys.modules if name.partition(".")[0] == "orbax"]
    kept = {name: sys.modules.pop(name) for name in names}
    sys.modules["orbax"] = None  # type: ignore[assignment]  # makes every import of it fail
    try:
        yield
    finally:
        del sys.modules["orbax"]
        sys.modules.update(kept)


@law("OC-22")
def a_relative_directory_is_made_absolute(bench: Bench) -> None:
    """Orbax saves to absolute paths only, so what is handed on must be one; then three epochs are saved there."""
    arguments = {**HERE, "directory": "ckpt"}
    scenario = Scenario(arguments=arguments, runs=[Run(epochs=3)])
    with _orbax(), folder_of_its_own():
        callback = bench.subject.build(**arguments)
        directory = str(getattr(getattr(callback, "checkpointer", callback), "directory", Path.cwd()))
    if not Path(directory).is_absolute():
        raise Broken("the path stays relative", scenario, [{"absolute": True}], [{"absolute": False}])
    saved = bench.play(scenario)[-1].get("saved")
    if saved != {"ckpt": [0, 1, 2]}:
        raise Broken("not all was saved", scenario, [{"saved": {"ckpt": [0, 1, 2]}}], [{"saved": saved}])


@law("OC-38")
def batches_trained_before_are_counted(bench: Bench) -> None:
    """A model that was trained on four batches, then eight more with `save_freq=3`: steps 7 and 10."""
    arguments = {**HERE, "save_freq": 3}
    with _orbax(), folder_of_its_own():
        callback, made = _by_hand(bench, arguments)
        made.model.train(4)
        made.play([callback], Run(epochs=2, batches=4))
        got = seen_checkpoints()
    if got != {"ckpt": [7, 10]}:
        raise Broken("other steps", Scenario(arguments=arguments), [{"saved": {"ckpt": [7, 10]}}], [{"saved": got}])
