"""Strategies for scenarios, each a handful of bytes: generation is what limits the suite's speed.

A byte of zero always stands for the simplest choice, so that shrinking leads to short scripts of plain numbers.
Where to play a script takes less time than to draw one, several are cut from one draw.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from hypothesis import strategies as st

from .functions import FUNCTIONS
from .scenarios import Action, Run, Scenario

__all__ = [
    "Compact",
    "backup_and_restore",
    "csv_logger",
    "early_stopping",
    "history",
    "learning_rate_scheduler",
    "loops",
    "model_checkpoint",
    "orbax_checkpoint",
    "progbar_logger",
    "reduce_lr_on_plateau",
    "remote_monitor",
    "series",
    "swap_ema_weights",
    "tensorboard",
    "terminate_on_nan",
]

VALUES: list[Any] = [
    0.0, 1.0, 2.0, 3.0, -1.0, 0.5, 1 - 1e-9, 1 - 1e-7, "missing", None, float("nan"), float("inf"), float("-inf"),
    1, "float32", "float64",
]  # fmt: skip
MIN_DELTAS = [0, 0, 0.5, 1, -0.5, 1e-9]
BASELINES = [None, None, None, 1.0, 0.0, -0.5]
MODES = ["min", "max", "auto", "auto"]
FREQUENCIES: list[int | list[int]] = [1, 2, [1, 3], [2]]
FACTORS = [0.5, 0.1, 0.25, 0, -0.5]
MIN_LRS = [0.0, 0.3, 0.25, 0.1, 2.0]
SAVE_FREQS: list[Any] = ["epoch", "epoch", 1, 2, 3, 5]
FILES = ["{epoch}", "m", "a/{epoch}-{loss:.2f}", "{epoch:02d}"]
THRESHOLDS = [None, None, 1.0, float("inf")]
PACES = [1.0, 0.0625, 0.03125, 2.5, 0.0, 90.0, 4000.0, 0.0009765625]
CELLS: list[Any] = [
    0.5,
    1.0,
    float("nan"),
    float("inf"),
    1e-7,
    1 / 3,
    3,
    "low",
    'a,"b',
    None,
    [1, 2.5],
    "float32",
    "float64",
]
KEYS = [["val_loss"], ["loss"], ["loss", "acc"], ["loss", "val_loss"], [], ["acc", "val_acc"], ["b,c"], ["loss", "acc"]]
LOGS = ["epoch,loss,val_loss\r\n0,1,2\r\n", "epoch,acc,loss,val_acc,val_loss\n", "", "epoch;loss;val_loss\r\n", "0,1"]
SENT: list[Any] = [0.5, 3, float("nan"), float("-inf"), "low", None, [1, 2.5], {"a": 1}, True, "float32", "float64"]
ANSWERS = [
    "200",
    "200",
    "201",
    "404",
    "500",
    "reset",
    "close",
    "garbage",
    "short",
    "302 /b",
    "307 /b",
    "307 http://{other}/b",
]
SCHEDULES = [
    "halve", "one_over_epoch", "halve_from_2_on", "halve_by_default", "count_arguments", "alternate_sign", "give_int",
    "give_none", "give_nan", "raise_type_error", "numpy_quarter", "scalar_array",
]  # fmt: skip
MONITORS = ["val_loss", "loss", "score", "val_score"]
SEVERAL = 2
"""Scripts cut from one draw where to play them is cheap: with more, generation is no longer half of the time."""

Script = TypeVar("Script")


class Compact(Generic[Script]):
    """Scripts that are written as a few bytes each.

    Args:
        read: returns the script that some bytes stand for.
        smallest: bytes of the shortest script.
        largest: bytes of the longest one.
        scripts: how many are cut from one draw, on average.
    """

    def __init__(self, read: Callable[[bytes], Script], smallest: int, largest: int, scripts: int = 1) -> None:
        self.read, self.smallest, self.largest, self.scripts = read, smallest, largest, scripts

    @property
    def one(self) -> st.SearchStrategy[Script]:
        """A strategy for one script, which shrinks."""
        return self.written.map(self.read)

    @property
    def written(self) -> st.SearchStrategy[bytes]:
        """A strategy for the bytes of one script."""
        return st.binary(min_size=self.smallest, max_size=self.largest)

    @property
    def several(self) -> st.SearchStrategy[list[bytes]]:
        """A strategy for the bytes of several scripts, which says nothing of how they shrink."""
        size = max(self.scripts * (2 + self.smallest + self.largest) // 2, 1 + self.largest)
        return st.binary(min_size=size, max_size=size).map(self._cut)

    def _cut(self, data: bytes) -> list[bytes]:
        """Cut bytes into scripts, each after a byte that says how long it is; what is left over is dropped."""
        scripts, start = [], 0
        while start < len(data):
            end = start + 1 + self.smallest + data[start] % (1 + self.largest - self.smallest)
            if end > len(data):
                break
            scripts.append(data[start + 1 : end])
            start = end
        return scripts


def early_stopping(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for EarlyStopping: arguments, one or two runs, every kind of value.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: draw NumPy scalars too.
    """
    return Compact(lambda data: _early_stopping(data, supports, numpy), 5, 17, SEVERAL)


def reduce_lr_on_plateau(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for ReduceLROnPlateau: arguments, one or two runs, every kind of value.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: draw NumPy scalars too.
    """
    return Compact(lambda data: _reduce_lr_on_plateau(data, supports, numpy), 5, 17, SEVERAL)


def history(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for History: one or two runs whose epochs report few keys, many, or none.

    Args:
        supports: not asked: History takes no argument.
        numpy: draw NumPy scalars too.
    """
    return Compact(lambda data: _history(data, numpy), 2, 12, SEVERAL)


def backup_and_restore(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for BackupAndRestore: fits that end, stop or fail at some hook, on the same or another model.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: not used: nothing that is logged matters.
    """
    return Compact(lambda data: _backup_and_restore(data, supports), 4, 13)


def model_checkpoint(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for ModelCheckpoint: arguments, one or two runs by epoch or by batch, every kind of value.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: draw NumPy scalars too.
    """
    return Compact(lambda data: _model_checkpoint(data, supports, numpy), 5, 13)


def terminate_on_nan(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for TerminateOnNaN: every kind of loss in some batch, one or two runs.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: draw NumPy scalars too.
    """
    return Compact(lambda data: _terminate_on_nan(data, supports, numpy), 3, 11, SEVERAL)


def progbar_logger(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for ProgbarLogger: fits, evaluations and predictions of every length, pace and verbosity.

    Args:
        supports: says whether the subject takes an argument; it has none.
        numpy: draw NumPy scalars too.
    """
    return Compact(lambda data: _progbar_logger(data, numpy), 6, 14)


def csv_logger(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for CSVLogger: keys that come and go, every kind of value, files to append to, second fits."""
    return Compact(lambda data: _csv_logger(data, supports, numpy), 4, 12)


def remote_monitor(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for RemoteMonitor: every kind of value, and servers that answer well or badly."""
    return Compact(lambda data: _remote_monitor(data, supports, numpy), 3, 7)


def tensorboard(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for TensorBoard: arguments, one or two runs, metrics that come and go.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: draw NumPy scalars too.
    """
    return Compact(lambda data: _tensorboard(data, supports, numpy), 4, 7)


def learning_rate_scheduler(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for LearningRateScheduler: a schedule, one or two runs, with or without output.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: let schedules return NumPy scalars too.
    """
    return Compact(lambda data: _learning_rate_scheduler(data, supports, numpy), 5, 5, SEVERAL)


def series(longest: int = 10, smallest: int = 1) -> Compact[tuple[int, list[float]]]:
    """A patience from 1 to 4, and finite values from a small set: for laws."""
    return Compact(_series, smallest + 1, longest + 1, SEVERAL)


def _series(data: bytes) -> tuple[int, list[float]]:
    return 1 + data[0] % 4, [float(byte % 7) for byte in data[1:]]


def loops() -> Compact[Scenario]:
    """Whole life-cycle scenarios: one or two fits, or an evaluate or predict, with something happening at a hook."""
    return Compact(_loop, 8, 8)


def swap_ema_weights(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Whole scenarios for SwapEMAWeights: optimizers, one to three runs of any kind, stops and exceptions.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: not used; the callback sees no value.
    """
    return Compact(lambda data: _swap_ema_weights(data, supports), 6, 6)


def orbax_checkpoint(supports: Callable[[str], bool], numpy: bool = True) -> Compact[Scenario]:
    """Short scenarios for OrbaxCheckpoint that save weights only: arguments, one or two runs, every kind of value.

    Args:
        supports: says whether the subject takes an argument; others are left at their defaults.
        numpy: draw NumPy scalars too.
    """
    return Compact(lambda data: _orbax_checkpoint(data, supports, numpy), 5, 9)


def _orbax_checkpoint(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    kept, modes, limits, shape, split, *values = data
    arguments: dict[str, Any] = {
        "directory": "@/ckpt",
        "save_weights_only": True,
        "monitor": MONITORS[shape % 4],
        "mode": MODES[modes % 4],
        "verbose": modes // 4 % 2,
        "save_best_only": modes // 8 % 4 != 3,
        "max_to_keep": (None, 1, 2)[kept % 3],
        "save_on_background": bool(kept // 3 % 2),
        "initial_value_threshold": BASELINES[limits % 6],
        "save_freq": 1 if limits // 6 % 5 == 4 else "epoch",
    }
    return _scripted({name: value for name, value in arguments.items() if supports(name)}, shape, split, values, numpy)


def _swap_ema_weights(data: bytes, supports: Callable[[str], bool]) -> Scenario:
    swap, averaging, shape, act, where, more = data
    actions = [
        Action(at="on_epoch_end", do="stop", index=where % 3, who="after" if where // 3 % 2 else "script"),
        Action(at="on_train_batch_end", do="stop", index=where % 3),
        Action(at="on_epoch_end", do="raise", index=where % 3, who="after" if where // 3 % 2 else "script"),
        Action(at="on_test_batch_end", do="raise", index=where % 2),
        Action(at="on_epoch_end", do="evaluate", index=where % 3, who="after"),
    ]
    run = Run(
        epochs=1 + shape % 3,
        batches=1 + shape // 3 % 3,
        validation=shape // 9 % 3,
        initial_epoch=0 if shape // 27 % 3 else shape % 2,
        actions=[actions[act % 8]] if act % 8 < 5 and act else [],
    )
    later: list[Run] = [
        Run(kind="evaluate"),
        Run(epochs=2, validation=more // 8 % 2),
        Run(kind="predict"),
        Run(epochs=1, fresh_model=True),
    ]
    optimizer = {
        "ema_momentum": (0.5, 0.25, 0.75)[averaging % 3],
        "ema_overwrite_frequency": (None, None, 2, 3)[averaging // 3 % 4],
        "use_ema": averaging // 12 % 16 != 7,
    }
    defaults = {"ema_momentum": 0.5, "ema_overwrite_frequency": None, "use_ema": True}
    return Scenario(
        arguments={"swap_on_epoch": bool(swap % 2)} if supports("swap_on_epoch") else {},
        optimizer={name: value for name, value in optimizer.items() if value != defaults[name]},
        runs=[run, *[later[index] for index in range(4) if more % 16 & 1 << index]],
        copies=2 if swap // 2 % 8 == 7 else 1,
    )


def _early_stopping(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    patience, modes, limits, shape, split, *values = data
    monitor = MONITORS[shape % 4]
    mode = MODES[modes % 4]
    arguments: dict[str, Any] = {
        "monitor": monitor,
        "patience": patience % 5,
        "mode": mode,
        "verbose": modes // 4 % 2,
        "restore_best_weights": bool(modes // 8 % 2),
        "min_delta": MIN_DELTAS[limits % 6],
        "baseline": BASELINES[limits // 6 % 6],
        "start_from_epoch": (limits // 36) % 4,
    }
    defaults = {
        "monitor": "val_loss", "mode": "auto", "verbose": 0, "restore_best_weights": False, "min_delta": 0,
        "baseline": None, "start_from_epoch": 0,
    }  # fmt: skip
    kept = {
        name: value for name, value in arguments.items() if supports(name) and (name, value) not in defaults.items()
    }
    return _scripted(kept, shape, split, values, numpy)


def _reduce_lr_on_plateau(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    patience, modes, limits, shape, split, *values = data
    monitor = MONITORS[shape % 4]
    arguments: dict[str, Any] = {
        "monitor": monitor,
        "patience": patience % 4,
        "cooldown": patience // 4 % 5,
        "mode": MODES[modes % 4],
        "verbose": modes // 4 % 2,
        "factor": FACTORS[limits % 5],
        "min_lr": MIN_LRS[limits // 5 % 5],
        "min_delta": MIN_DELTAS[modes // 8 % 6],
    }
    kept = {name: value for name, value in arguments.items() if supports(name) and (name, value) != ("mode", "auto")}
    return _scripted(kept, shape, split, values, numpy)


def _history(data: bytes, numpy: bool) -> Scenario:
    shape, split, *values = data
    logs = [
        {} if byte % 8 == 7 else {**_logs("loss", byte, numpy), **({"late": 1.0} if byte % 4 == 3 else {})}
        for byte in values
    ]
    runs = [Run(logs=logs)] if not split % 8 else _two_runs(logs, split)
    return Scenario(runs=[run for run in runs if run.logs], copies=2 if shape % 4 == 3 else 1)


def _backup_and_restore(data: bytes, supports: Callable[[str], bool]) -> Scenario:
    freq, flags, batches, *runs = data
    arguments: dict[str, Any] = {
        "backup_dir": "backup",
        "save_freq": SAVE_FREQS[freq % 6],
        "double_checkpoint": bool(flags % 2),
        "delete_checkpoint": not flags // 2 % 2,
    }
    kept = {name: value for name, value in arguments.items() if supports(name)}
    pairs = zip(runs[::2], [*runs[1::2], 0], strict=False)
    scripted = [_interrupted(shape, act, 1 + batches % 4) for shape, act in pairs]
    return Scenario(arguments=kept, runs=scripted[:4], copies=2 if flags // 4 % 8 == 7 else 1)


def _interrupted(shape: int, act: int, batches: int) -> Run:
    """Return a run of one to four epochs, in which something may happen at a hook."""
    hook = ["on_epoch_end", "on_epoch_begin", "on_train_batch_end", "on_train_begin"][act // 4 % 4]
    index = None if hook == "on_train_begin" else act // 16 % 3
    do = ["nothing", "raise", "stop", "raise"][act % 4]
    return Run(
        epochs=1 + shape % 4,
        batches=batches,
        initial_epoch=shape // 4 % 2 if shape % 4 else 0,
        fresh_model=bool(shape // 8 % 2),
        validation=shape // 16 % 2,
        actions=[] if do == "nothing" else [Action(hook, do, index)],  # type: ignore[arg-type]
    )


def _model_checkpoint(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    names, modes, limits, shape, split, *values = data
    weights, batches = bool(names // 4 % 2), limits // 16 % 4
    arguments: dict[str, Any] = {
        "filepath": FILES[names % 4] + (".weights.h5" if weights else ".keras"),
        "monitor": MONITORS[shape % 4],
        "mode": MODES[modes % 4],
        "verbose": modes // 4 % 2,
        "save_best_only": bool(modes // 8 % 2),
        "save_weights_only": weights,
        "save_freq": limits % 4 if batches and limits % 4 else "epoch",
        "initial_value_threshold": THRESHOLDS[limits // 4 % 4],
    }
    kept = {name: value for name, value in arguments.items() if supports(name)}
    scenario = _scripted(kept, shape, split, values, numpy)
    runs = [_by_batch(run, batches) for run in scenario.runs] if batches else scenario.runs
    return msgspec.structs.replace(scenario, runs=runs)


def _by_batch(run: Run, batches: int) -> Run:
    """Return the run with batches that report the epochs' logs in turn, the epoch's own last."""
    reported = [[run.logs[(epoch + batch + 1) % len(run.logs)] for batch in range(batches)]
                for epoch in range(-batches, len(run.logs) - batches)]  # fmt: skip
    return msgspec.structs.replace(run, batches=batches, batch_logs=reported)


def _terminate_on_nan(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    shape, split, *losses = data
    batches = 1 + shape % 4
    logs = [_logs("loss", loss, numpy) for loss in losses]
    logs += [{"loss": 1.0}] * (-len(logs) % batches)
    epochs = [logs[first : first + batches] for first in range(0, len(logs), batches)]
    epochs = [[*epoch, epoch[-1], epoch[-1]] for epoch in epochs]  # batches may be counted beyond the last: LC-07
    more: dict[str, Any] = {"batches": batches, "steps_per_execution": (1, 1, 2, 3)[shape // 4 % 4]}
    more["validation"] = shape // 16 % 2
    cut = split % 4 if split % 4 < len(epochs) else 0
    parts = [part for part in (epochs[:cut], epochs[cut:]) if part]
    arguments = {"raise_error": True} if split // 4 % 4 == 1 and supports("raise_error") else {}
    return Scenario(
        arguments=arguments, runs=[Run(batch_logs=part, **more) for part in parts], copies=2 if split // 16 == 7 else 1
    )


def _progbar_logger(data: bytes, numpy: bool) -> Scenario:
    kinds, shape, pace, act, keys, *values = data
    kind = ("fit", "fit", "fit", "fit", "fit", "evaluate", "predict", "fit")[kinds % 8]
    batches, epochs = 1 + shape % 4, 1 + shape // 4 % 3
    longest = batches + 3  # steps may be counted beyond the last: LC-07
    cells = [_shown(keys + place, values[place % len(values)], numpy) for place in range((longest + 1) * epochs)]
    first = Run(
        kind=kind,  # type: ignore[arg-type]
        verbose=(1, 2, "auto", 1, 0, 1, 2, 3)[kinds // 8 % 8],
        batches=batches,
        epochs=epochs,
        validation=shape // 16 % 2,
        known_steps=bool(shape // 32 % 4) or kind != "fit",
        steps_per_execution=(1, 1, 1, 2)[pace // 8 % 4] if shape // 32 % 4 else 1,
        seconds=PACES[pace % 8],
        batch_logs=[cells[epoch * longest :][:longest] for epoch in range(epochs)],
        logs=cells[longest * epochs :],
        actions=[Action("on_train_batch_end", "stop", act // 4 % 3)] if act % 4 == 1 else [],
    )
    second = Run(verbose=1, batches=2, epochs=1, batch_logs=[cells[:2]], logs=cells[:1])
    return Scenario(runs=[first, second] if act // 16 % 4 == 1 else [first], copies=2 if act // 64 == 3 else 1)


def _shown(key: int, byte: int, numpy: bool) -> dict[str, Any]:
    """Return one or two values that a progress line can show."""
    value = VALUES[byte % 16]
    if value in ("float32", "float64"):
        value = _scalar(value, byte) if numpy else 0.25
    shown = {} if value in ("missing", None) else {"loss": value}
    return {**shown, "late": 0.5} if key % 3 == 2 else shown


def _tensorboard(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    freqs, flags, shape, *values = data
    arguments: dict[str, Any] = {
        "update_freq": ["epoch", "batch", 1, 2][freqs % 4],
        "histogram_freq": freqs // 4 % 4,
        "write_graph": not flags % 2,
        "write_images": bool(flags // 2 % 2),
        "write_steps_per_second": bool(flags // 4 % 2),
    }
    logs = [_metrics(value, numpy) for value in values]
    more: dict[str, Any] = {"batches": 1 + shape % 3, "validation": shape // 4 % 2}
    cut = flags // 8 % 4
    runs = [Run(logs=logs[:cut], **more), Run(logs=logs[cut:], initial_epoch=shape // 8 % 4, **more)]
    return Scenario(
        arguments={name: value for name, value in arguments.items() if supports(name)},
        runs=[run for run in runs if run.logs],
        copies=2 if shape // 32 == 7 else 1,
    )


def _metrics(byte: int, numpy: bool) -> dict[str, Any]:
    """Return none to three metrics."""
    names = ["loss", "val_loss", "learning_rate", "val_val_x"]
    plain_values = [0.5, 2, True, float("nan"), float("-inf"), -0.25]
    values = [*plain_values, _scalar("float64", byte) if numpy else 0.125]
    return {name: values[(byte + place) % 7] for place, name in enumerate(names) if byte >> place + 4 & 1}


def _learning_rate_scheduler(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    which, verbose, first, second, more = data
    names = SCHEDULES if numpy else SCHEDULES[:-2]
    arguments: dict[str, Any] = {"schedule": FUNCTIONS[names[which % len(names)]]}
    if verbose % 2 and supports("verbose"):
        arguments["verbose"] = verbose // 2 % 3
    own = [{"learning_rate": 7.0}, {}, {"loss": 1.0}]  # what the logs hold already
    runs = [Run(logs=[own[more % 3]] * (1 + first % 5), initial_epoch=first // 8 % 3, batches=1 + first // 32 % 3)]
    if second % 2:
        runs.append(Run(logs=[{}] * (1 + second // 2 % 4), initial_epoch=second // 8 % 3, fresh_model=second > 127))
    return Scenario(arguments=arguments, runs=runs, copies=2 if more // 4 % 8 == 7 else 1)


def _scripted(arguments: dict[str, Any], shape: int, split: int, values: list[int], numpy: bool) -> Scenario:
    """Return one or two runs over the values, on a model with a metric where one is monitored."""
    key = arguments.get("monitor", "val_loss")
    logs = [_logs(key, value, numpy) for value in values]
    metrics = {"score": "up" if shape // 16 % 2 else "down"} if key.endswith("score") else {}
    runs = [Run(logs=logs)] if not split % 8 else _two_runs(logs, split)
    return Scenario(arguments=arguments, metrics=metrics, runs=runs, copies=2 if shape // 32 == 7 else 1)


def _two_runs(logs: list[Any], split: int) -> list[Run]:
    cut = split % 8
    if not logs[:cut] or not logs[cut:]:
        return [Run(logs=logs, initial_epoch=split // 8 % 3)]
    second = Run(logs=logs[cut:], fresh_model=bool(split // 64 % 2), initial_epoch=split // 8 % 3)
    return [Run(logs=logs[:cut]), second]


def _csv_logger(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    shape, before, split, *values = data
    arguments: dict[str, Any] = {"filename": "log.csv", "append": bool(shape % 2), "separator": ",;"[shape // 2 % 2]}
    kept = {name: value for name, value in arguments.items() if supports(name) and value not in (False, ",")}
    logs = [_row(byte, values[0] if shape // 4 % 2 else byte, CELLS, numpy) for byte in values]
    return Scenario(
        arguments=kept,
        runs=[Run(logs=logs)] if not split % 4 else _two_runs(logs, split),
        copies=2 if shape // 8 % 8 == 7 else 1,
        files={"log.csv": LOGS[before // 2 % 5]} if before % 2 else {},
    )


def _remote_monitor(data: bytes, supports: Callable[[str], bool], numpy: bool) -> Scenario:
    shape, *values = data
    arguments = {"send_as_json": bool(shape % 2), "field": ("data", "event")[shape // 2 % 2]}
    kept = {name: value for name, value in arguments.items() if supports(name) and value not in (False, "data")}
    logs = [_row(byte, byte, SENT, numpy) for byte in values]
    answers = [ANSWERS[byte // 16 % 12] for byte in values] if shape // 4 % 2 else []
    return Scenario(arguments=kept, runs=[Run(logs=logs, initial_epoch=shape // 8 % 2)], answers=answers)


def _row(byte: int, keys: int, values: list[Any], numpy: bool) -> dict[str, Any]:
    """Return logs with one of a few sets of keys, all with the same value."""
    value = values[byte % len(values)]
    if value in ("float32", "float64"):
        value = _scalar(value, byte) if numpy else 0.25
    return dict.fromkeys(KEYS[keys // 16 % 8], value)


def _logs(monitor: str, byte: int, numpy: bool) -> dict[str, Any]:
    value = VALUES[byte % 16]
    if value == "missing":
        return {"other": 1.0}
    if value in ("float32", "float64"):
        value = _scalar(value, byte) if numpy else 0.25
    return {monitor: value}


def _scalar(kind: str, byte: int) -> Any:
    import numpy

    return numpy.float32(byte // 16) if kind == "float32" else numpy.float64(1 - (byte // 16) * 1e-9)


def _loop(data: bytes) -> Scenario:
    kinds, epochs, batches, validation, freq, act, where, layout = data
    kind = ("fit", "fit", "fit", "fit", "fit", "fit", "evaluate", "predict")[kinds % 8]
    run = Run(
        kind=kind,  # type: ignore[arg-type]
        epochs=epochs % 4,
        initial_epoch=min(epochs // 4 % 2, epochs % 4),
        batches=1 + batches % 4,
        validation=validation % 3,
        validation_freq=FREQUENCIES[freq % 4],
        steps_per_execution=(1, 1, 2, 3)[batches // 4 % 4],
        actions=[_action(act, where)] if act % 8 and kind == "fit" else [],
    )
    layouts: list[list[Any]] = [["a"], ["a", "b"], ["a", ["b", "history"]], ["a", "a"], ["old", "a"], ["bare", "a"]]
    second = [Run(epochs=2)] if kinds // 8 % 2 else []
    return Scenario(layout=layouts[layout % 6], runs=[run, *second])


def _action(act: int, where: int) -> Action:
    hooks = ["on_epoch_end", "on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_train_batch_end"]
    hooks += ["on_test_begin", "on_test_batch_end", "on_test_end"]
    do = ["stop", "stop", "raise", "write", "stop", "raise", "write", "stop"][act % 8]
    hook = hooks[where % (8 if do != "write" else 1)]
    index = where // 8 % 2 if hook not in ("on_train_begin", "on_test_begin", "on_test_end") else None
    return Action(at=hook, do=do, index=index, who="a")  # type: ignore[arg-type]
