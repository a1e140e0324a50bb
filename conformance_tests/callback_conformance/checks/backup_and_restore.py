"""Checks of BackupAndRestore: laws that need no other implementation, and the difference to the reference as a net."""

import functools
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .. import strategies
from ..difference import net, survives
from ..hosts.stub import StubModel
from ..play import driver, folder_of_its_own, seen_files
from ..scenarios import Action, Run, Scenario, encode
from ..subjects import Unsupported
from . import Bench, Broken, check, mentions

__all__ = ["TOUCHES"]

GROUP = "backup_and_restore"
law = functools.partial(check, kind="law", group=GROUP)
HERE: dict[str, Any] = {"backup_dir": "backup"}


def _counts(scenario: Scenario) -> bool:
    return bool(scenario.arguments.get("save_freq", "epoch") != "epoch")


TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "BR-06": _counts,
    "BR-07": lambda scenario: _counts(scenario) and (len(scenario.runs) > 1 or scenario.runs[0].initial_epoch > 0),
    "BR-11": _counts,
    "BR-12": lambda scenario: scenario.arguments.get("save_freq") is False,
    "BR-18": lambda scenario: len(scenario.runs) > 2,
    "BR-20": lambda scenario: scenario.arguments.get("delete_checkpoint", True),
    "BR-22": lambda scenario: not scenario.arguments.get("delete_checkpoint", True),
    "BR-23": lambda scenario: scenario.arguments.get("double_checkpoint", False),
    "BR-25": lambda scenario: any(run.initial_epoch for run in scenario.runs),
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


def _begun(bench: Bench, model: Any, **arguments: Any) -> Any:
    """Return a callback that has begun to train a model."""
    driver(bench.subject, {}, "stub")  # there must be one for this subject
    callback = bench.subject.build(**HERE, **arguments)
    callback.set_model(model)
    callback.on_train_begin()
    return callback


def _trained(bench: Bench, epochs: int, model: Any = None, batches: int = 1, **arguments: Any) -> Any:
    """Train from the first epoch for some epochs, and die."""
    model = model or StubModel([])
    callback = _begun(bench, model, **arguments)
    for epoch in range(epochs):
        callback.on_epoch_begin(epoch)
        for batch in range(batches):
            model.train(1)
            callback.on_train_batch_end(batch)
        callback.on_epoch_end(epoch)
    return callback


def _resumed(bench: Bench, **arguments: Any) -> dict[str, Any]:
    """Begin again in a new process, and tell where: the epoch and the weights, or the exception."""
    model = StubModel([])
    bench.played += 1
    try:
        _begun(bench, model, **arguments)
    except Exception as error:
        return {"raise": _kind(error), "message": str(error)}
    return {"epoch": model._initial_epoch, "weights": model.trained}


def _kind(error: Exception) -> str:
    return "OSError" if isinstance(error, OSError) else type(error).__name__


def _require(why: str, expected: Any, got: Any, arguments: dict[str, Any] | None = None) -> None:
    if got != expected:
        raise Broken(why, Scenario(arguments=encode(arguments or {})), [{"seen": expected}], [{"seen": got}])


@law("BR-02")
def the_defaults_read_back(bench: Bench) -> None:
    """An instance that got a directory only."""
    _reads_back(bench, HERE, {"save_freq": "epoch", "double_checkpoint": False, "delete_checkpoint": True})


@law("BR-36")
def every_argument_is_an_attribute(bench: Bench) -> None:
    """What was passed reads back under the same name."""
    for freq in ("epoch", 3):
        given = {**HERE, "save_freq": freq, "double_checkpoint": True, "delete_checkpoint": False}
        _reads_back(bench, given, given)


def _reads_back(bench: Bench, arguments: dict[str, Any], expected: dict[str, Any]) -> None:
    callback = bench.subject.build(**arguments)
    bench.played += 1
    got = {name: getattr(callback, name, "nothing") for name in expected}
    _require("an attribute differs", expected, got, arguments)


def _constructor(bench: Bench, arguments: dict[str, Any]) -> str:
    bench.played += 1
    with folder_of_its_own():
        try:
            bench.subject.build(**arguments)
        except Unsupported:
            raise
        except Exception as error:
            return type(error).__name__
    return "nothing"


@law("BR-03")
def what_is_no_directory_is_refused(bench: Bench) -> None:
    """None and the empty text raise ValueError; what is no path, TypeError; a path object is one."""
    given = [None, "", 3, ["backup"], Path("backup")]
    got = [_constructor(bench, {"backup_dir": folder}) for folder in given]
    _require("it raised something else", ["ValueError"] * 2 + ["TypeError"] * 2 + ["nothing"], got)


@law("BR-04")
def a_flag_that_is_neither_true_nor_false_is_refused(bench: Bench) -> None:
    """`"yes"`, None and 2 raise TypeError."""
    for name in ("double_checkpoint", "delete_checkpoint"):
        got = [_constructor(bench, {**HERE, name: flag}) for flag in ("yes", None, 2)]
        _require("it raised something else", ["TypeError"] * 3, got, {name: "yes"})


@law("BR-08")
def another_save_freq_is_refused_with_its_value(bench: Bench) -> None:
    """Text, None and fractions raise a ValueError that mentions the argument and the value."""
    for freq in ("batch", None, 1.5, 2.0):
        _require("it raised something else", "ValueError", _constructor(bench, {**HERE, "save_freq": freq}),
                 {"save_freq": freq})  # fmt: skip
        try:
            bench.subject.build(**HERE, save_freq=freq)
        except ValueError as error:
            mentions("the error", str(error), ("save_freq", str(freq)), Scenario(arguments={"save_freq": freq}))


@law("BR-09")
def a_number_of_batches_that_is_none_is_refused(bench: Bench) -> None:
    """0, a negative number and True raise ValueError."""
    got = [_constructor(bench, {**HERE, "save_freq": freq}) for freq in (0, -3, True)]
    _require("it raised something else", ["ValueError"] * 3, got, {"save_freq": 0})


@law("BR-38")
def there_is_no_argument_for_preemption(bench: Bench) -> None:
    """`save_before_preemption=True` raises TypeError."""
    bench.played += 1
    try:
        bench.subject.make(**HERE, save_before_preemption=True)
    except TypeError:
        return
    _require("it was taken", "TypeError", "nothing", {"save_before_preemption": True})


@law("BR-10")
def training_goes_on_after_each_epoch_as_if_nothing_had_happened(bench: Bench) -> None:
    """Killed in any of the first six epochs, a training goes on with that epoch and the weights from before it."""
    for epochs, batches in product(range(6), (1, 3)):
        with folder_of_its_own():
            _trained(bench, epochs, batches=batches)
            expected = {"epoch": epochs or None, "weights": epochs * batches}
            _require(f"after {epochs} epochs, it began elsewhere", expected, _resumed(bench), HERE)


class _Dies(StubModel):
    """A model whose process is killed while it writes its weights, half of which are then in the file."""

    def __init__(self, after: int) -> None:
        super().__init__([])
        self.left = after

    def save_weights(self, filepath: Any, overwrite: bool = True, **options: Any) -> None:
        if not self.left:
            Path(filepath).write_text("weig")
            raise SystemExit("killed")
        self.left -= 1
        super().save_weights(filepath, overwrite, **options)


@law("BR-13")
def a_process_killed_while_it_writes_leaves_the_backup_before(bench: Bench) -> None:
    """With half of the weights written, the next run continues from the backup before."""
    for saves, double, freq in product(range(1, 4), (False, True), ("epoch", 1)):
        arguments: dict[str, Any] = {"double_checkpoint": double, "save_freq": freq}
        with folder_of_its_own():
            try:
                _trained(bench, 9, _Dies(saves), **arguments)
            except SystemExit:
                expected = {"epoch": saves if freq == "epoch" else saves - 1 or None, "weights": saves}
                got = {**_resumed(bench, **arguments)}
                got = {**got, "epoch": got.get("epoch") or None}
                _require("the backup was lost", expected, got, arguments)
            else:
                _require("it wrote no weights", "killed", "nothing", arguments)


def _damage(name: str, text: str | None) -> None:
    path = Path("backup", name)
    if not path.exists():
        raise Unsupported(f"it writes no file {name}")
    path.unlink() if text is None else path.write_text(text)


def _damaged(bench: Bench, damage: dict[str, str | None], double: bool = True) -> dict[str, Any]:
    """Train three epochs, replace or remove files, and begin again."""
    with folder_of_its_own():
        _trained(bench, 3, double_checkpoint=double)
        for name, text in damage.items():
            _damage(name, text)
        return _resumed(bench, double_checkpoint=double)


PREVIOUS = {"epoch": 2, "weights": 2.0}


@law("BR-14")
def unreadable_weights_fall_back_to_the_previous_backup(bench: Bench) -> None:
    """Half a file, an empty one, and something else."""
    for text in ("weig", "", "hello"):
        got = _damaged(bench, {"latest.weights.h5": text})
        _require("the previous backup was not restored", PREVIOUS, got, {"double_checkpoint": True})


@law("BR-17")
def damaged_metadata_and_missing_weights_fall_back_too(bench: Bench) -> None:
    """Half a metadata file, one without an epoch, and one that is missing; and weights that are missing."""
    for text in ('{"epoch": ', "", "[]", "{}", '{"epoch": -1, "batch": 0}', '{"epoch": "2", "batch": 0}', None):
        got = _damaged(bench, {"training_metadata.json": text})
        _require("the previous backup was not restored", PREVIOUS, got, {"double_checkpoint": True})
    got = _damaged(bench, {"latest.weights.h5": None})
    _require("the previous backup was not restored", PREVIOUS, got, {"double_checkpoint": True})


@law("BR-14")
def a_fall_back_does_not_cost_the_previous_backup(bench: Bench) -> None:
    """After the fall back and one more epoch, the epoch is in the latest backup."""
    with folder_of_its_own():
        _trained(bench, 3, double_checkpoint=True)
        _damage("latest.weights.h5", "weig")
        model = StubModel([])
        callback = _begun(bench, model, double_checkpoint=True)
        callback.on_epoch_begin(2)
        model.train(1)
        callback.on_epoch_end(2)
        _require("it began elsewhere", {"epoch": 3, "weights": 3.0}, _resumed(bench, double_checkpoint=True))


@law("BR-15")
def without_a_readable_backup_training_does_not_begin(bench: Bench) -> None:
    """OSError, whichever file is damaged, and where the weights are missing."""
    damages: list[dict[str, str | None]] = [
        {"latest.weights.h5": "weig"}, {"latest.weights.h5": None}, {"training_metadata.json": '{"epoch": '},
        {"training_metadata.json": "[]"}, {"training_metadata.json": "{}"},
    ]  # fmt: skip
    for damage in damages:
        got = _damaged(bench, damage, double=False)
        _require("it did not raise OSError", "OSError", got.get("raise", "nothing"))


@law("BR-19")
def weights_without_metadata_are_no_backup(bench: Bench) -> None:
    """Training begins at epoch 0 with the model's own weights."""
    got = _damaged(bench, {"training_metadata.json": None}, double=False)
    _require("the weights were loaded", {"epoch": None, "weights": 0.0}, got)


@law("BR-16")
def an_unbuilt_model_is_refused(bench: Bench) -> None:
    """`on_train_begin` raises ValueError, with or without a backup."""
    for epochs in (0, 2):
        with folder_of_its_own():
            _trained(bench, epochs)
            model = StubModel([])
            model.built = False
            bench.played += 1
            try:
                _begun(bench, model)
            except ValueError:
                continue
            _require("training began", "ValueError", "nothing")


@law("BR-41")
def the_optimizer_has_its_variables_before_its_state_is_loaded(bench: Bench) -> None:
    """An optimizer that is not built is built by the time the weights are loaded, from the trainable variables."""
    with folder_of_its_own():
        _trained(bench, 2)
        seen: list[Any] = []
        model = StubModel([])
        model.trainable_variables = ["kernel"]
        model.optimizer.built = False

        def build(variables: list[Any]) -> None:
            seen.append(variables)
            model.optimizer.built = True

        def load(filepath: Any, **options: Any) -> None:
            seen.append(model.optimizer.built)

        model.optimizer.build, model.load_weights = build, load  # type: ignore[method-assign]
        _begun(bench, model)
        bench.played += 1
        _require("its state was not restored", [["kernel"], True], seen)


class _Other(StubModel):
    """A model of another architecture: the weights do not fit."""

    def load_weights(self, filepath: Any, **options: Any) -> None:
        raise ValueError("the shapes differ")


@law("BR-37")
def the_error_of_another_architecture_passes_as_it_is(bench: Bench) -> None:
    """The ValueError of `load_weights`, also where there is a previous backup; no backup is lost."""
    for double in (False, True):
        with folder_of_its_own():
            _trained(bench, 3, double_checkpoint=double)
            bench.played += 1
            try:
                _begun(bench, _Other([]), double_checkpoint=double)
                message = "nothing"
            except Exception as error:
                message = f"{type(error).__name__}: {error}"
            _require("another error", "ValueError: the shapes differ", message)
            _require("the backup is lost", {"epoch": 3, "weights": 3.0}, _resumed(bench))


@law("BR-18")
def the_epoch_to_begin_with_does_not_reach_a_later_fit(bench: Bench) -> None:
    """After one epoch, the end, and a run that failed before its first epoch, the model's start epoch is None."""
    with folder_of_its_own():
        _trained(bench, 2)
        model = StubModel([])
        callback = _begun(bench, model, delete_checkpoint=False)
        callback.on_epoch_begin(2)
        got = [model._initial_epoch]
        _begun(bench, model, delete_checkpoint=False).on_train_end()
        got.append(model._initial_epoch)
        model._initial_epoch = 2  # of a run that failed before its first epoch
        callback = bench.subject.build(backup_dir="elsewhere")
        callback.set_model(model)
        callback.on_train_begin()
        got.append(model._initial_epoch)
        _require("a later fit would begin late", [None, None, None], got)


@law("BR-32")
def what_raises_leaves_the_backup(bench: Bench) -> None:
    """A run that an exception ends, at whatever hook, leaves the backup of the epoch before."""
    for hook in ("on_epoch_begin", "on_train_batch_end", "on_epoch_end"):
        index = 0 if hook == "on_train_batch_end" else 2
        actions = [Action(hook, "raise", index)]
        runs = [Run(epochs=4, actions=actions)] if index else [Run(epochs=2), Run(epochs=4, actions=actions)]
        scenario = Scenario(arguments={**HERE, "delete_checkpoint": False}, runs=runs)
        files = bench.play(scenario)[-1]["files"]
        _require("the backup is gone", "weights 2", files.get("backup/latest.weights.h5"), scenario.arguments)


@law("BR-35")
def a_model_is_asked_for_nothing_but_to_save_and_load_its_weights(bench: Bench) -> None:
    """What else the model holds is not restored."""
    with folder_of_its_own():
        model = StubModel([])
        model.shuffled = 3  # type: ignore[attr-defined]
        _trained(bench, 2, model)
        fresh = StubModel([])
        fresh.shuffled = 0  # type: ignore[attr-defined]
        _begun(bench, fresh)
        _require("it restored something else", [2.0, 0], [fresh.trained, fresh.shuffled])  # type: ignore[attr-defined]


@law("BR-34")
def evaluation_and_prediction_touch_no_file(bench: Bench) -> None:
    """Files are those of before."""
    for kind in ("evaluate", "predict"):
        scenario = Scenario(arguments=HERE, runs=[Run(kind=kind)], files={"backup/mine.txt": "mine"})
        with folder_of_its_own(files=scenario.files):
            callback = bench.subject.build(**HERE)
            callback.set_model(StubModel([]))
            for hook in ("begin", "end"):
                getattr(callback, f"on_{'test' if kind == 'evaluate' else kind}_{hook}")({})
            bench.played += 1
            _require("a file changed", {"backup/mine.txt": "mine"}, seen_files())


# What only the reference offers


class _Counter:
    """A callback with a state: how often an epoch ended."""

    def __init__(self, value: Any = 0) -> None:
        self.value, self._loaded = value, False

    def state_dict(self) -> dict[str, Any]:
        return {"value": self.value}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.value, self._loaded = state["value"], True

    def _begins_anew(self) -> bool:
        anew, self._loaded = not self._loaded, False
        return anew


class _Other2(_Counter):
    """Another kind of callback."""


def _carries(bench: Bench) -> None:
    if not bench.supports("callbacks"):
        raise Unsupported(f"{bench.subject.name} takes no argument callbacks")


@law("BR-27")
def the_states_of_callbacks_come_back(bench: Bench) -> None:
    """Numbers with their sign, NaN and infinity, text, None, lists, dictionaries; arrays where NumPy is there."""
    _carries(bench)
    values: list[Any] = [3, 0.1, -0.0, True, None, "größer", float("inf"), [1, [2.5, "x"]], {"loss": [1.0], 2: {}}]
    for value in [*values, *_arrays()]:
        with folder_of_its_own():
            _trained(bench, 2, callbacks=[_Counter(value)])
            counter = _Counter()
            _begun(bench, StubModel([]), callbacks=[counter])
            _require("another state came back", _typed(value), _typed(counter.value))


def _arrays() -> list[Any]:
    try:
        import numpy
    except ModuleNotFoundError:
        return []
    return [numpy.float32(0.1), numpy.arange(3, dtype="int8"), [numpy.ones((2, 2), "float16"), numpy.float64("nan")]]


def _typed(value: Any) -> Any:
    if hasattr(value, "dtype"):
        return [type(value).__name__, str(value.dtype), value.shape, value.tobytes().hex()]
    if isinstance(value, list):
        return [_typed(member) for member in value]
    return repr(value)


@law("BR-28")
def a_restored_state_is_not_kept_for_a_later_fit(bench: Bench) -> None:
    """Once an epoch has begun, or training ended, the callback begins the next fit anew."""
    _carries(bench)
    with folder_of_its_own():
        _trained(bench, 2, callbacks=[_Counter(5)])
        counter = _Counter()
        callback = _begun(bench, StubModel([]), callbacks=[counter], delete_checkpoint=False)
        got = [counter._loaded]
        callback.on_epoch_begin(2)
        got.append(counter._loaded)
        _begun(bench, StubModel([]), callbacks=[counter]).on_train_end()
        got.append(counter._loaded)
        _require("a later fit would go on from here", [True, False, False], got)


@law("BR-29")
def what_has_no_state_is_refused(bench: Bench) -> None:
    """`callbacks=[object()]` raises TypeError; a state that is no data raises TypeError when it is to be saved."""
    _carries(bench)
    got = [_constructor(bench, {**HERE, "callbacks": [object()]})]
    with folder_of_its_own():
        try:
            _trained(bench, 1, callbacks=[_Counter(object())])
        except TypeError:
            got.append("TypeError")
    _require("it was taken", ["TypeError"] * 2, got)


@law("BR-30")
def a_training_that_was_stopped_stays_stopped(bench: Bench) -> None:
    """With `callbacks`, and the flag set when the backup was made, the next run begins after its last epoch."""
    _carries(bench)
    with folder_of_its_own():
        model = StubModel([])
        model.stop_training = True
        _trained(bench, 2, model, callbacks=[_Counter()])
        fresh = StubModel([])
        callback = bench.subject.build(**HERE, callbacks=[_Counter()])
        callback.set_model(fresh)
        callback.set_params({"epochs": 9})
        callback.on_train_begin()
        bench.played += 1
        _require("an epoch is left to train", 9, fresh._initial_epoch)


@law("BR-31")
def the_states_of_other_callbacks_are_refused(bench: Bench) -> None:
    """None in the backup, others, or none wanted: ValueError."""
    _carries(bench)
    for saved, wanted in (([], [_Counter()]), ([_Counter()], []), ([_Other2()], [_Counter()])):
        with folder_of_its_own():
            _trained(bench, 1, callbacks=saved)
            got = _resumed(bench, callbacks=wanted)
            _require("it went on", "ValueError", got.get("raise", "nothing"))


@law("BR-26")
def the_seed_generators_of_the_model_come_back(bench: Bench) -> None:
    """Variables that are neither weights nor trained have the value of the backup."""
    _carries(bench)

    def model() -> Any:
        made: Any = StubModel([])
        made.weights = []
        variable = SimpleNamespace(value=[7, 0])
        variable.numpy = lambda: SimpleNamespace(tolist=lambda: list(variable.value))
        variable.assign = lambda value: setattr(variable, "value", value)
        made.non_trainable_variables = [variable]
        return made

    with folder_of_its_own():
        first, second = model(), model()
        first.non_trainable_variables[0].value = [7, 12]
        _trained(bench, 1, first)
        _begun(bench, second)
        _require("another seed", [7, 12], second.non_trainable_variables[0].value)


@law("BR-33")
def the_attribute_initial_epoch_tells_where_a_run_began(bench: Bench) -> None:
    """None without a backup, its epoch with one."""
    _carries(bench)
    with folder_of_its_own():
        first = _trained(bench, 3)
        second = _begun(bench, StubModel([]))
        _require("another epoch", [None, 3], [getattr(each, "initial_epoch", "nothing") for each in (first, second)])


def _steps() -> list[Scenario]:
    batch = [["on_train_batch_end", index, {}] for index in range(3)]
    epochs = [[["on_epoch_begin", epoch, {}], *batch, ["on_epoch_end", epoch, {}]] for epoch in range(2)]
    steps: list[Any] = [["on_train_begin", {}], *epochs[0], *epochs[1]]
    return [Scenario(arguments={**HERE, "save_freq": freq}, steps=steps) for freq in ("epoch", 2, 5)]


survives("BR-39", GROUP, _steps, begins=False)


def _short_scripts(longest: int) -> Iterator[Scenario]:
    runs = [
        Run(epochs=2, batches=2),
        Run(epochs=3, batches=2, actions=[Action("on_epoch_begin", "raise", 1)]),
        Run(epochs=3, batches=2, actions=[Action("on_train_batch_end", "raise", 1)]),
        Run(epochs=4, batches=2, actions=[Action("on_epoch_end", "stop", 2)]),
    ]
    for length in range(1, longest):
        for chosen in product(runs, repeat=length):
            for freq, flag in (("epoch", True), ("epoch", False), (1, True), (3, False)):
                arguments = {**HERE, "save_freq": freq, "delete_checkpoint": flag, "double_checkpoint": not flag}
                yield Scenario(arguments=arguments, runs=list(chosen))


net("BR-42", GROUP, strategies.backup_and_restore, _short_scripts, None)
