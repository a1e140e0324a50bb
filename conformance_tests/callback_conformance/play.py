"""Play a scenario to a subject, and write down everything observable: the trace."""

import contextlib
import functools
import hashlib
import importlib.util
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from callback_reference import Callback, CallbackList, History

from .events import Events
from .guard import Flood, require_room
from .hosts.http import Recorder, serving
from .hosts.stub import Attendant, Listed, StubDriver
from .kinds import KINDS
from .progress import Clock, parse
from .scenarios import Action, Run, Scenario, decode, plain
from .subjects import SAVING, Subject, Unsupported

__all__ = [
    "OPTIONAL",
    "Row",
    "Trace",
    "driver",
    "folder_of_its_own",
    "play",
    "play_loop",
    "ready_to_save",
    "seen_checkpoints",
    "seen_files",
]

Row = dict[str, Any]
"""One moment: `hook`, `epoch`, and the effects seen after it."""

Trace = list[Row]

MEMORY = "/dev/shm"

AS_IT_IS: contextlib.AbstractContextManager[None] = contextlib.nullcontext()

ABSENT = object()

OPTIONAL = ("numpy", "tensorflow", "tensorboard", "orbax", "requests")
"""Packages that some scenarios, or a Keras, need: without them a clause cannot be judged, which is no error."""

UNSHOWN = (DeprecationWarning, ResourceWarning)

HOOKS = tuple(name for name in vars(Callback) if name.startswith("on_"))


class Interrupted(Exception):
    """What a scripted callback raises."""


def play(subject: Subject, scenario: Scenario, host: str = "stub") -> Trace:
    """Return the trace of a scenario: a row for the constructor, then one for each begin, epoch and end.

    Args:
        subject: what to build the callback from.
        scenario: the script.
        host: "stub" or "fit".

    Raises:
        Unsupported: the subject lacks an argument.
    """
    watch = _Watch(subject, scenario)
    if watch.kind.needs and not _installed(watch.kind.needs):
        raise Unsupported(f"needs {watch.kind.needs}, which is not installed")
    kind = watch.kind
    with (
        folder_of_its_own(True, scenario.files) if kind.in_a_folder else AS_IT_IS,
        serving(True, scenario.answers) if kind.sees_requests else AS_IT_IS as watch.server,
        watch.clock() if kind.sees_progress else AS_IT_IS,
        watch.listening(),
    ):
        if watch.attempt("construct", watch.build):
            _play(watch, scenario, host)
        watch.callback = watch.driver = None  # what they left open is closed here, where warnings are caught
    return watch.rows


def _play(watch: "_Watch", scenario: Scenario, host: str) -> None:
    if scenario.steps:
        watch.call_steps(scenario)
    for number, run in enumerate(scenario.runs):
        if number == 0 or run.fresh_model:
            metrics = scenario.metrics if run.metrics is None else run.metrics
            watch.driver = driver(watch.subject, metrics, host)
            if watch.kind.sees_averages:
                watch.driver.use_optimizer(**scenario.optimizer)
        script = _Script(run, watch)
        listed = [script, *[watch.callback] * scenario.copies, _recorder(watch, run)]
        watch.attempt(lambda script=script: script.now, functools.partial(watch.driver.play, listed, run), quiet=True)


@contextlib.contextmanager
def folder_of_its_own(wanted: bool = True, files: dict[str, str] | None = None) -> Iterator[None]:
    """Work in an empty temporary folder, with these files in it; where none is wanted, stay."""
    if not wanted:
        yield
        return
    with (
        tempfile.TemporaryDirectory("", "callback-conformance-", _in_memory(), ignore_cleanup_errors=True) as folder,
        contextlib.chdir(folder),
    ):
        for name, text in (files or {}).items():
            path = Path(name)
            (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                path.write_bytes(text.encode())
        try:
            yield
        finally:
            _let_finish()


@functools.cache
def _in_memory() -> str | None:
    """Return a folder that is held in memory, where there is one: to remove a folder costs a busy disk 10 ms and more.

    A temporary folder that the user has chosen is used instead.
    """
    chosen = any(name in os.environ for name in ("TMPDIR", "TEMP", "TMP"))
    return MEMORY if not chosen and os.access(MEMORY, os.R_OK | os.W_OK | os.X_OK) else None


def _let_finish() -> None:
    """Have Orbax finish before the folder goes: its threads would wait for minutes for files that are not there."""
    while SAVING:
        callback = SAVING.pop()
        with contextlib.suppress(Exception):
            callback.wait_until_finished()
        with contextlib.suppress(Exception):
            callback.checkpointer.close()


def seen_files(folder: str = ".") -> dict[str, str]:
    """Return the text of each file below a folder, or a digest of what is no text; an empty folder ends in "/"."""
    return dict(sorted(_files(folder)))


def _files(folder: str, below: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and text of each file, a link to a folder left alone; three times as fast as with `Path` objects."""
    try:
        members = list(os.scandir(folder))
    except OSError:  # gone meanwhile
        return
    for member in members:
        if not member.is_dir():
            with open(member.path, "rb", buffering=0) as file:
                yield below + member.name, _content(file.read())
        elif not member.is_symlink():
            yield from _files(member.path, f"{below}{member.name}/")
    if below and not members:
        yield below, ""


def _content(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "sha256:" + hashlib.sha256(data).hexdigest()[:12]


def seen_checkpoints(folder: str = ".") -> dict[str, list[int]]:
    """Return the steps that Orbax has finished in each folder in which there are any, or a beginning of one."""
    seen: dict[str, list[int]] = {}
    for place, folders, _ in os.walk(folder):
        steps = [name for name in folders if name.partition(".")[0].isdigit()]
        if steps:
            seen[Path(place).relative_to(folder).as_posix()] = sorted(int(name) for name in steps if name.isdigit())
            folders[:] = [name for name in folders if name not in steps]
    return seen


@functools.cache
def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _lacks(error: BaseException) -> bool:
    """Tell whether a package was not found that need not be there, and is not."""
    if not isinstance(error, ModuleNotFoundError):
        return False
    package = (error.name or "").partition(".")[0]
    hidden = sys.modules.get(package, package) is None  # by a check, to see what is done without
    return package in OPTIONAL and not hidden and not _installed(package)


def driver(subject: Subject, metrics: dict[str, str], host: str) -> Any:
    """Return a fresh driver of the named host.

    Keras 2 lowers no learning rate but that of a real optimizer, and no Keras logs any other to TensorBoard.

    Raises:
        Unsupported: no host has a model that the subject could work with.
    """
    if subject.is_keras_2 and subject.kind == "BackupAndRestore":
        raise Unsupported("Keras 2 backs up real models only, in checkpoints of TensorFlow")
    if host == "fit":
        from .hosts.fit import FitDriver

        return FitDriver(metrics, subject.keras, streams=subject.kind == "CallbackList")
    made = StubDriver(metrics, _real_metrics(subject), Listed)
    if subject.is_keras_2 and KINDS[subject.kind].sees_lr:
        import importlib

        made.model.optimizer = importlib.import_module(subject.keras).optimizers.SGD(1.0)
    if subject.built_on and KINDS[subject.kind].sees_events:
        import importlib

        made.model.optimizer = importlib.import_module(subject.built_on).optimizers.SGD(1.0)
    if KINDS[subject.kind].sees_files:
        ready_to_save(made.model, subject)
    return made


def ready_to_save(model: Any, subject: Subject) -> None:
    """Give a stub model what a callback of Keras 2 asks it for before it saves: a distribution strategy."""
    if subject.is_keras_2:
        import importlib

        model.distribute_strategy = importlib.import_module("tensorflow").distribute.get_strategy()


def _real_metrics(subject: Subject) -> Callable[[dict[str, str]], list[Any]] | None:
    """What is built on Keras reads the direction off real metric objects: a stub model shows some."""
    if subject.built_on is None:
        return None
    from .hosts.fit import compiled_metrics

    return functools.partial(compiled_metrics, subject.built_on)


class _Watch:
    """Looks at the subject, its model, and what was printed and warned since the last look."""

    def __init__(self, subject: Subject, scenario: Scenario) -> None:
        self.subject = subject
        self.arguments = scenario.arguments
        self.kind = KINDS[subject.kind]
        self.rows: Trace = []
        self.driver: Any = None
        self.callback: Any = None
        self.epoch: int | None = None
        self.server: Recorder | None = None
        self.clock = Clock(scripted=self.kind.sees_progress)
        self._printed = Flood()
        self._events = Events()
        self._warned: list[warnings.WarningMessage] = []
        self._logged = _LOG
        self._logged.messages.clear()

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Catch what is printed, warned, and logged as a warning: Keras 2 warns through TensorFlow's log."""
        with (
            _logging_to(self._logged),
            warnings.catch_warnings(record=True) as self._warned,
            contextlib.redirect_stdout(self._printed),
        ):
            warnings.simplefilter("always")
            yield

    def build(self) -> None:
        """Construct the subject; what begins with "@/" is a path in the working directory, made absolute."""
        arguments = self.server.addressed(self.arguments) if self.server else self.arguments
        self.callback = self.subject.build(**{name: _absolute(value) for name, value in arguments.items()})

    def reload(self) -> None:
        """Put a new instance in the subject's place, with the state that the old one hands out.

        Raises:
            Unsupported: the subject has no state to hand out.
        """
        if not hasattr(self.callback, "state_dict"):
            raise Unsupported(f"{self.subject.name} has no method state_dict")
        state = self.callback.state_dict()
        self.build()
        self.callback.load_state_dict(state)
        self.callback.set_model(self.driver.model)

    def evaluate_inside(self) -> None:
        """Evaluate with the subject in the list, from inside of a hook, as a callback may."""
        self.driver.play([self.callback, _HookRecorder(self, Run())], Run(kind="evaluate"))

    def attempt(self, hook: Any, action: Callable[[], Any], quiet: bool = False, logs: Any = None) -> bool:
        """Do something, and look afterwards, or at the exception that it raised.

        Raises:
            ModuleNotFoundError: it needs a package that is not installed, which says nothing of what it does.
        """
        try:
            action()
        except (Exception, SystemExit) as error:
            if isinstance(error, Unsupported) or _lacks(error):
                raise
            self.look(hook() if callable(hook) else hook, error)
            return False
        if not quiet:
            self.look(hook, logs=logs if hook == "on_epoch_end" else None)
        return True

    def look(self, hook: str, error: BaseException | None = None, logs: Any = None) -> None:
        """Write a row; what is deprecated inside a library, or left for Python to close, is no warning to its user."""
        printed = self._take_printed() if self._printed.tell() else ""
        warned = self._take_warned() if self._warned or self._logged.messages else []
        require_room(error)
        row: Row = {"hook": hook, "epoch": self.epoch}
        self._describe(row)
        if self.kind.sees_lr and logs is not None:
            row["logged"] = plain(logs.get("learning_rate"))
        if self.kind.sees_checkpoints and (error or hook == "on_train_end"):
            row["saved"] = seen_checkpoints()
        if self.kind.sees_files:
            row["files"] = seen_files()
        if self.kind.sees_events:
            row["events"] = self._events.seen()
        if self.server:
            row["requests"], row["outwaited"] = self.server.take()
        if self.kind.sees_progress:
            row |= parse(printed)
        else:
            row["numbers"] = [int(number) for number in re.findall(r"\d+", printed)] if printed else []
        row["warns"] = bool(warned)
        row["raise"] = type(error).__name__ if error else None
        row["printed"], row["warned"], row["message"] = printed, warned, str(error) if error else ""
        self.rows.append(row)

    def _take_printed(self) -> str:
        printed = self._printed.getvalue()
        self._printed.seek(0)
        self._printed.truncate()
        # the name of the folder holds digits, which differ each time
        return printed.replace(os.getcwd(), ".") if self.kind.sees_checkpoints else printed

    def _take_warned(self) -> list[str]:
        warned = [str(member.message) for member in self._warned if member.category not in UNSHOWN]
        warned += self._logged.messages
        self._warned.clear()
        self._logged.messages.clear()
        return warned

    def call_steps(self, scenario: Scenario) -> None:
        """Call hooks one by one, in whatever order the scenario says."""
        self.driver = driver(self.subject, scenario.metrics, "stub")
        if self.kind.sees_averages:
            self.driver.use_optimizer(**scenario.optimizer)
        self.callback.set_model(self.driver.model)
        for name, *arguments in scenario.steps:
            self.epoch = arguments[0] if name == "on_epoch_end" else None
            if name in ("reload", "tick"):
                (self.reload if name == "reload" else self.clock.tick)(*arguments)
                continue
            self.driver.model.trained += 1
            given = decode(arguments)
            logs = given[-1] if given and isinstance(given[-1], dict) else None
            if not self.attempt(name, functools.partial(getattr(self.callback, name), *given), logs=logs):
                return

    def _describe(self, state: Row) -> None:
        """Add what can be read off the model and the subject."""
        if self.driver is not None:
            state["stop"] = bool(self.driver.model.stop_training)
            state["weights"] = self.driver.trained()
            if self.kind.sees_lr:
                state["lr"] = self.driver.lr()
            if self.kind.sees_averages:
                state["average"] = plain(self.driver.average())
        for name in self.kind.attributes:
            value = getattr(self.callback, name, ABSENT)
            if value is not ABSENT:
                state[name] = _first(value) if name == "best_weights" else plain(value)


@contextlib.contextmanager
def _logging_to(handler: logging.Handler) -> Iterator[None]:
    """Send TensorFlow's log to a handler, and nowhere else: it remarks on how often the suite compiles a model."""
    log = logging.getLogger("tensorflow")
    before, propagates = log.handlers, log.propagate
    log.handlers, log.propagate = [handler], False
    try:
        yield
    finally:
        log.handlers, log.propagate = before, propagates


class _Log(logging.Handler):
    """Keeps the text of warnings that go to a log, but for what TensorFlow says of its own speed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if "retracing" not in message:
            self.messages.append(message)


_LOG = _Log()
"""One for all: a handler takes longer to make than an epoch to play."""


def _first(weights: Any) -> Any:
    """Return the counting model's only weight out of what `get_weights` returned."""
    while isinstance(weights, (list, tuple)) or len(getattr(weights, "shape", ())):
        weights = weights[0]
    return plain(weights)


class _Script(Attendant):
    """Stands first in the list: replaces the logs by scripted ones, and acts where the scenario says."""

    def __init__(self, run: Run, watch: _Watch) -> None:
        super().__init__()
        self.run, self.watch, self.now, self.epoch = run, watch, "on_train_begin", 0

    def on_train_begin(self, logs: Any = None) -> None:
        self.now = "on_train_begin"
        self.watch.epoch = None
        _act(self, self.run.actions, "script", "on_train_begin", None, logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.now = "on_epoch_begin"
        self.epoch = epoch
        _act(self, self.run.actions, "script", "on_epoch_begin", epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.watch.clock.tick(self.run.seconds)

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.watch.clock.tick(self.run.seconds)

    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.watch.clock.tick(self.run.seconds)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.now = "on_train_batch_end"
        if self.run.batch_logs:
            logs.clear()
            logs.update(self.run.batch_logs[self.epoch - self.run.initial_epoch][batch])
        _act(self, self.run.actions, "script", "on_train_batch_end", batch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.now = "on_epoch_end"
        self.watch.epoch = epoch
        if self.run.logs:
            logs.clear()
            logs.update(self.run.logs[epoch - self.run.initial_epoch])
        _act(self, self.run.actions, "script", "on_epoch_end", epoch, logs)

    def on_train_end(self, logs: Any = None) -> None:
        self.now = "on_train_end"
        self.watch.epoch = None

    def on_test_begin(self, logs: Any = None) -> None:
        self.now = "on_test_begin"

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        self.now = "on_test_batch_end"
        if self.run.kind == "evaluate" and self.run.batch_logs:
            logs.clear()
            logs.update(self.run.batch_logs[0][batch])
        _act(self, self.run.actions, "script", "on_test_batch_end", batch, logs)

    def on_test_end(self, logs: Any = None) -> None:
        self.now = "on_test_end"
        if self.run.kind == "evaluate" and self.run.logs:
            logs.clear()
            logs.update(self.run.logs[0])

    def on_predict_begin(self, logs: Any = None) -> None:
        self.now = "on_predict_begin"

    def on_predict_end(self, logs: Any = None) -> None:
        self.now = "on_predict_end"


class _Recorder(Attendant):
    """Stands last in the list: looks at the subject after it was called."""

    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self.watch = watch

    def on_train_begin(self, logs: Any = None) -> None:
        self.watch.look("on_train_begin")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.watch.look("on_epoch_end", logs=logs)

    def on_train_end(self, logs: Any = None) -> None:
        self.watch.look("on_train_end")


class _BatchRecorder(_Recorder):
    """Looks at the subject after each training batch too."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.watch.look("on_train_batch_end")


class _ProgressRecorder(_BatchRecorder):
    """Looks at the subject when an evaluation or a prediction ends, too."""

    def on_test_end(self, logs: Any = None) -> None:
        self.watch.look("on_test_end")

    def on_predict_end(self, logs: Any = None) -> None:
        self.watch.look("on_predict_end")


class _HookRecorder(_Recorder):
    """Looks at the subject after every hook but those of batches too, and acts after it as "after"."""

    def __init__(self, watch: _Watch, run: Run) -> None:
        super().__init__(watch)
        self.run = run

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.watch.look("on_epoch_begin")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        super().on_epoch_end(epoch, logs)
        _act(self, self.run.actions, "after", "on_epoch_end", epoch, logs)

    def on_test_begin(self, logs: Any = None) -> None:
        self.watch.look("on_test_begin")

    def on_test_end(self, logs: Any = None) -> None:
        self.watch.look("on_test_end")

    def on_predict_begin(self, logs: Any = None) -> None:
        self.watch.look("on_predict_begin")

    def on_predict_end(self, logs: Any = None) -> None:
        self.watch.look("on_predict_end")


def _absolute(value: Any) -> Any:
    return str(Path(value[2:]).absolute()) if isinstance(value, str) and value.startswith("@/") else value


def _recorder(watch: _Watch, run: Run) -> Callback:
    """Return what looks at the subject of a kind."""
    if watch.kind.sees_progress:
        return _ProgressRecorder(watch)
    if watch.kind.sees_averages:
        return _HookRecorder(watch, run)
    return _BatchRecorder(watch) if watch.kind.sees_batches else _Recorder(watch)


def _act(callback: Any, actions: list[Action], who: str, hook: str, index: int | None, logs: Any) -> None:
    for action in actions:
        if (action.who, action.at) == (who, hook) and action.index in (None, index):
            _do(callback, action, logs)


def _do(callback: Any, action: Action, logs: Any) -> None:
    if action.do == "stop":
        callback.model.stop_training = True
    elif action.do == "raise":
        raise Interrupted(action.at)
    elif action.do == "write":
        logs[action.key] = 1.0
    elif action.who == "after":
        callback.watch.evaluate_inside()
    else:
        callback.driver.inner(action.do)


def play_loop(subject: Subject, scenario: Scenario, host: str) -> list[dict[str, Any]]:
    """Return what each run of a life-cycle scenario called, in order.

    A list class that is judged may bring its own trainer along, as class attributes: `driver_class`, which is built and
    used as `StubDriver` is, `history_class` and `callback_class`; where it has none, the reference's are used.

    A run gives `events` (a list of `who`, `hook`, `index`, `keys`, …), `raised`, `epoch`, `history`, `same_history`,
    `params` and `stop`.
    """
    loop = _Loop(subject, scenario, host)
    with _logging_to(_Log()), warnings.catch_warnings(), contextlib.redirect_stdout(Flood()):
        warnings.simplefilter("ignore")
        return [loop.run(run) for run in scenario.runs]


class _Loop:
    def __init__(self, subject: Subject, scenario: Scenario, host: str) -> None:
        self.base, self.history_class = _classes_of(subject)
        if host == "fit":
            self.driver = driver(subject, scenario.metrics, "fit")
        else:
            list_class = subject.make if subject.kind == "CallbackList" and not subject.is_keras else CallbackList
            history = History if subject.is_keras else self.history_class
            driver_class = getattr(subject.make, "driver_class", StubDriver)
            self.driver = driver_class(list_class=list_class, history_class=history)
            self.base, self.history_class = (Callback, History) if subject.is_keras else (self.base, history)
        self.events: list[dict[str, Any]] = []
        self.actions: list[Action] = []
        self.letters: dict[str, Any] = {}
        self.layout = self._place(scenario.layout or ["a"])

    def run(self, run: Run) -> dict[str, Any]:
        """Play one run and return what it showed."""
        self.events, self.actions, raised, returned = [], run.actions, None, None
        try:
            returned = self.driver.play(self.layout, run)
        except Unsupported:
            raise
        except Interrupted as error:
            raised = str(error)
        except (Exception, SystemExit) as error:
            raised = type(error).__name__
        shown: dict[str, Any] = {"events": self.events, "raised": raised, "stop": bool(self.driver.model.stop_training)}
        if run.kind == "fit" and returned is not None:
            shown["epoch"] = list(returned.epoch)
            shown["history"] = {name: len(values) for name, values in sorted(returned.history.items())}
            shown["own_history"] = returned is self.letters.get("history")
        return shown

    def _place(self, member: Any) -> Any:
        if isinstance(member, list):
            return [self._place(inner) for inner in member]
        if member not in self.letters:
            self.letters[member] = self._make(member)
        return self.letters[member]

    def _make(self, letter: str) -> Any:
        if letter == "history":
            return self.history_class()
        base = object if letter == "bare" else self.base
        hooks = ("on_batch_begin", "on_batch_end") if letter == "old" else HOOKS
        if letter != "old":
            hooks = tuple(hook for hook in hooks if hook not in ("on_batch_begin", "on_batch_end"))
        methods: dict[str, Any] = {hook: _hook(self, letter, hook) for hook in hooks}
        methods["set_model"] = _setter(self, letter, "model")
        methods["set_params"] = _setter(self, letter, "params")
        if letter == "bare":
            methods.update({hook: _hook(self, letter, hook) for hook in ("on_batch_begin", "on_batch_end")})
        made = type("Recorder", (base,), methods)()
        made.driver = self.driver
        return made


def _hook(loop: _Loop, letter: str, hook: str) -> Callable[..., None]:
    def method(self: Any, *positional: Any, **named: Any) -> None:
        logs = named.get("logs", positional[-1] if positional and not isinstance(positional[-1], int) else None)
        index = next((value for value in positional if isinstance(value, int)), None)
        loop.events.append(
            {
                "who": letter,
                "hook": hook,
                "index": index,
                "keys": None if logs is None else sorted(logs),
                "named": sorted(named),
                "floats": all(type(value) is float for key, value in (logs or {}).items() if key != "outputs"),
            }
        )
        _act(self, loop.actions, letter, hook, index, logs)

    return method


def _setter(loop: _Loop, letter: str, what: str) -> Callable[[Any, Any], None]:
    def method(self: Any, value: Any) -> None:
        if what == "model":
            vars(self)["_model"] = value
        else:
            self.params = value
        event: dict[str, Any] = {
            "who": letter,
            "hook": f"set_{what}",
            "index": None,
            "keys": None,
            "named": [],
            "floats": True,
        }
        loop.events.append(event | ({"params": dict(value)} if what == "params" else {}))

    return method


def _classes_of(subject: Subject) -> tuple[Any, Any]:
    """Return the base class and the History of the subject's package, or ours where it has none of its own."""
    if not subject.is_keras:
        return getattr(subject.make, "callback_class", Callback), getattr(subject.make, "history_class", History)
    import importlib

    callbacks = importlib.import_module(f"{subject.keras}.callbacks")
    return callbacks.Callback, callbacks.History
