"""Checks of ModelCheckpoint: laws that need no other implementation, and the difference to the reference as a net."""

import contextlib
import functools
import math
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from .. import strategies
from ..difference import any_value, monitored, net, survives, touches
from ..hosts.stub import StubModel
from ..play import folder_of_its_own, ready_to_save, seen_files
from ..scenarios import Run, Scenario, plain
from ..subjects import Unsupported
from . import Bench, Broken, check, mentions

__all__ = ["TOUCHES"]

law = functools.partial(check, kind="law", group="model_checkpoint")
PATH = "m.keras"
BEST: dict[str, Any] = {"filepath": "{epoch}.keras", "save_best_only": True, "mode": "min"}
BATCHES: dict[str, Any] = {"filepath": "{epoch}-{batch}.keras", "save_freq": 2}


def _only_best(scenario: Scenario) -> bool:
    return bool(scenario.arguments.get("save_best_only"))


def _by_number(scenario: Scenario) -> bool:
    return bool(scenario.arguments.get("save_freq", "epoch") != "epoch")


def _lacks_a_value(scenario: Scenario) -> bool:
    monitor = scenario.arguments.get("monitor", "val_loss")
    of_batches = [logs.get(monitor) for run in scenario.runs for batches in run.batch_logs for logs in batches]
    return None in monitored(scenario) + of_batches


TOUCHES: dict[str, Callable[[Scenario], bool]] = {
    "MC-03": touches("save_weights_only", False),
    "MC-05": touches("save_weights_only", False),
    "MC-07": lambda scenario: _only_best(scenario) and _lacks_a_value(scenario),
    "MC-08": _only_best,
    "MC-09": _only_best,
    "MC-10": touches("initial_value_threshold", None),
    "MC-11": lambda scenario: _only_best(scenario) and any_value(lambda value: not math.isfinite(value))(scenario),
    "MC-12": lambda scenario: not _only_best(scenario) and "loss" not in scenario.arguments.get("monitor", "val_loss"),
    "MC-13": _by_number,
    "MC-14": _by_number,
    "MC-17": lambda scenario: _only_best(scenario) and _by_number(scenario),
    "MC-20": lambda scenario: "{" in scenario.arguments["filepath"],
    "MC-22": lambda scenario: "loss" in scenario.arguments["filepath"],
    "MC-24": touches("verbose", 0),
    "MC-26": lambda scenario: "/" in scenario.arguments["filepath"],
    "MC-32": _only_best,
    "MC-36": lambda scenario: _only_best(scenario) and any_value(lambda value: 0.9 < value < 1)(scenario),
    "MC-43": lambda scenario: _only_best(scenario) and any_value(lambda value: hasattr(value, "dtype"))(scenario),
    "MC-37": lambda scenario: _only_best(scenario) and len(scenario.runs) > 1,
}
"""Says of a scenario whether a clause may show in it; a broken clause's scenarios are kept out of the difference."""


def _broken(why: str, expected: Any, got: Any, arguments: dict[str, Any]) -> Broken:
    return Broken(why, Scenario(arguments=arguments), [{"seen": expected}], [{"seen": got}])


def _require(why: str, expected: Any, got: Any, arguments: dict[str, Any] | None = None) -> None:
    if got != expected:
        raise _broken(why, expected, got, arguments or {"filepath": PATH})


def _by_hand(bench: Bench, model: StubModel, **arguments: Any) -> Any:
    """Return the subject with a model, ready for the end of the first epoch."""
    bench.played += 1
    ready_to_save(model, bench.subject)
    callback = bench.subject.build(**{"filepath": PATH, **arguments})
    callback.set_model(model)
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    return callback


def _message(bench: Bench, arguments: dict[str, Any], **run: Any) -> str:
    trace = bench.play(Scenario(arguments=arguments, runs=[Run(**run)] if run else []))
    return str(trace[-1]["message"])


@law("MC-04")
def the_error_names_the_ending(bench: Bench) -> None:
    """The message of the ValueError holds the path and an ending that is accepted."""
    arguments = {"filepath": "weather.tf"}
    mentions("the error", _message(bench, arguments), ("weather.tf", ".keras"), Scenario(arguments=arguments))


@law("MC-05")
def the_error_names_the_ending_of_weights(bench: Bench) -> None:
    """The message of the ValueError holds the path and the ending that is accepted."""
    arguments = {"filepath": "weather.h5", "save_weights_only": True}
    mentions("the error", _message(bench, arguments), ("weather.h5", ".weights.h5"), Scenario(arguments=arguments))


@law("MC-22")
def the_error_names_the_field(bench: Bench) -> None:
    """The message of the KeyError holds the name of the field."""
    arguments = {"filepath": "{rainfall}.keras"}
    text = _message(bench, arguments, logs=[{"val_loss": 1.0}])
    mentions("the error", text, ("rainfall",), Scenario(arguments=arguments))


@law("MC-34")
def the_error_names_the_metric_and_the_way_out(bench: Bench) -> None:
    """The ValueError names the monitored key and `mode`."""
    arguments = {"filepath": PATH, "monitor": "nobody_knows", "save_best_only": True}
    text = _message(bench, arguments, logs=[{"nobody_knows": 1.0}])
    mentions("the error", text, ("nobody_knows", "mode"), Scenario(arguments=arguments))


class _Path:
    def __fspath__(self) -> str:
        return "b/m.keras"


@law("MC-18")
def a_path_object_is_taken_for_its_string(bench: Bench) -> None:
    """A pathlib.Path, and a class with `__fspath__` and nothing else."""
    for path in (Path("b") / "m.keras", _Path()):
        with folder_of_its_own():
            got: list[Any] = []
            with contextlib.suppress(Exception):
                callback = _by_hand(bench, StubModel([]), filepath=path)
                callback.on_epoch_end(0, {"val_loss": 1.0})
                got = [getattr(callback, "filepath", "b/m.keras"), seen_files()]
            _require("it was not taken for its path", ["b/m.keras", {"b/m.keras": "model 0"}], got)


class _Slow(StubModel):
    """A model that writes its file in two parts, and calls something after each."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__([])
        self.meanwhile = meanwhile
        self.written_to = ""

    def save(self, filepath: Any, overwrite: bool = True, **options: Any) -> None:
        """Write the first half of a new file, and then the second."""
        self.written_to = os.path.realpath(filepath)
        with open(filepath, "w") as file:
            for part in ("new ", "model"):
                file.write(part)
                file.flush()
                self.meanwhile()


@law("MC-27")
def a_file_is_never_seen_half_written(bench: Bench) -> None:
    """While the model writes in two parts, the path holds the previous file or none; then it holds the new one."""
    for files in ({}, {PATH: "old model"}):
        with folder_of_its_own(files=files):
            seen: list[str | None] = []
            callback = _by_hand(bench, _Slow(functools.partial(_look, seen)))
            callback.on_epoch_end(0, {"val_loss": 1.0})
            _look(seen)
        before = files.get(PATH)
        _require("a file was seen half written", [before, before, "new model"], seen)


def _look(seen: list[str | None]) -> None:
    path = Path(PATH)
    seen.append(path.read_text() if path.exists() else None)


@law("MC-28")
def a_save_that_fails_leaves_everything_as_it_was(bench: Bench) -> None:
    """The model writes a part and raises OSError, or the user interrupts."""
    for error in (OSError("no space left"), KeyboardInterrupt()):
        with folder_of_its_own(files={PATH: "old model", "other": "mine"}):
            callback = _by_hand(bench, _Slow(functools.partial(_raise, error)))
            try:
                callback.on_epoch_end(0, {"val_loss": 1.0})
                raised = None
            except (OSError, KeyboardInterrupt) as seen:
                raised = type(seen).__name__
            got = (raised, seen_files())
        _require("something was lost or left", (type(error).__name__, {PATH: "old model", "other": "mine"}), got)


def _raise(error: BaseException) -> None:
    raise error


@contextlib.contextmanager
def _forked(work: Callable[[], None]) -> Iterator[int]:
    """Run something in another process while the block runs."""
    if not hasattr(os, "fork"):
        raise Unsupported("needs os.fork")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the copy calls Python alone, which the threads of a Keras do not disturb
        process = os.fork()
    if not process:
        try:
            work()
        finally:
            os._exit(0)
    try:
        yield process
    finally:
        with contextlib.suppress(ChildProcessError):  # it was waited for already
            if os.waitpid(process, os.WNOHANG) == (0, 0):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)


def _save_in_another_process(bench: Bench, told: int, tell: int) -> None:
    """Begin to save, say so, and go on when told to."""

    def meanwhile() -> None:
        if not waited:
            waited.append(True)
            os.write(tell, b"1")
            os.read(told, 1)

    waited: list[bool] = []
    _by_hand(bench, _Slow(meanwhile)).on_epoch_end(0, {"val_loss": 1.0})


def _require_writes_beside(bench: Bench) -> None:
    with folder_of_its_own():
        model = _Slow(lambda: None)
        _by_hand(bench, model).on_epoch_end(0, {"val_loss": 1.0})
        if model.written_to == os.path.realpath(PATH):
            raise Unsupported("it writes in place, and leaves nothing unfinished beside it")


@contextlib.contextmanager
def _half_saved(bench: Bench) -> Iterator[tuple[int, Callable[[], None]]]:
    """Have another process stop in the middle of a save; give its number, and what lets it finish."""
    _require_writes_beside(bench)
    told, tell = os.pipe()
    go_on, goes_on = os.pipe()
    with folder_of_its_own(), _forked(lambda: _save_in_another_process(bench, go_on, tell)) as process:
        os.read(told, 1)

        def finish() -> None:
            os.write(goes_on, b"1")
            os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)

        yield process, finish
    for pipe in (told, tell, go_on, goes_on):
        os.close(pipe)


def _save_here(bench: Bench) -> None:
    _by_hand(bench, StubModel([])).on_epoch_end(0, {"val_loss": 1.0})


@law("MC-29")
def the_next_save_removes_what_a_killed_one_left(bench: Bench) -> None:
    """A process is killed in the middle of a save; then this one saves into the same folder."""
    with _half_saved(bench) as (process, _):
        os.kill(process, signal.SIGKILL)
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        left = len(seen_files())
        os.waitpid(process, 0)
        _save_here(bench)
        _require("it was not removed", (1, {PATH: "model 0"}), (left, seen_files()))


@law("MC-30")
def the_unfinished_file_of_a_living_process_stays(bench: Bench) -> None:
    """Another process is in the middle of a save while this one saves to the same path; then it finishes."""
    with _half_saved(bench) as (_, finish):
        _save_here(bench)
        between = seen_files()
        finish()
        got = (len(between), between.get(PATH), seen_files())
        _require("one disturbed the other", (2, "model 0", {PATH: "new model"}), got)


ALIKE = (".unfinished", ".unfinished-m.keras", ".unfinished-1-2-3/m.keras", ".m.keras.tmp", "m.keras.tmp", "tmp.keras",
         "m.keras~", ".m.keras")  # fmt: skip


@law("MC-30")
def files_with_names_alike_stay(bench: Bench) -> None:
    """Names that people and editors give to temporary files."""
    with folder_of_its_own(files=dict.fromkeys(ALIKE, "mine")):
        _save_here(bench)
        _require(
            "a file was removed", dict(sorted({**dict.fromkeys(ALIKE, "mine"), PATH: "model 0"}.items())), seen_files()
        )


@law("MC-31")
def a_link_stays_and_so_do_permissions(bench: Bench) -> None:
    """A symbolic link to a file in another folder, whose mode is 0600."""
    with folder_of_its_own(files={"real/x.keras": "old model"}):
        os.chmod("real/x.keras", 0o600)
        os.symlink("real/x.keras", PATH)
        _save_here(bench)
        got = (os.path.islink(PATH), Path("real/x.keras").read_text(), os.stat("real/x.keras").st_mode & 0o777)
        _require("the link or the mode was lost", (True, "model 0", 0o600), got)


ARGUMENTS: dict[str, Any] = {
    "filepath": "w.weights.h5", "monitor": "loss", "verbose": 1, "save_best_only": True, "save_weights_only": True,
    "mode": "max", "save_freq": 7,
}  # fmt: skip
DEFAULTS: dict[str, Any] = {
    "filepath": PATH, "monitor": "val_loss", "verbose": 0, "save_best_only": False, "save_weights_only": False,
    "mode": "auto", "save_freq": "epoch", "best": None,
}  # fmt: skip


@law("MC-38")
def every_argument_is_an_attribute(bench: Bench) -> None:
    """What was passed reads back under the same name, and so do the defaults."""
    _reads_back(bench, ARGUMENTS, ARGUMENTS)
    _reads_back(bench, {"filepath": PATH}, DEFAULTS)
    _reads_back(bench, {"filepath": PATH, "initial_value_threshold": 0.5}, {"best": 0.5})


def _reads_back(bench: Bench, arguments: dict[str, Any], expected: dict[str, Any]) -> None:
    callback = bench.subject.build(**arguments)
    bench.played += 1
    got = {name: plain(getattr(callback, name, "nothing")) for name in expected}
    _require("an attribute differs", plain(expected), got, arguments)


@law("MC-41")
def hooks_without_logs_are_hooks_with_empty_ones(bench: Bench) -> None:
    """An epoch and a batch end without logs, and with None."""
    for arguments, hook in (({}, "on_epoch_end"), ({"save_freq": 1}, "on_train_batch_end")):
        for logs in ((), (None,)):
            with folder_of_its_own():
                callback = _by_hand(bench, StubModel([]), **arguments)
                with contextlib.suppress(TypeError):
                    getattr(callback, hook)(0, *logs)
                _require("it was not saved", {PATH: "model 0"}, seen_files(), {"filepath": PATH, **arguments})


def _given_series(bench: Bench) -> Any:
    return strategies.series().one


@law("MC-08", given=_given_series)
def the_files_are_those_of_the_minima(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """There is a file for each epoch whose value is below all before, and `best` is the least so far."""
    _, values = drawn
    scenario = Scenario(arguments=BEST, runs=[Run(logs=[{"val_loss": value} for value in values])])
    minima = [epoch for epoch, value in enumerate(values) if not epoch or value < min(values[:epoch])]
    expected = {f"{epoch + 1}.keras": f"model {epoch + 1}" for epoch in minima}
    got = bench.play(scenario)[-1]["files"]
    if got != expected:
        raise Broken("other epochs were saved", scenario, [{"files": expected}], [{"files": got}])


@law("MC-14", given=_given_series)
def a_save_every_n_batches_wherever_epochs_end(bench: Bench, drawn: tuple[int, list[float]]) -> None:
    """With `save_freq=n`, the last save is that of the last multiple of n, whatever the length of the epochs."""
    every, values = drawn
    epochs, batches = len(values), 1 + int(values[0]) % 4
    run = Run(epochs=epochs, batches=batches)
    scenario = Scenario(arguments={"filepath": PATH, "save_freq": every}, runs=[run])
    last = epochs * batches // every * every
    expected, got = {PATH: f"model {last}"} if last else {}, bench.play(scenario)[-1]["files"]
    if got != expected:
        raise Broken("another batch was saved last", scenario, [{"files": expected}], [{"files": got}])


def _short_scripts(longest: int) -> Iterator[Scenario]:
    for length in range(1, longest + 1):
        for values in product((0.0, 1.0, math.nan), repeat=length):
            logs = [{"val_loss": value} for value in values]
            for more in ({}, {"initial_value_threshold": 1.0}):
                yield Scenario(arguments={**BEST, **more}, runs=[Run(logs=logs)])
    for every, batches, epochs in product((1, 2, 3, 5), (1, 2, 3), (1, 2, longest)):
        yield Scenario(arguments={**BATCHES, "save_freq": every}, runs=[Run(epochs=epochs, batches=batches)] * 2)


def _saved_states() -> list[Scenario]:
    by_epoch: list[list[Any]] = [["on_train_begin", {}]]
    for epoch, value in enumerate((3.0, 4.0, 2.0, 2.5, 1.0)):
        by_epoch += [["on_epoch_begin", epoch, {}], ["on_epoch_end", epoch, {"val_loss": value}]]
    by_batch: list[list[Any]] = [["on_train_begin", {}]]
    for epoch in range(3):
        by_batch += [["on_epoch_begin", epoch, {}]]
        by_batch += [["on_train_batch_end", batch, {"loss": 1.0}] for batch in range(3)]
        by_batch += [["on_epoch_end", epoch, {"loss": 1.0}]]
    return [Scenario(arguments=BEST, steps=by_epoch), Scenario(arguments=BATCHES, steps=by_batch)]


survives("MC-40", "model_checkpoint", _saved_states)

net(
    "MC-42",
    "model_checkpoint",
    strategies.model_checkpoint,
    _short_scripts,
    {"filepath": "{epoch}.keras", "monitor": "loss", "mode": "min", "save_best_only": True},
)
